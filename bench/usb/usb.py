#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""32 HID POS scanners with 20 scans a second each, for 20 s ($SECONDS), through the real libusb: tests/usb has them."""
import os
import subprocess
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/release/tests/usb_scanner_load_test")

if not os.path.exists(PROGRAM):
    sys.exit("usb: umockdev (libumockdev-dev) was not there when this was built")
environment = dict(os.environ, LD_PRELOAD="libumockdev-preload.so.0", SECONDS=os.environ.get("SECONDS", "20"))
done = subprocess.run([PROGRAM], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
print("".join(line + "\n" for line in done.stdout.splitlines() if " scanners, " in line), end="")
sys.exit(done.returncode)
