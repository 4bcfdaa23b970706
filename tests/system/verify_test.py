#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""returnsctl journal verify: on a running, stopped and killed station, on copies, and on rows that were tampered with.
verify_test.py RETURNSCTL"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402

PROGRAM = sys.argv.pop(1)


class Journal(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-verify-")
        self.addCleanup(shutil.rmtree, self.folder)

    def verify(self, path, *arguments):
        done = subprocess.run([PROGRAM, "journal", "verify", path, *arguments], capture_output=True, text=True,
                              timeout=house.DEADLINE * 4)
        return done.returncode, done.stdout + done.stderr

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def made(self):
        """A station's state directory with a journal of some scans."""
        station = house.Station(os.path.join(self.folder, "station"), "file:" + self.folder + "/printed")
        self.assertTrue(station.start())
        for number in range(12):
            station.scan("bench-1", f"nothing-{number}")
        self.addCleanup(station.stop)
        return station, os.path.join(self.folder, "station/state")

    def copy(self, state):
        folder = tempfile.mkdtemp(dir=self.folder)
        for name in os.listdir(state):
            if name.startswith("returnsd.db") and not name.endswith("-shm"):
                shutil.copy(os.path.join(state, name), folder)
        return folder

    def test_running_stopped_copied_and_killed(self):
        station, state = self.made()
        rows = r"^[12][0-9] rows, all as they were written; hash of the last: [0-9a-f]{64}\n$"
        code, said = self.verify(state)
        self.assertEqual(code, 0, said)
        self.assertRegex(said, rows)
        station.kill()
        self.assertEqual(self.verify(state), (0, said))
        self.assertTrue(station.start(), "it starts again on what was looked at")
        said = self.verify(state)[1]
        hot = self.copy(state)  # with a log that was never folded in
        self.assertGreater(os.path.getsize(hot + "/returnsd.db-wal"), 0)
        self.assertEqual(self.verify(hot), (0, said))
        station.stop()
        before = sorted(os.listdir(state))
        said = self.verify(state)[1]
        self.assertRegex(said, rows)
        self.assertEqual(self.verify(state + "/returnsd.db"), (0, said))
        self.assertEqual(sorted(os.listdir(state)), before, "a look leaves nothing behind")
        cold = self.copy(state)
        os.chmod(cold + "/returnsd.db", 0o444)
        os.chmod(cold, 0o555)
        self.assertEqual(self.verify(cold), (0, said))
        os.chmod(cold, 0o755)
        self.assertTrue(station.start(), "it starts again on what was looked at")

    def test_a_changed_row_is_named(self):
        station, state = self.made()
        station.stop()
        for change, row in [("UPDATE journal SET signal = 'ok' WHERE journal = 5", 5),
                            ("UPDATE journal SET at = at + 1 WHERE journal = 7", 7),
                            ("DELETE FROM journal WHERE journal = 3", 4),
                            ("UPDATE journal SET hash = zeroblob(32) WHERE journal = 2", 2)]:
            copy = self.copy(state)
            database = sqlite3.connect(copy + "/returnsd.db")
            database.execute(change)
            database.commit()
            database.close()
            code, said = self.verify(copy)
            self.assertEqual(code, 1, said)
            self.assertIn(f"journal row {row} ", said, change)

    def test_a_changed_byte_in_the_file_is_found(self):
        station, state = self.made()
        station.stop()
        copy = self.copy(state)
        with open(copy + "/returnsd.db", "rb") as file:
            content = file.read()
        self.assertIn(b"nothing-4", content)
        with open(copy + "/returnsd.db", "wb") as file:
            file.write(content.replace(b"nothing-4", b"nothing-5"))
        code, said = self.verify(copy, "--json")
        answer = json.loads(said)
        self.assertEqual((code, answer["whole"]), (1, False))
        self.assertRegex(answer["problem"], r"^journal row \d+ was changed$")
        self.assertEqual(answer["rows"], int(re.search(r"\d+", answer["problem"])[0]) - 1)

    def test_a_database_of_a_newer_program_is_told_so(self):
        station, state = self.made()
        station.stop()
        database = sqlite3.connect(state + "/returnsd.db")
        database.execute("PRAGMA user_version = 99")
        database.close()
        code, said = self.verify(state)
        self.assertEqual(code, 5)
        self.assertIn("install a newer returnsd", said)

    def test_what_is_no_database_of_ours(self):
        self.file("other.db", "")
        sqlite3.connect(os.path.join(self.folder, "fine.db")).execute("CREATE TABLE t(x)").connection.commit()
        for path, code in [("/nowhere", 5), (self.folder, 5), (os.path.join(self.folder, "other.db"), 5),
                           (os.path.join(self.folder, "fine.db"), 5), (self.file("text.db", "x" * 5000), 1),
                           ("/dev/null", 5)]:
            self.assertEqual(self.verify(path)[0], code, path)


if __name__ == "__main__":
    unittest.main(verbosity=1)
