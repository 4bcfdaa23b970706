#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that layers.py and sizes.py find what they look for, in a small tree that breaks every rule once."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
LONG = "int f(void)\n{\n" + "    g();\n" * 79 + "}\n"
TREE = {
    "base/error.h": SPDX,
    "base/upward.c": SPDX + '#include "protocol/hid/scan.h"\n',
    "protocol/hid/scan.h": SPDX,
    "protocol/hid/sideways.c": SPDX + '#include "protocol/barcode/candidate.h"\n',
    "protocol/barcode/candidate.h": SPDX,
    "protocol/barcode/checkdigit.h": SPDX,
    "daemon/core/good.c": SPDX + '#include "protocol/barcode/candidate.h"\n#include "base/error.h"\n',
    "daemon/core/far.c": SPDX + '\n#include "protocol/barcode/checkdigit.h"\n',
    "daemon/store/lost.c": SPDX + '#include "nowhere.h"\n',
    "attic/x.c": SPDX,
    "base/long.c": SPDX + LONG,
    "base/many.c": SPDX + "\n" * 400,
    "base/many_table.c": SPDX + "\n" * 400,
    "base/bare.c": "int x;\n",
    "tests/unit/wait_test.c": SPDX + "int f(void)\n{\n    use(1);\n    usleep(1);\n}\n",
    "tests/wait.sh": "# SPDX-License-Identifier: Apache-2.0\nstart; sleep 1\n",
}
EXPECTED = {
    "layers.py": ["base/upward.c:2: base may not include protocol/hid/scan.h",
                  "protocol/hid/sideways.c:2: protocol/hid may not include protocol/barcode/candidate.h",
                  "daemon/core/far.c:3: daemon/core may not include protocol/barcode/checkdigit.h",
                  "daemon/store/lost.c:2: nowhere.h is not a path from the top of the tree",
                  "attic/x.c:1: this folder has no floor",
                  "uses clock_gettime", "uses sqlite3_open"],
    "sizes.py": ["base/long.c:2: function f has 82 lines", "base:1: median function has 82 lines",
                 "base/many.c:401: file has 401 lines", "base/bare.c:1: no SPDX-License-Identifier",
                 "tests/unit/wait_test.c:5: a test that sleeps", "tests/wait.sh:2: a test that sleeps"],
}
CLOCK = "int clock_gettime(int, void *); int sqlite3_open(void); int f(void) { return clock_gettime(0, 0) + " \
        "sqlite3_open(); }\n"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def build_library(folder):
    source = os.path.join(folder, "build", "clock.c")
    write(source, CLOCK)
    subprocess.run(["gcc", "-w", "-c", source, "-o", source + ".o"], check=True)
    subprocess.run(["ar", "rc", os.path.join(folder, "build", "libcore.a"), source + ".o"], check=True)


def check(program, folder):
    run = subprocess.run([sys.executable, os.path.join(HERE, program), os.path.join(folder, "build")],
                         env={**os.environ, "LINT_ROOT": folder}, capture_output=True, text=True)
    missing = [text for text in EXPECTED[program] if text not in run.stdout]
    found = int(run.stdout.split()[-2]) if run.stdout else -1
    if run.returncode == 1 and not missing and found == len(EXPECTED[program]):
        return True
    print(f"{program}: status {run.returncode}, {found} problems, not found: {missing}\n{run.stdout}{run.stderr}")
    return False


def main():
    with tempfile.TemporaryDirectory(prefix="returnsd-lint-") as folder:
        for path, text in TREE.items():
            write(os.path.join(folder, path), text)
        build_library(folder)
        sys.exit(0 if all([check(program, folder) for program in EXPECTED]) else 1)


if __name__ == "__main__":
    main()
