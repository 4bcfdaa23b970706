#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The shipped examples of consumers, in Python and in Node, over ipc and CURVE, killed once on their way: each books every
event exactly once. Usage: books_test.py NODE-FOLDER (where tests/external/install has put the npm packages)."""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Keys  # noqa: E402

EVENTS = 40


def booked(path):
    """(events, effects) in an example's database so far."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as database:
            return (database.execute("SELECT count(*) FROM returns_event").fetchone()[0],
                    database.execute("SELECT coalesce(sum(count), 0) FROM tally").fetchone()[0])
    except sqlite3.OperationalError:
        return 0, 0


def wait(path, process, count):
    pause = threading.Event()
    for _ in range(int(house.DEADLINE / 0.05)):
        if booked(path)[0] >= count:
            return
        assert process.poll() is None, "the example has ended"
        pause.wait(0.05)
    raise TimeoutError(f"{booked(path)} of {count}")


def run(station, command, path, *keys):
    for part in (1, 2):
        for number in range(EVENTS):
            station.scan("dock-1", f"nobody knows {part}-{number}")
        with subprocess.Popen([*command, keys[0], path, *keys[1:]]) as process:
            try:
                wait(path, process, int(station.get("/api/v1/status")["last"]))
            finally:
                process.kill()
    events, effects = booked(path)
    assert events == effects == int(station.get("/api/v1/status")["last"]), (events, effects)
    return events


def main():
    node = os.path.join(sys.argv[1], "node_modules/zeromq")
    examples = {"python": ["/usr/bin/python3", os.path.join(house.ROOT, "docs/examples/books.py")]}
    if os.path.isdir(node) and shutil.which("node"):
        script = os.path.join(sys.argv[1], "books.mjs")  # modules are looked for beside the script
        shutil.copy(os.path.join(house.ROOT, "docs/examples/books.mjs"), script)
        examples["node"] = ["node", script]
    with tempfile.TemporaryDirectory(prefix="returnsd-test-") as folder:
        os.makedirs(folder + "/state")
        keys = Keys(folder + "/state/keys")
        with open(folder + "/books.key", "w", encoding="ascii") as file:
            file.write(keys.run("new", "books"))
        tcp = f"tcp://127.0.0.1:{20000 + os.getpid() % 20000}"
        station = house.Station(folder, f"file:{folder}/labels", f'feed {{ tcp = "{tcp}" }}\n')
        assert station.start(), station.read_log()
        try:
            for name, command in examples.items():
                print(name, "over CURVE:", run(station, command, f"{folder}/{name}.db", tcp, keys.station, folder + "/books.key"),
                      "events, each once")
                station.stop()  # the next example begins with nothing: the cursor is not its own
                with sqlite3.connect(folder + "/state/returnsd.db") as database:
                    database.execute("UPDATE consumer SET cursor = 0")
                assert station.start(), station.read_log()
        finally:
            station.stop()
    if "node" not in examples:
        print("skipped: the Node example (no zeromq in", sys.argv[1] + ")")
        sys.exit(77)


if __name__ == "__main__":
    main()
