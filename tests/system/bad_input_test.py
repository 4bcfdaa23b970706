#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind: a clear message, the daemon up or refusing to start with exit status 78, nothing lost."""
import os
import shutil
import socket
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402


def make(folder, extra=""):
    return house.Station(folder, f"file:{folder}/labels", extra, scanners=("dock-1",))


def refused(station, *words):
    """The daemon does not start, exits with 78 and says why."""
    assert not station.start(), "it started"
    assert station.process.returncode == 78, f"exit status {station.process.returncode}"
    log = station.read_log()
    for word in words:
        assert word in log, f"{word!r} is not in: {log}"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def scans(folder):
    """What a scanner can send that is nothing: each is answered, and the station goes on."""
    station = make(folder)
    assert station.start(), station.read_log()
    assert station.import_file("rma", os.path.join(house.ROOT, "data/samples/rmas.json")).returncode == 0
    for code, key in [("\x01\x02", "scan.unreadable"), ("no such thing", "scan.unknown"), ("LP0000000001199", "scan.check_digit"),
                      ("x" * 500, "scan.too_long")]:
        answer = station.scan("dock-1", code)
        assert (answer["signal"], answer["message"]["key"]) == ("attention", key), (code[:20], answer)
    station.scanners["dock-1"].scan("7" * 5000)
    snapshot = station.wait_lane("dock-1", lambda s: "5000" in s["message"]["en"])
    assert (snapshot["signal"], snapshot["message"]["key"]) == ("attention", "scan.too_long"), snapshot
    station.scanners["dock-1"].play("report: zz\nnonsense\n")
    station.scanners["dock-1"].scan("1Z999AA10000000015")
    station.wait_lane("dock-1", lambda s: s["message"]["key"] == "parcel.received")
    for body in (b"", b"{", b"[]", b'{"code": 5}', b'{"code": "x", "aim": "]C1X"}', b"\xff\xfe"):
        status, answer = station.request("POST", "/api/v1/lanes/dock-1/scans", body)
        assert status == 400 and answer["error"]["message"], (body, status, answer)
    assert station.request("POST", "/api/v1/lanes/nowhere/scans", {"code": "x"})[0] == 404
    station.stop()


def imports(folder):
    """A file with broken rows: the right RMAs are stored, each bad row is named with its line and reason."""
    station = make(folder)
    assert station.start(), station.read_log()
    result = station.import_file("rma", os.path.join(house.ROOT, "data/samples/rmas-broken.csv"))
    assert result.returncode == 1, result
    print(result.stderr.strip())
    assert "line" in result.stdout + result.stderr
    assert station.get("/api/v1/status")["rmas"] > 0, "the right RMAs of the file are not there"
    empty = os.path.join(folder, "empty.csv")
    open(empty, "wb").close()
    result = station.import_file("rma", empty)
    assert result.returncode != 0 and result.stderr, result
    station.stop()


def databases(folder):
    """A missing database is made; a damaged or newer one is refused and not touched; a second daemon is refused."""
    path = os.path.join(folder, "state/returnsd.db")
    station = make(folder)
    assert station.start() and os.path.exists(path), station.read_log()
    second = house.Station(folder, f"file:{folder}/labels")
    first_process = station.process
    refused(second, "in use by another returnsd")
    assert station.scan("dock-1", "x")["signal"] == "attention", "the first daemon suffered"
    station.process = first_process
    station.stop()
    good = read(path)
    import sqlite3
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    newer = read(path)
    refused(station, "schema version 9999", "install a newer returnsd")
    assert read(path) == newer, "a newer database was changed"
    with open(path, "wb") as file:
        file.write(b"this is no database" * 1000)
    damaged = read(path)
    refused(station, "returnsd.db", "not a database")
    assert read(path) == damaged, "a damaged database was changed"
    for name in ("returnsd.db-wal", "returnsd.db-shm"):
        if os.path.exists(os.path.join(folder, "state", name)):
            os.unlink(os.path.join(folder, "state", name))
    with open(path, "wb") as file:
        file.write(good)
    assert station.start(), station.read_log()
    station.stop()


def surroundings(folder):
    """A port in use, an unknown setting, a folder that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(make(os.path.join(folder, "port"), f"web {{ port = {port} }}\n"), str(port), "in use")
    station = make(os.path.join(folder, "setting"), "colour = \"blue\"\n")
    refused(station, "returnsd.conf:", "colour")
    station = make(os.path.join(folder, "feed"), 'feed { endpoint = "tcp://127.0.0.1:5581" }\n')
    refused(station, "returnsd.conf:", "feed endpoint", "ipc://")
    station = make(os.path.join(folder, "data"), f'directories {{ data = "{folder}/none" }}\n')
    refused(station, "none")


def main():
    for check in (scans, imports, databases, surroundings):
        folder = tempfile.mkdtemp(prefix="returnsd-test-")
        try:
            check(folder)
            print(f"{check.__name__}: ok")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
