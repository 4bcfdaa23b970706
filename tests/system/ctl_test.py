#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every verb of returnsctl against a stand-in of the API: output and exit code.  ctl_test.py RETURNSCTL"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_api import Api, both, event, snapshot  # noqa: E402

PROGRAM = sys.argv.pop(1)
DEADLINE = 20


class Case(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.api = Api(os.path.join(self.directory.name, "api.sock"))
        self.api.answer("GET /api/v1/status", {"version": "0.1.0", "site": "lyon", "lanes": [{"lane": "bench-1"}]})
        self.environment = {"RETURNSD_SOCKET": self.api.path, "LANG": "C", "TZ": "UTC", "PATH": os.environ["PATH"]}

    def tearDown(self):
        self.api.stop()
        self.directory.cleanup()

    def run_ctl(self, *arguments, stdin=b"", **environment):
        done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, timeout=DEADLINE,
                              env=self.environment | environment)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def file(self, name, text):
        path = os.path.join(self.directory.name, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path


class General(Case):
    def test_wrong_arguments_exit_2(self):
        for arguments in ([], ["nothing"], ["rma"], ["rma", "show"], ["rma", "show", "a", "b"], ["status", "--once"],
                          ["scan", "X", "--count", "3"], ["events", "tail", "--count", "0"],
                          ["events", "tail", "--after", "x"],
                          ["watch", "--lang", "de"], ["rma", "import", "-"], ["rma", "import", "x.txt"], ["--wrong"],
                          ["watch", "--lane", "bench-1"]):
            code, out, err = self.run_ctl(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn("returnsctl: ", err)

    def test_help_names_verbs_and_exit_codes(self):
        code, out, _ = self.run_ctl("--help")
        self.assertEqual(code, 0)
        for text in ("rma import FILE", "unit history [LPN]", "events tail", "3  no daemon answers", "--socket=PATH"):
            self.assertIn(text, out)

    def test_no_daemon_exits_3(self):
        for arguments in (["status"], ["rma", "show", "R"], ["scan", "X", "--lane", "l"], ["events", "tail"],
                          ["watch", "--once", "--lane", "l"], ["rma", "import", self.file("a.csv", "rma\n")]):
            code, out, err = self.run_ctl(*arguments, RETURNSD_SOCKET="/nowhere/api.sock")
            self.assertEqual((code, out), (3, ""), arguments)
            self.assertIn("/nowhere/api.sock", err)

    def test_the_socket_option_wins(self):
        code, _, _ = self.run_ctl("--socket", self.api.path, "status", RETURNSD_SOCKET="/nowhere")
        self.assertEqual(code, 0)

    def test_a_fault_of_the_daemon_exits_5(self):
        self.api.answer("GET /api/v1/status", {"error": {"code": "io", "message": "disk"}}, status=500)
        self.assertEqual(self.run_ctl("status"), (5, "", "returnsctl: disk (500)\n"))
        code, out, _ = self.run_ctl("status", "--json")
        self.assertEqual((code, json.loads(out)["error"]["code"]), (5, "io"))

    def test_values_cannot_reach_the_terminal(self):
        self.api.answer("GET /api/v1/status", {"site": "a\x1b[2J\x07\u009b31m\u202eb\u200d", "name\x1b": "é漢"})
        code, out, _ = self.run_ctl("status")
        self.assertEqual(code, 0)
        self.assertIn("a\\x1B[2J\\x07\\x9B31m\\u202Eb\\u200D", out)
        self.assertIn("name\\x1B:", out)
        self.assertIn("é漢", out)


class Status(Case):
    def test_status(self):
        self.api.answer("GET /api/v1/status", {"version": "0.1.0", "rmas": 3, "lanes": [
            {"lane": "dock", "signal": "ok"}, {"lane": "bench-1", "operator": None}], "printers": []})
        code, out, err = self.run_ctl("status")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), ["version:      0.1.0", "rmas:         3", "lanes:",
                                            "  lane=dock  signal=ok",
                                            "  lane=bench-1", "printers:       -"])
        code, out, _ = self.run_ctl("status", "--json")
        self.assertEqual(json.loads(out)["lanes"][0]["lane"], "dock")
        self.assertEqual(out.count("\n"), 1)


class Scan(Case):
    path = "POST /api/v1/lanes/bench-1/scans"

    def test_the_signal_is_the_exit_code(self):
        for signal, code in (("ok", 0), ("info", 0), ("attention", 1), ("stop", 4), ("purple", 5)):
            self.api.answer(self.path, {"signal": signal, "message": both("Hello", "Bonjour"),
                                        "next": both("Go", "Va")})
            self.assertEqual(self.run_ctl("scan", "X1")[0], code, signal)

    def test_what_is_sent_and_said(self):
        self.api.answer(self.path, {"signal": "stop", "message": both("Held", "Retenu"),
                                    "next": both("Ask", "Demandez")})
        code, out, err = self.run_ctl("scan", "01\x1d\"é", "--aim", "]C1", LANG="fr_FR.UTF-8")
        self.assertEqual((code, out, err), (4, "STOP: Retenu\nEnsuite: Demandez\n", ""))
        self.assertEqual(json.loads(self.api.seen[-1][3]), {"code": "01\x1d\"é", "aim": "]C1"})
        self.assertEqual(self.run_ctl("scan", "X", "--lang", "en")[1], "STOP: Held\nNext: Ask\n")
        self.assertEqual(json.loads(self.api.seen[-1][3]), {"code": "X"})
        self.assertEqual(json.loads(self.run_ctl("scan", "X", "--json")[1])["signal"], "stop")

    def test_which_lane(self):
        self.api.answer("GET /api/v1/status", {"lanes": [{"lane": "a"}, {"lane": "b"}]})
        code, _, err = self.run_ctl("scan", "X")
        self.assertEqual(code, 2)
        self.assertIn("a, b", err)
        self.api.answer("POST /api/v1/lanes/a%2Fb/scans", {"signal": "ok", "message": both("m"), "next": None})
        self.assertEqual(self.run_ctl("scan", "X", "--lane", "a/b")[:2], (0, "OK: m\n"))
        self.assertEqual(self.run_ctl("scan", "X", "--lane", "none")[0], 1)


class Rma(Case):
    def importing(self, last, problems=()):
        first = {"import": 7, "state": "checking", "rows": 1, "rmas": 0}
        self.api.answers["GET /api/v1/imports/7"] = [(200, first), (200, last)]
        pages = [{"problems": problems[:1], "last": 1}, {"problems": problems[1:], "last": 2}] if problems else []
        for after, page in enumerate(pages + [{"problems": [], "last": len(pages)}]):
            self.api.answer(f"GET /api/v1/imports/7/problems?after={after}", page)

    def test_import_of_a_file(self):
        self.importing({"import": 7, "name": "r.csv", "state": "done", "rows": 2, "rmas": 1, "stored": 1, "refused": 0,
                        "problems": 0})
        self.api.answer("POST /api/v1/imports?format=csv&replace=1&name=r%26.CSV", {"import": 7}, status=202)
        text = "rma,line\n" + "é" * 300000
        code, out, err = self.run_ctl("rma", "import", self.file("r&.CSV", text), "--replace")
        self.assertEqual((code, out), (0, "import 7 done: rows=2  rmas=1  stored=1  refused=0  problems=0\n"))
        self.assertEqual(err.splitlines(), [f"sent {len(text.encode())} bytes", "done: 2 rows, 1 RMAs"])
        sent = next(seen for seen in self.api.seen if seen[0] == "POST")
        self.assertEqual(sent[3], text.encode())

    def test_import_with_problems_exits_1(self):
        self.importing({"import": 7, "state": "done", "rows": 3, "rmas": 1, "refused": 2, "problems": 2},
                       [{"number": 1, "line": 2, "rma": "R1", "reason": "no SKU"},
                        {"number": 2, "line": 9, "rma": None, "reason": both("bad", "faux")}])
        self.api.answer("POST /api/v1/imports?format=json&replace=0&name=stdin", {"import": 7}, status=202)
        code, out, _ = self.run_ctl("rma", "import", "-", "--format", "json", "--lang", "fr", stdin=b"[]")
        self.assertEqual(code, 1)
        self.assertEqual(out.splitlines()[:2], ["line 2: R1: no SKU", "line 9: faux"])
        self.assertIn("refused=2", out)
        self.assertEqual(next(seen for seen in self.api.seen if seen[0] == "POST")[3], b"[]")
        code, out, _ = self.run_ctl("rma", "import", "-", "--format", "json", "--json", stdin=b"[]")
        self.assertEqual((code, len(json.loads(out)["problem_list"])), (1, 2))

    def test_import_that_fails(self):
        self.importing({"import": 7, "state": "failed", "rows": 0, "rmas": 0, "problems": 0,
                        "reason": both("not UTF-8")})
        self.api.answer("POST /api/v1/imports?format=csv&replace=0&name=a.csv", {"import": 7}, status=202)
        code, out, _ = self.run_ctl("rma", "import", self.file("a.csv", "x"))
        self.assertEqual(code, 1)
        self.assertIn("not UTF-8", out)
        self.api.answer("POST /api/v1/imports?format=csv&replace=0&name=a.csv",
                        {"error": {"code": "busy", "message": "one runs"}}, status=409)
        code, _, err = self.run_ctl("rma", "import", self.file("a.csv", "x"))
        self.assertEqual(code, 1)
        self.assertIn("one runs", err)
        code, _, err = self.run_ctl("rma", "import", "/nowhere/a.csv")
        self.assertEqual(code, 5)
        self.assertIn("/nowhere/a.csv", err)

    def test_show(self):
        lines = [{"line": "1", "sku": "S", "qty": 2, "progress": {"received": 1}}]
        self.api.answer("GET /api/v1/rmas/RMA%2F1", {"rma": "RMA/1", "state": "authorised", "note": None,
                                                     "lines": lines})
        code, out, _ = self.run_ctl("rma", "show", "RMA/1")
        self.assertEqual((code, out), (0, "rma:          RMA/1\nstate:        authorised\nlines:\n"
                                          "  line=1  sku=S  qty=2  progress=received=1\n"))
        self.assertEqual(json.loads(self.run_ctl("rma", "show", "RMA/1", "--json")[1])["rma"], "RMA/1")
        code, out, err = self.run_ctl("rma", "show", "other")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("nothing at /api/v1/rmas/other (404)", err)


class Unit(Case):
    def test_history(self):
        self.api.answer("GET /api/v1/units/LP1/history", {"unit": {"lpn": "LP1", "state": "decided"}, "journal": [
            {"journal": 5, "time": "2026-11-21T10:00:00.000Z", "signal": "ok", "en": "Identified", "fr": "Identifié",
             "hash": "0123456789abcdef"},
            {"journal": 6, "time": "2026-11-21T10:00:01.000Z", "action": "undo", "hash": "f" * 64}]})
        code, out, _ = self.run_ctl("unit", "history", "LP1", "--lang", "fr")
        self.assertEqual(code, 0)
        self.assertEqual(out.splitlines(),
                         ["lpn=LP1  state=decided", "     5  2026-11-21T10:00:00.000Z  OK  Identifié  #0123456789a…",
                                            "     6  2026-11-21T10:00:01.000Z  action=undo  #fffffffffff…"])
        self.assertEqual(json.loads(self.run_ctl("unit", "history", "LP1", "--json")[1])["journal"][1]["journal"], 6)
        self.assertEqual(self.run_ctl("unit", "history", "none")[0], 1)


class Events(Case):
    def test_tail_ends_after_count(self):
        self.api.streams["GET /api/v1/events/live?after=3"] = [event("event", n, {"id": f"s/{n}"}) for n in range(4, 9)]
        code, out, err = self.run_ctl("events", "tail", "--after", "3", "--count", "4")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([json.loads(line)["id"] for line in out.splitlines()], ["s/4", "s/5", "s/6", "s/7"])

    def test_tail_resumes_behind_the_last_id(self):
        self.api.streams["GET /api/v1/events/live"] = ["id: 40\n\n"]
        tail = subprocess.Popen([PROGRAM, "events", "tail", "--count", "3"], env=self.environment,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        first, headers = self.api.live.get(timeout=DEADLINE)
        self.assertNotIn("Last-Event-ID", headers)
        first.put(None)  # ends before any event: the id that came at the opening counts
        second, headers = self.api.live.get(timeout=DEADLINE)
        self.assertEqual(headers["Last-Event-ID"], "40")
        second.put(event("event", 41, {"id": "a"}) + ": comment\n\n" + event("other", 41, {"id": "x"}))
        whole = "event: event\r\nid: 42\r\ndata: {\"id\":\r\ndata: \"b\"}\r\n\r\n"
        second.put(whole + "event: event\nid: 43\ndata: {}\n")  # the last one is not whole
        second.put(None)
        third, headers = self.api.live.get(timeout=DEADLINE)
        self.assertEqual(headers["Last-Event-ID"], "42")
        third.put(event("event", 43, {"id": "c"}))
        out, err = tail.communicate(timeout=DEADLINE)
        self.assertEqual([json.loads(line)["id"] for line in out.splitlines()], ["a", "b", "c"])
        self.assertEqual(tail.returncode, 0)
        self.assertIn(b"connection lost, reconnecting", err)

    def test_a_refused_stream_ends(self):
        code, _, err = self.run_ctl("events", "tail")
        self.assertEqual(code, 1)
        self.assertIn("404", err)


class Once(Case):
    def once(self, value, *arguments, **environment):
        self.api.answer("GET /api/v1/lanes/bench-1", value)
        code, out, err = self.run_ctl("watch", "--once", *arguments, **environment)
        self.assertEqual((code, err), (0, ""))
        return out

    def test_the_whole_screen(self):
        out = self.once(snapshot())
        for text in (" bench-1 · bench · Ana", "  ✔  OK", "     Unit accepted", " ▶ Next: Scan the label",
                     "Parcel PX0010000001 · RMA-1 · open", "  1/2  SKU-1  Product 1", "  0/2  SKU-3",
                     "grade A · decided",
                     "  accepted → resell", "  · window: 12 days of 30", "  Cards: recycle XCTLRECYCLEx\n",
                     "Label LP0010000001 · printed · zebra", "  10:00:20 ✔ Action 20", "  10:00:11 ✔ Action 11"):
            self.assertIn(text, out)
        self.assertNotIn("\x1b", out)

    def test_a_question_and_its_cards(self):
        question = {"id": "q", "type": "yes_no", "en": "Same size?", "fr": "Même pointure ?", "typed": None, "options": [
            {"answer": "yes", "card": "XCTLOKR", "en": "Yes", "fr": "Oui"},
            {"answer": "no", "card": "XCTLNONK", "en": "No", "fr": "Non"}]}
        unit = snapshot()["unit"] | {"allowed": []}
        self.assertIn("Cards: Yes XCTLOKR · No XCTLNONK\n", self.once(snapshot(question=question, unit=unit)))
        out = self.once(snapshot(question=question | {"typed": "12", "options": []}, unit=unit), "--lang", "fr")
        self.assertIn("Cartes: 12", out)
        self.assertNotIn("Cards", self.once(snapshot(question=None, unit=unit)))

    def test_the_language(self):
        self.assertIn("Article accepté", self.once(snapshot(operator={"id": "x", "name": "Léa", "lang": "fr"})))
        self.assertIn("Unit accepted", self.once(snapshot(operator={"id": "x", "name": "Léa", "lang": "fr"}), "--lang",
                                                 "en"))
        out = self.once(snapshot(operator=None), LANG="fr_FR.UTF-8")
        for text in ("personne n'est identifié", "Ensuite: Scannez", "Colis PX", "ouvert", "accepté → revente",
                     "recyclage XCTL"):
            self.assertIn(text, out)

    def test_an_empty_lane(self):
        out = self.once(snapshot(operator=None, parcel=None, unit=None, label=None, actions=[]))
        for text in ("nobody signed in", "no parcel in hand", "no unit in hand", "Label none yet"):
            self.assertIn(text, out)

    def test_hostile_values_are_text(self):
        evil = "\x1b]0;x\x07\u009b2J\r\n\u202e"
        out = self.once(snapshot(message=both(evil), operator={"id": "x", "name": evil, "lang": "en"}, parcel={
            "code": evil, "state": evil, "rma": evil, "lines": [{"sku": evil, "name": both(evil), "qty": "x",
                                                                 "received": []}]}))
        self.assertFalse([c for c in out if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")])
        self.assertIn("\\x1B]0;x\\x07", out)

    def test_no_line_is_wider_than_the_screen(self):
        long = "漢字 is wide, " * 40
        out = self.once(snapshot(message=both(long), next=both(long), operator={"name": long}), COLUMNS="70")
        widths = [sum(2 if c in "漢字" else 1 for c in line) for line in out.splitlines()]
        self.assertLessEqual(max(widths), 70)
        self.assertIn("…", out)

    def test_json_and_unknown_lanes(self):
        self.assertEqual(json.loads(self.once(snapshot(), "--json"))["sequence"], 42)
        self.assertEqual(self.run_ctl("watch", "--once", "--lane", "none")[0], 1)


if __name__ == "__main__":
    unittest.main(verbosity=1)
