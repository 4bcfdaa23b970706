#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at every durable edge of a shift: before, inside and after each fdatasync, and between any two scans.

The worker scans again when no tone came. Afterwards every unit, label and event must be there exactly once.
"""
import collections
import concurrent.futures
import os
import random
import re
import signal
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import books  # noqa: E402
import house  # noqa: E402

LABEL, DOCK, BENCH = "LABEL", "dock-1", "bench-1"
UNDO, REPRINT, OK = house.card("UNDO"), house.card("REPRINT"), house.card("OK")
STEPS = [(DOCK, "1Z999AA10000000015"), (DOCK, "RB123456785GB"), (BENCH, "1Z999AA10000000015"), (BENCH, "9520000001018"),
         (BENCH, house.card("GRI")), (BENCH, OK), (BENCH, UNDO), (BENCH, house.card("GRII")), (BENCH, OK), (BENCH, REPRINT),
         (BENCH, LABEL),
         (BENCH, "CP202600025FR"), (BENCH, "9520000001032"), (BENCH, house.card("GRV")), (BENCH, house.card("DESTRUCT")),
         (BENCH, LABEL)]
# The daemon is killed at the n-th of these calls, before it is carried out: pwrite64 is inside a commit, fdatasync
# before it is durable, sendto and sendmsg after it, when the answer, the label or an event goes out. Arguments: some of them.
CALLS = ("fdatasync", "pwrite64", "sendto", "sendmsg")
SIDE_BY_SIDE = 3
# A commit has some twenty pwrite64 before the fsync that makes it durable; a run takes every third of them, from where
# its SEED says. STRIDE=1 takes each.
STRIDE = int(os.environ.get("STRIDE", "3"))
SETTLED = ("printed", "confirmed", "recalled") # states of a label that is out


class Run:
    """One shift in a fresh folder, from the prepared database."""

    def __init__(self, folder, prepared):
        self.printer = house.Printer(os.path.join(folder, "labels"))
        self.station = house.Station(folder, f"tcp://127.0.0.1:{self.printer.port}")
        self.folder = folder
        self.repeated = 0
        self.died = False
        if prepared:
            books.copy_state(prepared, folder)

    def close(self):
        self.station.stop()
        self.printer.stop()

    def start(self, wrapper=()):
        if not self.station.start(wrapper):
            raise AssertionError("the daemon does not start: " + self.station.read_log())

    def restart(self):
        """After its death, without whatever killed it."""
        self.died = True
        self.station.process.wait()
        self.start()

    def code(self, what):
        """What the worker scans; a label, and what is done about one, only once it is out."""
        if what in (LABEL, UNDO, REPRINT):
            self.station.wait_lane(BENCH, lambda s: s["label"] and s["label"]["state"] in SETTLED)
        return house.label_code(self.printer.labels()[-1]) if what == LABEL else what

    def work(self, first=0, last=len(STEPS)):
        """Does the steps first … last-1; the step at which the daemon died, or None."""
        for number in range(first, last):
            lane, what = STEPS[number]
            try:
                answer = self.station.scan(lane, self.code(what))
            except (ConnectionError, FileNotFoundError):
                return number
            self.repeated += answer["repeated"]
            assert answer["signal"] in ("ok", "info", "attention"), f"step {number + 1}, {what}: {answer}"
        return None

    def stop(self):
        """Commits share their fsyncs as they come, so an edge that was counted inside the shift may lie in its end."""
        try:
            self.station.stop()
        except AssertionError:
            if self.station.process.returncode != -signal.SIGKILL:
                raise
            raise ConnectionError("killed while it stopped") from None

    def finish(self):
        """(story, labels) once the last label is confirmed and the station stopped."""
        self.station.wait_lane(BENCH, lambda s: s["label"] and s["label"]["state"] == "confirmed")
        events = self.station.events()
        self.stop()
        assert not books.gaps(events), f"gaps in the events: {books.gaps(events)}"
        assert not books.doubled_stock(events), f"stock: {books.doubled_stock(events)}"
        assert books.journal_break(self.folder) is None, f"journal row {books.journal_break(self.folder)} is broken"
        return books.story(events), books.label_counts(self.printer)


def shift(prepared, wrapper=(), kill_after=None):
    """A whole shift in which the daemon dies where the wrapper says, or after kill_after scans: (story, labels, run)."""
    with tempfile.TemporaryDirectory(prefix="returnsd-crash-") as folder:
        run = Run(folder, prepared)
        try:
            run.start(wrapper)
            stopped = run.work(last=kill_after or len(STEPS))
            if kill_after:
                run.station.kill()
                stopped = kill_after
            if stopped is not None:
                run.restart()
                assert run.work(stopped) is None, "it died again: " + run.station.read_log()
            try:
                return (*run.finish(), run)
            except ConnectionError:  # it died after the last answer
                run.restart()
                return (*run.finish(), run)
        finally:
            run.close()


def prepare(folder):
    """A station that knows the sample products and RMAs, stopped."""
    run = Run(folder, None)
    try:
        run.start()
        run.station.import_samples("product", "rma")
    finally:
        run.close()


def strace(*arguments):
    return ["strace", "-f", "-qq", *arguments]


def killer(call, n):
    return strace("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={n}")


def count_calls(prepared):
    """How often each call happens until the daemon is ready, and until the shift is over: {call: (before, all)}."""
    with tempfile.TemporaryDirectory(prefix="returnsd-crash-") as folder:
        run = Run(folder, prepared)
        trace = os.path.join(folder, "trace")
        try:
            run.start(strace("-o", trace, "-e", "trace=" + ",".join(CALLS)))
            ready = count_lines(trace)
            assert run.work() is None
            run.station.wait_lane(BENCH, lambda s: s["label"]["state"] == "confirmed")
            total = count_lines(trace)
        finally:
            run.close()
    return {call: (ready[call], total[call]) for call in CALLS}


def count_lines(trace):
    with open(trace, encoding="utf-8") as file:
        return collections.Counter(re.findall(r"^\d+ +(\w+)\(", file.read(), re.M))


def difference(expected, got):
    missing = collections.Counter(expected) - collections.Counter(got)
    more = collections.Counter(got) - collections.Counter(expected)
    return f"missing {dict(missing)}, too many {dict(more)}" if missing or more else f"in another order: {got}"


class Checker:
    def __init__(self, prepared):
        self.prepared = prepared
        self.story, self.labels, _ = shift(prepared)
        self.edges = self.repeats = 0

    def check_one(self, kill):
        where, how = kill
        try:
            story, labels, run = shift(self.prepared, **how)
        except Exception as error:
            raise AssertionError(f"killed {where}: {error}") from error
        assert story == self.story, f"killed {where}: events {difference(self.story, story)}"
        assert labels == self.labels, f"killed {where}: labels {difference(self.labels, labels)}"
        return run.died, run.repeated

    def check(self, kills):
        """A shift for each kill (where, how), some side by side: most of a shift is waiting for a printer's word."""
        with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for died, repeated in pool.map(self.check_one, kills):
                self.edges += died
                self.repeats += repeated


def main():
    calls = sys.argv[1:] or CALLS
    seed = int(os.environ.get("SEED") or random.randrange(1 << 32))
    print(f"SEED={seed}", flush=True)
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # LeakSanitizer cannot run below strace
    with tempfile.TemporaryDirectory(prefix="returnsd-crash-") as prepared:
        prepare(prepared)
        checker = Checker(prepared)
        checker.check([(f"after scan {scans}", {"kill_after": scans}) for scans in range(1, len(STEPS))])
        between = checker.edges
        counts = count_calls(prepared)
        for call in calls:
            before, total = counts[call]
            first, every = (before + 1 + seed % STRIDE, STRIDE) if call == "pwrite64" else (before + 1, 1)
            checker.check([(f"at {call} {n}", {"wrapper": killer(call, n)}) for n in range(first, total + 1, every)])
    print(f"{between} kills between two scans and {checker.edges - between} at an edge inside one ({', '.join(calls)}): "
          f"nothing lost, nothing doubled; {checker.repeats} scans were answered \"already stored\"")
    assert checker.edges > between, "no edge was reached: this proves nothing"
    # Only what dies after the commit and before the answer is ever "already stored".
    assert checker.repeats > 0 or not {"sendto", "sendmsg"} & set(calls), "no scan was answered again"


if __name__ == "__main__":
    main()
