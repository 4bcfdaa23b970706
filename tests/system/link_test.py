#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The link to the ERP on the real daemon: keys over CURVE, rights, and every kind of PUT in any order."""
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
import zmq  # noqa: E402
from consumer import CONTEXT, Consumer, Keys  # noqa: E402

SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))
ZPL = "^XA^FO20,20^A0N,30,30^FDReturn to sender^FS^XZ"


def rma(number, version, sku="TSHIRT-NAVY-M", **members):
    return {"rma": number, "version": version, "lines": [{"line": "1", "sku": sku, "qty": 1}], **members}


class LinkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        print(f"SEED={SEED}")
        cls.folder = tempfile.mkdtemp(prefix="returnsd-test-")
        os.makedirs(cls.folder + "/state")
        cls.keys = Keys(cls.folder + "/state/keys")
        cls.port = 20000 + os.getpid() % 20000
        cls.tcp = f"tcp://127.0.0.1:{cls.port}"
        cls.hub = CONTEXT.socket(zmq.ROUTER)
        public, secret = zmq.curve_keypair()
        cls.hub.linger, cls.hub.curve_server, cls.hub.curve_secretkey = 0, True, secret
        hub_port = cls.hub.bind_to_random_port("tcp://127.0.0.1")
        cls.keys.run("add", "uplink", public.decode(), "--rights", "read put")
        cls.station = house.Station(cls.folder, f"file:{cls.folder}/labels",
                                    f'feed {{ tcp = "{cls.tcp}" uplink = "tcp://127.0.0.1:{hub_port}" '
                                    f'live = "ipc://{cls.folder}/run/live.sock" }}\n')
        assert cls.station.start(), cls.station.read_log()

    @classmethod
    def tearDownClass(cls):
        cls.station.stop()
        cls.hub.close()
        shutil.rmtree(cls.folder)

    def consumer(self, name, keys=None, **options):
        consumer = Consumer(self.tcp if keys else self.station.endpoint, name, keys, **options)
        self.addCleanup(consumer.close)
        return consumer

    # ---- keys ----

    def test_a_key_lets_its_consumer_in_and_nobody_else(self):
        keys = self.keys.new("erp", "--rights", "read")
        self.assertEqual(self.consumer("erp", keys).open()["station"], "demo-1")
        stranger = self.consumer("erp", (keys[0], *self.keys.new("other", "--rights", "read")[1:]))
        stranger.send("OPEN", '{"v":1,"consumer":"erp"}')
        self.assertEqual(stranger.expect("ERR")[0], "DENIED")

    def test_an_unknown_key_is_asked_to_wait_and_let_in_once_added(self):
        other = Keys(self.folder + "/elsewhere")
        _, public, secret = other.new("late")
        consumer = self.consumer("late", (self.keys.station, public, secret))
        consumer.send("OPEN", '{"v":1,"consumer":"late"}')
        self.assertIsNone(consumer.hear(0.5))
        self.keys.run("add", "late", public)
        self.assertEqual(consumer.hear()[0], "OPENED")  # the message that waited came through by itself

    def test_a_revoked_key_ends_its_session_and_gives_up(self):
        keys = self.keys.new("leaver")
        consumer = self.consumer("leaver", keys)
        consumer.open()
        self.keys.run("revoke", "leaver")
        self.assertEqual(consumer.expect("ERR")[0], "DENIED")
        again = self.consumer("leaver", keys)
        again.send("OPEN", '{"v":1,"consumer":"leaver"}')
        self.assertIsNone(again.hear(1))

    def test_without_curve_nothing_is_heard(self):
        plain = Consumer(self.tcp, "plain")
        self.addCleanup(plain.close)
        plain.send("OPEN", '{"v":1,"consumer":"plain"}')
        self.assertIsNone(plain.hear(1))

    def test_a_wrong_station_key_is_noticed_by_the_consumer(self):
        keys = self.keys.new("careful")
        fake = Keys(self.folder + "/fake").station
        consumer = self.consumer("careful", (fake, *keys[1:]))
        consumer.send("OPEN", '{"v":1,"consumer":"careful"}')
        self.assertIsNone(consumer.hear(1))

    def test_tcp_without_keys_does_not_start(self):
        with tempfile.TemporaryDirectory(prefix="returnsd-test-") as folder:
            station = house.Station(folder, f"file:{folder}/labels", 'feed { tcp = "tcp://127.0.0.1:1" }\n')
            self.assertFalse(station.start())
            self.assertEqual(station.process.returncode, 78)
            self.assertIn("returnsctl keys init", station.read_log())

    # ---- other ways ----

    def hub_hears(self, verb):
        while True:
            self.assertTrue(self.hub.poll(house.DEADLINE * 1000), f"no {verb}")
            peer, *frames = self.hub.recv_multipart()
            if frames[0] == verb:
                return peer, frames[1:]

    def test_a_station_says_hello_to_its_hub(self):
        peer, (hello,) = self.hub_hears(b"HELLO")
        hello = json.loads(hello)
        self.assertEqual((hello["v"], hello["station"], hello["first"]), (1, "demo-1", 1))
        self.hub.send_multipart([peer, b"OPEN", b'{"v":1,"consumer":"erp"}'])  # not the name of its key
        self.assertEqual(self.hub_hears(b"ERR")[1][0], b"DENIED")
        self.hub.send_multipart([peer, b"OPEN", b'{"v":1,"consumer":"uplink"}'])
        self.assertEqual(json.loads(self.hub_hears(b"OPENED")[1][0])["stream"], hello["stream"])
        self.assertEqual(self.hub_hears(b"EVT")[1][0], b"1")
        self.hub.send_multipart([peer, b"PUT", b"1", b"rma.upsert", json.dumps(rma("RMA-HUB", 1)).encode()])
        self.assertEqual(self.hub_hears(b"RESULT")[1], [b"1", b"ok", b"stored"])

    def test_the_live_view_has_what_happens_now(self):
        live = CONTEXT.socket(zmq.SUB)
        self.addCleanup(live.close)
        live.linger = 0
        live.subscribe(b"io.returnsd.scan.")
        live.connect(f"ipc://{self.folder}/run/live.sock")
        while not live.poll(50):  # until the subscription has arrived: a late one misses events
            self.station.scan("dock-1", "NOTHING-KNOWN")
        kind, event = live.recv_multipart()
        self.assertEqual(json.loads(event)["type"].encode(), kind)

    # ---- rights ----

    def test_rights_and_owners_limit_what_is_put(self):
        keys = self.keys.new("limited", "--rights", "put", "--owners", "acme")
        consumer = self.consumer("limited", keys)
        consumer.open()
        self.assertEqual(consumer.result("rma.upsert", rma("RMA-L1", 1, owner="acme")), ("ok", "stored"))
        self.assertEqual(consumer.result("rma.upsert", rma("RMA-L2", 1, owner="other"))[0], "denied")
        self.assertEqual(consumer.result("decision", {"unit": "LP0000000001", "verdict": "accepted"})[0], "denied")
        self.assertEqual(consumer.result("lpn_floor", {"lpn": 5})[0], "denied")
        self.consumer("local").open()
        self.assertIsNone(consumer.hear(0.3), "no right to read, and an event")
        local = self.consumer("owner-change")
        local.open()
        self.assertEqual(local.result("rma.upsert", rma("RMA-L3", 1, owner="other"))[0], "ok")
        self.assertEqual(consumer.result("rma.upsert", rma("RMA-L3", 2, owner="acme"))[0], "denied")
        place = {"code": "P-L3", "kind": "location"}
        self.assertEqual(local.result("place.upsert", {**place, "version": 1, "owner": "other"})[0], "ok")
        self.assertEqual(consumer.result("place.upsert", {**place, "version": 2, "owner": "acme"})[0], "denied")

    def test_who_only_puts_has_signs_of_life_and_keeps_nothing_waiting(self):
        consumer = self.consumer("putter-only", self.keys.new("putter-only", "--rights", "put"))
        consumer.open()
        last = self.station.get("/api/v1/status")["last"]
        verb, upto = consumer.hear(12)  # else it would take the station for dead
        self.assertEqual(verb, "IDLE")
        self.assertGreaterEqual(int(upto), last)
        consumer.send("ACK", upto)  # events are kept for whoever has not acknowledged them
        self.assertEqual(consumer.result("rma.upsert", rma("RMA-PO", 1))[0], "ok")
        status = {c["name"]: c for c in self.station.get("/api/v1/status")["consumers"]}["putter-only"]
        self.assertEqual(status["cursor"], int(upto))

    def test_goods_of_other_owners_are_not_told(self):
        local = self.consumer("putter")
        last = local.open()["last"]
        for owner in ("acme", "other"):
            body = rma(f"RMA-O-{owner}", 1, owner=owner, refs=[{"kind": "tracking", "value": f"TRACK-{owner}-1"}])
            self.assertEqual(local.result("rma.upsert", body)[0], "ok")
            self.assertEqual(self.station.scan("dock-1", f"RMA-O-{owner}")["signal"], "ok")
        consumer = self.consumer("acme-only", self.keys.new("acme-only", "--owners", "acme"), **{"from": last})
        consumer.open()
        owners = set()
        end = int(self.station.events()[-1]["sequence"])
        upto = 0
        while upto < end:
            verb, *frames = consumer.hear()
            upto = int(frames[1]) if verb == "EVT" else int(frames[0])
            if verb == "EVT":
                owners.add(json.loads(frames[3])["data"]["owner"])
                consumer.send("ACK", upto)
            else:
                consumer.send("PING")
        self.assertIn("acme", owners)
        self.assertNotIn("other", owners)

    # ---- PUT ----

    def test_every_kind_is_stored_by_version(self):
        consumer = self.consumer("kinds")
        consumer.open()
        bodies = {
            "rma.upsert": rma("RMA-K1", 3),
            "rma.cancel": {"rma": "RMA-K1", "version": 3},
            "rma.release": {"rma": "RMA-K1", "version": 3, "hold": "customs"},
            "policy.upsert": {"id": "p1", "version": 3, "grades": {"A": ["resell"]}},
            "product.upsert": {"sku": "SKU-K1", "version": 3, "name": {"en": "Cup", "fr": "Tasse"}},
            "operator.upsert": {"id": "op-k1", "version": 3, "name": "K", "roles": ["dock"]},
            "load.upsert": {"id": "L-1", "version": 3, "sscc": "340000000000000018", "expected": 12},
            "place.upsert": {"code": "A-07", "version": 3, "kind": "location", "disposition": "resell"},
            "decision": {"unit": "LP0000000007", "version": 3, "verdict": "accepted", "disposition": "resell"},
            "conflict": {"lpn": "LP0000000007", "version": 3, "reason": "over-receipt"},
            "label.zpl": {"unit": "LP0000000007", "version": 3, "zpl": ZPL},
        }
        # Which member may differ, so that the content does
        changes = {"rma.upsert": ("note", "changed"), "product.upsert": ("category", "cups"),
                   "operator.upsert": ("name", "L"), "policy.upsert": ("window_days", 14),
                   "load.upsert": ("expected", 13), "place.upsert": ("disposition", "donate"),
                   "label.zpl": ("zpl", ZPL.replace("Return", "Send back"))}
        for kind, body in bodies.items():
            name, value = changes.get(kind, ("reason", "other"))
            with self.subTest(kind=kind):
                self.assertEqual(consumer.result(kind, body), ("ok", "stored"))
                self.assertEqual(consumer.result(kind, body), ("ok", "same"))
                self.assertEqual(consumer.result(kind, {**body, "version": 2}), ("ok", "older"))
                self.assertEqual(consumer.result(kind, {**body, name: value})[0], "conflict")
                self.assertEqual(consumer.result(kind, {**body, name: value, "version": 4}), ("ok", "stored"))
        self.assertEqual(consumer.result("lpn_floor", {"lpn": 41}), ("ok", "stored"))

    def test_what_is_wrong_is_told(self):
        consumer = self.consumer("wrong")
        consumer.open()
        table = [("rma.upsert", "{", "invalid"), ("rma.upsert", {"rma": "X"}, "invalid"), ("nonsense", {}, "invalid"),
                 ("rma.upsert", b"\xff", "invalid"), ("decision", {"verdict": "accepted"}, "invalid"),
                 ("decision", {"unit": "a", "parcel": "b"}, "invalid"), ("lpn_floor", {"lpn": -1}, "invalid"),
                 ("label.zpl", {"unit": "a", "zpl": "^XA~JA^XZ"}, "invalid"),
                 ("label.zpl", {"unit": "a", "zpl": ZPL + ZPL}, "invalid"),
                 ("label.zpl", {"unit": "a", "zpl": ZPL.replace("^XZ", "^PQ3^XZ")}, "invalid"),
                 ("label.zpl", {"unit": "a", "zpl": ZPL.replace("^XA", "^XA^POI")}, "invalid"),
                 ("label.zpl", {"unit": "a", "zpl": ZPL, "dpi": 5000}, "invalid"),
                 ("label.zpl", {"unit": "a", "zpl": "no label"}, "invalid"), ("place.upsert", {"code": "x"}, "invalid")]
        for kind, body, code in table:
            with self.subTest(kind=kind, body=body):
                answer = consumer.result(kind, body)
                self.assertEqual(answer[0], code)
                self.assertTrue(answer[1])
        consumer.send("PUT", "a b", "rma.upsert", "{}")
        self.assertEqual(consumer.expect("ERR")[0], "VERSION")

    def test_any_order_ends_in_the_same_state(self):
        """Content and cancellation, partial, doubled and out of order, converge."""
        deliveries = [("rma.upsert", 1, "a"), ("rma.upsert", 4, "b"), ("rma.cancel", 5, None), ("rma.upsert", 3, "c")]
        consumer = self.consumer("orders")
        consumer.open()
        states = set()
        for n, order in enumerate(itertools.permutations(deliveries)):
            number = f"RMA-P{n}"
            for kind, version, note in [*order, random.Random(SEED + n).choice(order)]:
                body = rma(number, version, note=note) if note else {"rma": number, "version": version}
                self.assertEqual(consumer.result(kind, body)[0], "ok")
            stored = self.station.get(f"/api/v1/rmas/{number}")
            states.add((stored["state"], stored["version"], stored["note"]))
        self.assertEqual(states, {("cancelled", 4, "b")})
        self.assertEqual(consumer.result("rma.upsert", rma("RMA-P0", 6, note="again"))[0], "ok")
        self.assertEqual(self.station.get("/api/v1/rmas/RMA-P0")["state"], "authorised")

    def test_an_answer_comes_after_the_commit(self):
        consumer = self.consumer("durable")
        consumer.open()
        self.assertEqual(consumer.result("rma.upsert", rma("RMA-DUR", 1)), ("ok", "stored"))
        self.station.kill()
        self.assertTrue(self.station.start())
        self.assertEqual(self.station.get("/api/v1/rmas/RMA-DUR")["version"], 1)

    def test_more_than_256_puts_without_an_answer_are_refused(self):
        consumer = self.consumer("hasty")
        consumer.open()
        os.kill(self.station.pid, 19)  # SIGSTOP: all of them arrive at once
        try:
            for i in range(400):
                consumer.put("rma.upsert", rma(f"RMA-H{i}", 1))
        finally:
            os.kill(self.station.pid, 18)
        codes = [consumer.expect("RESULT")[1] for _ in range(400)]
        self.assertEqual(set(codes) - {"ok", "busy"}, set())
        self.assertGreaterEqual(codes.count("ok"), 256)
        status = {c["name"]: c for c in self.station.get("/api/v1/status")["consumers"]}["hasty"]
        self.assertEqual(status["put_stored"] + status["put_refused"], 400)


if __name__ == "__main__":
    unittest.main()
