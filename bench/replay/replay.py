#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A backlog of events replayed over CURVE: to a receiver that checks every sequence, and to the shipped example with its
SQLite; the daemon's memory, and what scans cost meanwhile. $EVENTS (1,000,000), $EXAMPLE_EVENTS (100,000)."""
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/support"))
import house  # noqa: E402
from consumer import Consumer, Keys  # noqa: E402

TCP = f"tcp://127.0.0.1:{20000 + os.getpid() % 20000}"
EVENTS = int(os.environ.get("EVENTS", "1000000"))
EXAMPLE_EVENTS = int(os.environ.get("EXAMPLE_EVENTS", "100000"))
FILL = """WITH RECURSIVE n(i) AS (SELECT (SELECT max(sequence) + 1 FROM event) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO event(sequence, type, subject, journal, body) SELECT i, 'unit.inspected', 'lpn/LP0000000001', 1,
replace(replace(?, 'STREAM', (SELECT value FROM meta WHERE name = 'stream')), 'NUMBER', i) FROM n"""
BODY = ('{"specversion":"1.0","id":"STREAM/NUMBER","source":"/returnsd/demo/demo-1","type":"io.returnsd.unit.inspected.v1",'
        '"subject":"lpn/LP0000000001","time":"2026-11-25T10:00:00.000Z","datacontenttype":"application/json",'
        '"stream":"STREAM","sequence":"NUMBER","data":{"grade":"A","prev_grade":null,"answers":[],"seconds":12}}')


def percentile(values, part):
    return sorted(values)[min(int(len(values) * part), len(values) - 1)] * 1e3


def resident(station):
    with open(f"/proc/{station.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def processor(pid):
    """Seconds of the processor that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def receive(endpoint, keys, last, result):
    """Everything up to last, in order, in a process of its own: beside it in one, scans would wait for Python's own lock.
    Tells (seconds, seconds of the processor)."""
    consumer = Consumer(endpoint, "replay", keys, **{"from": 0, "window": 1024})
    consumer.open()
    receive_parts, send, expected = consumer.socket.recv_multipart, consumer.socket.send_multipart, 1
    started = time.monotonic()
    while expected <= last:
        frames = receive_parts()
        if frames[0] != b"EVT":
            continue
        assert int(frames[1]) == expected, f"{frames[1]} instead of {expected}"
        expected += 1
        if expected % 256 == 0:
            send([b"ACK", frames[1]])
    send([b"ACK", b"%d" % last])
    result.put((time.monotonic() - started, time.process_time()))


def scan_until(station, done):
    """Scans through the API, 20 a second, until done(); seconds of each, and the daemon's memory at each."""
    seconds, memory = [], []
    while not done():
        before = time.monotonic()
        station.scan("dock-1", f"nobody knows {len(seconds)}")
        seconds.append(time.monotonic() - before)
        memory.append(resident(station))
        time.sleep(0.05)
    return seconds, memory


def replay(station, keys):
    processes = multiprocessing.get_context("spawn")
    last, used, result = station.get("/api/v1/status")["last"], processor(station.pid), processes.Queue()
    alone, _ = scan_until(station, lambda left=iter(range(100)): next(left, None) is None)
    receiver = processes.Process(target=receive, args=(TCP, keys, last, result))
    receiver.start()
    scans, memory = scan_until(station, lambda: not receiver.is_alive() or not result.empty())
    seconds, its_own = result.get(timeout=10)
    receiver.join()
    used = processor(station.pid) - used
    middle = len(memory) // 2
    print(f"{last} events over CURVE to a Python receiver: {last / seconds:.0f}/s; daemon {memory[0]:.0f} MB resident in the "
          f"beginning, {memory[middle]:.0f} MB half-way, {memory[-1]:.0f} MB in the end")
    print(f"processor: the daemon {used / last * 1e6:.1f} µs an event ({last / used:.0f}/s of one core), the receiver "
          f"{its_own / last * 1e6:.1f} µs ({last / its_own:.0f}/s of one core)")
    for name, values in (("before", alone), ("meanwhile", scans)):
        print(f"{len(values)} scans {name}, through the API: p50 {percentile(values, .5):.2f} ms, p99 "
              f"{percentile(values, .99):.2f} ms, worst {percentile(values, 1):.2f} ms")


def example(folder, station, keys):
    path = folder + "/books.db"
    with open(folder + "/books.key", "w", encoding="ascii") as file:
        file.write(f"public = {keys[1]}\nsecret = {keys[2]}\n")
    started = time.monotonic()
    script = os.path.join(house.ROOT, "docs/examples/books.py")
    with subprocess.Popen(["/usr/bin/python3", script, TCP, path, keys[0], folder + "/books.key"]) as process:
        count = 0
        while count < EXAMPLE_EVENTS:
            time.sleep(0.1)
            if os.path.exists(path):
                with sqlite3.connect(path, timeout=30) as database:
                    table = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'returns_event'").fetchone()[0]
                    count = database.execute("SELECT max(sequence) FROM returns_event").fetchone()[0] or 0 if table else 0
        seconds = time.monotonic() - started
        process.kill()
    print(f"{count} events to docs/examples/books.py, each booked in its SQLite: {count / seconds:.0f}/s")


def main():
    with tempfile.TemporaryDirectory(prefix="returnsd-bench-") as folder:
        os.makedirs(folder + "/state")
        keys = Keys(folder + "/state/keys")
        station = house.Station(folder, f"file:{folder}/labels", f'feed {{ tcp = "{TCP}" }}\n')
        assert station.start(), station.read_log()
        station.stop()
        with sqlite3.connect(folder + "/state/returnsd.db") as database:
            database.execute(FILL, (EVENTS, BODY))
        assert station.start(), station.read_log()
        try:
            replay(station, keys.new("replay"))
            example(folder, station, keys.new("books"))
        finally:
            station.kill()


if __name__ == "__main__":
    main()
