#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The floors of the house: who may include whom, and which libraries know no device, no database and no clock.
Usage: layers.py BUILD-DIRECTORY"""
import os
import re
import subprocess
import sys

from common import ROOT, files, finish, lines

# The longest folder that fits decides. Its own folder is always allowed; * allows everything.
FLOORS = {
    "base": [],
    "protocol": ["base"],
    "daemon/core": ["base", "protocol/barcode/candidate.h"],
    "drivers": ["base", "protocol"],
    "daemon/text": ["base", "daemon/core"],
    "daemon/codec": ["base", "protocol", "daemon/core", "daemon/text"],
    "daemon/store": ["base", "daemon/core"],
    "daemon/web": ["base"],
    "daemon": ["*"],
    "ctl": ["base", "protocol", "daemon/text", "daemon/codec", "daemon/core", "daemon/store"],
    "fleet": ["base", "protocol"],
    "bench": ["*"],
    "tests": ["*"],
}
PURE = ["hid", "barcode", "label", "printer", "message", "core"]
FORBIDDEN = re.compile(r"(sqlite3|zmq|libusb|sd)_\w+|clock_gettime|clock_read|clock|time|gettimeofday|ftime")
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def floor_of(path):
    fitting = [floor for floor in FLOORS if path.startswith(floor + "/")]
    return max(fitting, key=len, default=None)


def allowed(path, target):
    floor = floor_of(path)
    own = os.path.dirname(path)
    places = FLOORS[floor] + [own]
    return any(place in ("*", target) or target.startswith(place + "/") for place in places)


def check_includes(path):
    if floor_of(path) is None:
        return [f"{path}:1: this folder has no floor in tests/lint/layers.py"]
    problems = []
    for number, text in lines(path):
        found = INCLUDE.match(text)
        if not found or (path.startswith("tests/") and "/" not in found[1]):
            continue
        if not os.path.exists(os.path.join(ROOT, found[1])):
            problems.append(f"{path}:{number}: {found[1]} is not a path from the top of the tree")
        elif not allowed(path, found[1]):
            problems.append(f"{path}:{number}: {os.path.dirname(path)} may not include {found[1]}")
    return problems


def check_symbols(library):
    listing = subprocess.run(["nm", "--undefined-only", "--print-file-name", library], capture_output=True, text=True)
    problems = [f"{library}: nm failed: {listing.stderr.strip()}"] if listing.returncode != 0 else []
    for line in listing.stdout.splitlines():
        where, _, symbol = line.rpartition(" U ")
        if FORBIDDEN.fullmatch(symbol.strip().split("@")[0]):
            problems.append(f"{where.strip()} uses {symbol.strip()}")
    return problems


def main():
    sources = files(".c", ".h")
    libraries = [os.path.join(sys.argv[1], f"lib{name}.a") for name in PURE]
    there = [library for library in libraries if os.path.exists(library)]
    problems = [problem for path in sources for problem in check_includes(path)]
    problems += [problem for library in there for problem in check_symbols(library)]
    for library in sorted(set(libraries) - set(there)):
        print(f"not built: {library}")
    if not there:
        problems.append(f"{sys.argv[1]}: none of the libraries is built")
    finish(problems, len(sources) + len(there))


if __name__ == "__main__":
    main()
