#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a station's events, each once: subscriber.py ipc:///run/returnsd/feed.sock (see docs/protocol.md)"""
import argparse, json, sys, zmq
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("endpoint")
parser.add_argument("--consumer", default="example", help="the station keeps our cursor under this name")
parser.add_argument("--count", type=int, default=sys.maxsize, help="stop after so many events")
parser.add_argument("--until", type=int, default=sys.maxsize, help="stop when everything up to this sequence is here")
args = parser.parse_args()
context = zmq.Context()
context.linger = 1000  # our last ACK may still be on its way when we stop
def connect():
    socket = context.socket(zmq.DEALER)
    socket.connect(args.endpoint)
    socket.send_multipart([b"OPEN", json.dumps({"v": 1, "consumer": args.consumer, "from": "cursor"}).encode()])
    return socket
socket, count, upto = connect(), 0, 0
done = {}  # stream: last sequence. Yours belongs into your database, in the transaction of what the event causes.
while count < args.count and upto < args.until:
    verb, *frames = socket.recv_multipart() if socket.poll(12000) else [b"ERR", b"NOSESSION"]
    if verb == b"ERR" and frames[0] == b"NOSESSION":  # the station was started again, or 12 s of silence say so
        socket.close(linger=0)
        socket = connect()
    elif verb == b"ERR":
        sys.exit(b": ".join(frames).decode())
    elif verb == b"EVT":
        event, sequence, upto = json.loads(frames[3]), int(frames[0]), int(frames[1])
        if sequence > done.get(event["stream"], 0):  # else it came again, because our ACK was lost
            print(sequence, event["type"], event["subject"], flush=True)
            done[event["stream"]], count = sequence, count + 1
        socket.send_multipart([b"ACK", frames[1]])
    elif verb == b"IDLE":
        upto = int(frames[0])
        socket.send_multipart([b"ACK", frames[0]])
        socket.send_multipart([b"PING"])
socket.send_multipart([b"CLOSE"])
