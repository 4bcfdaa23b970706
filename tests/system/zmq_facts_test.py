#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What libzmq does that the feed is built around, each shown once, so that a new version that differs is noticed. Experiments
by their names, with what guards against them: edge loss (and unit/station/bus: no message is lost), slow consumer and slow
joiner (unit/station/live_view: the live view loses, the feed does not), identity clash, ZAP absent (and link), 300 against 400
(and link), LINGER 0."""
import os
import select
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

    def test_edge_loss_a_send_swallows_the_wake_up(self):
        """Why ZMQ_EVENTS is asked before each sleep: a message is here, and the descriptor does not say so any more."""
        server = self.socket(zmq.ROUTER)
        client = self.socket(zmq.DEALER)
        client.connect(f"tcp://127.0.0.1:{server.bind_to_random_port('tcp://127.0.0.1')}")
        client.send(b"hello")
        peer, _ = server.recv_multipart()
        self.assertFalse(server.poll(0))
        client.send(b"arrives")
        wakes = [server.getsockopt(zmq.FD)]
        self.assertTrue(select.select(wakes, [], [], house.DEADLINE)[0])
        for _ in range(100000):  # within a millisecond it does not look at what has arrived
            server.send_multipart([peer, b"tick"])  # by another handler
            if not select.select(wakes, [], [], 0)[0]:
                break
        self.assertEqual(select.select(wakes, [], [], 0.5)[0], [])
        self.assertTrue(server.getsockopt(zmq.EVENTS) & zmq.POLLIN)

    def test_zap_absent_a_curve_server_lets_everybody_in(self):
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

    def test_identity_clash_the_same_routing_id_twice_starves_one_in_silence(self):
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

    def test_identity_clash_the_same_consumer_twice_is_told(self):
        """What the station makes of it: the newer one reads, the older one hears why it does not."""
        station = self.station()
        older, newer = (Consumer(station.endpoint, "erp") for _ in range(2))
        for consumer in (older, newer):
            self.addCleanup(consumer.close)
            self.assertEqual(consumer.open()["cursor"], 0)
        self.assertEqual(older.expect("ERR")[0], "REPLACED")
        older.send("ACK", 1)
        self.assertEqual(older.expect("ERR")[0], "NOSESSION")
        self.assertEqual(newer.hear()[:2], ["EVT", "1"])

    def test_300_and_400_one_ends_a_client_for_ever_and_one_does_not(self):
        """Why an unknown key hears 300, and only a revoked one 400: the first may be added later, and comes through by
        itself."""
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
        _, public, secret = Keys(self.folder + "/elsewhere").new("late")
        late = Consumer(tcp, "late", (keys.station, public, secret))
        self.addCleanup(late.close)
        late.send("OPEN", '{"v":1,"consumer":"late"}')
        self.assertIsNone(late.hear(0.7))
        keys.run("add", "late", public)
        self.assertEqual(late.hear()[0], "OPENED")

    def test_linger_0_a_consumer_that_takes_nothing_does_not_hold_up_the_end(self):
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
