#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What systemd itself says of the unit: no error, no unknown setting, and few rights. Skipped where there is no
systemd-analyze. Usage: unit_test.py BUILD-DIRECTORY"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from common import finish, skip

EXPOSURE_MOST = 2.5  # of 10; what an unhardened service has is 9.6
NEEDED = ["Type=notify", "RestartPreventExitStatus=78", "Wants=modprobe@usbcore.service",
          "After=modprobe@usbcore.service", "DeviceAllow=char-usb_device rw", "DevicePolicy=closed",
          "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK"]


def analyze(*arguments):
    run = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def main():
    if shutil.which("systemd-analyze") is None:
        skip("no systemd-analyze")
    with open(os.path.join(sys.argv[1], "systemd", "returnsd.service"), encoding="utf-8") as file:
        text = file.read()
    problems = [f"returnsd.service: no line {line}" for line in NEEDED if line not in text.splitlines()]
    with tempfile.TemporaryDirectory(prefix="returnsd-unit-") as folder:
        unit = os.path.join(folder, "returnsd.service")
        with open(unit, "w", encoding="utf-8") as file:
            file.write(re.sub(r"^ExecStart=.*", "ExecStart=/bin/true", text, flags=re.M))
        status, said = analyze("verify", "--man=no", unit)
        if status != 0 or said.strip():
            problems.append(f"verify: status {status}: {said.strip()}")
        _, said = analyze("security", "--offline=yes", unit)
        exposure = re.search(r"exposure level for returnsd.service: ([\d.]+)", said)
        print(exposure[0] if exposure else said)
        if not exposure or float(exposure[1]) > EXPOSURE_MOST:
            problems.append(f"the service may do too much: {said.strip()[-60:]}")
    finish(problems, len(NEEDED) + 2)


if __name__ == "__main__":
    main()
