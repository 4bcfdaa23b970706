#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an auditor asks: the history of one phone by its serial number, and the reports.  audit_test.py RETURNSCTL"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402

DATA = os.path.join(house.ROOT, "data")


def sample(kind):
    with open(os.path.join(DATA, f"samples/{kind}.json"), encoding="utf-8") as file:
        return json.load(file)


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A phone is received, identified by its serial number, and graded."""
        cls.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        cls.station = station = house.Station(cls.folder, f"file:{cls.folder}/labels")
        assert station.start(), station.read_log()
        station.import_samples("product", "rma")
        rma = next(r for r in sample("rmas") if any(line.get("serials") for line in r["lines"]))
        line = next(line for line in rma["lines"] if line.get("serials"))
        cls.serial = line["serials"][0]
        tracking = next(ref["value"] for ref in rma["refs"] if ref["kind"] == "tracking")
        gtin = next(p["codes"][0]["code"] for p in sample("products") if p["sku"] == line["sku"])
        for code in (tracking, gtin, cls.serial, house.card("GRI")):
            answer = station.scan("bench-1", code)
            assert answer["signal"] in ("ok", "info"), answer
        while station.lane("bench-1")["question"] is not None:
            station.scan("bench-1", house.card("OK"))
        cls.state = os.path.join(cls.folder, "state")

    @classmethod
    def tearDownClass(cls):
        cls.station.stop()
        shutil.rmtree(cls.folder)

    def run_ctl(self, *arguments):
        socket = os.path.join(self.folder, "run/api.sock")
        result = subprocess.run([sys.argv[1], "--socket", socket, *arguments], capture_output=True, text=True, check=False,
                                timeout=60)
        return result.returncode, result.stdout, result.stderr

    def test_the_history_of_a_serial_number_says_who_and_why(self):
        code, out, err = self.run_ctl("unit", "history", "--serial", self.serial, "--json")
        self.assertEqual((code, err), (0, ""))
        history = json.loads(out)
        self.assertEqual(history["unit"]["serial"], self.serial)
        self.assertTrue(history["unit"]["trace"], history)
        self.assertEqual(history["decision"]["by"], "policy")
        self.assertTrue(history["decision"]["policy"])
        self.assertIn({"q": "packaging", "a": "yes", "implied": True}, history["answers"])
        self.assertIsNone(history["batch"])
        actions = [row["action"] for row in history["journal"]]
        self.assertEqual([actions[0], actions[-1]], ["identify", actions[-1]])
        self.assertIn("grade", actions)
        for row in history["journal"]:
            self.assertRegex(row["hash"], "^[0-9a-f]{64}$")
            self.assertIn("lead", row)
        code, out, _ = self.run_ctl("unit", "history", "--serial", self.serial, "--lang", "en")
        self.assertEqual(code, 0)
        self.assertIn("policy=", out)
        self.assertIn("Policy ", out)

    def test_neither_or_both_names_are_refused(self):
        self.assertEqual(self.run_ctl("unit", "history")[0], 2)
        self.assertEqual(self.run_ctl("unit", "history", "LP1", "--serial", "S")[0], 2)
        self.assertEqual(self.run_ctl("unit", "history", "--serial", "none")[0], 1)

    def test_reports_read_the_station_while_it_runs(self):
        code, out, err = self.run_ctl("report", "day", "--state", self.state)
        self.assertEqual((code, err), (0, ""))
        head, row = out.splitlines()
        self.assertTrue(head.startswith("key,parcels,units,scans,"), head)
        self.assertEqual(row.split(",")[1:3], ["1", "0"])
        self.assertEqual(json.loads(self.run_ctl("report", "product", "--state", self.state, "--json")[1]), [])
        self.assertEqual(self.run_ctl("report", "disclosure", "--year", "2026", "--state", self.state), (0, "", ""))
        self.assertEqual(self.run_ctl("report", "people", "--state", self.state)[0], 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
