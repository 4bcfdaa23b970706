#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SIGHUP: a changed policy counts from the next grade on; a broken one, or a broken label, leaves the last good ones."""
import glob
import json
import os
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402


def reload(station, expected):
    """Sends SIGHUP and waits for the log line that ends a reload; the new lines must hold what is expected."""
    before = len(station.read_log())
    os.kill(station.pid, signal.SIGHUP)
    station.get("/api/v1/status")  # the loop has turned: a signal that was pending is handled
    while "reloaded" not in station.read_log()[before:]:
        station.get("/api/v1/status")
    assert expected in station.read_log()[before:], station.read_log()[before:]


def main():
    folder = tempfile.mkdtemp(prefix="returnsd-test-")
    data = os.path.join(folder, "data")
    shutil.copytree(os.path.join(house.ROOT, "data"), data)
    station = house.Station(folder, f"file:{folder}/labels", f'directories {{ data = "{data}" }}\n')
    try:
        assert station.start(), station.read_log()
        station.import_file("rma", os.path.join(house.ROOT, "data/samples/rmas.json"))
        policy = os.path.join(data, "policies/default.json")
        with open(policy, encoding="utf-8") as file:
            rules = json.load(file)
        rules["grades"]["A"] = ["donate"]
        with open(policy, "w", encoding="utf-8") as file:
            json.dump(rules, file)
        reload(station, "give it a new version")  # what was in force once keeps its content
        rules["version"] += 1
        with open(policy, "w", encoding="utf-8") as file:
            json.dump(rules, file)
        reload(station, "reloaded")
        label = os.path.join(data, "labels/unit.zpl.in")
        with open(label, encoding="utf-8") as file:
            template = file.read()
        with open(label, "w", encoding="utf-8") as file:
            file.write(template.replace("^PQ1^XZ", "^FO1,1^GB2,2,2^FS^PQ1^XZ"))
        reload(station, "reloaded")
        with open(policy, "w", encoding="utf-8") as file:
            file.write("{ broken")
        with open(os.path.join(data, "labels/unit.zpl.in"), "a", encoding="utf-8") as file:
            file.write("~JA\n")
        reload(station, "checklists stay as they were")
        for code in ("1Z999AA10000000015", "9520000001018"):
            assert station.scan("bench-1", code)["signal"] == "ok"
        answer = station.scan("bench-1", house.card("GRI"))
        assert "DONATE" in answer["message"]["en"], answer
        station.wait_lane("bench-1", lambda s: s["label"] and s["label"]["state"] == "printed")
        printed = "".join(open(path, encoding="utf-8").read() for path in glob.glob(f"{folder}/labels/*.zpl"))
        assert "^FO1,1^GB2,2,2" in printed and "~JA" not in printed, printed
    finally:
        station.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
