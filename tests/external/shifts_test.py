#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An integrator's check: for every golden shift, played by the real station, the reference ERP builds stock, refunds, fees,
completed returns and customer mails from the events alone; they must equal what the station's own tables say. The events are
valid CloudEvents by their schemas, their EPCIS documents by the rules of EPCIS 2.0, and no person is in any row.
Usage: shifts_test.py GOLDEN-SHIFTS-PROGRAM"""
import copy
import glob
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import epcis  # noqa: E402
import ledger  # noqa: E402
import schemas  # noqa: E402
from erp import Erp  # noqa: E402


GONE = object()
# "type where path": where is . (the CloudEvent), document or event (EPCIS); what stands there then.
BREAKS = [(f"unit.inspected event {name}", value) for name, value in {
    "eventTime": "2026-11-25T10:00:00", "eventTimeZoneOffset": "Z", "action": "READ", "bizStep": "returning",
    "disposition": "recycled", "eventID": "7", "epcList": [], "epcList 0": "LP0420000001", "type": "TransactionEvent",
    "readPoint id": "dock", "bizLocation id": "lyon", "other:item": "x", "item": "x", "persistentDisposition": {"set": []},
    "returnsd:item": "https://id.gs1.org/01/123", "bizTransactionList 0 type": "po", "errorDeclaration": {}}.items()]
BREAKS += [(f"unit.inspected event {name}", GONE) for name in ("eventID", "eventTime", "eventTimeZoneOffset", "action", "epcList")]
BREAKS += [("container.unit_added event persistentDisposition", {"set": ["mismatch_class"]}), ("container.unit_added event parentID", GONE),
           ("unit.unexpected event persistentDisposition set 0", "active"), ("container.handed_over event epcList 1", "https://a.b/lpn/X"),
           ("unit.inspected document schemaVersion", "1.2"), ("unit.inspected document @context 1", {}),
           ("unit.inspected document creationDate", "2020-01-01T00:00:00.000Z"), ("unit.inspected . time", "2026-11-25 10:00"),
           ("unit.inspected . someAttribute", "x"), ("unit.inspected . source", "a station"), ("unit.inspected . id", "1"),
           ("unit.inspected . averyverylongattribute", "x"), ("unit.inspected . specversion", "0.3"), ("unit.inspected . extra", None),
           ("unit.inspected.corrected event errorDeclaration reason", "oops"), ("unit.inspected.corrected event errorDeclaration", GONE),
           ("unit.inspected.corrected event errorDeclaration declarationTime", "2020-01-01T00:00:00.000Z")]


def books_of(events):
    erp = Erp(":memory:")
    for event in events:
        erp.handle(event)
    return erp


def surplus(these, others):
    """The entries of these that others have not."""
    entries = [set(map(str, books.items() if isinstance(books, dict) else books)) for books in (these, others)]
    return sorted(entries[0] - entries[1])


def differences(station, events):
    """What the ERP has in its books and the station has not, or the other way round, as texts."""
    erp = books_of(events)
    pairs = {"stock": (erp.stock(), ledger.stock(station)), "refunds": (erp.refunds(), ledger.refunds(station)),
             "fees": (erp.fees(), ledger.fees(station)), "completed": (erp.completed(), ledger.completed(station)),
             "mails": (erp.mails(), ledger.mails(station)), "missing": (erp.missing(), [])}
    return [f"{name}: only by the events {surplus(mine, theirs)}, only at the station {surplus(theirs, mine)}"
            for name, (mine, theirs) in pairs.items() if mine != theirs]


class ShiftsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="returnsd-test-")
        cls.addClassCleanup(cls.folder.cleanup)
        run = subprocess.run([PROGRAM], env={**os.environ, "KEEP": cls.folder.name}, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout[-4000:]
        cls.shifts = {}
        for path in sorted(glob.glob(cls.folder.name + "/*.db")):
            station = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            cls.addClassCleanup(station.close)
            rows = station.execute("SELECT body FROM event ORDER BY sequence")
            cls.shifts[os.path.basename(path)[:-3]] = station, [json.loads(body) for body, in rows]
        traces = glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../golden/shifts/*.trace"))
        assert len(cls.shifts) == len(traces) > 0, (len(cls.shifts), len(traces))

    def test_the_books_are_equal(self):
        for name, (station, events) in self.shifts.items():
            with self.subTest(name):
                self.assertEqual(differences(station, events), [])

    def test_what_does_not_hold_any_more_is_corrected_by_a_mail(self):
        """The ERP contests units whose customer was told "accepted", and of one that the money is on its way."""
        corrections = {name: found for name, (_, events) in self.shifts.items() if (found := books_of(events).corrections())}
        self.assertEqual(corrections.get("contested"), {("RMA-830", "1", "accepted"): 2, ("RMA-830", "1", "refund_recommended"): 1})
        print("mails corrected:", corrections)

    def test_a_fee_of_a_whole_return_or_line_is_borne_once(self):
        borne = 0
        for name, (_, events) in self.shifts.items():
            books = books_of(events)
            with self.subTest(name):
                self.assertEqual(books.fees_twice(), [])
            for event in events:
                fees = event["data"].get("fees") if event["type"] == "io.returnsd.outcome.recommended.v1" else None
                if fees and fees[0]["per"] != "unit" and event["data"]["key"] in books.refunds():
                    borne += 1
                    other = {**event, "stream": "other", "id": f"other/{event['sequence']}",
                             "data": {**event["data"], "key": "other", "supersedes": None}}
                    books.handle(other)  # the same fee of another unit
                    self.assertIn(fees[0]["id"], [fee for _, _, fee in books.fees_twice()])
        self.assertGreater(borne, 0)

    def test_an_event_that_counts_is_missed(self):
        """Without any one stock movement, or the last word on a refund, the books differ: the check sees it."""
        dropped = 0
        for name, (station, events) in self.shifts.items():
            keys = ledger.refunds(station)
            for i, event in enumerate(events):
                kind = event["type"].split(".", 2)[2]
                counts = kind == "stock.delta.v1" or kind == "outcome.recommended.v1" and event["data"]["key"] in keys
                if counts and event.get("kind") != "test":
                    dropped += 1
                    with self.subTest(f"{name} without event {i + 1}"):
                        found = differences(station, events[:i] + events[i + 1:])
                        self.assertTrue(any(not entry.startswith("missing:") for entry in found), found)
        self.assertGreater(dropped, 0)

    def test_every_event_is_valid(self):
        events = [(name, event) for name, (_, events) in self.shifts.items() for event in events]
        for name, event in events:
            with self.subTest(f"{name} {event['sequence']}"):
                self.assertEqual(schemas.check(event) + epcis.check(event), [])
        documents = sum(event["data"]["epcis"] is not None for _, event in events)
        print(f"{len(self.shifts)} shifts, {len(events)} events, {documents} EPCIS documents")
        self.assertGreater(documents, 0)

    def test_an_epcis_event_is_told_once_and_taken_back_word_for_word(self):
        for name, (_, events) in self.shifts.items():
            with self.subTest(name):
                self.assertEqual(epcis.check_ids(events), [])

    def test_each_rule_finds_what_breaks_it(self):
        """A document that breaks one rule is found out, for every rule; so is an envelope."""
        events = [event for _, events in self.shifts.values() for event in events]
        for path, value in BREAKS:
            type_, *names = path.split(" ")
            event = copy.deepcopy(next(event for event in events if event["type"] == f"io.returnsd.{type_}.v1"))
            self.assertEqual(schemas.check(event) + epcis.check(event), [])
            place = event if names[0] == "." else event["data"]["epcis"]
            if names[0] == "event":
                place = place["epcisBody"]["eventList"][0]
            for part in names[1:-1]:
                place = place[int(part) if part.isdigit() else part]
            if value is GONE:
                del place[names[-1]]
            else:
                place[int(names[-1]) if names[-1].isdigit() else names[-1]] = value
            with self.subTest(f"{path} = {value}"):
                self.assertNotEqual(list(schemas.envelope(event)) if names[0] == "." else epcis.check(event), [])

    def test_nothing_follows_what_was_destroyed(self):
        for name, (_, events) in self.shifts.items():
            with self.subTest(name):
                self.assertEqual(epcis.after_destruction(events), [])

    def test_no_person_is_in_any_row(self):
        for name, (station, _) in self.shifts.items():
            with self.subTest(name):
                self.assertEqual(list(ledger.personal(station)), [])


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
