#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo: one scripted shift on a real station, told step by step, each label and event counted at the end."""
import argparse
import collections
import json
import os
import signal
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/support"))
import house  # noqa: E402

LABEL = "LABEL"  # scan the label that the station printed last
DOCK, BENCH = "dock-1", "bench-1"

# Each step: lane, what is scanned (a recording of data/demo, or the label just printed), the tone, the message key,
# what is printed, and the events that must come of it, in this order.
SHIFT = [
    (DOCK, "parcel-1", "ok", "parcel.received", None, ["parcel.received"]),
    (DOCK, "parcel-2", "ok", "parcel.received", None, ["parcel.received"]),
    (DOCK, "parcel-unknown", "attention", "parcel.unknown", "hold", ["parcel.unknown", "exception.opened"]),
    (BENCH, "parcel-1", "ok", "parcel.opened", None, ["parcel.opened"]),
    (BENCH, "item-shoe", "ok", "unit.identified", None, ["lpn.assigned", "unit.identified"]),
    (BENCH, "grade-a", "info", "next.question", None, []),  # shoes are asked about: the right pair?
    (BENCH, "yes", "ok", "unit.decided", "RESELL", ["unit.inspected", "unit.disposition_decided"]),
    (BENCH, LABEL, "ok", "unit.confirmed_closed", None,
     ["unit.label_confirmed", "stock.delta", "outcome.recommended", "parcel.closed", "rma.completed"]),
    (BENCH, "parcel-2", "ok", "parcel.opened", None, ["parcel.opened"]),
    (BENCH, "item-shirt", "ok", "unit.identified", None, ["lpn.assigned", "unit.identified"]),
    (BENCH, "grade-a", "ok", "unit.decided", "RESELL", ["unit.inspected", "unit.disposition_decided"]),
    (BENCH, "undo", "attention", "undo.throw_label", None,
     ["unit.inspected.corrected", "unit.disposition_decided.corrected"]),
    (BENCH, "grade-d", "attention", "unit.choose", None, ["unit.inspected"]),
    (BENCH, "recycle", "ok", "unit.decided", "RECYCLE", ["unit.disposition_decided"]),
    (BENCH, "reprint", "ok", "label.reprinted", "RECYCLE", []),
    (BENCH, LABEL, "ok", "unit.confirmed", None, ["unit.label_confirmed", "stock.delta", "outcome.recommended"]),
    (BENCH, "item-shirt", "ok", "unit.identified", None, ["lpn.assigned", "unit.identified"]),
    (BENCH, "grade-a", "ok", "unit.decided", "RESELL", ["unit.inspected", "unit.disposition_decided"]),
    (BENCH, LABEL, "ok", "unit.confirmed", None, ["unit.label_confirmed", "stock.delta", "outcome.recommended"]),
    (BENCH, "item-lamp", "ok", "unit.identified", None, ["lpn.assigned", "unit.identified"]),
    (BENCH, "grade-e", "attention", "unit.choose", None, ["unit.inspected"]),
    (BENCH, "destroy", "ok", "unit.decided", "DESTROY", ["unit.disposition_decided"]),
    (BENCH, LABEL, "ok", "unit.confirmed_closed", None,
     ["unit.label_confirmed", "stock.delta", "outcome.recommended", "parcel.closed", "rma.completed"]),
]


class Shift:
    def __init__(self, folder):
        self.folder = folder
        self.printer = house.Printer(os.path.join(folder, "labels"))
        self.station = house.Station(folder, f"tcp://127.0.0.1:{self.printer.port}", scanners=(DOCK, BENCH))
        self.subscriber = None
        self.shown = 0
        self.failures = []

    def open(self):
        if not self.station.start():
            raise SystemExit(open(self.station.log, encoding="utf-8").read())
        self.subscriber = house.Subscriber(self.station.endpoint)
        for kind in ("operator", "product", "rma"):
            result = self.station.import_file(kind, os.path.join(ROOT, f"data/samples/{kind}s.json"))
            if result.returncode != 0:
                raise SystemExit(f"{kind} import: {result.stdout}{result.stderr}")
        self.before = len(self.station.events())

    def close(self):
        for process in (self.subscriber, self.printer):
            if process is not None:
                process.stop()
        if self.station.process is not None:
            self.station.stop()

    def recording(self, what):
        """The HID reports of a step: recorded ones, or for a fresh label those of its code."""
        if what == LABEL:
            return house.POS_HEADER + house.pos_reports(house.label_code(self.printer.labels()[-1]))
        with open(os.path.join(ROOT, "data/demo", what + ".hid"), encoding="utf-8") as file:
            return file.read()

    def play(self, lane, what, prints):
        """Feeds one recording; the lane's snapshot after its answer, and after its label is out."""
        before = self.station.lane(lane)["actions"]
        last = before[0]["journal"] if before else 0
        self.station.scanners[lane].play(self.recording(what))
        answered = lambda s: bool(s["actions"]) and s["actions"][0]["journal"] > last
        if prints:
            return self.station.wait_lane(lane, lambda s: answered(s) and s["label"]["state"] == "printed")
        return self.station.wait_lane(lane, answered)

    def check(self, step, what, expected, got):
        if expected != got:
            self.failures.append(f"step {step}: {what} is {got!r}, expected {expected!r}")

    def run(self):
        for number, (lane, what, signal_word, key, prints, events) in enumerate(SHIFT, 1):
            labels, first = len(self.printer.labels()), len(self.station.events())
            snapshot = self.play(lane, what, prints)
            told = [event["type"][len("io.returnsd."):-len(".v1")] for event in self.station.events()[first:]]
            fresh = self.printer.labels()[labels:]
            self.tell(number, lane, what, snapshot, fresh, told)
            self.check(number, "the tone", signal_word, snapshot["signal"])
            self.check(number, "the message", key, snapshot["message"]["key"])
            self.check(number, "the events", events, told)
            self.check(number, "the number of labels", 1 if prints else 0, len(fresh))
            if prints and prints != "hold" and fresh:
                self.check(number, "the label's word", True, prints in fresh[0])

    def tell(self, number, lane, what, snapshot, labels, events):
        message = snapshot["message"]
        print(f"{number:2}. {lane:8} {what.lower():15} {snapshot['signal'].upper():10} {message['en']}")
        unit = snapshot["unit"]
        if unit and message["key"] in ("unit.decided", "unit.choose"):
            for step in unit["trace"]:
                print(f"      because  {step['en']}")
        for zpl in labels:
            name = sorted(os.listdir(self.printer.folder))[-1]
            print(f"      label    {os.path.join(self.printer.folder, name)}  {house.label_code(zpl)}")
        for event in events:
            print(f"      event    {event}")

    def settle(self):
        """Every event came to the subscriber exactly once, every label out of the printer exactly once."""
        expected = self.station.events()
        last = int(expected[-1]["sequence"])
        lines = self.subscriber.wait_for(last)
        counted = collections.Counter(line.split()[0] for line in lines)
        for event in expected:
            if counted[event["sequence"]] != 1:
                self.failures.append(f"event {event['sequence']} {event['type']} came {counted[event['sequence']]} times")
        self.check("end", "the number of events received", len(expected), len(lines))
        codes = collections.Counter((house.label_code(zpl), "DUPLICATA" in zpl) for zpl in self.printer.labels())
        doubled = [code for code, count in codes.items() if count != 1]
        self.check("end", "labels that came out twice", [], doubled)
        self.check("end", "the number of labels", sum(1 for step in SHIFT if step[4]), len(self.printer.labels()))
        print(f"\n{len(SHIFT)} scans, {len(self.printer.labels())} labels, {len(expected) - self.before} events of the shift; "
              f"{len(lines)} events in all reached the subscriber")


def stay(shift):
    ctl = f"{house.bin_path('returnsctl')} --socket {shift.station.socket}"
    print(f"""
The station stays up; Ctrl+C ends it. In another terminal:
  {ctl} watch --lane bench-1
  {ctl} scan --lane bench-1 1Z999AA10000000033
  {ctl} status
  {sys.executable} {ROOT}/docs/examples/subscriber.py {shift.station.endpoint}
Labels are in {shift.printer.folder}, the log in {shift.station.log}""")
    signal.sigwait([signal.SIGINT, signal.SIGTERM])


def main():
    parser = argparse.ArgumentParser(description="A shift on a real station.")
    parser.add_argument("--once", action="store_true", help="play the shift, check it, end")
    arguments = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM] if not arguments.once else [])
    with tempfile.TemporaryDirectory(prefix="returnsd-demo-") as folder:
        shift = Shift(folder)
        try:
            shift.open()
            shift.run()
            shift.settle()
            for failure in shift.failures:
                print("WRONG:", failure)
            if not arguments.once:
                stay(shift)
        finally:
            shift.close()
    return 1 if shift.failures else 0


if __name__ == "__main__":
    sys.exit(main())
