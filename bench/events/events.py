#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A 400-byte event from before its durable write to a subscriber, beside Redis (AOF always), PostgreSQL with NOTIFY,
mosquitto (QoS 1, as it comes and as durable as it can be) and NATS JetStream: latency at 200/s, rate in groups of 64, and
fsyncs an acknowledged event; on this disk, and with 2 ms more for each fsync. The programs run by turns, $ROUNDS (5) times,
and the medians count. Peers that are not installed are said. $EVENTS (20,000) in groups at full speed, of the slowest peer a tenth."""
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/support"))
import house  # noqa: E402
from consumer import Consumer  # noqa: E402

EVENTS, PACED, RATE, GROUP = int(os.environ.get("EVENTS", "20000")), 600, 200, 64
ROUNDS = int(os.environ.get("ROUNDS", "5"))
PADDING = "x" * 360


def counted(folder, delay_ms, command):
    """A process whose fsyncs are counted (in folder/fsyncs) and slowed; by the C library, which nats-server does not use."""
    environment = dict(os.environ, LD_PRELOAD=house.bin_path("bench_fsyncs.so"), FSYNCS=folder + "/fsyncs",
                       FSYNC_DELAY_US=str(delay_ms * 1000))
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            start_new_session=True)


def traced(folder, delay_ms, command):
    """The same by strace."""
    inject = ["-e", f"inject=fsync,fdatasync:delay_exit={delay_ms * 1000}"] if delay_ms else []
    return subprocess.Popen(["strace", "-f", "--seccomp-bpf", "-qq", "-o", folder + "/trace", "-e", "trace=fsync,fdatasync",
                             *inject, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            start_new_session=True)


def end(process):
    """With all that it started, and strace with what it traces."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def fsyncs(folder):
    if os.path.exists(folder + "/trace"):
        with open(folder + "/trace", encoding="utf-8", errors="replace") as file:
            return sum("sync(" in line for line in file)
    return os.path.getsize(folder + "/fsyncs") if os.path.exists(folder + "/fsyncs") else 0


def body():
    return json.dumps({"t": time.monotonic_ns(), "p": PADDING})


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def until(condition):
    deadline = time.monotonic() + house.DEADLINE
    while True:
        try:
            return condition()
        except Exception:  # not up yet, in the words of each client
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class Peer:
    """A broker: start, publish(bodies) which returns when they are acknowledged, and subscribe(heard) in a thread."""
    events = EVENTS

    def run(self, count, group, rate):
        """(latencies in ms, seconds, fsyncs an event) of count events."""
        before, latencies, all_here = fsyncs(self.folder), [], threading.Event()

        def heard(text):
            latencies.append((time.monotonic_ns() - json.loads(text)["t"]) / 1e6)
            if len(latencies) == count:
                all_here.set()

        self.subscribe(heard, count)
        started = time.monotonic()
        for sent in range(0, count, group):
            if rate:
                time.sleep(max(0, started + sent / rate - time.monotonic()))
            self.publish([body() for _ in range(min(group, count - sent))])
        assert all_here.wait(120), f"{len(latencies)} of {count}"
        return latencies, time.monotonic() - started, (fsyncs(self.folder) - before) / count

    def stop(self):
        end(self.process)


class Redis(Peer):
    name, needs = "Redis, AOF always", "redis-server"

    def start(self, folder, delay_ms):
        import redis
        self.folder, port = folder, free_port()
        self.process = counted(folder, delay_ms, ["redis-server", "--port", str(port), "--dir", folder, "--appendonly", "yes",
                                                 "--appendfsync", "always", "--save", ""])
        self.new = lambda: redis.Redis(port=port)
        until(lambda: self.new().ping())
        self.client = self.new()

    def publish(self, bodies):
        pipe = self.client.pipeline(transaction=True)
        for text in bodies:
            pipe.xadd("events", {"b": text})
        pipe.execute()

    def subscribe(self, heard, count):
        reader, last = self.new(), (self.client.xrevrange("events", count=1) or [(b"0",)])[0][0]

        def read(last=last, left=count):
            while left > 0:
                for _, rows in reader.xread({"events": last}, block=60000, count=1000):
                    for last, fields in rows:
                        heard(fields[b"b"])
                        left -= 1
        threading.Thread(target=read, daemon=True).start()


class Postgres(Peer):
    name, needs = "PostgreSQL + NOTIFY", "postgresql"

    def start(self, folder, delay_ms):
        import glob
        import psycopg2
        self.folder, port = folder, free_port()
        programs, data = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1], folder + "/data"
        os.chmod(folder, 0o777)
        open(folder + "/fsyncs", "w", encoding="ascii").close()
        os.chmod(folder + "/fsyncs", 0o666)
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*user, programs + "/initdb", "-A", "trust", "-D", data], check=True, stdout=subprocess.DEVNULL)
        self.process = counted(folder, delay_ms, [*user, programs + "/postgres", "-D", data, "-p", str(port), "-k", folder])
        self.new = lambda: psycopg2.connect(host=folder, port=port, user="postgres")
        self.client = until(self.new)
        with self.client, self.client.cursor() as cursor:
            cursor.execute("CREATE TABLE event(sequence bigserial PRIMARY KEY, body text)")

    def publish(self, bodies):
        with self.client, self.client.cursor() as cursor:
            for text in bodies:
                cursor.execute("INSERT INTO event(body) VALUES(%s)", (text,))
            cursor.execute("NOTIFY event")

    def subscribe(self, heard, count):
        import select
        reader = self.new()
        reader.autocommit = True
        cursor = reader.cursor()
        cursor.execute("LISTEN event")
        cursor.execute("SELECT coalesce(max(sequence), 0) FROM event")

        def read(last=cursor.fetchone()[0], left=count):
            while left > 0:
                select.select([reader], [], [], 60)
                reader.poll()
                reader.notifies.clear()
                cursor.execute("SELECT sequence, body FROM event WHERE sequence > %s ORDER BY 1", (last,))
                for last, text in cursor.fetchall():
                    heard(text)
                    left -= 1
        threading.Thread(target=read, daemon=True).start()


class Mosquitto(Peer):
    name, needs, durable = "mosquitto QoS 1, default", "mosquitto", ""

    def start(self, folder, delay_ms):
        import paho.mqtt.client
        self.folder, port = folder, free_port()
        with open(folder + "/conf", "w", encoding="ascii") as file:
            file.write(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {folder}/\n"
                       "user root\nmax_inflight_messages 0\nmax_queued_messages 0\n" + self.durable)
        self.process = counted(folder, delay_ms, ["mosquitto", "-c", folder + "/conf"])

        def new(name):
            client = paho.mqtt.client.Client(name, clean_session=False)
            client.max_inflight_messages_set(1000)
            client.connect("127.0.0.1", port)
            client.loop_start()
            return client
        self.client, self.reader = until(lambda: new("publisher")), until(lambda: new("subscriber"))

    def publish(self, bodies):
        for message in [self.client.publish("events", text, qos=1) for text in bodies]:
            message.wait_for_publish()

    def subscribe(self, heard, count):
        ready = threading.Event()
        self.reader.on_subscribe = lambda *_: ready.set()
        self.reader.on_message = lambda client, data, message: heard(message.payload)
        self.reader.subscribe("events", qos=1)
        ready.wait(10)


class MosquittoDurable(Mosquitto):
    """As durable as it can be: its whole store is written after each change."""
    events = EVENTS // 10
    name, durable = "mosquitto QoS 1, durable", "autosave_on_changes true\nautosave_interval 1\n"


class NatsClient:
    """As much of the protocol of NATS as this needs."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.inbox = f"_INBOX.{id(self)}"
        self.socket.sendall(b'CONNECT {"verbose":false}\r\nSUB %s 1\r\n' % self.inbox.encode())

    def publish(self, subject, bodies):
        self.socket.sendall(b"".join(b"PUB %s %s %d\r\n%s\r\n" % (subject.encode(), self.inbox.encode(), len(text), text.encode())
                                     for text in bodies))

    def receive(self):
        while True:
            line = self.file.readline().split()
            if line[0] == b"MSG":
                return self.file.read(int(line[-1]) + 2)[:-2]
            if line[0] == b"PING":
                self.socket.sendall(b"PONG\r\n")

    def ask(self, subject, question):
        self.publish("$JS.API." + subject, [json.dumps(question)])
        answer = json.loads(self.receive())
        assert "error" not in answer, answer
        return answer


class Nats(Peer):
    name, needs = "NATS JetStream, one node", "nats-server"

    def start(self, folder, delay_ms):
        self.folder, port = folder, free_port()
        self.process = traced(folder, delay_ms, ["nats-server", "-js", "-sd", folder, "-a", "127.0.0.1", "-p", str(port)])
        self.new = lambda: NatsClient(port)
        self.client = until(self.new)
        until(lambda: self.client.ask("STREAM.CREATE.E", {"name": "E", "subjects": ["events"], "storage": "file"}))

    def publish(self, bodies):
        self.client.publish("events", bodies)
        for _ in bodies:
            assert b'"seq"' in self.client.receive()

    def subscribe(self, heard, count):
        reader = self.new()
        reader.ask("CONSUMER.CREATE.E", {"stream_name": "E", "config": {
            "deliver_subject": reader.inbox, "deliver_policy": "new", "ack_policy": "none"}})

        def read():
            for _ in range(count):
                heard(reader.receive())
        threading.Thread(target=read, daemon=True).start()


class Outbox(Peer):
    """returnsd: what a scan stores, by the station's own code (bench/events/main.c), to a consumer of the feed."""
    name, needs = "returnsd", None

    def start(self, folder, delay_ms):
        self.folder, self.delay_ms, self.runs = folder, delay_ms, 0

    def run(self, count, group, rate):
        self.runs += 1
        state = f"{self.folder}/state-{self.runs}"
        os.makedirs(state)
        endpoint, latencies = f"ipc://{state}/feed.sock", []
        process = counted(self.folder, self.delay_ms,
                          [house.bin_path("bench_events"), state, endpoint, str(count), str(group), str(rate)])
        consumer = Consumer(endpoint, "bench", window=1024)
        until(lambda: os.stat(state + "/feed.sock"))
        before = fsyncs(self.folder)
        consumer.open()
        started = time.monotonic()
        while len(latencies) < count:
            frames = consumer.socket.recv_multipart()
            if frames[0] == b"EVT":
                latencies.append((time.monotonic_ns() - json.loads(frames[4])["t"]) / 1e6)
                if len(latencies) % group == 0 or len(latencies) == count:
                    consumer.socket.send_multipart([b"ACK", frames[2]])
        seconds = time.monotonic() - started
        count_fsyncs = (fsyncs(self.folder) - before) / count
        consumer.close()
        end(process)
        return latencies, seconds, count_fsyncs

    def stop(self):
        pass


def measure(peer, delay_ms):
    """(p50 ms, p99 ms, fsyncs an event, events/s in groups, fsyncs an event in groups)"""
    folder = tempfile.mkdtemp(prefix="returnsd-bench-")
    peer.start(folder, delay_ms)
    try:
        paced, _, each = peer.run(PACED, 1, RATE)
        paced.sort()
        _, seconds, grouped = peer.run(peer.events, GROUP, 0)
        return paced[len(paced) // 2], paced[len(paced) * 99 // 100], each, peer.events / seconds, grouped
    finally:
        peer.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    peers = [Outbox(), Redis(), Postgres(), Mosquitto(), MosquittoDurable(), Nats()]
    for peer in list(peers):
        if peer.needs and subprocess.run(["dpkg", "-s", peer.needs], capture_output=True, check=False).returncode:
            print(f"  {peer.name:26} not installed ({peer.needs})")
            peers.remove(peer)
    for delay_ms in (0, 2):
        print(f"each fsync + {delay_ms} ms: p50 ms, p99 ms, fsyncs an event at {RATE}/s; events/s, fsyncs an event in groups "
              f"of {GROUP}")
        rounds = {peer.name: [] for peer in peers}
        for _ in range(ROUNDS):
            for peer in peers:
                try:
                    rounds[peer.name].append(measure(peer, delay_ms))
                except Exception as error:  # a peer's trouble is not ours
                    print(f"  {peer.name:26} failed: {error}")
        for name, measured in rounds.items():
            if measured:
                print("  {:26} {:8.2f} {:8.2f} {:8.2f} {:10.0f} {:8.3f}".format(
                    name, *(statistics.median(column) for column in zip(*measured))), flush=True)


if __name__ == "__main__":
    main()
