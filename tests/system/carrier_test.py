#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The ERP's label for goods that leave: the printer gets exactly its bytes, once each, whatever dies in between."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import house  # noqa: E402
from consumer import Consumer  # noqa: E402

RMA = {"rma": "RMA-LATE", "version": 1, "requested_at": "2026-01-10T12:00:00Z", "delivery_date": "2025-11-11",
       "lines": [{"line": "1", "sku": "LAMP-DESK-01", "qty": 1, "unit_price": 1990, "currency": "EUR"}]}
SENT = "^XA\r\n^PW812^LL1218^CI28^FO30,30^A0N,60,60^FDRetour à Zoë^FS^FO30,120^BY3^BCN,160,Y^FD8A0012345678^FS\r\n^XZ"
PRINTED = SENT.replace("^XZ", "^PQ1^XZ").encode()


def come_out(printer):
    """How many labels are exactly the carrier's, and how many look like it."""
    paths = [os.path.join(printer.folder, name) for name in os.listdir(printer.folder) if name.endswith(".zpl")]
    labels = [open(path, "rb").read() for path in paths]
    return sum(label == PRINTED for label in labels), sum(b"8A0012345678" in label for label in labels)


def wait_said(printer, what):
    while (line := printer.process.stdout.readline().strip()) != what:
        assert line, f"the printer ended before it said {what}"


def tell(printer, command):
    printer.process.stdin.write(command + "\n")
    printer.process.stdin.flush()
    wait_said(printer, "ok")


def cut(station, printer, at, scan, key):
    """kill -9 when so many bytes of the label have been read; the rest is on its way. Then the daemon starts again."""
    tell(printer, f"stop-at {at}")
    answer = station.scan("bench-1", scan)
    assert answer["message"]["key"] == key, answer
    wait_said(printer, "stopped")
    station.kill()
    tell(printer, "go")
    assert station.start(), station.read_log()
    station.wait_lane("bench-1", lambda lane: lane["label"] and lane["label"]["kind"] == "carrier" and
                      lane["label"]["state"] == "printed")


def refuse_a_lamp(station, printer):
    """It is labelled, but for the scan of its label; the code of that."""
    for code in ("RMA-LATE", "LAMP-DESK-01", house.card("GRI"), house.card("RTC")):
        answer = station.scan("bench-1", code)
    assert answer["message"]["key"] == "unit.decided", answer
    station.wait_lane("bench-1", lambda lane: lane["label"]["state"] == "printed")
    return house.label_code(printer.labels()[0])


def main():
    with house.printing_station("carrier", 'codes { rma = { "RMA-LATE" } }\n') as (station, printer):
        assert station.start()
        station.import_samples("product")
        erp = Consumer(station.endpoint, "erp")
        erp.open()
        assert erp.result("rma.upsert", RMA) == ("ok", "stored")
        label = refuse_a_lamp(station, printer)
        lpn = [event for event in station.events() if event["type"] == "io.returnsd.lpn.assigned.v1"][0]["data"]["lpn"]
        assert erp.result("label.zpl", {"unit": lpn, "version": 1, "dpi": 203, "zpl": SENT}) == ("ok", "stored")
        erp.close()

        cut(station, printer, len(PRINTED) // 2, label, "unit.carrier")
        assert come_out(printer) == (1, 1), come_out(printer)
        answer = station.scan("bench-1", label)  # the worker heard nothing: the same scan again
        assert answer["message"]["key"] == "unit.carrier", answer
        for copies, at in enumerate((1, len(PRINTED) - 1, len(PRINTED), len(PRINTED) + 5), 2):
            station.scan("bench-1", "NOTHING-HERE")  # else the card is the scan that the last run answered already
            cut(station, printer, at, house.card("REPRINT"), "label.reprinted")
            assert come_out(printer) == (copies, copies), (copies, come_out(printer))
    print("the carrier's label came out once and 4 copies of it, each killed within: OK")


if __name__ == "__main__":
    main()
