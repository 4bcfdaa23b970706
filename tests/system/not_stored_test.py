#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A commit that fails (I/O error, disk full): the worker hears "stop: not stored", and the scan works when repeated."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import books  # noqa: E402
import house  # noqa: E402

FAULTS = [("fdatasync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC")]
PARCEL, OTHER = "1Z999AA10000000015", "CP202600025FR"


def run(call, error, folder):
    station = house.Station(folder, f"file:{folder}/labels")
    assert station.start(), station.read_log()
    assert station.import_file("rma", os.path.join(house.ROOT, "data/samples/rmas.json")).returncode == 0
    station.stop()
    # The first call of each kind after the daemon is ready belongs to the next scan; before it there are only those of
    # station.started, which is why the fault is switched on for one call behind them.
    trace = os.path.join(folder, "trace")
    assert station.start(["strace", "-f", "-qq", "-o", trace, "-e", f"trace={call}"]), station.read_log()
    with open(trace, encoding="utf-8") as file:
        before = sum(1 for line in file if f" {call}(" in line)
    station.stop()
    inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
              f"inject={call}:error={error}:when={before + 1}"]
    assert station.start(inject), station.read_log()
    count = len(station.events())
    failed = station.scan("dock-1", PARCEL)
    assert (failed["signal"], failed["message"]["key"], failed["stored"]) == ("stop", "lane.not_stored", False), failed
    shown = station.lane("dock-1")
    assert (shown["signal"], shown["message"]["key"]) == ("stop", "lane.not_stored"), shown
    assert len(station.events()) == count, "an event of a scan that was not stored"
    again = station.scan("dock-1", PARCEL)
    assert (again["signal"], again["message"]["key"]) == ("ok", "parcel.received"), again
    assert station.lane("dock-1")["signal"] == "ok"
    other = station.scan("dock-1", OTHER)
    assert other["signal"] == "ok", other
    events = station.events()
    assert not books.gaps(events), books.gaps(events)
    station.stop()
    assert books.journal_break(folder) is None
    print(f"{call} {error}: \"{failed['message']['en']}\", then \"{again['message']['en']}\"")


def main():
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # LeakSanitizer cannot run below strace
    for call, error in FAULTS:
        with tempfile.TemporaryDirectory(prefix="returnsd-test-") as folder:
            run(call, error, folder)


if __name__ == "__main__":
    main()
