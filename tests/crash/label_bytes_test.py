#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 while eight printers are each somewhere within a label, at bytes from a seed, 25 times: 200 points.

In every fifth round the printers' connections break at that byte, too, so that the rest of each label is lost; in the
others it still arrives behind the daemon's death. Each label must then have come out once, or its lane says why nobody
knows. argv: number of rounds (25). $SEED repeats a run.
"""
import os
import random
import re
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402

PRINTERS = 8
LOSING = 5  # each so-manieth round
QUESTION_BYTES = 40  # of the question behind a label that are cut, too
OPEN = ("queued", "sending")


def parcel_code(number):
    """A postal tracking number (UPU S10) that nobody announced: the station prints a HOLD label for it."""
    digits = f"{number:08}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"RB{digits}{ {10: 0, 11: 5}.get(check, check) }GB"


class Lane:
    def __init__(self, folder, number):
        self.name = f"lane-{number}"
        self.code = parcel_code(10000000 + number)
        self.printer = house.Printer(os.path.join(folder, f"labels-{number}"))
        self.copy = 1

    def configuration(self):
        return (f'printer "{self.name}" {{ uri = "tcp://127.0.0.1:{self.printer.port}" counter_power_safe = yes }}\n'
                f'lane "{self.name}" {{ mode = dock printer = "{self.name}" }}\n')

    def wait_for(self, word):
        """The next line of the printer that begins with word."""
        while not (line := self.printer.process.stdout.readline()).startswith(word):
            assert line, f"printer {self.name} is gone"

    def tell(self, command):
        self.printer.process.stdin.write(command + "\n")
        self.printer.process.stdin.flush()
        self.wait_for("ok")

    def came_out(self):
        """How often this copy came out."""
        mark = f"DUPLICATA {self.copy}" if self.copy > 1 else None
        return sum((mark is None and "DUPLICATA" not in zpl) or (mark is not None and re.search(mark + r"\b", zpl) is not None)
                   for zpl in self.printer.labels())


class Shift:
    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.lanes = [Lane(folder, number) for number in range(PRINTERS)]
        extra = "".join(lane.configuration() for lane in self.lanes)
        self.station = house.Station(folder, f"tcp://127.0.0.1:{self.lanes[0].printer.port}", extra)
        with open(folder + "/returnsd.conf", "r+", encoding="utf-8") as file:  # each printer has one master
            text = re.sub(r'(printer "labels" \{ uri = ")[^"]*', f"\\1file:{folder}/rest", file.read())
            file.seek(0)
            file.write(text)
            file.truncate()
        self.points = self.unknown = self.lost = 0

    def settled(self, lane):
        return self.station.wait_lane(lane.name, lambda s: s["label"] and s["label"]["copy"] == lane.copy and
                                      s["label"]["state"] not in OPEN and
                                      (s["label"]["state"] != "needs_attention" or self.is_over()))["label"]

    def is_over(self):
        return time.monotonic() > self.patience

    def start(self):
        assert self.station.start(), self.station.read_log()
        self.patience = time.monotonic() + house.DEADLINE / 2

    def first_labels(self):
        self.start()
        for lane in self.lanes:
            answer = self.station.scan(lane.name, lane.code)
            assert answer["message"]["key"] == "parcel.unknown", answer
            assert self.settled(lane)["state"] == "printed"

    def cut(self, loses):
        """One kill within eight labels."""
        for lane in self.lanes:
            lane.tell(f"stop-at {self.random.randint(1, len(lane.printer.labels()[-1].encode()) + QUESTION_BYTES)}")
            self.station.scan(lane.name, "NOTHING-HERE")  # else the card is the scan that the last run answered already
            answer = self.station.scan(lane.name, house.card("REPRINT"))
            assert answer["message"]["key"] == "label.reprinted", answer
            lane.copy += 1
            lane.wait_for("stopped")
        self.station.kill()
        for lane in self.lanes:
            lane.tell("hang-up" if loses else "go")
        self.start()

    def judge(self, loses):
        for lane in self.lanes:
            label = self.settled(lane)
            count = lane.came_out()
            told = label["state"] in ("unknown", "needs_attention") and label["why"] is not None
            assert count <= 1, f"{lane.name}: copy {lane.copy} came out {count} times: {label}"
            assert count == 1 and label["state"] == "printed" or told, f"{lane.name}: {count} came out: {label}"
            self.points += 1
            self.unknown += told
            self.lost += loses

    def run(self, rounds):
        self.first_labels()
        for number in range(rounds):
            loses = number % LOSING == LOSING - 1
            self.cut(loses)
            self.judge(loses)
        self.station.stop()

    def close(self):
        if self.station.process and self.station.process.poll() is None:
            self.station.kill()
        for lane in self.lanes:
            lane.printer.stop()


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    seed = int(os.environ.get("SEED", time.time_ns() % 10**9))
    print(f"seed {seed} (SEED={seed} repeats this run)")
    with tempfile.TemporaryDirectory(prefix="returnsd-crash-") as folder:
        shift = Shift(folder, seed)
        try:
            shift.run(rounds)
        finally:
            shift.close()
    print(f"{shift.points} labels cut by {rounds} kills, the rest of {shift.lost} lost with the connection: each came out "
          f"once or its lane says why nobody knows ({shift.unknown})")
    assert shift.points == rounds * PRINTERS


if __name__ == "__main__":
    main()
