# SPDX-License-Identifier: Apache-2.0
"""A whole station for tests and the demo: daemon, label printer, scanners and subscriber, each a real process.

Nothing here sleeps: readiness comes by the daemon's own notification, changes by its live stream, all with a deadline.
"""
import contextlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile

import schemas

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEADLINE = float(os.environ.get("DEADLINE", "30"))  # seconds until a wait is given up


def bin_path(name):
    """A program of the build under test: $BIN, else the release build."""
    return os.path.join(os.environ.get("BIN", os.path.join(ROOT, "build/release/bin")), name)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("station", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Printer:
    """The fake label printer on loopback TCP; each label that comes out is a file of `folder`."""

    def __init__(self, folder, *arguments):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.process = subprocess.Popen([bin_path("fake_printer"), "0", folder, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def labels(self):
        """The labels that came out, in order: ZPL texts."""
        names = sorted(name for name in os.listdir(self.folder) if name.endswith(".zpl"))
        return [open(os.path.join(self.folder, name), encoding="utf-8").read() for name in names]

    def tell(self, line):
        """A command on its control channel, and its answer."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()


def label_code(zpl):
    """The key that a label prints under its symbols (LP…, PX…)."""
    return re.search(r"\^FD((?:LP|PX)[0-9]{12,13})\^FS", zpl.replace(" ", "")).group(1)


def card(word):
    """The code of a control card: prefix, word and check letter."""
    letters, text = "BCDEFGHIJKLNOPRSTUVX", "XCTL" + word
    return text + letters[sum(i * letters.index(letter) for i, letter in enumerate(text, 1)) % 19]


def pos_reports(text, aim="]C0"):
    """A scan as the HID POS input reports of a Honeywell-like scanner, in the recording format."""
    data = text.encode()
    lines = []
    for start in range(0, max(len(data), 1), 56):
        part = data[start:start + 56]
        more = 1 if start + 56 < len(data) else 0
        report = bytes([2, len(part)]) + aim.encode() + part.ljust(56, b"\0") + bytes([0, 0, more])
        lines.append("report: " + " ".join(f"{byte:02X}" for byte in report))
    return "\n".join(lines) + "\n"


POS_HEADER = """kind: pos
descriptor: 05 8C 09 02 A1 01 85 02 09 12 A1 02 15 00 26 FF 00 75 08 05 01 95 01 09 3B 81 02 05 8C 95 03 19 FB 29 FD 81 02 \
95 38 09 FE 82 02 01 06 66 FF 95 02 09 04 09 05 81 02 05 8C 25 01 75 01 95 01 09 FF 81 02 95 07 81 03 C0 C0
"""


class Scanner:
    """A replayed scanner: what is written to its FIFO arrives at the daemon as raw HID reports."""

    def __init__(self, folder, name):
        self.path = os.path.join(folder, name + ".fifo")
        if not os.path.exists(self.path):
            os.mkfifo(self.path)
        self.fd = os.open(self.path, os.O_RDWR)

    def play(self, recording):
        os.write(self.fd, recording.encode())

    def scan(self, text, aim="]C0"):
        self.play(POS_HEADER + pos_reports(text, aim))


class Station:
    """The daemon in a scratch folder with a dock and a bench. `wrapper` goes in front of its command line (strace …)."""

    def __init__(self, folder, printer_uri, extra="", scanners=()):
        self.folder = folder
        self.socket = os.path.join(folder, "run/api.sock")
        self.endpoint = "ipc://" + os.path.join(folder, "run/feed.sock")
        self.process = None
        os.makedirs(folder, exist_ok=True)
        self.scanners = {lane: Scanner(folder, lane) for lane in scanners}
        with open(os.path.join(folder, "returnsd.conf"), "w", encoding="utf-8") as file:
            file.write(self.configuration(printer_uri) + extra)

    def configuration(self, printer_uri):
        lines = ['station { site = "demo" name = "demo-1" number = 0 }',
                 f'directories {{ state = "{self.folder}/state" runtime = "{self.folder}/run" data = "{ROOT}/data" }}',
                 "web { port = 0 }", f'printer "labels" {{ uri = "{printer_uri}" counter_power_safe = yes }}',
                 'lane "dock-1" { mode = dock location = "DOCK" printer = "labels" }',
                 'lane "bench-1" { mode = bench location = "A-01" printer = "labels" }']
        lines += [f'scanner "{lane}-scanner" {{ lane = "{lane}" replay = "{scanner.path}" }}'
                  for lane, scanner in self.scanners.items()]
        return "\n".join(lines) + "\n"

    def start(self, wrapper=(), log=None):
        """Starts the daemon and waits until it says it is ready; False if it ended instead."""
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = os.path.join(self.folder, "notify.sock")
        if os.path.exists(address):
            os.unlink(address)
        notify.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        notify.bind(address)
        environment = dict(os.environ, NOTIFY_SOCKET=address)
        environment.pop("JOURNAL_STREAM", None)
        self.log = log or os.path.join(self.folder, "returnsd.log")
        with open(self.log, "ab") as file:
            self.process = subprocess.Popen([*wrapper, bin_path("returnsd"), "--config", self.folder + "/returnsd.conf"],
                                            stderr=file, stdout=file, env=environment)
        pidfd = os.pidfd_open(self.process.pid)
        try:
            return self._wait_ready(notify, pidfd)
        finally:
            os.close(pidfd)
            notify.close()

    def _wait_ready(self, notify, pidfd):
        while True:
            ready, _, _ = select.select([notify, pidfd], [], [], DEADLINE)
            if notify in ready:
                message, ancillary, _, _ = notify.recvmsg(4096, 256)
                if b"READY=1" in message:
                    self.pid = struct.unpack("i", ancillary[0][2][:4])[0]  # behind a wrapper it is not the process
                    return True
            elif pidfd in ready:
                self.process.wait()
                return False
            else:
                raise TimeoutError("the daemon does not become ready")

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Stops it as systemd would; a daemon that ends otherwise (a sanitizer's finding, a leak) fails the test."""
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
            status = self.process.wait(DEADLINE)
            assert status == 0, f"exit status {status}: {self.read_log()[-3000:]}"
            self.check_events()

    def check_events(self):
        """Every event that is stored keeps its schema (of many the newest). Immutable: no file is made beside it."""
        path = f"file:{self.folder}/state/returnsd.db?immutable=1"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as database:
            for body, in database.execute("SELECT body FROM event ORDER BY sequence DESC LIMIT 5000").fetchall():
                problems = schemas.check(json.loads(body))
                assert not problems, problems

    def request(self, method, path, body=None):
        """(status, JSON) of an API call."""
        connection = UnixConnection(self.socket, DEADLINE)
        try:
            connection.request(method, path, None if body is None else body if isinstance(body, bytes) else json.dumps(body),
                               {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def get(self, path):
        status, body = self.request("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body}")
        return body

    def scan(self, lane, code, aim="]C0"):
        """A scan through the API; the answer after the commit. Raises ConnectionError if the daemon dies."""
        try:
            return self.request("POST", f"/api/v1/lanes/{lane}/scans", {"code": code, "aim": aim})[1]
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error

    def lane(self, lane):
        return self.get(f"/api/v1/lanes/{lane}")

    def live(self, lane):
        """Snapshots of a lane as they change, for ever (with a deadline each)."""
        connection = UnixConnection(self.socket, DEADLINE)
        connection.request("GET", f"/api/v1/lanes/{lane}/live")
        response = connection.getresponse()
        try:
            for line in response:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])
        finally:
            connection.close()

    def wait_lane(self, lane, condition):
        """The first snapshot of a lane for which condition holds."""
        for snapshot in self.live(lane):
            if condition(snapshot):
                return snapshot
        raise ConnectionError("the live stream ended")

    def import_file(self, kind, path):
        """Imports a file with returnsctl; its output."""
        return subprocess.run([bin_path("returnsctl"), "--socket", self.socket, kind, "import", path], text=True,
                              capture_output=True, check=False)

    def import_samples(self, *kinds):
        """Imports the sample products, RMAs or operators."""
        for kind in kinds:
            result = self.import_file(kind, os.path.join(ROOT, f"data/samples/{kind}s.json"))
            assert result.returncode == 0, result.stdout + result.stderr

    def events(self):
        events, after = [], 0
        while True:
            page = self.get(f"/api/v1/events?after={after}&limit=1000")["events"]
            if not page:
                return events
            events += page
            after = int(events[-1]["sequence"])


class Subscriber:
    """docs/examples/subscriber.py as a process: one line an event, beginning with its sequence."""

    def __init__(self, endpoint, *arguments):
        self.lines, self.rest = [], b""
        script = os.path.join(ROOT, "docs/examples/subscriber.py")
        self.process = subprocess.Popen(["/usr/bin/python3", "-u", script, endpoint, *arguments], stdout=subprocess.PIPE)

    def wait_for(self, sequence):
        """All lines so far, once the one of this sequence is there."""
        while not self.lines or int(self.lines[-1].split()[0]) < sequence:
            ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                raise TimeoutError(f"the subscriber has {self.lines[-1:]}, not {sequence}")
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.lines += [line.decode() for line in lines]
        return self.lines

    def stop(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def printing_station(name, extra=""):
    """A station that is not started yet and its fake printer, in a scratch folder that stays only if the test fails."""
    folder = tempfile.mkdtemp(prefix=f"returnsd-{name}-")
    printer = Printer(folder + "/printed")
    station = Station(folder, f"tcp://127.0.0.1:{printer.port}", extra)
    try:
        yield station, printer
        station.stop()
    finally:
        if station.process and station.process.poll() is None:
            station.kill()
        printer.stop()
    shutil.rmtree(folder)
