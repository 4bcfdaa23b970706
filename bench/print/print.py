#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A label from before its durable commit, or its submit, to its last byte at a sink on loopback: the bare socket, our
spool, a CUPS raw queue and lprint, one after the other; and the memory of a daemon with four printers.

CUPS and lprint get the same label by Print-Job over a connection that is kept open: no command is started per label.
"""
import http.client
import os
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/support"))
import house  # noqa: E402

BENCH = house.bin_path("bench_print")
JOBS, PAUSE, LIMIT = 100, 0.05, 20
CUPSD = """Listen 127.0.0.1:{port}
LogLevel none
AccessLogLevel actions
Browsing No
WebInterface No
MaxJobs 0
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
CUPS_FILES = """SystemGroup root
ServerRoot {folder}
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/run
AccessLog {folder}/access
ErrorLog {folder}/error
PageLog {folder}/page
"""


class Sink:
    def __init__(self):
        self.process = subprocess.Popen([BENCH, "sink"], stdout=subprocess.PIPE)
        self.port = self.read()

    def read(self):
        return struct.unpack("q", self.process.stdout.read(8))[0]

    def stop(self):
        self.process.kill()
        self.process.wait()


def attribute(tag, name, value):
    name, value = name.encode(), value.encode()
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def print_job(uri, kind, label):
    """An IPP Print-Job request. RFC 8010."""
    head = struct.pack(">BBHI", 1, 1, 2, 1) + b"\x01" + attribute(0x47, "attributes-charset", "utf-8")
    head += attribute(0x48, "attributes-natural-language", "en") + attribute(0x45, "printer-uri", uri)
    return head + attribute(0x42, "requesting-user-name", "bench") + attribute(0x49, "document-format", kind) + b"\x03" + label


def measure(name, port, path, kind, label, sink):
    """Submits one label after the other; the median in ms."""
    body = print_job(f"ipp://localhost:{port}{path}", kind, label)
    connection = http.client.HTTPConnection("localhost", port, timeout=LIMIT)
    times = []
    for _ in range(JOBS):
        start = time.monotonic_ns()
        connection.request("POST", path, body, {"Content-Type": "application/ipp"})
        answer = connection.getresponse()
        status = struct.unpack(">H", answer.read()[2:4])[0]
        if answer.status != 200 or status > 0xFF:
            raise RuntimeError(f"Print-Job: HTTP {answer.status}, IPP status {status:#x}")
        times.append((sink.read() - start) / 1e6)
        time.sleep(PAUSE)  # the queue ends its last job undisturbed
    times.sort()
    median = statistics.median(times)
    print(f"{name:58} median {median:8.3f} ms  p99 {times[len(times) * 99 // 100]:8.3f} ms  ({JOBS} labels)", flush=True)
    return median


def wait_for_port(port):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("localhost", port, timeout=LIMIT)
        try:
            connection.request("GET", "/")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("no answer on its port")


def free_port():
    with house.socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_cups(folder, label, sink):
    """A cupsd of our own, in a folder of its own: raw queue, socket backend."""
    port = free_port()
    for name in ("spool/tmp", "cache", "run", "ppd"):
        os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, "cupsd.conf"), "w", encoding="utf-8") as file:
        file.write(CUPSD.format(port=port))
    with open(os.path.join(folder, "cups-files.conf"), "w", encoding="utf-8") as file:
        file.write(CUPS_FILES.format(folder=folder))
    process = subprocess.Popen(["cupsd", "-f", "-c", folder + "/cupsd.conf", "-s", folder + "/cups-files.conf"])
    try:
        wait_for_port(port)
        subprocess.run(["lpadmin", "-h", f"127.0.0.1:{port}", "-p", "raw", "-E", "-m", "raw", "-v",
                        f"socket://127.0.0.1:{sink.port}"], check=True, stderr=subprocess.DEVNULL)
        version = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "cups-daemon"], capture_output=True, text=True).stdout
        return measure(f"CUPS {version}, raw queue", port, "/printers/raw", "application/vnd.cups-raw", label, sink)
    finally:
        process.terminate()
        process.wait()


def run_lprint(folder, label, sink):
    port = free_port()
    environment = dict(os.environ, HOME=folder, TMPDIR=folder)
    process = subprocess.Popen(["lprint", "server", "-o", f"server-port={port}", "-o", "server-hostname=localhost", "-o",
                                "log-level=error", "-o", f"log-file={folder}/log"], env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        subprocess.run(["lprint", "add", "-d", "sink", "-v", f"socket://127.0.0.1:{sink.port}", "-m",
                        "zpl_4inch-203dpi-dt"], env=environment, check=True, timeout=LIMIT, capture_output=True)
        return measure("lprint 1.1, its own ZPL passed through", port, "/ipp/print/sink", "application/vnd.zebra-zpl", label,
                       sink)
    finally:
        process.terminate()
        process.wait()


def run_peer(name, program, run, label):
    if shutil.which(program) is None:
        print(f"{name}: left out, {program} is not installed")
        return None
    sink = Sink()
    with tempfile.TemporaryDirectory(prefix="returnsd-bench-") as folder:
        os.chmod(folder, 0o755)
        try:
            return run(folder, label, sink)
        except (RuntimeError, OSError, subprocess.SubprocessError, http.client.HTTPException) as error:
            print(f"{name}: left out, it does not run here: {error}")
            return None
        finally:
            sink.stop()


def daemon_memory():
    """VmRSS of the real daemon once four printers are connected and a label was asked for."""
    sinks = [Sink() for _ in range(4)]
    extra = "".join(f'printer "p{i}" {{ uri = "tcp://127.0.0.1:{sink.port}" }}\n' for i, sink in enumerate(sinks[1:]))
    with tempfile.TemporaryDirectory(prefix="returnsd-bench-") as folder:
        station = house.Station(folder, f"tcp://127.0.0.1:{sinks[0].port}", extra)
        station.start()
        try:
            for number in range(50):
                station.scan("dock-1", f"UNKNOWN-{number}")
                station.scan("dock-1", house.card("NOCODE"))
            end = time.monotonic() + LIMIT
            while any(printer["state"] != "ready" for printer in station.get("/api/v1/status")["printers"]):
                if time.monotonic() > end:
                    raise RuntimeError("the printers do not get ready")
                time.sleep(0.1)
            with open(f"/proc/{station.pid}/status", encoding="utf-8") as file:
                rss = int(re.search(r"VmRSS:\s+([0-9]+) kB", file.read())[1])
            print(f"returnsd with 4 printers connected: VmRSS {rss / 1024:.1f} MB")
        finally:
            station.stop()
            for sink in sinks:
                sink.stop()


def main():
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="returnsd-bench-") as folder:
        path = os.path.join(folder, "label.zpl")
        subprocess.run([BENCH, "label", path], check=True)
        with open(path, "rb") as file:
            label = file.read()
        print(f"the LPN label, {len(label)} bytes; state on {folder}")
        ours = subprocess.run([BENCH, "run", folder], check=True, stdout=subprocess.PIPE, text=True).stdout
        print(ours, end="", flush=True)
    cups = run_peer("CUPS", "cupsd", run_cups, label)
    run_peer("lprint", "lprint", run_lprint, label)
    for where, median in re.findall(r"commit \(([^)]*)\), send +median +([0-9.]+)", ours):
        if cups is not None:
            print(f"CUPS raw / returnsd ({where}): {cups / float(median):.1f} times")
    daemon_memory()


if __name__ == "__main__":
    main()
