#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The station never holds a customer's name, address, mail or phone: an ERP that gives them all the same, by every way there is,
finds them nowhere: not in an event, the database, the log, a label or an answer of the API."""
import csv
import json
import os
import random
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Consumer  # noqa: E402

PERSON = {"customer_name": "Geneviève CANARY-DUPONT", "name": "CANARY-DUPONT", "email": "canary.dupont@example.org",
          "phone": "+33 1 99 00 41 42", "address": {"street": "12 rue CANARY", "city": "CANARYVILLE", "zip": "C4N4RY"}}
TRACES = [b"canary", b"dupont", b"example.org", b"99 00 41", b"c4n4ry"]


def rma(number, **members):
    line = {"line": "1", "sku": "LAMP-DESK-01", "qty": 1, "unit_price": 1990, "currency": "EUR", **PERSON}
    return {"rma": number, "version": 1, "customer_ref": "c-7731", "lines": [line],
            "refs": [{"kind": "tracking", "value": f"TRACK-{number}", **PERSON}], **PERSON, "customer": PERSON, **members}


class PrivacyTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.station = house.Station(self.folder, f"file:{self.folder}/labels",
                                     'codes { rma = { "RMA-#{1,9}" } }\nstation { log_level = debug }\n')
        self.assertTrue(self.station.start(), self.station.read_log())
        self.addCleanup(lambda: self.station.stop())
        self.station.import_samples("product")
        self.erp = Consumer(self.station.endpoint, "erp")
        self.addCleanup(self.erp.close)
        self.erp.open()

    def found(self):
        """What is left of the person: (file, trace), every byte of every file that the station keeps."""
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.isfile(path) or folder.endswith("/given"):
                    continue
                with open(path, "rb") as file:
                    data = file.read().lower()
                yield from ((path, trace) for trace in TRACES if trace in data)

    def finish(self, code):
        """A parcel with one lamp, up to its label."""
        for scan in (code, "9520000001032", house.card("GRI")):
            answer = self.station.scan("bench-1", scan)
            self.assertEqual(answer["signal"], "ok", answer)
        label = self.station.wait_lane("bench-1", lambda lane: lane["label"] and lane["label"]["state"] != "queued")["label"]
        self.assertEqual(self.station.scan("bench-1", label["code"])["signal"], "ok")

    def give(self):
        """By PUT, stored and refused; by an answer; by a file of each kind."""
        self.assertEqual(self.erp.result("rma.upsert", rma("RMA-1")), ("ok", "stored"))
        refused = [self.erp.result("rma.upsert", rma("RMA-2", lines=PERSON)),
                   self.erp.result("rma.upsert", rma("RMA-2", customer_ref="CANARY " * 20)),
                   self.erp.result("rma.upsert", rma("RMA-2", requested_at=PERSON["email"]))]
        self.assertEqual([code for code, _ in refused], ["invalid"] * 3)
        self.assertEqual(self.erp.result("decision", {"unit": "LP0000000009", "version": 1, "verdict": "accepted", **PERSON})[0],
                         "ok")
        os.makedirs(self.folder + "/given")
        with open(self.folder + "/given/rmas.json", "w", encoding="utf-8") as file:
            json.dump([rma("RMA-3")], file)
        with open(self.folder + "/given/rmas.csv", "w", encoding="utf-8", newline="") as file:
            flat = {"rma": "RMA-4", "line": "1", "sku": "LAMP-DESK-01", "qty": 1, "unit_price": 1990, "currency": "EUR",
                    **{name: value for name, value in PERSON.items() if name != "address"}, "address": "12 rue CANARY"}
            writer = csv.DictWriter(file, flat)
            writer.writeheader()
            writer.writerow(flat)
        for name in ("rmas.json", "rmas.csv"):
            done = self.station.import_file("rma", f"{self.folder}/given/{name}")
            self.assertIn("stored=1 ", done.stdout + done.stderr)
            self.assertIn("ignored: customer_name", done.stdout + done.stderr)  # the ERP is told, by the names alone
        return [text for _, text in refused]

    def answer(self):
        """A parcel that the station asks about."""
        asked = self.station.scan("bench-1", "RMA-5")  # the ERP that has PUT is asked; nobody answers in time
        self.assertEqual(asked["signal"], "ok", asked)
        request = self.erp.expect("ASK")[0]
        self.erp.send("ANSWER", request, json.dumps({"found": rma("RMA-5")}))
        while self.station.request("GET", "/api/v1/rmas/RMA-5")[0] != 200:
            pass  # each is a turn of the loop
        self.station.scan("bench-1", house.card("DROP"))

    def test_a_person_that_the_erp_tells_of_is_kept_nowhere(self):
        texts = self.give()
        self.finish("RMA-1")
        self.finish("RMA-3")
        self.finish("RMA-4")
        self.answer()
        told = texts + [json.dumps(event, ensure_ascii=False) for event in self.station.events()]
        told += [json.dumps(self.station.get(path), ensure_ascii=False) for path in
                 ("/api/v1/status", "/api/v1/rmas/RMA-1", "/api/v1/rmas/RMA-3", "/api/v1/rmas/RMA-4", "/api/v1/rmas/RMA-5",
                  "/api/v1/lanes/bench-1")]
        self.assertGreater(sum("c-7731" in text for text in told), 10)  # whom it concerns is in all of them, by reference
        self.assertEqual([text for text in told if any(trace in text.lower().encode() for trace in TRACES)], [])
        self.assertEqual(list(self.found()), [])
        self.station.stop()  # what was in the write-ahead log is in the database now
        self.assertEqual(list(self.found()), [])

    def test_the_search_finds_what_is_there(self):
        self.assertEqual(self.erp.result("rma.upsert", {"rma": "RMA-9", "version": 1, "note": "for Mme CANARY-DUPONT",
                                                        "lines": [{"line": "1", "sku": "LAMP-DESK-01", "qty": 1}]})[0], "ok")
        self.assertTrue(any("returnsd.db" in path for path, _ in self.found()))  # a note is the ERP's to keep clean


if __name__ == "__main__":
    unittest.main()
