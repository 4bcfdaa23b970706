#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an import of many RMAs costs, what it does to the scans made meanwhile, and what a look-up costs afterwards."""
import os
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/support"))
import house  # noqa: E402

RMAS = int(os.environ.get("RMAS", "1000000"))


def percentiles(seconds):
    seconds = sorted(seconds)
    return "p50 {:.2f} ms, p99 {:.2f} ms, worst {:.2f} ms".format(
        *(1e3 * seconds[min(int(len(seconds) * part), len(seconds) - 1)] for part in (0.5, 0.99, 1)))


def timed(call, *arguments):
    before = time.monotonic()
    call(*arguments)
    return time.monotonic() - before


def memory(station):
    """Greatest resident size of the daemon so far, in MB."""
    with open(f"/proc/{station.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def main():
    with tempfile.TemporaryDirectory(prefix="returnsd-bench-") as folder:
        path = os.path.join(folder, "rmas.csv")
        with open(path, "w", encoding="utf-8") as file:
            subprocess.run([os.path.join(house.ROOT, "scripts/generate-rmas"), str(RMAS)], stdout=file, check=True)
        with open(path, encoding="utf-8") as file:
            number = next(line for at, line in enumerate(file) if at == RMAS // 2).split(",")[0]
        station = house.Station(folder, f"file:{folder}/labels")
        assert station.start(), station.read_log()
        try:
            started, scans, pause = time.monotonic(), [], threading.Event()
            command = [house.bin_path("returnsctl"), "--socket", station.socket, "rma", "import", path]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
                while process.poll() is None:
                    scans.append(timed(station.scan, "dock-1", f"no code {len(scans)}"))
                    pause.wait(0.05)
                print(process.stdout.read().strip())
            seconds = time.monotonic() - started
            print(f"{os.path.getsize(path) / 1e6:.0f} MB in {seconds:.0f} s, {RMAS / seconds:.0f} RMAs/s, "
                  f"daemon at most {memory(station):.0f} MB resident, database "
                  f"{os.path.getsize(folder + '/state/returnsd.db') / 1e6:.0f} MB")
            print(f"{len(scans)} scans meanwhile, through the API: {percentiles(scans)}")
            print("look-up of an RMA through the API:  ",
                  percentiles([timed(station.get, f"/api/v1/rmas/{number}") for _ in range(500)]))
        finally:
            station.stop()


if __name__ == "__main__":
    main()
