#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A restored backup: a new stream, what was left of the old one first, no number used twice, stock right; and a copied
file that was not restored is found out."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import books  # noqa: E402
import house  # noqa: E402
from consumer import Consumer  # noqa: E402
from erp import Erp  # noqa: E402

UNIT = ("1Z999AA10000000015", "9520000001018", house.card("GRI"))


def ctl(*arguments):
    return subprocess.run([house.bin_path("returnsctl"), *arguments], capture_output=True, text=True, check=False)


class RestoreTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.state, self.copy = self.folder + "/state", self.folder + "/copy.db"
        self.station = house.Station(self.folder, f"file:{self.folder}/labels")
        self.start()
        self.addCleanup(lambda: self.station.stop())
        self.station.import_file("rma", os.path.join(house.ROOT, "data/samples/rmas.json"))
        self.erp = Erp(":memory:")

    def start(self):
        self.assertTrue(self.station.start(), self.station.read_log())

    def catch_up(self, name="erp", until=None):
        """The reference ERP reads until nothing is left; the streams that were announced to it."""
        consumer = Consumer(self.station.endpoint, name)
        streams = self.erp.follow(consumer, until or (self.stream(), self.last()))
        consumer.send("CLOSE")
        while next(c for c in self.station.get("/api/v1/status")["consumers"] if c["name"] == name)["connected"]:
            pass  # each request is a turn of the station's loop; its last ACK is in front of CLOSE
        consumer.close()
        return streams

    def stream(self):
        return self.station.get("/api/v1/status")["stream"]

    def last(self):
        return self.station.get("/api/v1/status")["last"]

    def work(self, *codes):
        for code in codes:
            answer = self.station.scan("bench-1", code)
            self.assertEqual(answer["signal"], "ok", answer)

    def unit(self):
        """A unit up to its printed label; the code of that label."""
        self.work(*UNIT)
        snapshot = self.station.wait_lane("bench-1", lambda s: s["label"] and s["label"]["state"] == "printed")
        return snapshot["label"]["code"]

    def test_a_restored_station_goes_on_in_a_new_stream(self):
        label = self.unit()
        sent = self.last() - 2
        self.catch_up(until=(self.stream(), sent))
        self.station.stop()  # the cursor is on the disk
        self.start()
        self.assertEqual(ctl("db", "backup", self.state, self.copy).returncode, 0)
        old, old_last = self.stream(), self.last()
        self.work(label)  # after the backup: lost with it, but the ERP heard of it
        self.catch_up()
        stock = self.erp.stock()
        self.assertEqual(sum(stock.values()), 1)
        self.assertEqual(ctl("db", "restore", self.copy, self.state).returncode, 1, "while the daemon runs")
        self.station.stop()
        restored = ctl("db", "restore", self.copy, self.state)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertIn("returnsd.db.before-", restored.stdout)
        self.start()
        self.assertNotEqual(self.stream(), old)
        events = self.station.events()
        self.assertEqual([event["type"] for event in events[:2]],
                         ["io.returnsd.station.restored.v1", "io.returnsd.station.started.v1"])
        self.assertEqual((events[0]["data"]["previous"], events[0]["data"]["last"]), (old, old_last))
        lag = old_last - sent + self.last()  # of both streams
        self.assertEqual(next(c["lag"] for c in self.station.get("/api/v1/status")["consumers"] if c["name"] == "erp"), lag)
        report = json.loads(ctl("report", "outbox", "--state", self.state, "--json").stdout)
        self.assertEqual([(row["consumer"], row["unacknowledged"]) for row in report], [("erp", lag)])
        self.work(label)  # the worker does again what the station has forgotten
        streams = self.catch_up()
        self.assertEqual(streams, [old, self.stream()])  # what was left of the old stream came first
        self.assertEqual(self.erp.stock(), stock)
        self.assertEqual(self.erp.missing(), [])
        self.work("CP202600025FR", "9520000001025", house.card("GRI"))
        lpns = [event["data"]["lpn"] for event in self.station.events() if event["type"] == "io.returnsd.lpn.assigned.v1"]
        self.assertTrue(all(int(lpn[5:12]) > 100000 for lpn in lpns), lpns)
        self.assertTrue(lpns)
        self.station.stop()
        self.assertIsNone(books.journal_break(self.folder))
        self.start()
        self.assertEqual(sum(event["type"].startswith("io.returnsd.station.restored") for event in self.station.events()), 1)

    def test_a_copied_file_is_found_out(self):
        self.station.stop()
        self.assertEqual(ctl("db", "backup", self.state, self.copy).returncode, 0)
        self.start()
        self.unit()
        self.catch_up()
        seen = self.last()
        self.station.kill()
        for name in os.listdir(self.state):
            if name.startswith("returnsd.db"):
                os.unlink(os.path.join(self.state, name))
        shutil.copy(self.copy, self.state + "/returnsd.db")
        self.start()
        consumer = Consumer(self.station.endpoint, "erp")
        consumer.send("OPEN", json.dumps({"v": 1, "consumer": "erp", "from": seen}))
        self.assertEqual(consumer.expect("ERR")[0], "AHEAD")
        self.assertIn("AHEAD", self.station.read_log())
        consumer.close()
        self.station.stop()
        self.assertEqual(ctl("db", "new-stream", self.state).returncode, 0)
        self.start()
        self.catch_up()

    def test_a_damaged_copy_is_not_restored(self):
        self.station.stop()
        self.assertEqual(ctl("db", "backup", self.state, self.copy).returncode, 0)
        self.assertEqual(ctl("db", "backup", self.state, self.copy).returncode, 1, "never over a file")
        self.assertEqual(ctl("db", "check", self.copy).returncode, 0)
        with open(self.copy, "r+b") as file:
            file.seek(os.path.getsize(self.copy) // 2)
            file.write(os.urandom(65536))
        self.assertEqual(ctl("db", "check", self.copy).returncode, 1)
        before = sorted(os.listdir(self.state))
        self.assertEqual(ctl("db", "restore", self.copy, self.state).returncode, 1)
        self.assertEqual(sorted(os.listdir(self.state)), before)
        self.start()


if __name__ == "__main__":
    unittest.main()
