#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""returnsctl watch in a pseudo-terminal, its screen read back through a small emulator.  watch_test.py RETURNSCTL"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_api import Api, both, event, snapshot  # noqa: E402

PROGRAM = sys.argv.pop(1)
DEADLINE = 20
LIVE = "GET /api/v1/lanes/bench-1/live"
# Everything that may come out besides text: moves, erases, our colours, modes, BEL.
TOKEN = re.compile(r"\x1b\[(?P<row>\d+);1H|(?P<el>\x1b\[K)|(?P<ed>\x1b\[2?J)|\x1b\[[0-9;]*m"
                   r"|\x1b\[\?(?P<mode>\d+)(?P<set>[hl])|(?P<bel>\x07)|(?P<text>[^\x00-\x1f\x7f-\x9f])")


class Terminal:
    """The program in a terminal of its own: what it shows (lines), its bells and modes."""

    def __init__(self, arguments, environment, columns, rows):
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.resize(columns, rows, None)
        self.lines, self.row, self.bells, self.modes, self.pending = {}, 1, 0, set(), ""
        self.drawn = 0  # lines written so far
        self.decode = codecs.getincrementaldecoder("utf-8")().decode
        self.process = subprocess.Popen([PROGRAM, *arguments], stdin=slave, stdout=slave, stderr=subprocess.PIPE,
                                        env=environment, start_new_session=True)

    def resize(self, columns, rows, process):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if process:
            self.lines = {}  # what a terminal shows after that is its own affair
            process.send_signal(signal.SIGWINCH)

    def feed(self, data):
        self.pending += data
        whole = re.sub(r"\x1b[^A-Za-z]*$", "", self.pending)  # a cut sequence waits for its end
        self.pending, position = self.pending[len(whole):], 0
        while position < len(whole):
            match = TOKEN.match(whole, position)
            if not match:
                raise AssertionError(f"the terminal got {whole[position:position + 20]!r}")
            position = match.end()
            self.take(match)

    def take(self, match):
        if match["row"]:
            self.row = int(match["row"])
            self.drawn += 1
        elif match["el"]:
            self.lines[self.row] = ""
        elif match["ed"]:
            self.lines = {} if "2" in match["ed"] else {r: t for r, t in self.lines.items() if r < self.row}
        elif match["mode"]:
            (self.modes.add if match["set"] == "h" else self.modes.discard)(match["mode"])
        elif match["bel"]:
            self.bells += 1
        elif match["text"]:
            self.lines[self.row] = self.lines.get(self.row, "") + match["text"]

    def text(self):
        return "\n".join(self.lines.get(row, "") for row in range(1, max(self.lines, default=0) + 1))

    def read_until(self, done, seconds=DEADLINE):
        """Reads until done() holds; fails with the screen at the deadline."""
        end = time.monotonic() + seconds
        while not done():
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f"not in time; the screen is:\n{self.text()}\nbells: {self.bells}")
            self.feed(self.decode(os.read(self.master, 65536)))

    def wait_for(self, text, seconds=DEADLINE):
        self.read_until(lambda: text in self.text() and "2026" not in self.modes, seconds)

    def end(self):
        os.write(self.master, b"q")
        self.read_until(lambda: "1049" not in self.modes)
        self.process.wait(DEADLINE)
        after = termios.tcgetattr(self.slave)
        error = self.process.stderr.read().decode()
        self.close()
        return self.process.returncode, after == self.before, error

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        os.close(self.slave)
        os.close(self.master)


class Watch(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.api = Api(os.path.join(self.directory.name, "api.sock"))
        self.terminal = None

    def tearDown(self):
        if self.terminal and self.terminal.process.returncode is None:
            self.terminal.close()
        self.api.stop()
        self.directory.cleanup()

    def open(self, first, *arguments, columns=80, rows=24):
        self.api.streams[LIVE] = [event("lane", 42, first)] if first else []
        environment = {"RETURNSD_SOCKET": self.api.path, "LANG": "C", "TZ": "UTC", "TERM": "xterm"}
        self.terminal = Terminal(["watch", "--lane", "bench-1", *arguments], environment, columns, rows)
        self.source = self.api.live.get(timeout=DEADLINE)[0]
        return self.terminal

    def news(self, number, signal, **changes):
        actions = [{"journal": number, "time": "2026-11-21T10:01:00.000Z", "signal": signal, "en": f"News {number}",
                    "fr": "x"}]
        value = snapshot(signal=signal, message=both(f"News {number}"), actions=actions, **changes)
        self.source.put(event("lane", number, value))

    def test_screen_fits_24_rows_and_is_given_back(self):
        terminal = self.open(snapshot())
        terminal.wait_for("Action 20")
        self.assertTrue({"1049"} <= terminal.modes and "25" not in terminal.modes)
        self.assertLessEqual(max(terminal.lines), 24)
        self.assertLessEqual(max(map(len, terminal.lines.values())), 80)
        self.assertEqual([len(terminal.lines[row]) for row in range(1, 5)], [80] * 4)  # title and band, edge to edge
        for text in ("OK", "Unit accepted", "Next: Scan the label", "SKU-3", "accepted → resell",
                     "recycle XCTLRECYCLEx",
                     "window: 12 days", "printed", "Last actions"):
            self.assertIn(text, terminal.text())
        self.assertIn("… +", terminal.text())  # ten actions do not fit
        self.assertEqual(terminal.end(), (0, True, ""))
        self.assertIn("25", terminal.modes)

    def test_larger_terminal_shows_all_and_resizing_redraws(self):
        terminal = self.open(snapshot(), columns=80, rows=24)
        terminal.wait_for("… +")
        terminal.resize(80, 24, terminal.process)
        terminal.wait_for("Parcel PX0010000001")
        terminal.resize(120, 45, terminal.process)
        terminal.wait_for("Action 11")
        self.assertNotIn("… +", terminal.text())
        terminal.resize(50, 12, terminal.process)
        terminal.read_until(lambda: terminal.lines and max(terminal.lines) <= 12 and "2026" not in terminal.modes)
        self.assertLessEqual(max(map(len, terminal.lines.values())), 50)
        for text in ("OK", "Unit accepted", "Next: Scan", "Parcel"):
            self.assertIn(text, terminal.text())
        self.assertEqual(terminal.end()[:2], (0, True))

    def test_only_changed_lines_are_written(self):
        terminal = self.open(snapshot())
        terminal.wait_for("Action 20")
        drawn = terminal.drawn
        self.source.put(event("lane", 43, snapshot(next=both("Scan a parcel"))))
        terminal.wait_for("Scan a parcel")
        self.assertEqual(terminal.drawn - drawn, 1)

    def test_bell_patterns(self):
        terminal = self.open(snapshot())
        terminal.wait_for("Action 20")
        self.assertEqual(terminal.bells, 0)  # what was there before is no news
        for number, name, rings in ((50, "ok", 1), (51, "info", 0), (52, "attention", 2), (53, "stop", 5),
                                    (54, "ok", 1)):
            before = terminal.bells
            self.news(number, name)
            terminal.wait_for(f"News {number}")
            terminal.read_until(lambda: terminal.bells - before >= rings)
            self.assertEqual(terminal.bells - before, rings)
        for code in ("L1", "L2"):  # the same action; the second shows that the first was silent
            self.news(54, "ok", label={"code": code, "state": "printed"})
            terminal.wait_for(f"Label {code}")
        self.assertEqual(terminal.bells, before + 1)

    def test_lost_connection_is_said_within_2_s_and_mends_itself(self):
        terminal = self.open(snapshot())
        terminal.wait_for("Unit accepted")
        self.source.put(None)
        self.api.streams[LIVE] = [event("lane", 60, snapshot(signal="stop", message=both("Held")))]
        terminal.wait_for("CONNECTION LOST", 2)
        self.assertIn("Parcel PX0010000001", terminal.text())
        terminal.wait_for("Held", 5)
        self.assertNotIn("CONNECTION LOST", terminal.text())
        self.assertEqual(terminal.bells, 0)  # what is caught up does not ring

    def test_daemon_gone_and_back(self):
        terminal = self.open(snapshot())
        terminal.wait_for("Unit accepted")
        self.api.stop()
        self.source.put(None)
        terminal.wait_for("CONNECTION LOST", 2)
        self.api.streams[LIVE] = [event("lane", 61, snapshot(message=both("Back")))]
        self.api.start()
        terminal.wait_for("Back", 10)

    def test_waits_for_a_daemon_that_is_not_there_yet(self):
        self.api.stop()
        os.unlink(self.api.path)
        self.terminal = Terminal(["watch", "--lane", "bench-1", "--lang", "fr"],
                                 {"RETURNSD_SOCKET": self.api.path, "LANG": "C"}, 80, 24)
        self.terminal.wait_for("CONNEXION")
        self.api.streams[LIVE] = [event("lane", 1, snapshot())]
        self.api.start()
        self.terminal.wait_for("Article accepté", 10)

    def test_operator_sets_the_language(self):
        terminal = self.open(snapshot())
        terminal.wait_for("Unit accepted")
        self.source.put(event("lane", 43, snapshot(operator={"id": "o", "name": "Léa", "lang": "fr"})))
        terminal.wait_for("Article accepté")
        self.assertIn("Dernières actions", terminal.text())

    def test_hostile_values_are_text(self):
        evil = "\x1b[5;5HX\x07\u009b2J"
        terminal = self.open(snapshot(message=both(evil), next=both(evil), operator={"name": evil, "lang": "en"}))
        terminal.wait_for("\\x1B[5;5HX\\x07\\x9B2J")  # Terminal.feed fails on anything that is not ours
        self.assertEqual(terminal.bells, 0)

    def test_signals_end_it_and_give_the_terminal_back(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            terminal = self.open(snapshot())
            terminal.wait_for("Unit accepted")
            terminal.process.send_signal(number)
            terminal.read_until(lambda: "1049" not in terminal.modes and "25" in terminal.modes)
            self.assertEqual(terminal.process.wait(DEADLINE), 0)
            self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)
            terminal.close()

    def test_unknown_lane_is_refused_after_giving_the_terminal_back(self):
        self.terminal = Terminal(["watch", "--lane", "none"], {"RETURNSD_SOCKET": self.api.path, "LANG": "C"}, 80, 24)
        self.terminal.read_until(lambda: "25" in self.terminal.modes)
        self.assertEqual(self.terminal.process.wait(DEADLINE), 1)
        self.assertIn(b"404", self.terminal.process.stderr.read())
        self.terminal.close()


if __name__ == "__main__":
    unittest.main(verbosity=1)
