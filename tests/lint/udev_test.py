#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads udev/70-returnsd.rules as udev does (its own checker came after Debian 12, and is run where there is one), and
what must hold of it: devices are for the group alone, it is what scripts/generate-udev makes of data/scanners.conf, and
every scanner of that is in every rule for scanners and kept from the kernel's keyboard driver."""
import re
import shutil
import subprocess

from common import ROOT, finish, lines

RULES = "udev/70-returnsd.rules"
PROFILES = "data/scanners.conf"
TOKEN = re.compile(r'([A-Z]+)(\{[^{}]+\})?(==|!=|\+=|-=|:=|=)"((?:[^"\\]|\\.)*)"')
MATCH = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "DRIVER", "ATTR", "ATTRS", "ENV"}
ASSIGN = {"ENV", "GROUP", "MODE", "GOTO", "LABEL", "RUN"}
NEEDS_NAME = {"ATTR", "ATTRS", "ENV"}


def rules(text):
    """(line, rule) with continued lines joined; comments are whole lines for udev."""
    joined, first = "", 0
    for number, line in text:
        if line.startswith("#") or (not line.strip() and not joined):
            continue
        first = first or number
        joined += line.rstrip("\\").strip() + " " if line.endswith("\\") else line.strip()
        if not line.endswith("\\"):
            yield first, joined
            joined, first = "", 0


def tokens(rule):
    """The (key, name, operator, value) of a rule, or None if it is not a comma list of them."""
    found, at = [], 0
    for token in TOKEN.finditer(rule):
        if rule[at:token.start()].strip() not in ("," if found else "", ""):
            return None
        found.append((token[1], (token[2] or "")[1:-1], token[3], token[4]))
        at = token.end()
    return found if found and not rule[at:].strip() else None


def check_token(key, name, operator, value):
    compares = operator in ("==", "!=")
    if key not in (MATCH if compares else ASSIGN):
        return f"{key} with {operator}"
    if (key in NEEDS_NAME) != bool(name):
        return f"{key} and its {{name}}"
    expected = {"GROUP": "returnsd", "MODE": "0660"}.get(key, value)
    if value != expected or not value:
        return f'{key}="{value}"; expected "{expected}"'
    if name == "idVendor" and not all(re.fullmatch(r"[0-9a-f]{4}", vendor) for vendor in value.split("|")):
        return f"{value}: ids are four small hexadecimal digits"
    return None


def vendors(rule):
    return [value.split("|") for _, name, _, value in rule if name == "idVendor"][0]


def check_vendors(parsed):
    """The rules for scanners name all the makers of the profiles; each device is for the group, libinput and usbhid out."""
    known = sorted({text.split()[1].split(":")[0] for _, text in lines(PROFILES) if text and text[0] not in "# \t"})
    having = [rule for rule in parsed if any(name == "idVendor" for _, name, _, _ in rule)]
    scanners = [rule for rule in having if not any("0701" in value for *_, value in rule)]
    problems = [f"{RULES}:1: a rule has {vendors(rule)}; the profiles have {known}" for rule in scanners
                if vendors(rule) != known]
    effects = {key + name for rule in scanners for key, name, operator, _ in rule if operator in ("=", "+=")}
    if effects != {"GROUP", "MODE", "ENVLIBINPUT_IGNORE_DEVICE", "RUN"} or len(scanners) != 3:
        problems.append(f"{RULES}:1: {len(scanners)} rules for scanners do {sorted(effects)}")
    return problems


def check_generated():
    made = subprocess.run([f"{ROOT}/scripts/generate-udev"], capture_output=True, text=True, check=True).stdout
    if made.splitlines() != [text for _, text in lines(RULES)]:
        return [f"{RULES}:1: is not what scripts/generate-udev writes"]
    return []


def check_by_udev():
    """systemd 254 and newer."""
    if shutil.which("udevadm") is None or \
            subprocess.run(["udevadm", "verify", "--help"], capture_output=True, check=False).returncode != 0:
        return []
    run = subprocess.run(["udevadm", "verify", "--resolve-names=never", f"{ROOT}/{RULES}"], capture_output=True, text=True,
                         check=False)
    return [] if run.returncode == 0 else [f"{RULES}:1: udevadm verify: {run.stderr}"]


def main():
    text, parsed, problems = lines(RULES), [], []
    for number, rule in rules(text):
        found = tokens(rule)
        if found is None:
            problems.append(f"{RULES}:{number}: not a list of key, operator and quoted value: {rule}")
            continue
        parsed.append(found)
        problems += [f"{RULES}:{number}: {wrong}" for wrong in map(lambda token: check_token(*token), found) if wrong]
    labels = {value for rule in parsed for key, _, _, value in rule if key == "LABEL"}
    for rule in parsed:
        problems += [f"{RULES}:1: no label {value}" for key, _, _, value in rule
                     if key == "GOTO" and value not in labels]
    finish(problems + check_vendors(parsed) + check_generated() + check_by_udev(), len(parsed))


if __name__ == "__main__":
    main()
