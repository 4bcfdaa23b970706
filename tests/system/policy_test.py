#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""returnsctl policy check and replay over the database of a station that really decided.  policy_test.py RETURNSCTL"""
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


class Policy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """One unit decided: shoes of grade A, asked about."""
        cls.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        cls.station = station = house.Station(cls.folder, f"file:{cls.folder}/labels")
        assert station.start(), station.read_log()
        station.import_samples("product", "rma")
        for code in ("1Z999AA10000000015", "9520000001018", house.card("GRI"), house.card("OK")):
            answer = station.scan("bench-1", code)
            assert answer["signal"] in ("ok", "info"), answer
        cls.inspected = next(e for e in station.events() if e["type"].endswith("unit.inspected.v1"))["data"]
        cls.decided = next(e for e in station.events() if e["type"].endswith("disposition_decided.v1"))["data"]
        station.stop()
        cls.state = os.path.join(cls.folder, "state")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_ctl(self, *arguments):
        result = subprocess.run([sys.argv[1], "policy", *arguments, "--data", DATA, "--state", self.state, "--lang", "en"],
                                capture_output=True, text=True, check=False, timeout=60)
        return result.returncode, result.stdout, result.stderr

    def policy_file(self, **changes):
        with open(os.path.join(DATA, "policies/footwear.json"), encoding="utf-8") as file:
            policy = json.load(file)
        policy["version"] += 1
        policy.update(changes)
        path = os.path.join(self.folder, "policy.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(policy, file)
        return path

    def test_the_event_says_what_was_answered_and_implied(self):
        self.assertEqual(self.inspected["checklist"], {"id": "shoes", "version": 1})
        answers = {a["q"]: (a["a"], a["implied"]) for a in self.inspected["answers"]}
        self.assertEqual(answers["same_article"], ("yes", False))
        self.assertEqual(answers["packaging"], ("yes", True))
        self.assertEqual(self.decided["policy"], {"id": "footwear", "version": 1})

    def test_check_tells_every_grade_and_why(self):
        code, out, err = self.run_ctl("check", "RMA-2026-00001")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("RMA-2026-00001  1  SHOE-RUN-42\n", out)
        self.assertIn("  A  accepted → resell\n", out)
        self.assertIn("  E  accepted → recycle, destroy\n", out)
        self.assertIn("      · Only a lead may choose: DESTROY\n", out)
        self.assertIn("      · Policy footwear, version 1 (change of mind)\n", out)
        rows = json.loads(self.run_ctl("check", "RMA-2026-00001", "--json")[1])
        self.assertEqual([g["grade"] for g in rows[0]["grades"]], ["A", "B", "C", "D", "E"])
        self.assertEqual(rows[0]["grades"][4]["needs_lead"], ["destroy"])

    def test_check_of_no_rma(self):
        code, out, err = self.run_ctl("check", "RMA-0")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("no RMA RMA-0", err)

    def test_replay_of_the_same_policy_changes_nothing(self):
        code, out, err = self.run_ctl("replay", "--policy", self.policy_file(), "--since", "2020-01-01")
        self.assertEqual((code, out, err), (0, "1 decided since 2020-01-01, 0 of them otherwise with this policy\n", ""))

    def test_replay_of_another_policy_names_each_change(self):
        path = self.policy_file(grades={"A": ["donate"]})
        code, out, _ = self.run_ctl("replay", "--policy", path, "--since", "2020-01-01")
        self.assertEqual(code, 0)
        self.assertIn("SHOE-RUN-42  A: accepted → resell\n    accepted → donate\n", out)
        self.assertIn("1 decided since 2020-01-01, 1 of them otherwise", out)
        rows = json.loads(self.run_ctl("replay", "--policy", path, "--since", "2020-01-01", "--json")[1])
        self.assertEqual(rows[0]["before"]["allowed"], ["resell"])
        self.assertEqual(rows[0]["allowed"], ["donate"])
        self.assertIn("0 decided", self.run_ctl("replay", "--policy", path, "--since", "2999-01-01")[1])

    def test_replay_refuses_what_it_cannot_read(self):
        for arguments in (("--since", "2020-01-01"), ("--policy", self.policy_file(), "--since", "yesterday"),
                          ("--policy", self.policy_file(gardes={}), "--since", "2020-01-01")):
            self.assertEqual(self.run_ctl("replay", *arguments)[0], 1, arguments)


if __name__ == "__main__":
    ctl = sys.argv.pop(1)
    sys.argv.insert(1, ctl)
    unittest.main(argv=[sys.argv[0]], verbosity=1)
