#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Labels at a person's word: badges and cards by command, a label that nobody knows of, and what is told of a printer."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402


def ctl(station, *arguments):
    done = subprocess.run([house.bin_path("returnsctl"), "--socket", station.socket, *arguments], capture_output=True,
                          text=True, timeout=house.DEADLINE, check=False)
    return done.returncode, done.stdout, done.stderr


def wait_said(printer, what):
    """Reads what the printer says until it says this."""
    while (line := printer.process.stdout.readline().strip()) != what:
        assert line, f"the printer ended before it said {what}"


def check_cards(station, printer):
    path = os.path.join(station.folder, "badge.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"code": "XOPJDUPONT34", "name": "Jeanne Dupont^XZ", "role": "Inspector"}, file)
    code, out, err = ctl(station, "labels", "print", "badge", "--fields", path, "--lane", "bench-1", "--lang", "fr")
    assert (code, err) == (0, "") and "queued on printer labels" in out, (code, out, err)
    wait_said(printer, "label 1")
    zpl = printer.labels()[0]
    assert "STATION RETOURS" in zpl and "Jeanne Dupont" in zpl and zpl.count("^XZ") == 1, zpl
    code, _, err = ctl(station, "cards", "print", house.card("GRI"), "--lane", "dock-1")
    assert (code, err) == (0, ""), err
    wait_said(printer, "label 2")
    assert "Grade A" in printer.labels()[1], printer.labels()[1]
    code, out, err = ctl(station, "labels", "print", "test", "--lane", "bench-1")
    assert code == 1 and err, (code, out, err)  # a test label has a code: without one it is refused, not printed empty
    for arguments in (["labels", "print", "nothing", "--lane", "bench-1"], ["cards", "print", "XCTLNO", "--lane", "bench-1"],
                      ["labels", "print", "badge", "--lane", "nowhere"]):
        code, _, err = ctl(station, *arguments)
        assert code == 1 and err, (arguments, code, err)
    for body in ({}, {"template": "badge", "fields": []}, {"template": "badge", "fields": {"code": 1}}, {"template": 3}):
        status, reply = station.request("POST", "/api/v1/lanes/bench-1/labels", body)
        assert status == 400 and reply["error"], (body, status, reply)


def check_doubt(station, printer):
    """The line is cut in the middle of a label; only somebody at the printer can say whether it came out."""
    assert json.loads(ctl(station, "labels", "doubt", "--json")[1]) == []
    printer.tell("stop-at 200")
    assert ctl(station, "cards", "print", house.card("GRII"), "--lane", "bench-1")[0] == 0
    wait_said(printer, "stopped")
    printer.tell("hang-up")
    assert ctl(station, "cards", "print", house.card("GRIII"), "--lane", "bench-1")[0] == 0
    wait_said(printer, "label 3")  # the next label leaves only when that one is settled
    assert "Grade C" in printer.labels()[2]
    doubt = json.loads(ctl(station, "labels", "doubt", "--json")[1])
    assert [one["state"] for one in doubt] == ["unknown"], doubt
    label = str(doubt[0]["label"])
    assert ctl(station, "labels", "answer", label, "perhaps")[0] == 2
    assert ctl(station, "labels", "answer", "999999", "yes")[0] == 1
    code, out, _ = ctl(station, "labels", "answer", label, "no")
    assert (code, out) == (0, "queued\n"), out
    wait_said(printer, "label 4")
    assert "Grade B" in printer.labels()[3]
    assert ctl(station, "labels", "answer", label, "yes")[0] == 1  # it is in doubt no more
    assert json.loads(ctl(station, "labels", "doubt", "--json")[1]) == []


def check_told(station, printer):
    """A fault that lasts is told once, and so is its end."""
    subscriber = house.Subscriber(station.endpoint)
    try:
        last = int(station.events()[-1]["sequence"])
        printer.tell("fault paper-out")
        subscriber.wait_for(last + 1)
        printer.tell("clear paper-out")
        subscriber.wait_for(last + 2)
    finally:
        subscriber.stop()
    told = [(one["type"].split(".")[2:4], one["data"]["printer"], one["data"]["fault"]) for one in station.events()[last:]]
    assert told == [(["printer", "fault"], "labels", "paper_out"), (["printer", "ok"], "labels", None)], told


def main():
    with house.printing_station("labels") as (station, printer):
        os.makedirs(station.folder + "/conf.d")
        with open(station.folder + "/conf.d/printer.conf", "w", encoding="utf-8") as file:
            file.write('printer "labels" { counter_power_safe = no }\n')
        assert station.start()
        check_cards(station, printer)
        check_doubt(station, printer)
        check_told(station, printer)
    print("cards, doubt and faults: OK")


if __name__ == "__main__":
    main()
