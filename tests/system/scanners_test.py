#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Scanners of a running station: devices, record and replay; a scan that is too long; a scanner that is set to another
keyboard layout, and the calibration cards that tell which."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402

SHIFT, ENTER = 2, 0x28
# What keys a scanner presses that is set to a French keyboard.
FRENCH = {str(digit): (SHIFT, 0x27 if digit == 0 else 0x1D + digit) for digit in range(10)}
FRENCH |= {letter: (SHIFT, 0x04 + ord(letter) - ord("A")) for letter in "BCDEFGHIJKLNOPRSTUVXY"}
FRENCH |= {"A": (SHIFT, 0x14), "Z": (SHIFT, 0x1A), "Q": (SHIFT, 0x04), "W": (SHIFT, 0x1D), "M": (SHIFT, 0x33)}
FRENCH |= {letter.lower(): (0, usage) for letter, (_, usage) in FRENCH.items() if letter.isalpha()}


def typed(text):
    """The text and Enter as reports of a boot keyboard."""
    keys = [FRENCH[letter] for letter in text] + [(0, ENTER)]
    return "".join(f"report: {modifiers:02X} 00 {usage:02X} 00 00 00 00 00\nreport: 00 00 00 00 00 00 00 00\n"
                   for modifiers, usage in keys)


def ctl(station, *arguments, stdin=None):
    done = subprocess.run([house.bin_path("returnsctl"), "--socket", station.socket, *arguments], input=stdin,
                          capture_output=True, text=True, timeout=house.DEADLINE, check=False)
    return done.returncode, done.stdout, done.stderr


def device(station, lane):
    found = station.get("/api/v1/scanners")["scanners"]
    return next(one for one in found if one["device"] == lane + "-scanner")


def wait_code(station, lane, code, scans):
    """Waits until the scanner of the lane has sent that many scans; then its last one must be code."""
    station.wait_lane(lane, lambda _: device(station, lane)["scans"] >= scans)
    last = device(station, lane)["last"]["code"]
    assert last == code, last


def check_devices(station):
    found = device(station, "dock-1")
    assert (found["mode"], found["lane"], found["state"], found["scans"]) == ("recording", "dock-1", "RUN", 0), found
    assert found["last"] is None and not found["beeps"], found
    code, out, _ = ctl(station, "devices")
    assert code == 0 and "dock-1-scanner  mode=recording  state=RUN  lane=dock-1" in out, out
    code, _, err = ctl(station, "record", "nobody", os.path.join(station.folder, "kept"))
    assert code == 1 and "no such scanner" in err, err
    assert not os.path.exists(os.path.join(station.folder, "kept"))
    code, _, err = ctl(station, "record", "nobody", "--count", "0")
    assert code == 2, err


def check_record_and_replay(station, folder):
    path = os.path.join(folder, "one.hid")
    station.scanners["dock-1"].scan("FIRST", "]C0")  # so that it is known how it is to be read
    wait_code(station, "dock-1", "FIRST", 1)
    with subprocess.Popen([house.bin_path("returnsctl"), "--socket", station.socket, "record", "dock-1-scanner", path, "--count",
                           "1"]) as recording:
        while not os.path.exists(path) or "descriptor:" not in open(path, encoding="utf-8").read():
            assert recording.poll() is None
        station.scanners["dock-1"].scan("9" * 60 + "\\\x1dé", "]Q1")
        assert recording.wait(house.DEADLINE) == 0
    text = open(path, encoding="utf-8").read()
    assert text.startswith("kind: pos\ndescriptor: 05 8C") and text.count("report: 02") == 2, text
    assert text.endswith("expect: " + "9" * 60 + "\\\\\\x1Dé\nexpect_aim: ]Q1\n"), text
    code, out, _ = ctl(station, "decode", path)
    assert code == 0 and json.loads(out)["text"] == "9" * 60 + "\\\x1dé", out
    code, out, _ = ctl(station, "replay", path, "--lane", "bench-1", "--json")
    scans = json.loads(out)["scans"]
    assert code == 0 and len(scans) == 1 and scans[0]["aim"] == "]Q1" and scans[0]["stored"], out
    code, out, err = ctl(station, "replay", "-", "--lane", "bench-1", stdin=text + "report: 0\n" + text)
    assert code == 1 and out.count("\n") == 1 and "hexadecimal" in err, (out, err)
    assert ctl(station, "replay", "-", "--lane", "nowhere", stdin=text)[0] == 1


def check_too_long(station):
    before = device(station, "dock-1")["scans"]
    station.scanners["dock-1"].scan("X" * 4096)
    station.wait_lane("dock-1", lambda _: device(station, "dock-1")["scans"] == before + 1)
    station.scanners["dock-1"].scan("Y" * 4097)
    snapshot = station.wait_lane("dock-1", lambda lane: "4097" in lane["message"]["en"])
    assert snapshot["signal"] == "attention", snapshot


def check_layout(station, scans):
    """A French scanner at a station that thinks it types US: proof only."""
    scanner = station.scanners["bench-1"]
    scanner.play("kind: keyboard\n" + typed("1Z999AA10000000015"))  # a known parcel, and its check digit fits
    station.wait_lane("bench-1", lambda lane: lane["parcel"] is not None)
    assert device(station, "bench-1")["last"]["code"] == "1Z999AA10000000015"
    assert device(station, "bench-1")["misread"] == "fr"
    assert station.get("/api/v1/lanes/bench-1")["signal"] == "attention"
    assert "set layout = fr in section scanner bench-1-scanner" in station.read_log()
    scanner.play(typed("WHAT"))  # without proof it is taken as it came
    wait_code(station, "bench-1", "ZHQT", scans + 2)
    scanner.play(typed("abcdefghijklmnop"))  # a calibration card, and then any code is read right
    wait_code(station, "bench-1", "abcdefghijklmnop", scans + 3)
    scanner.play("wait: 150\n" + typed("WHAT"))
    wait_code(station, "bench-1", "WHAT", scans + 4)


def check_told(station):
    """The ERP hears of each change once: scanners that came, one that is set to another layout, and one that left."""
    told = [(event["type"].split(".", 2)[2], event["data"]["device"], event["data"]["lane"], event["data"]["mode"])
            for event in station.events() if event["type"].startswith("io.returnsd.scanner.")]
    assert told.count(("scanner.misread.v1", "bench-1-scanner", "bench-1", "recording")) == 1, told
    for lane in ("dock-1", "bench-1"):
        assert told.count(("scanner.attached.v1", lane + "-scanner", lane, "recording")) == 1, told
    short = [(event["type"].split(".", 2)[2], event["data"]["lane"], event["data"]["mode"], event["data"]["reason"])
             for event in station.events() if event["data"]["device"] == "short"]
    assert short == [("scanner.attached.v1", "dock-1", "recording", short[0][3]),
                     ("scanner.detached.v1", "dock-1", "recording", "end of the recording")], short
    assert len(told) == 5, told


def main():
    folder = tempfile.mkdtemp(prefix="returnsd-test-")
    with open(folder + "/short.hid", "w", encoding="ascii") as file:
        file.write(house.POS_HEADER)  # a recording that ends is a scanner that leaves
    station = house.Station(folder, f"file:{folder}/labels", f'scanner "short" {{ lane = "dock-1" replay = "{folder}/short.hid" }}\n',
                            scanners=("dock-1", "bench-1"))
    try:
        assert station.start(), station.read_log()
        station.import_file("rma", os.path.join(house.ROOT, "data/samples/rmas.json"))
        check_devices(station)
        check_record_and_replay(station, folder)
        check_too_long(station)
        check_layout(station, device(station, "bench-1")["scans"])
        check_told(station)
    finally:
        station.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
