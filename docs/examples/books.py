#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Books a station's events in SQLite, each once: books.py ENDPOINT DATABASE [STATION-KEY FILE-OF-"keys new books"]"""
import json, sqlite3, sys, zmq
endpoint, path, *keys = sys.argv[1:]
database = sqlite3.connect(path, isolation_level=None)  # FULL: what is acknowledged is on our disk
database.executescript("""PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS returns_event(stream, sequence INTEGER, event, PRIMARY KEY(stream, sequence));
CREATE TABLE IF NOT EXISTS tally(type PRIMARY KEY, count)""")
def connect():
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    if keys:
        public, secret = (line.split(" = ")[1].encode() for line in open(keys[1], encoding="ascii").read().splitlines())
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = keys[0].encode(), public, secret
    socket.connect(endpoint)
    socket.send_multipart([b"OPEN", b'{"v":1,"consumer":"books","from":"cursor"}'])
    return socket
def book(event):  # the effect, in the transaction that remembers the event: yours goes here
    row = (event["stream"], int(event["sequence"]), json.dumps(event))
    if database.execute("INSERT OR IGNORE INTO returns_event VALUES(?, ?, ?)", row).rowcount:
        database.execute("INSERT INTO tally VALUES(?, 1) ON CONFLICT DO UPDATE SET count = count + 1", (event["type"],))
socket = connect()
while True:
    messages = [socket.recv_multipart() if socket.poll(12000) else [b"ERR", b"NOSESSION"]]
    while len(messages) < 128 and socket.poll(0):
        messages.append(socket.recv_multipart())  # what is here already shares a transaction
    database.execute("BEGIN IMMEDIATE")
    for frames in messages:
        book(json.loads(frames[4])) if frames[0] == b"EVT" else None
    database.execute("COMMIT")
    for verb, *frames in messages:  # only now: what is acknowledged never comes again
        if verb == b"ERR":
            socket.close() if frames[0] == b"NOSESSION" else sys.exit(b": ".join(frames).decode())
            socket = connect()
            break
        if verb in (b"EVT", b"IDLE"):  # an event's second frame is how far nothing else was asked for
            socket.send_multipart([b"ACK", frames[1 if verb == b"EVT" else 0]])
            socket.send(b"PING") if verb == b"IDLE" else None
