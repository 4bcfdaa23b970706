#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""returnsctl about events, on the real daemon: tail follows, over its restart too; replay reads the database whether the
daemon is up or down; consumers and the outbox report say how far behind everybody is. events_test.py RETURNSCTL"""
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Consumer  # noqa: E402

PROGRAM = sys.argv.pop(1)


class EventsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.station = house.Station(self.folder, f"file:{self.folder}/labels", 'feed { required = "erp books" }\n')
        self.assertTrue(self.station.start(), self.station.read_log())
        self.addCleanup(lambda: self.station.stop())

    def work(self, count):
        for number in range(count):
            self.station.scan("dock-1", f"nobody knows {number}")

    def ctl(self, *arguments):
        done = subprocess.run([PROGRAM, "--socket", self.station.socket, *arguments], capture_output=True, text=True,
                              timeout=house.DEADLINE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def replay(self, *arguments):
        return [json.loads(line) for line in self.ctl("events", "replay", self.folder + "/state", *arguments).splitlines()]

    # ---- tail ----

    def read(self, tail, count):
        """The next lines of a tail, as events."""
        while tail.lines.count(b"\n") < count:
            ready, _, _ = select.select([tail.stdout], [], [], house.DEADLINE)
            data = os.read(tail.stdout.fileno(), 65536) if ready else b""
            self.assertTrue(data, f"{tail.lines.count(bytes(10))} of {count} events")
            tail.lines += data
        *lines, tail.lines = tail.lines.split(b"\n", count)
        return [int(json.loads(line)["sequence"]) for line in lines]

    def tail(self, *arguments):
        tail = subprocess.Popen([PROGRAM, "--socket", self.station.socket, "events", "tail", *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        tail.lines = b""
        self.addCleanup(lambda: (tail.kill(), tail.wait(), tail.stdout.close()))
        return tail

    def test_tail_follows_what_happens_over_a_restart_of_the_daemon(self):
        self.work(3)
        last = self.station.get("/api/v1/status")["last"]
        tail = self.tail("--from", "2")
        self.assertEqual(self.read(tail, last - 1), list(range(2, last + 1)))
        self.work(2)
        self.assertEqual(self.read(tail, 2), [last + 1, last + 2])
        self.station.kill()
        self.assertTrue(self.station.start())
        self.work(2)
        end = self.station.get("/api/v1/status")["last"]
        self.assertEqual(self.read(tail, end - last - 2), list(range(last + 3, end + 1)))  # not one is missing

    # ---- replay ----

    def test_replay_reads_the_database_with_the_daemon_up_and_down(self):
        self.work(5)
        events = self.station.events()
        self.assertEqual(self.replay(), events)
        self.assertEqual(self.replay("--from", "4"), events[3:])
        self.assertEqual(self.replay("--after", "4", "--count", "2"), events[4:6])
        self.station.kill()  # nothing was tidied up behind it
        self.assertEqual(self.replay("--from", "4"), events[3:])
        self.assertEqual(self.replay("--from", "999"), [])

    # ---- consumers ----

    def test_everybody_is_told_how_far_behind_he_is(self):
        self.work(6)
        erp = Consumer(self.station.endpoint, "erp")
        self.addCleanup(erp.close)
        erp.open()
        erp.expect("EVT")
        erp.send("ACK", 1)
        last = self.station.get("/api/v1/status")["last"]
        while json.loads(self.ctl("events", "consumers", "--json"))[0]["cursor"] < 1:
            pass  # each is a turn of the loop
        self.assertRegex(self.ctl("events", "consumers"), rf"^erp +connected +cursor 1, lag {last - 1}, put 0 ")
        self.station.stop()  # the cursor is on the disk; the stop is an event, too
        rows = {row["consumer"]: row for row in json.loads(self.ctl("report", "outbox", "--state", self.folder + "/state",
                                                                      "--json"))}
        end = len(self.replay())
        self.assertEqual({name: (row["required"], row["cursor"], row["unacknowledged"]) for name, row in rows.items()},
                         {"erp": ("yes", 1, end - 1), "books": ("yes", 0, end)})  # books is waited for, and never came
        second = self.replay("--from", "2", "--count", "1")[0]
        self.assertEqual(rows["erp"]["oldest"], second["recordedtime"][:19] + "Z")
        self.assertLess(rows["erp"]["oldest_minutes"], 5)


if __name__ == "__main__":
    unittest.main()
