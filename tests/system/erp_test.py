#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The real daemon and an ERP that answers, is silent, dies and comes back: what is asked, held, received unverified and
verified later, each once."""
import concurrent.futures
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Consumer  # noqa: E402

CODES = 'codes { rma = { "RMA-#{1,9}" } order = { "WEB-#{1,9}" } }\n'


def rma(number, **members):
    return {"rma": number, "version": 1, "lines": [{"line": "1", "sku": "LAMP-DESK-01", "qty": 1, "unit_price": 1990,
                                                    "currency": "EUR"}], **members}


class ErpTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.station = house.Station(self.folder, f"file:{self.folder}/labels", CODES)
        assert self.station.start(), self.station.read_log()
        self.pool = concurrent.futures.ThreadPoolExecutor(24)
        self.addCleanup(self.pool.shutdown)
        self.addCleanup(lambda: self.station.stop())
        self.station.import_file("product", house.ROOT + "/data/samples/products.json")

    def erp(self):
        consumer = Consumer(self.station.endpoint, "erp")
        self.addCleanup(consumer.close)
        consumer.open()
        consumer.send("ACK", consumer.expect("EVT")[1])
        return consumer

    def scan_later(self, lane, code):
        return self.pool.submit(self.station.scan, lane, code)

    @staticmethod
    def question(erp):
        request, kind, body = erp.expect("ASK")
        assert kind == "rma.lookup"
        return request, [value["value"] for value in json.loads(body)["values"]]

    def told(self, name):
        return [event for event in self.station.events() if event["type"] == f"io.returnsd.{name}.v1"]

    # ---- asking ----

    def test_where_no_erp_ever_was_the_unknown_is_unknown(self):
        erp = self.erp()  # who only listens is none
        self.assertTrue(erp)
        self.assertEqual(self.station.scan("dock-1", "RMA-7")["message"]["key"], "parcel.unknown")

    def test_a_lane_waits_and_holds_its_scans_in_order_the_others_go_on(self):
        erp = self.erp()
        first = self.scan_later("dock-1", "RMA-1")
        request, values = self.question(erp)
        self.assertIn("RMA-1", values)
        self.assertEqual(self.station.lane("dock-1")["message"]["key"], "lane.asking_erp")
        held = [self.scan_later("dock-1", "RMA-1" if n == 0 else house.card("HELP")) for n in range(16)]
        self.assertEqual(self.station.scan("bench-1", house.card("HELP"))["signal"], "info")
        self.assertFalse(first.done() or any(scan.done() for scan in held))
        erp.send("ANSWER", request, json.dumps({"found": rma("RMA-1")}))
        self.assertEqual(first.result(house.DEADLINE)["message"]["key"], "parcel.received")
        answers = [scan.result(house.DEADLINE) for scan in held]
        self.assertEqual(answers[-1]["signal"], "info")
        self.assertEqual(len(self.told("parcel.received")), 1)

    def test_no_such_rma_gets_its_hold_label(self):
        erp = self.erp()
        scan = self.scan_later("dock-1", "RMA-404")
        erp.send("ANSWER", self.question(erp)[0], '{"found":null}')
        self.assertEqual(scan.result(house.DEADLINE)["message"]["key"], "parcel.unknown")

    def test_an_rma_that_the_erp_finds_by_a_code_that_it_does_not_list(self):
        erp = self.erp()
        scan = self.scan_later("dock-1", "WEB-55")
        erp.send("ANSWER", self.question(erp)[0], json.dumps({"found": rma("RMA-55")}))
        self.assertEqual(scan.result(house.DEADLINE)["message"]["key"], "parcel.received")
        self.assertEqual(self.told("parcel.received")[0]["data"]["rma"]["number"], "RMA-55")

    def test_killed_while_asking_the_scan_is_made_again_and_counts_once(self):
        erp = self.erp()
        scan = self.scan_later("dock-1", "RMA-3")
        request, _ = self.question(erp)
        self.station.kill()
        with self.assertRaises(OSError):
            scan.result(house.DEADLINE)
        erp.close()
        assert self.station.start(), self.station.read_log()
        self.assertEqual(self.told("parcel.received"), [])
        self.assertNotEqual(self.station.lane("dock-1")["message"]["key"], "parcel.received")
        erp = self.erp()
        scan = self.scan_later("dock-1", "RMA-3")
        erp.send("ANSWER", self.question(erp)[0], json.dumps({"found": rma("RMA-3")}))
        self.assertEqual(scan.result(house.DEADLINE)["message"]["key"], "parcel.received")
        self.assertEqual(len(self.told("parcel.received")), 1)

    # ---- down from nine to five ----

    def unpack(self, code):
        self.assertEqual(self.station.scan("bench-1", code)["message"]["key"], "parcel.unverified")
        self.assertEqual(self.station.scan("bench-1", "9520000001032")["message"]["key"], "unit.pending")
        self.station.scan("bench-1", house.card("GRI"))
        label = self.station.lane("bench-1")["label"]["code"]
        self.assertEqual(self.station.scan("bench-1", label)["message"]["key"], "unit.confirmed")
        self.station.scan("bench-1", house.card("DROP"))

    def answer_all(self, erp, known, count):
        """Answers until so many parcels were verified or are unknown."""
        done = set()
        while len(done) < count:
            message = erp.hear()
            assert message, f"only {done}"
            if message[0] == "ASK":
                values = [value["value"] for value in json.loads(message[3])["values"]]
                found = [known[value] for value in values if value in known]
                erp.send("ANSWER", message[1], json.dumps({"found": found[0] if found else None}))
            elif message[0] == "IDLE":
                erp.send("PING")
            elif message[0] == "EVT":
                erp.send("ACK", message[2])
                if message[3] in ("io.returnsd.parcel.verified.v1", "io.returnsd.parcel.unknown.v1"):
                    done.add(json.loads(message[4])["data"]["parcel"]["id"])
        return done

    def test_the_erp_is_down_from_nine_to_five_and_everything_is_verified_when_it_is_back(self):
        erp = self.erp()
        self.assertEqual(erp.result("lpn_floor", {"lpn": 1})[0], "ok")  # its cursor is stored with this
        erp.close()  # it was there once
        for n in range(1, 7):
            self.assertEqual(self.station.scan("dock-1", f"RMA-{n}")["message"]["key"], "parcel.unverified")
        self.assertEqual(self.station.scan("dock-1", "beer,8deg")["message"]["key"], "scan.unknown")
        for n in (1, 2, 6):
            self.unpack(f"RMA-{n}")
        self.assertEqual(self.told("outcome.recommended"), [])
        self.assertEqual({event["data"]["verified"] for event in self.told("parcel.received")}, {False})
        self.station.kill()  # at noon the power fails
        assert self.station.start(), self.station.read_log()
        known = {f"RMA-{n}": rma(f"RMA-{n}", refund_timing="on_receipt" if n == 5 else "on_inspection")
                 for n in range(1, 6)}
        erp = Consumer(self.station.endpoint, "erp")
        self.addCleanup(erp.close)
        erp.open()
        self.assertEqual(len(self.answer_all(erp, known, 6)), 6)
        self.assertEqual(len(self.told("parcel.verified")), 5)
        self.assertEqual(len(self.told("parcel.unknown")), 1)
        self.assertEqual(len(self.told("unit.matched")), 2)
        self.assertEqual([event["data"]["scope"] for event in self.told("outcome.recommended")], ["rma"])
        keys = [event["data"]["key"] for event in self.told("stock.delta")]
        self.assertEqual(len(keys), len(set(keys)))

    def test_a_put_that_comes_twice_takes_effect_once_through_kills(self):
        erp = self.erp()
        self.assertEqual(erp.result("rma.upsert", rma("RMA-9"))[0], "ok")
        self.station.scan("bench-1", "RMA-9")
        self.station.scan("bench-1", "9520000001032")
        self.station.scan("bench-1", house.card("GRI"))
        label = self.station.lane("bench-1")["label"]["code"]
        self.station.scan("bench-1", label)
        lpn = self.told("unit.label_confirmed")[0]["data"]["unit"]["lpn"]
        decision = {"unit": lpn, "version": 1, "disposition": "return_to_customer", "verdict": "rejected"}
        for _ in range(3):
            erp.put("decision", decision)
            erp.expect("RESULT")
            self.station.kill()
            erp.close()
            assert self.station.start(), self.station.read_log()
            erp = self.erp()
        self.assertEqual(erp.result("decision", decision), ("ok", "same"))
        self.station.scan("bench-1", house.card("HELP"))  # after a restart the lane's last code would tell what is stored
        self.assertEqual(self.station.scan("bench-1", label)["message"]["key"], "unit.relabel")
        decided = [event["data"]["by"] for event in self.told("unit.disposition_decided")]
        self.assertEqual(decided, ["policy", "erp"])
        self.assertEqual([event["data"]["key"] for event in self.told("stock.delta")], [f"{lpn}/1", f"{lpn}/2"])


if __name__ == "__main__":
    unittest.main()
