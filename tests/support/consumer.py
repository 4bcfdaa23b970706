# SPDX-License-Identifier: Apache-2.0
"""A consumer of the feed for tests, as docs/protocol.md tells: OPEN, EVT, ACK, PUT, ASK, over ipc or CURVE."""
import json
import subprocess

import zmq

import house

CONTEXT = zmq.Context()


class Keys:
    """The keys of a station, kept with returnsctl."""

    def __init__(self, folder):
        self.folder = folder
        self.station = self.run("init").strip()

    def run(self, *arguments):
        result = subprocess.run([house.bin_path("returnsctl"), "keys", *arguments, "--keys", self.folder],
                                capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def new(self, name, *options):
        """A consumer's pair (public, secret) with the station's public key: what Consumer takes as keys."""
        lines = dict(line.split(" = ") for line in self.run("new", name, *options).splitlines())
        return self.station, lines["public"], lines["secret"]


class Consumer:
    def __init__(self, endpoint, name, keys=None, **options):
        self.name, self.options, self.request = name, options, 0
        self.socket = CONTEXT.socket(zmq.DEALER)
        self.socket.linger = 1000  # an ACK may still be on its way
        self.socket.reconnect_ivl = 50
        if keys:
            self.socket.curve_serverkey, self.socket.curve_publickey, self.socket.curve_secretkey = \
                (key.encode() for key in keys)
        self.socket.connect(endpoint)

    def send(self, *frames):
        self.socket.send_multipart([frame if isinstance(frame, bytes) else str(frame).encode() for frame in frames])

    def hear(self, seconds=house.DEADLINE):
        """The next message as a list of texts, or None."""
        if not self.socket.poll(int(seconds * 1000)):
            return None
        return [frame.decode() for frame in self.socket.recv_multipart()]

    def expect(self, verb, seconds=house.DEADLINE):
        """The frames behind the next message of this verb; signs of life are answered, events passed over."""
        while True:
            message = self.hear(seconds)
            assert message, f"no {verb}"
            if message[0] == verb:
                return message[1:]
            if message[0] == "IDLE":
                self.send("PING")
            else:
                assert message[0] == "EVT", f"{message} instead of {verb}"

    def open(self, **options):
        self.send("OPEN", json.dumps({"v": 1, "consumer": self.name, "from": "cursor", **self.options, **options}))
        return json.loads(self.expect("OPENED")[0])

    def put(self, kind, body):
        """Sends a PUT without waiting; its request id."""
        self.request += 1
        self.send("PUT", self.request, kind, body if isinstance(body, (str, bytes)) else json.dumps(body))
        return str(self.request)

    def result(self, kind, body):
        """(code, text) of a PUT."""
        request = self.put(kind, body)
        answer = self.expect("RESULT")
        assert answer[0] == request, answer
        return answer[1], answer[2]

    def close(self):
        self.socket.close()
