#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What libzmq does that the feed is built around, each shown once, so that a new version that differs is noticed."""
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import zmq  # noqa: E402
import house  # noqa: E402
from consumer import CONTEXT, Consumer, Keys  # noqa: E402


class FactsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def socket(self, kind, **options):
        socket = CONTEXT.socket(kind)
        socket.linger = 0
        for name, value in options.items():
            setattr(socket, name, value)
        self.addCleanup(socket.close)
        return socket

    def station(self, extra=""):
        station = house.Station(self.folder, f"file:{self.folder}/labels", extra)
        self.assertTrue(station.start(), station.read_log())
        self.addCleanup(station.stop)
        return station

    def test_a_curve_server_without_a_zap_handler_lets_everybody_in(self):
        """Why the station does not start without its handler and keys (link_test)."""
        public, secret = zmq.curve_keypair()
        own, own_secret = zmq.curve_keypair()  # known to nobody
        with zmq.Context() as bare:  # a context in which nobody answers ZAP
            server = bare.socket(zmq.ROUTER)
            server.linger, server.curve_server, server.curve_secretkey = 0, True, secret
            port = server.bind_to_random_port("tcp://127.0.0.1")
            client = self.socket(zmq.DEALER, curve_serverkey=public, curve_publickey=own, curve_secretkey=own_secret)
            client.connect(f"tcp://127.0.0.1:{port}")
            client.send(b"in")
            self.assertTrue(server.poll(house.DEADLINE * 1000))
            server.close()

    def test_the_same_routing_id_twice_starves_one_in_silence(self):
        """Why a consumer sets none: the station knows it by its key."""
        station = self.station()
        first, second = (self.socket(zmq.DEALER, routing_id=b"erp") for _ in range(2))
        first.connect(station.endpoint)
        first.send_multipart([b"OPEN", b'{"v":1,"consumer":"first"}'])
        self.assertTrue(first.poll(house.DEADLINE * 1000))
        second.connect(station.endpoint)
        second.send_multipart([b"OPEN", b'{"v":1,"consumer":"second"}'])
        self.assertFalse(second.poll(700))
        self.assertNotIn("second", [c["name"] for c in station.get("/api/v1/status")["consumers"]])

    def test_status_400_ends_a_client_for_ever_and_300_does_not(self):
        """Why an unknown key hears 300: it may be added later (link_test shows that it then comes through)."""
        os.makedirs(self.folder + "/state")
        keys = Keys(self.folder + "/state/keys")
        pair = keys.new("erp")
        tcp = f"tcp://127.0.0.1:{20000 + os.getpid() % 20000}"
        self.station(f'feed {{ tcp = "{tcp}" }}\n')
        keys.run("revoke", "erp")
        revoked = Consumer(tcp, "erp", pair)
        self.addCleanup(revoked.close)
        revoked.socket.linger = 0
        revoked.send("OPEN", '{"v":1,"consumer":"erp"}')
        self.assertIsNone(revoked.hear(0.7))
        os.rename(self.folder + "/state/keys/erp.revoked", self.folder + "/state/keys/erp.key")
        self.assertIsNone(revoked.hear(1.5), "it tried again")
        fresh = Consumer(tcp, "erp", pair)
        self.addCleanup(fresh.close)
        self.assertEqual(fresh.open()["station"], "demo-1")  # a new socket may

    def test_a_consumer_that_takes_nothing_does_not_hold_up_the_end(self):
        """LINGER 0: what was not sent is dropped, for it is sent again from the cursor."""
        station = self.station()
        for number in range(300):
            station.scan("dock-1", f"nobody knows {number}")
        lazy = self.socket(zmq.DEALER, rcvhwm=1, rcvbuf=4096)
        lazy.connect(station.endpoint)
        lazy.send_multipart([b"OPEN", b'{"v":1,"consumer":"lazy","window":1024}'])
        self.assertTrue(lazy.poll(house.DEADLINE * 1000))
        station.stop()  # asserts that it ends, well and in time


if __name__ == "__main__":
    unittest.main()
