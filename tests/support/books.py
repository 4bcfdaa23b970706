# SPDX-License-Identifier: Apache-2.0
"""What must hold after any interruption: events without gap or double, labels once, a whole journal. Read by other means
than the daemon's own code."""
import collections
import hashlib
import os
import sqlite3

import house

HASHED = ("previous journal at clock_unsure lane operator_id device code aim action signal message parcel_id unit_id "
          "undoable undoes lead").split()


def journal_break(folder):
    """The number of the first journal row that does not fit its chain, or None."""
    with sqlite3.connect(f"file:{folder}/state/returnsd.db?mode=ro", uri=True) as database:
        previous = b""
        for *columns, given in database.execute(f"SELECT {', '.join(HASHED)}, hash FROM journal ORDER BY journal"):
            digest = hashlib.sha256()
            for value in columns:
                data = value if isinstance(value, bytes) else str(value).encode()
                digest.update(len(data).to_bytes(8, "little") + data)
            if bytes(columns[0]) != previous or digest.digest() != given:
                return columns[1]
            previous = given
    return None


def story(events):
    """The events without what differs from run to run: (type, subject, key) of each; what is of the station and its
    devices, not of goods, is left out."""
    return [(event["type"], event["subject"], event["data"].get("key")) for event in events
            if event["type"].split(".")[2] not in ("station", "shift", "scanner", "printer")]


def gaps(events):
    """Sequences that are missing or double."""
    numbers = [int(event["sequence"]) for event in events]
    return [pair for pair in zip(numbers, numbers[1:]) if pair[1] != pair[0] + 1]


def doubled_stock(events):
    """LPNs that the events alone put into stock more than once, or out of it without ever having been in."""
    counts = collections.Counter()
    for event in events:
        if event["type"] == "io.returnsd.stock.delta.v1":
            data = event["data"]
            counts[data["unit"]["lpn"]] += (data["to"] is not None) - (data["from"] is not None)
    return {lpn: count for lpn, count in counts.items() if count not in (0, 1)}


def label_counts(printer):
    """How often each label (its code, and whether it is a marked copy) came out."""
    return collections.Counter((house.label_code(zpl), "DUPLICATA" in zpl) for zpl in printer.labels())


def copy_state(source, target):
    """A stopped station's database into a fresh folder."""
    os.makedirs(os.path.join(target, "state"), exist_ok=True)
    for name in os.listdir(os.path.join(source, "state")):
        path = os.path.join(source, "state", name)
        if os.path.isfile(path) and name.startswith("returnsd.db"):
            with open(path, "rb") as old, open(os.path.join(target, "state", name), "wb") as new:
                new.write(old.read())
