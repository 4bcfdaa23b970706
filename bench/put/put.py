#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A whole directory of RMAs by PUT over CURVE, 256 on their way, and what it does to scans. $RMAS (1,000,000)."""
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/support"))
import house  # noqa: E402
from consumer import Consumer, Keys  # noqa: E402

RMAS = int(os.environ.get("RMAS", "1000000"))
BODY = (b'{"rma":"RMA-%08d","version":1,"refs":[{"kind":"order","value":"ORD-%08d"},{"kind":"tracking","value":"TRK%012d",'
        b'"carrier":"ups"}],"customer_ref":"C-%d","country":"FR","lang":"fr","requested_at":"2026-11-12T09:12:00Z",'
        b'"lines":[{"line":"1","sku":"SKU-%d","qty":1,"unit_price":8990,"currency":"EUR","reason":"fit_small"}]}')


def put_all(consumer):
    """Sends all of them; how many were stored."""
    sent = answered = stored = 0
    send, receive = consumer.socket.send_multipart, consumer.socket.recv_multipart
    while answered < RMAS:
        while sent < RMAS and sent - answered < 256:
            send([b"PUT", b"%d" % sent, b"rma.upsert", BODY % (sent, sent, sent, sent % 50000, sent % 2000)])
            sent += 1
        frames = receive()
        if frames[0] == b"RESULT":
            answered += 1
            stored += frames[2] == b"ok"
        elif frames[0] == b"IDLE":
            send([b"PING"])
    return stored


def scan_meanwhile(station, done, seconds):
    while not done.is_set():
        before = time.monotonic()
        station.scan("dock-1", f"nobody knows {len(seconds)}")
        seconds.append(time.monotonic() - before)
        done.wait(0.05)


def main():
    with tempfile.TemporaryDirectory(prefix="returnsd-bench-") as folder:
        os.makedirs(folder + "/state")
        keys = Keys(folder + "/state/keys")
        tcp = f"tcp://127.0.0.1:{20000 + os.getpid() % 20000}"
        station = house.Station(folder, f"file:{folder}/labels", f'feed {{ tcp = "{tcp}" }}\n')
        assert station.start(), station.read_log()
        consumer, scans, done = Consumer(tcp, "erp", keys.new("erp", "--rights", "put")), [], threading.Event()
        consumer.open()
        scanner = threading.Thread(target=scan_meanwhile, args=(station, done, scans))
        scanner.start()
        started = time.monotonic()
        stored = put_all(consumer)
        seconds = time.monotonic() - started
        done.set()
        scanner.join()
        scans.sort()
        status = next(c for c in station.get("/api/v1/status")["consumers"] if c["name"] == "erp")
        print(f"{stored} of {RMAS} RMAs stored by PUT in {seconds:.0f} s, {RMAS / seconds:.0f}/s; returnsctl status says "
              f"{status['put_stored']} stored, {status['put_per_second']}/s; database "
              f"{os.path.getsize(folder + '/state/returnsd.db') / 1e6:.0f} MB")
        print(f"{len(scans)} scans meanwhile, through the API: p50 {scans[len(scans) // 2] * 1e3:.2f} ms, p99 "
              f"{scans[len(scans) * 99 // 100] * 1e3:.2f} ms, worst {scans[-1] * 1e3:.2f} ms")
        station.kill()


if __name__ == "__main__":
    main()
