#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The verbs of returnsctl that need no daemon: decode, classify, labels, cards.
offline_test.py RETURNSCTL"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402

PROGRAM = sys.argv.pop(1)
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))
GS, RS, EOT = "\x1d", "\x1e", "\x04"


def run(*arguments, stdin=b"", **environment):
    done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, timeout=house.DEADLINE * 4,
                          env={"PATH": os.environ["PATH"], "LANG": "C",
                               "RETURNSD_DATA": house.ROOT + "/data"} | environment)
    return done.returncode, done.stdout, done.stderr.decode()


def objects(lines):
    return [json.loads(line) for line in lines.decode("ascii").splitlines()]


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-offline-")
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path


def expected_scans(path):
    """(bytes, AIM) of each expect line of a recording."""
    scans = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            key, _, value = line.partition(": ")
            if key == "expect":
                plain = re.sub(rb"\\(x([0-9A-Fa-f]{2})|\\)", lambda m: bytes([int(m[2], 16)]) if m[2] else b"\\",
                               value.encode())
                scans.append([plain, ""])
            elif key == "expect_aim":
                scans[-1][1] = value
    return scans


class Decode(Scratch):
    def test_every_recording_gives_what_it_expects(self):
        folders = [os.path.join(house.ROOT, folder) for folder in ("tests/golden/scans", "data/demo")]
        paths = [os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder))
                 if name.endswith(".hid")]
        self.assertGreaterEqual(len(paths), 35)
        scans = 0
        for path in paths:
            with self.subTest(path), open(path, encoding="utf-8") as file:
                code, out, err = run("decode", path)
                self.assertEqual((code, err), (0, ""))
                found = objects(out)
                self.assertEqual([[bytes.fromhex(scan["hex"]), scan["aim"]] for scan in found], expected_scans(path))
                kinds = re.findall("^kind: (.*)$", file.read(), re.M)
                for scan in found:
                    self.assertIn(scan["kind"], kinds)
                    self.assertEqual(scan["length"], scan["total"])
                    self.assertEqual(scan["length"], len(scan["hex"]) // 2)
                    self.assertEqual(scan["text"].encode(), bytes.fromhex(scan["hex"]))
                scans += len(found)
        self.assertGreaterEqual(scans, 35)

    def test_a_broken_line_is_named_and_the_rest_decoded(self):
        keys = "report: 00 00 04 00 00 00 00 00\nreport: 00 00 00 00 00 00 00 00\n"
        path = self.file("broken.hid", "kind: keyboard\n" + keys + "report: zz\nnonsense\n" + keys.replace("04", "05") +
                         "wait: 200\n" + keys.replace("04", "06").rstrip("\n"))
        code, out, err = run("decode", path)
        self.assertEqual((code, [scan["text"] for scan in objects(out)]), (1, ["ab", "c"]))
        self.assertEqual([re.search(r"line (\d+)", line)[1] for line in err.splitlines()], ["4", "5"])
        self.assertIn(path, err)

    def test_a_scanner_that_nobody_can_decode_is_named(self):
        keys = "report: 00 00 04 00 00 00 00 00\n"
        for head in ("layout: xx\n", "layout: " + "x" * 40 + "\n", "kind: pos\n", "descriptor: C0\n"):
            code, out, err = run("decode", "-", stdin=(head + keys + "kind: keyboard\n" + keys).encode())
            self.assertEqual((code, [scan["text"] for scan in objects(out)]), (1, ["a"]), head)
            self.assertRegex(err, "^returnsctl: -: line [12]: ")

    def test_bytes_that_are_no_utf8_and_controls(self):
        recording = house.POS_HEADER + "report: " + " ".join(f"{b:02X}" for b in bytes([2, 5]) + b"]C1A\x1d\xffB\xc3" +
                                                             bytes(54)) + "\n"
        code, out, _ = run("decode", "-", stdin=recording.encode())
        self.assertEqual(code, 0)
        self.assertEqual(objects(out), [{"text": "A\x1d\ufffdB\ufffd", "hex": "411dff42c3", "aim": "]C1", "kind": "pos",
                                         "length": 5, "total": 5}])
        self.assertIn(b"\\u001D", out.upper().replace(b"\\U", b"\\u"))

    def test_a_scan_that_is_too_long_tells_its_total(self):
        code, out, _ = run("decode", "-", stdin=(house.POS_HEADER + house.pos_reports("7" * 5000)).encode())
        scan = objects(out)[0]
        self.assertEqual((code, scan["length"], scan["total"]), (0, 4096, 5000))

    def test_a_file_that_is_not_there(self):
        code, out, err = run("decode", "/nowhere/a.hid")
        self.assertEqual((code, out), (5, b""))
        self.assertIn("/nowhere/a.hid", err)

    def test_what_decode_prints_classify_reads(self):
        _, scans, _ = run("decode", os.path.join(house.ROOT, "tests/golden/scans/pos-a-multi-report.hid"))
        code, out, _ = run("classify", "-", stdin=scans)
        self.assertEqual((code, len(objects(out))), (0, len(objects(scans))))


# code, AIM, then what its candidates are ("class value" in order), then fields of the first
VECTORS = [
    ("0109521234543213" + "21A", "]C1", ["gs1 010952123454321321A", "text 010952123454321321A"],
     {"gtin": "09521234543213", "serial": "A", "gs1": [{"ai": "01", "value": "09521234543213", "title": "GTIN"},
                                                       {"ai": "21", "value": "A", "title": "SERIAL"}]}),
    ("10L" + GS + "21S", "]d2", ["gs1 10L\x1d21S", "text 10L\x1d21S"], {"lot": "L", "serial": "S"}),
    ("17261100", "]Q3", ["gs1 17261100", "text 17261100"], {"expiry": "2026-11-30"}),
    ("0109521234543213", "]e0", ["gs1 0109521234543213", "text 0109521234543213"], {"gtin": "09521234543213"}),
    ("21A", "]J1", ["gs1 21A", "text 21A"], {"serial": "A"}),
    ("00106141412345678908", "]C1", ["gs1 00106141412345678908", "sscc 106141412345678908",
                                     "text 00106141412345678908"], {"sscc": "106141412345678908"}),
    # the same data in symbols that do not announce GS1
    *[("21A", aim, ["text 21A"], {}) for aim in ("]C0", "]d1", "]Q0", "]Q1", "]J0", "]A0", "]L0", "]z0", "]U0", "")],
    ("4006381333931", "]E0", ["gtin 4006381333931", "text 4006381333931"], {"gtin": "04006381333931"}),
    ("73513537", "]E4", ["gtin 73513537", "text 73513537"], {"gtin": "00000073513537"}),
    ("978031072156752995", "]E3", ["gtin 9780310721567", "text 978031072156752995"], {"gtin": "09780310721567"}),
    ("10614141543219", "]I1", ["gtin 10614141543219", "tracking 10614141543219", "text 10614141543219"],
     {"gtin": "10614141543219"}),
    ("1Z999AA10000000015", "]C0", ["tracking 1Z999AA10000000015", "text 1Z999AA10000000015"], {"carrier": "ups"}),
    ("RMA-2026-00017", "]A0", ["rma RMA-2026-00017", "text RMA-2026-00017"], {}),
    ("ORD-77", "]Q1", ["order ORD-77", "text ORD-77"], {}),
    ("490154203237518", "]C0", ["text 490154203237518"], {"detail": "imei"}),
    ("xctlokr", "]Q1", ["command XCTLOKR"], {"verb": "OK"}),
    ("LP0420001234149", "]d1", ["lpn LP0420001234"], {"generation": 1}),
    ("XOP791", "", ["badge 7"], {}),
    ("XLCA-12-03-B56", "]C0", ["location A-12-03-B"], {}),
]

REFUSED = [
    ("", "", "empty"), (" " + GS, "]C1", "empty"), ("AB\x01", "]C0", "unreadable"), ("A\x00B", "", "unreadable"),
    ("x" * 500, "]Q1", "too_long"), ("x" * 5000, "", "too_long"), ("LP0420001234148", "]C0", "check_digit"),
    ("XCTLOKS", "", "check_digit"), ("0109521234543214", "]C1", "check_digit"), ("05X", "]C1", "unknown_ai"),
    ("0109521", "]d2", "truncated"), ("21" + "A" * 21, "]Q3", "value_too_long"), ("17261399", "]e0", "date"),
    ("21A" + GS + "21B", "]J1", "contradiction"), ("https://id.gs1.org/AQECAwQFBgc", "]Q1", "compressed"),
    ("[)>" + RS + "99" + GS + "X" + RS + EOT, "]d1", "format"), ("A" + RS + "B", "]C0", "unreadable"),
]


def ask(*questions):
    code, out, err = run("classify", "-", stdin="".join(json.dumps(q) + "\n" for q in questions).encode())
    return code, objects(out), err


class Classify(Scratch):
    def test_vectors(self):
        code, answers, _ = ask(*[{"code": code, "aim": aim} for code, aim, _, _ in VECTORS])
        self.assertEqual((code, len(answers)), (0, len(VECTORS)))
        for answer, (code, aim, candidates, fields) in zip(answers, VECTORS):
            with self.subTest(code, aim=aim):
                self.assertEqual((answer["code"], answer["aim"], answer["refused"]), (code, aim, None))
                self.assertEqual([f"{c['class']} {c['value']}" for c in answer["candidates"]], candidates)
                self.assertEqual(fields, {name: answer["candidates"][0].get(name) for name in fields})

    def test_refusals_and_their_reasons(self):
        code, answers, _ = ask(*[{"code": code, "aim": aim} for code, aim, _ in REFUSED])
        self.assertEqual((code, len(answers)), (0, len(REFUSED)))
        for answer, (code, aim, reason) in zip(answers, REFUSED):
            with self.subTest(code, aim=aim):
                first = answer["candidates"][0]
                self.assertEqual((first["class"], first["reason"], answer["refused"]), ("refused", reason, reason))

    def test_checks_say_why_it_is_not_something_else(self):
        for code, aim, check, verdict in [
                ("4006381333931", "]E0", "gtin_check_digit", "ok"),
                ("4006381333932", "]E0", "gtin_check_digit", "check_digit"),
                ("490154203237518", "", "imei_check_digit", "ok"),
                ("490154203237517", "", "imei_check_digit", "check_digit"),
                ("1Z999AA10000000015", "", "ups: UPS", "ok"), ("1z999aa1 0000000016", "", "ups: UPS", "check_digit"),
                ("TBA123456789012", "", "amazon: Amazon Logistics", "format"),
                ("LP0420001234148", "", "own_code", "check_digit"), ("XCTLOKR", "", "own_code", "ok"),
                ("21A" + GS + GS + "10B", "]Q3", "gs1_tolerant", "ok"),
                ("21A" + GS + GS + "10B", "]Q3", "gs1_strict", "separator"),
                ("]C10109521234543214", "", "gs1_strict", "check_digit"),
                ("0109521234543213", "]C0", "gs1_strict", "ok"),
                ("https://example.com/01/09521234543213", "]Q1", "digital_link", "ok"),
                ("https://id.gs1.org/AQECAwQFBgc", "]Q1", "digital_link", "compressed"),
                ("[)>" + RS + "99" + GS + "X" + RS + EOT, "]d1", "iso15434", "format")]:
            with self.subTest(code, check=check):
                verdicts = {c["check"]: c["verdict"] for c in ask({"code": code, "aim": aim})[1][0]["checks"]}
                self.assertEqual(verdicts.get(check), verdict, verdicts)

    def test_one_code(self):
        code, out, err = run("classify", "0109521234543213", "--aim", "]C1")
        self.assertEqual((code, err), (0, ""))
        for text in (b" 1  gs1", b"gtin=09521234543213", b"(01) 09521234543213  GTIN", b"gs1_strict: ok"):
            self.assertIn(text, out)
        code, out, _ = run("classify", "LP0420001234148", "--json")
        self.assertEqual((code, objects(out)[0]["refused"]), (1, "check_digit"))
        code, out, _ = run("classify", "a\x1b[2J\u202e")
        self.assertNotIn(b"\x1b", out)
        self.assertEqual(run("classify", "X", "--aim", "C1")[0], 2)
        self.assertEqual(run("classify", os.fsdecode(b"\xff"), "--json")[0], 1)

    def test_the_aim_option_is_for_lines_that_have_none(self):
        _, out, _ = run("classify", "-", "--aim", "]C1", stdin=b'"21A"\n{"code":"21A","aim":"]C0"}\n{"hex":"323141"}')
        self.assertEqual([a["candidates"][0]["class"] for a in objects(out)], ["gs1", "text", "gs1"])

    def test_lines_that_are_no_question(self):
        lines = [b"", b"x", b"5", b"{}", b'{"code":5}', b'{"code":"x","aim":"C1"}', b'{"code":"x","aim":7}', b'"\xff"',
                 b'{"hex":"4"}', b'{"hex":"4g"}', b'{"code":"a","code":"b"}', b'"' + b"x" * 70000 + b'"', b'"good"']
        code, out, _ = run("classify", "-", stdin=b"\n".join(lines))
        answers = objects(out)
        self.assertEqual((code, len(answers)), (1, len(lines)))
        for number, answer in enumerate(answers[:-1], 1):
            self.assertEqual((answer["line"], set(answer)), (number, {"line", "error"}))
        self.assertEqual(answers[-1]["code"], "good")

    def test_thousands_of_random_lines(self):
        print("seed", SEED)
        rng = random.Random(SEED)
        seeds = [code for code, *_ in VECTORS + REFUSED]

        def line():
            text = rng.choice(seeds) if rng.random() < 0.7 else ""
            for _ in range(rng.randrange(4)):
                at = rng.randrange(len(text) + 1)
                odd = ["", GS, RS, "0", "é", "\x00", "]C1", " ", "%", chr(rng.randrange(0xD800))]
                text = text[:at] + rng.choice(odd + seeds) + text[at + rng.randrange(3):]
            aim = rng.choice(["", "]C0", "]C1", "]d2", "]Q3", "]E0", "]E3"])
            plain = json.dumps(rng.choice([text, {"code": text, "aim": aim}])).encode()
            if rng.random() < 0.1:
                plain = bytes(rng.randrange(256) for _ in range(rng.randrange(40))).replace(b"\n", b"")
            return plain
        lines = [line() for _ in range(5000)]
        code, out, err = run("classify", "-", stdin=b"\n".join(lines) + b"\n")
        answers = objects(out)
        self.assertIn(code, (0, 1), err)
        self.assertEqual((len(answers), err), (len(lines), ""))
        for number, (answer, asked) in enumerate(zip(answers, lines), 1):
            if "error" in answer:
                self.assertEqual(answer["line"], number)
            else:
                question = json.loads(asked)
                self.assertEqual(answer["code"], question if isinstance(question, str) else question["code"])
                self.assertTrue(answer["candidates"], asked)


class Labels(Scratch):
    def render(self, *arguments, code=0, **environment):
        result, out, err = run("labels", "render", *arguments, **environment)
        self.assertEqual(result, code, err)
        return out

    def test_list(self):
        code, out, _ = run("labels", "list", "--json")
        names = [label["name"] for label in objects(out)[0]]
        self.assertEqual((code, names), (0, sorted(names)))
        self.assertLessEqual({"unit", "parcel", "hold", "test"}, set(names))
        self.assertEqual([line.split()[0].decode() for line in run("labels", "list")[1].splitlines()], names)

    def test_each_renders_as_one_label_at_each_resolution_and_language(self):
        _, out, _ = run("labels", "list", "--json")
        for name in [label["name"] for label in objects(out)[0]]:
            for dpi in ("203", "300", "600"):
                for lang in ("en", "fr"):
                    with self.subTest(name, dpi=dpi, lang=lang):
                        zpl = self.render(name, "--dpi", dpi, "--lang", lang)
                        self.assertTrue(zpl.startswith(b"^XA") and zpl.endswith(b"^XZ"), zpl[-20:])
                        self.assertEqual((zpl.count(b"^XA"), zpl.count(b"^XZ")), (1, 1))
                        svg = self.render(name, "--dpi", dpi, "--lang", lang, "--svg")
                        self.assertTrue(svg.startswith(b"<svg ") and svg.rstrip().endswith(b"</svg>"))
        self.assertNotEqual(self.render("hold", "--lang", "en"), self.render("hold", "--lang", "fr"))

    def test_fields(self):
        fields = self.file("fields.json", json.dumps({"code": "LP0420001234149", "disposition": "Doe^XZ~JA^XA^PQ99",
                                                      "copy": 2, "note": None, "unknown": "x"}))
        zpl = self.render("unit", "--dpi", "203", "--fields", fields)
        self.assertIn(b"LP0420001234149", zpl)
        self.assertEqual((zpl.count(b"^XA"), zpl.count(b"^XZ"), zpl.count(b"~")), (1, 1, 0))
        for broken in ("[]", "{", '{"code": []}', '{"code": "é"}', "{}"):
            self.assertEqual(self.render("unit", "--fields", self.file("broken.json", broken), code=1), b"", broken)
        self.render("unit", "--fields", "/nowhere", code=1)

    def test_what_is_not_there(self):
        self.render("no-such-label", code=1)
        self.render("unit", "--dpi", "200", code=1)
        self.render("unit", code=5, RETURNSD_DATA="/nowhere")
        self.render("unit", "--data", house.ROOT + "/data", RETURNSD_DATA="/nowhere")
        self.assertEqual(run("labels", "render", "unit", "--dpi", "x")[0], 2)

    def test_lint(self):
        code, out, _ = run("labels", "lint")
        self.assertEqual((code, out.split(b"\n")[-2]), (0, b"12 templates, 0 broken"))
        with open(house.ROOT + "/data/labels/test.zpl.in", encoding="utf-8") as file:
            good = file.read()
        lines = good.splitlines()
        self.file("bad.zpl.in", good.replace("name test", "name bad") + "^XA^DFR:X^FS^XZ\n")
        self.file("test.zpl.in", good)
        worse = good.replace("name test", "name worse")
        self.file("worse.zpl.in", worse.replace("{{code128 code", "{{code128 nothing"))
        self.file("README.md", "no template")
        code, out, _ = run("labels", "lint", self.folder)
        found = out.decode().splitlines()
        self.assertEqual((code, len(found), found[2]), (1, 3, "3 templates, 2 broken"))
        self.assertRegex(found[0], rf"^{self.folder}/bad.zpl.in:{len(lines) + 1}: ")
        wrong = next(i for i, line in enumerate(lines, 1) if "{{code128 code" in line)
        self.assertRegex(found[1], rf"^{self.folder}/worse.zpl.in:{wrong}: ")
        self.assertEqual(run("labels", "lint", "/nowhere")[0], 5)

    def test_cards(self):
        code, out, _ = run("cards", "--lang", "fr", "--json")
        cards = {card["word"]: card["code"] for card in objects(out)[0]}
        self.assertEqual((code, cards["Annuler"]), (0, house.card("UNDO")))
        self.assertIn(house.card("GRI") + "  ", run("cards", "--lang", "en")[1].decode())
        parts = [cards.pop(f"CALIBRATION-{n}") for n in range(1, 7)]
        self.assertEqual(set("".join(parts)), {chr(c) for c in range(0x20, 0x7F)})  # all printable ASCII
        for answer in ask(*cards.values())[1]:
            self.assertEqual(answer["candidates"][0]["class"], "command")

    def test_codes_of_a_roll(self):
        code, out, _ = run("roll", "42", "9000007", "--count", "3")
        codes = out.decode().splitlines()
        self.assertEqual((code, [text[:12] for text in codes]), (0, ["LP0429000007", "LP0429000008", "LP0429000009"]))
        for answer in ask(*codes)[1]:
            self.assertEqual(answer["candidates"][0]["class"], "lpn")
        for arguments in (["1000"], ["x"], ["42", "8999999"], ["42", "9999999", "--count", "2"], ["42", "-1"]):
            self.assertEqual(run("roll", *arguments)[:2], (2, b""), arguments)

    def test_cards_as_pictures(self):
        folder = os.path.join(self.folder, "cards")
        for lang in ("en", "fr"):
            code, out, err = run("cards", "--lang", lang, "--svg", folder, "--json")
            self.assertEqual((code, err), (0, ""))
            for card in objects(out)[0]:
                name = card["word"] if card["word"].startswith("CALIBRATION") else card["code"]
                with open(f"{folder}/{name}.svg", encoding="utf-8") as file:
                    svg = file.read()
                self.assertTrue(svg.startswith("<svg ") and f">{card['word']}</text>" in svg, svg[:300])
                self.assertNotIn(card["code"], svg)  # people read the word, never the code
                self.assertEqual(svg.count("<path"), 2)
            self.assertEqual(len(os.listdir(folder)), len(objects(out)[0]))
        self.assertEqual(run("cards", "--svg", "/nowhere/cards")[:2], (5, b""))
        self.assertEqual(run("cards", folder)[:2], (2, b""))


class General(Scratch):
    def test_no_socket_is_needed_or_made(self):
        for arguments in (["cards"], ["classify", "X"], ["labels", "list"]):
            self.assertEqual(run(*arguments, RETURNSD_SOCKET="/nowhere/api.sock")[0], 0)

    def test_help_says_which_verbs_need_no_daemon(self):
        _, out, _ = run("--help")
        online, offline = out.decode().split("Verbs that need none:")
        for verb in ("decode FILE|-", "classify CODE|-", "labels lint [DIR]", "journal verify PATH"):
            self.assertIn(verb, offline)
            self.assertNotIn(verb, online)

    def test_wrong_arguments_exit_2(self):
        for arguments in (["decode"], ["decode", "a", "b"], ["classify"], ["labels"], ["labels", "render"],
                          ["cards", "--svg"], ["decode", "a", "--aim", "]C1"], ["journal", "verify"]):
            self.assertEqual(run(*arguments)[:2], (2, b""), arguments)


if __name__ == "__main__":
    unittest.main(verbosity=1)
