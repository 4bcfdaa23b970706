#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""/metrics: Prometheus' text format, and the same numbers that the status has."""
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Consumer  # noqa: E402

LINE = re.compile(r'(returnsd_[a-z_]+)(\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? (-?[0-9.]+)$')


class MetricsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="returnsd-test-")
        self.addCleanup(folder.cleanup)
        self.station = house.Station(folder.name, f"file:{folder.name}/labels")
        self.assertTrue(self.station.start(), self.station.read_log())
        self.addCleanup(lambda: self.station.stop())

    def read(self):
        """{name and labels: value}; every line must be of the format, under the HELP and TYPE of its name."""
        connection = house.UnixConnection(self.station.socket, house.DEADLINE)
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        self.assertEqual((response.status, response.getheader("Content-Type")), (200, "text/plain; version=0.0.4; charset=utf-8"))
        values, named = {}, set()
        for line in response.read().decode().splitlines():
            if line.startswith("# TYPE "):
                name, kind = line.split()[2:]
                self.assertNotIn(name, named)
                self.assertIn(kind, ("gauge", "counter", "histogram"))
                named.add(name)
            elif not line.startswith("# HELP "):
                match = LINE.match(line)
                self.assertTrue(match, line)
                self.assertIn(re.sub("_(bucket|sum|count)$", "", match[1]), named)
                values[match[1] + (match[2] or "")] = float(match[3])
        connection.close()
        return values

    def test_the_numbers_are_the_status(self):
        consumer = Consumer(self.station.endpoint, "erp")
        self.addCleanup(consumer.close)
        consumer.open()
        before = self.read()
        for number in range(5):
            self.station.scan("dock-1", f"nobody knows {number}")
        result = consumer.result("rma.upsert", {"rma": "RMA-1", "version": 1, "lines": [
            {"line": "1", "sku": "A", "qty": 1, "unit_price": 100, "currency": "EUR"}]})
        self.assertEqual(result[0], "ok", result)
        values, status = self.read(), self.station.get("/api/v1/status")
        erp = next(entry for entry in status["consumers"] if entry["name"] == "erp")
        self.assertEqual(values["returnsd_events_total"], status["last"])
        self.assertGreaterEqual(values["returnsd_events_total"], before["returnsd_events_total"] + 5)
        self.assertEqual(values["returnsd_events_stored"], status["last"] - status["first"] + 1)
        self.assertEqual(values['returnsd_consumer_cursor{consumer="erp"}'], erp["cursor"])
        self.assertEqual(values['returnsd_consumer_lag_events{consumer="erp"}'], erp["lag"])
        self.assertEqual(values['returnsd_consumer_connected{consumer="erp"}'], 1)
        self.assertEqual(values['returnsd_consumer_puts_total{consumer="erp",result="stored"}'], 1)
        self.assertEqual(values["returnsd_rmas"], 1)
        self.assertGreater(values["returnsd_commit_seconds_count"], before["returnsd_commit_seconds_count"])
        self.assertEqual(values['returnsd_commit_seconds_bucket{le="+Inf"}'], values["returnsd_commit_seconds_count"])


if __name__ == "__main__":
    unittest.main()
