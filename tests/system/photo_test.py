#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Photos through the API: taken, given again, taken off, refused; and the daemon killed at each step of one to the disk.
photo_test.py RETURNSCTL"""
import hashlib
import http.client
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import books  # noqa: E402
import house  # noqa: E402

BENCH, MB = "bench-1", 1 << 20
TRACKING, ITEM = "1Z999AA10000000015", "9520000001018"
CALLS = ("sync_file_range", "fsync", "rename", "fdatasync", "sendmsg")  # the last two: the commit, the answer


def picture(kind, text, size=0):
    """What begins as a picture of that kind does; no two texts give the same."""
    heads = {"jpeg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n", "webp": b"RIFF\x10\x20\x00\x00WEBPVP8 "}
    data = heads[kind] + text.encode() + b"\0" * 20
    return data.ljust(size, b"\x55")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def files(folder):
    """Every file under photos, from there on."""
    top = os.path.join(folder, "state/photos")
    return sorted(os.path.relpath(os.path.join(at, name), top) for at, _, names in os.walk(top) for name in names)


def rows(folder):
    with sqlite3.connect(f"file:{folder}/state/returnsd.db?mode=ro", uri=True) as database:
        return database.execute("SELECT sha256, unit_id, parcel_id, removed FROM photo ORDER BY journal").fetchall()


def raw(station, path):
    """(status, headers, bytes) of a GET."""
    connection = house.UnixConnection(station.socket, house.DEADLINE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def post(station, data, lane=BENCH):
    return station.request("POST", f"/api/v1/lanes/{lane}/photos", data)


def post_in_pieces(station, pieces, length=None):
    """A body of which the length is not announced, or is another one."""
    connection = house.UnixConnection(station.socket, house.DEADLINE)
    try:
        headers = {"Content-Length": str(length)} if length else {}
        connection.request("POST", f"/api/v1/lanes/{BENCH}/photos", iter(pieces), headers, encode_chunked=not length)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def start(folder, extra=""):
    station = house.Station(folder, f"file:{folder}/labels", extra)
    assert station.start(), station.read_log()
    return station


class Photos(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="returnsd-photo-")
        self.station = start(self.folder, "web { photo_max_mb = 1 }\n")
        self.station.import_samples("product", "rma")

    def tearDown(self):
        self.station.stop()
        shutil.rmtree(self.folder)

    def take_item(self):
        for code in (TRACKING, ITEM):
            answer = self.station.scan(BENCH, code)
            self.assertEqual(answer["signal"], "ok", answer)

    def ctl(self, *arguments):
        done = subprocess.run([sys.argv[1], "--socket", self.station.socket, *arguments], capture_output=True,
                              timeout=house.DEADLINE, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def event(self, name):
        return [e["data"] for e in self.station.events() if e["type"] == f"io.returnsd.{name}.v1"]

    def test_a_photo_is_kept_given_again_told_and_taken_off(self):
        self.take_item()
        lpn = self.station.lane(BENCH)["unit"]["lpn"]
        for kind in ("jpeg", "png", "webp"):
            data = picture(kind, "front", 300000)
            status, answer = post(self.station, data)
            self.assertEqual((status, answer["signal"], answer["message"]["key"]), (200, "ok", "photo.stored"), answer)
            wanted = {"sha256": sha256(data), "type": f"image/{kind}", "size": len(data)}
            self.assertEqual(answer["photo"], wanted)
            self.assertEqual(answer["next"]["key"], "next.grade")
            status, headers, body = raw(self.station, "/api/v1/photos/" + sha256(data))
            self.assertEqual((status, body), (200, data))
            self.assertEqual((headers["Content-Type"], headers["X-Content-Type-Options"]), (f"image/{kind}", "nosniff"))
            told = self.event("unit.photographed")[-1]
            self.assertEqual(told["photo"], {**wanted, "uri": "https://returns.invalid/photo/" + sha256(data)})
            self.assertEqual(told["unit"]["lpn"], lpn)
        last = sha256(data)
        self.assertIn(f"{last[:2]}/{last}.webp", files(self.folder))
        self.assertEqual(self.station.scan(BENCH, house.card("UNDO"))["signal"], "ok")
        self.assertEqual(len(self.event("unit.photographed.corrected")), 1)
        history = self.station.get(f"/api/v1/units/{lpn}/history")
        self.assertEqual([(p["of"], p["type"], p["removed"] is None) for p in history["photos"]],
                         [("unit", "image/jpeg", True), ("unit", "image/png", True), ("unit", "image/webp", False)])
        self.assertEqual(raw(self.station, "/api/v1/photos/" + last)[0], 200)  # what was told can still be looked at
        self.assertEqual(self.station.scan(BENCH, house.card("GRI"))["signal"], "info")
        self.assertEqual(self.station.scan(BENCH, house.card("OK"))["signal"], "ok")
        self.assertEqual([p["type"] for p in self.event("unit.inspected")[0]["photos"]], ["image/jpeg", "image/png"])

    def test_the_same_picture_is_one_file_and_nobody_else_reads_it(self):
        self.assertEqual(post(self.station, picture("png", "x"))[1]["message"]["key"], "photo.nothing")
        self.assertEqual(files(self.folder), [])  # nothing names it
        self.assertEqual(self.station.scan(BENCH, TRACKING)["signal"], "ok")
        data = picture("png", "x")
        self.assertEqual(post(self.station, data)[1]["signal"], "ok")
        again = post(self.station, data)[1]
        self.assertEqual((again["signal"], again["message"]["key"]), ("info", "photo.already"))
        self.assertEqual(again["photo"]["sha256"], sha256(data))
        self.assertEqual(self.station.scan(BENCH, ITEM)["signal"], "ok")
        self.assertEqual(post(self.station, data)[1]["signal"], "ok")  # of the item this time
        self.assertEqual(files(self.folder), [f"{sha256(data)[:2]}/{sha256(data)}.png"])
        self.assertEqual([(row[0], row[1] > 0) for row in rows(self.folder)], [(sha256(data), False), (sha256(data), True)])
        for at, folders, names in os.walk(os.path.join(self.folder, "state/photos")):
            for name in folders + names:
                mode = os.stat(os.path.join(at, name)).st_mode
                self.assertEqual(mode & 0o027, 0, (name, oct(mode)))

    def test_what_is_too_big_is_refused_in_words_and_nothing_is_lost(self):
        self.take_item()
        big = picture("jpeg", "big", MB + 1)
        for status, reply in (post(self.station, big), post_in_pieces(self.station, [big[:600000], big[600000:]])):
            self.assertEqual((status, reply["error"]["code"]), (413, "too_big"))
            self.assertEqual(reply["error"]["message"], "a photo has at most 1 MiB")
        self.assertEqual(post(self.station, picture("jpeg", "big", MB))[1]["signal"], "ok")
        self.assertEqual(len(files(self.folder)), 1)
        self.assertEqual(self.station.lane(BENCH)["next"]["key"], "next.grade")

    def test_what_is_no_picture_is_refused(self):
        self.take_item()
        for data in (b"", b"\xff\xd8\xff", b"<html><script>alert(1)</script>", b"GIF89a" + b"\0" * 100, b"%PDF-1.4" + b"\0" * 99,
                     b"RIFF\0\0\0\0WAVEfmt ", b"\0\0\0\0\0\0\0\0WEBPVP8 ", b"\x89PNG\n\n\x1a\n" + b"\0" * 50, b"\xff\xd8\xfe" * 30):
            status, reply = post(self.station, data)
            self.assertEqual((status, reply["error"]["code"]), (400, "invalid"), data)
            self.assertIn("JPEG, PNG or WebP", reply["error"]["message"])
        self.assertEqual(post_in_pieces(self.station, [bytes([b]) for b in b"not a picture at all"])[0], 400)
        data = picture("png", "bit by bit")
        self.assertEqual(post_in_pieces(self.station, [bytes([b]) for b in data])[1]["photo"]["sha256"], sha256(data))
        self.assertEqual(len(files(self.folder)), 1)
        self.assertEqual(post(self.station, data, "nowhere")[0], 404)

    def test_no_path_leads_out_of_the_photos(self):
        self.take_item()
        data = picture("png", "y")
        post(self.station, data)
        good = sha256(data)
        for name in ("", "..", "../returnsd.db", "..%2freturnsd.db", "%2e%2e%2f%2e%2e%2freturnsd.conf", good.upper(), good[:-1],
                     good + "0", f"{good[:2]}%2f{good}.png", good + ".png", good + "%00", "x" * 5000, "*", "%"):
            status, _, body = raw(self.station, "/api/v1/photos/" + name)
            self.assertIn(status, (400, 404), name)
            self.assertNotIn(data, body)
        os.unlink(os.path.join(self.folder, f"state/photos/{good[:2]}/{good}.png"))
        status, _, body = raw(self.station, "/api/v1/photos/" + good)
        self.assertEqual(status, 404)
        self.assertIn("not here any more", json.loads(body)["error"]["message"])
        os.symlink(os.path.join(self.folder, "returnsd.conf"), os.path.join(self.folder, f"state/photos/{good[:2]}/{good}.png"))
        self.assertEqual(raw(self.station, "/api/v1/photos/" + good)[0], 500)

    def test_a_client_that_goes_away_leaves_nothing(self):
        self.take_item()
        connection = house.UnixConnection(self.station.socket, house.DEADLINE)
        connection.putrequest("POST", f"/api/v1/lanes/{BENCH}/photos")
        connection.putheader("Content-Length", "500000")
        connection.endheaders(picture("jpeg", "half", 200000))
        while not files(self.folder):
            self.station.get("/api/v1/status")
        connection.close()
        while files(self.folder):
            self.station.get("/api/v1/status")
        self.assertEqual(rows(self.folder), [])

    def test_returnsctl_adds_and_gets(self):
        self.take_item()
        path = os.path.join(self.folder, "scratch.jpg")
        data = picture("jpeg", "scratch", 70000)
        with open(path, "wb") as file:
            file.write(data)
        code, out, err = self.ctl("photo", "add", path, "--lane", BENCH, "--lang", "fr")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.decode().splitlines()[-1], sha256(data))
        self.assertIn("enregistrée", out.decode())
        self.assertEqual(self.ctl("photo", "get", sha256(data)), (0, data, ""))
        code, out, err = self.ctl("photo", "get", "0" * 64)
        self.assertEqual((code, out), (1, b""))
        self.assertIn("no such photo", err)
        with open(path, "wb") as file:
            file.write(b"this is not a picture at all")
        code, out, err = self.ctl("photo", "add", path, "--lane", BENCH)
        self.assertEqual((code, out), (1, b""))
        self.assertIn("JPEG, PNG or WebP", err)
        code, out, _ = self.ctl("photo", "add", path, "--lane", "dock-1")
        self.assertEqual(code, 1)
        self.assertEqual(self.ctl("photo", "add", self.folder, "--lane", BENCH)[0], 5)
        lpn = self.station.lane(BENCH)["unit"]["lpn"]
        code, out, _ = self.ctl("unit", "history", lpn)
        self.assertIn("sha256=" + sha256(data), out.decode())
        with open(path, "wb") as file:
            file.write(picture("jpeg", "box"))
        code, out, _ = self.ctl("photo", "add", path, "--lane", "dock-1", "--lang", "en")
        self.assertEqual(code, 1)
        self.assertIn("Nothing to take a photo of", out.decode())


class Disk(unittest.TestCase):
    def test_a_disk_that_fills_is_for_scans(self):
        with tempfile.TemporaryDirectory(prefix="returnsd-photo-") as folder:
            station = start(folder, "feed { disk_low_mb = 1000000 }\n")
            try:
                while not station.get("/api/v1/status")["disk_low"]:
                    pass
                status, reply = post(station, picture("png", "z"))
                self.assertEqual((status, reply["error"]["code"]), (507, "full"))
                self.assertEqual(files(folder), [])
            finally:
                station.stop()

    def check_books(self, folder):
        """Each row has its file, whole and under its name."""
        for name, _, _, _ in rows(folder):
            with open(os.path.join(folder, f"state/photos/{name[:2]}/{name}.jpg"), "rb") as file:
                self.assertEqual(sha256(file.read()), name)

    def take(self, prepared, wrapper=(), trace=None):
        """A photo while the wrapper watches or kills; then once more, by a daemon that nobody kills: (died, rows before)."""
        data = picture("jpeg", "crash", 700000)
        with tempfile.TemporaryDirectory(prefix="returnsd-photo-") as folder:
            books.copy_state(prepared, folder)
            station = house.Station(folder, f"file:{folder}/labels")
            assert station.start(wrapper), station.read_log()
            ready = count(trace) if trace else {}
            try:
                died = post(station, data)[0] != 200
            except (http.client.HTTPException, ConnectionError):
                died = True
            if trace:
                total = count(trace)
                station.stop()
                return ready, total
            if not died:
                station.kill()
            station.process.wait()
            self.check_books(folder)
            stored = len(rows(folder))
            assert station.start(), station.read_log()
            self.assertEqual([name for name in files(folder) if name.endswith(".part")], [])
            status, answer = post(station, data)
            self.assertEqual((status, answer["signal"]), (200, "info" if stored else "ok"), answer)
            self.assertEqual([row[0] for row in rows(folder)], [sha256(data)])
            self.check_books(folder)
            station.stop()
            return died, stored

    def test_killed_at_any_step_no_row_is_without_its_file(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is not installed")
        os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # LeakSanitizer cannot run below strace
        with tempfile.TemporaryDirectory(prefix="returnsd-photo-") as prepared:
            station = start(prepared)
            station.import_samples("product", "rma")
            self.assertEqual(station.scan(BENCH, TRACKING)["signal"], "ok")
            station.stop()
            path = os.path.join(prepared, "trace")
            ready, total = self.take(prepared, ["strace", "-f", "-qq", "-o", path, "-e", "trace=" + ",".join(CALLS)], path)
            seen = {"died": 0, "with a row": 0, "without": 0}
            for call in CALLS:
                self.assertGreater(total[call], ready[call], f"{call} is no step of a photo")
                for n in range(ready[call] + 1, total[call] + 1):
                    killer = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                              f"inject={call}:signal=SIGKILL:when={n}"]
                    died, stored = self.take(prepared, killer)
                    seen["died"] += died
                    seen["with a row" if stored else "without"] += 1
            print(f"\n{seen}")
            self.assertGreaterEqual(seen["died"], len(CALLS))
            self.assertGreater(min(seen["with a row"], seen["without"]), 0)


def count(trace):
    with open(trace, encoding="utf-8") as file:
        found = re.findall(r"^\d+ +(\w+)\(", file.read(), re.M)
    return {call: found.count(call) for call in CALLS}


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
