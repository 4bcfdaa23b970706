#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Chaos on the feed: the station and the shipped example (docs/examples/books.py, over CURVE, through a proxy) are killed,
stopped and cut from each other while events are made; then their books are compared.

feed_test.py [EVENTS [KILLS]]: at least so many events (3,000), and so many kills of each side (4). $SEED repeats a run."""
import collections
import json
import os
import random
import selectors
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Keys  # noqa: E402

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
WORKERS = 4
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))


class Proxy(threading.Thread):
    """Carries TCP between consumer and station, until it is told to cut every connection."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target, self.selector, self.cuts = ("127.0.0.1", port), selectors.DefaultSelector(), 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.wake, self.waker = socket.socketpair()
        self.selector.register(self.server, selectors.EVENT_READ)
        self.selector.register(self.wake, selectors.EVENT_READ)
        self.other = {}

    def cut(self):
        self.waker.send(b"x")

    def drop(self, end):
        for side in (end, self.other.pop(end, None)):
            if side is not None:
                self.other.pop(side, None)
                self.selector.unregister(side)
                side.close()

    def accept(self):
        near, _ = self.server.accept()
        try:
            far = socket.create_connection(self.target)
        except OSError:
            near.close()
            return
        for a, b in ((near, far), (far, near)):
            self.other[a] = b
            self.selector.register(a, selectors.EVENT_READ)

    def carry(self, end):
        try:
            data = end.recv(65536)
            if data:
                self.other[end].sendall(data)
        except OSError:
            data = b""
        if not data:
            self.drop(end)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.server:
                    self.accept()
                elif key.fileobj is self.wake:
                    self.wake.recv(1)
                    self.cuts += 1
                    for end in list(self.other):
                        if end in self.other:
                            self.drop(end)
                elif key.fileobj in self.other:
                    self.carry(key.fileobj)


class Chaos:
    def __init__(self, folder):
        self.folder, self.random = folder, random.Random(SEED)
        self.counts = collections.Counter()
        os.makedirs(folder + "/state")
        keys = Keys(folder + "/state/keys")
        self.station_key = keys.station
        with open(folder + "/books.key", "w", encoding="ascii") as file:
            file.write(keys.run("new", "books"))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.station = house.Station(folder, f"file:{folder}/labels", f'feed {{ tcp = "tcp://127.0.0.1:{port}" }}\n')
        self.proxy = Proxy(port)
        self.proxy.start()
        self.books = folder + "/books.db"
        self.made, self.lock, self.up = 0, threading.Lock(), threading.Event()

    # ---- the two sides ----

    def start_station(self):
        assert self.station.start(), self.station.read_log()[-2000:]
        self.up.set()

    def start_consumer(self):
        script = os.path.join(house.ROOT, "docs/examples/books.py")
        self.consumer = subprocess.Popen(["/usr/bin/python3", script, f"tcp://127.0.0.1:{self.proxy.port}", self.books,
                                          self.station_key, self.folder + "/books.key"])

    def work(self, worker):
        """Scans codes that nobody knows: an event each. A scan whose answer was lost is made again, as by a worker."""
        number = 0
        while self.made < EVENTS:
            self.up.wait(house.DEADLINE)
            try:
                self.station.scan("dock-1", f"nobody knows {worker}-{number}")
            except (OSError, ConnectionError):
                continue
            number += 1
            with self.lock:
                self.made += 1

    # ---- faults ----

    def kill_station(self):
        self.up.clear()
        self.station.kill()
        self.start_station()

    def kill_consumer(self):
        self.consumer.kill()
        self.consumer.wait()
        self.start_consumer()

    def hold(self, pid):
        os.kill(pid, signal.SIGSTOP)
        threading.Event().wait(self.random.uniform(0.01, 0.3))
        os.kill(pid, signal.SIGCONT)

    def faults(self):
        plan = (["kill_station"] * KILLS + ["kill_consumer"] * KILLS + ["stop_station", "stop_consumer", "cut"] * KILLS)
        self.random.shuffle(plan)
        for i, fault in enumerate(plan):
            while self.made < EVENTS * (i + 1) // (len(plan) + 1):
                threading.Event().wait(0.005)
            {"kill_station": self.kill_station, "kill_consumer": self.kill_consumer, "cut": self.proxy.cut,
             "stop_station": lambda: self.hold(self.station.pid),
             "stop_consumer": lambda: self.hold(self.consumer.pid)}[fault]()
            self.counts[fault] += 1

    # ---- the books ----

    def booked(self):
        try:
            with sqlite3.connect(f"file:{self.books}?mode=ro", uri=True, timeout=30) as database:
                return database.execute("SELECT count(*) FROM returns_event").fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    def wait_for_all(self):
        last, count, quiet = self.station.get("/api/v1/status")["last"], -1, 0
        while count < last:
            quiet = quiet + 1 if count == self.booked() else 0
            count = self.booked()
            assert quiet < house.DEADLINE * 20, f"the consumer stays at {count} of {last}"
            assert self.consumer.poll() is None, "the consumer has given up"
            threading.Event().wait(0.05)

    def compare(self):
        with sqlite3.connect(f"file:{self.folder}/state/returnsd.db?mode=ro", uri=True) as database:
            told = {sequence: json.loads(body) for sequence, body in database.execute("SELECT sequence, body FROM event")}
        with sqlite3.connect(self.books) as database:
            heard = {sequence: json.loads(body) for sequence, body in
                     database.execute("SELECT sequence, event FROM returns_event")}
            effects = database.execute("SELECT sum(count) FROM tally").fetchone()[0]
        last = max(heard)  # the stop itself is an event that nobody waits for
        missing = [n for n in told if n <= last and n not in heard]
        differing = [n for n in heard if told.get(n) != heard[n]]
        print(f"SEED={SEED}: {len(heard)} events, {len(missing)} missing, {len(differing)} differing, {effects} effects; "
              f"{', '.join(f'{count} {fault}' for fault, count in sorted(self.counts.items()))}")
        assert not missing and not differing and effects == len(heard) and len(heard) >= EVENTS
        assert sorted(told) == list(range(1, len(told) + 1)), "a gap in the station's own sequence"


def main():
    folder = tempfile.mkdtemp(prefix="returnsd-test-")
    print(f"SEED={SEED}", flush=True)
    chaos = Chaos(folder)
    chaos.start_station()
    chaos.start_consumer()
    workers = [threading.Thread(target=chaos.work, args=(i,), daemon=True) for i in range(WORKERS)]
    try:
        for worker in workers:
            worker.start()
        chaos.faults()
        for worker in workers:
            worker.join()
        chaos.wait_for_all()
    finally:
        chaos.consumer.kill()
        chaos.consumer.wait()
        chaos.station.stop()
    chaos.compare()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
