#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads udev/70-returnsd.rules as udev does (its own checker came after Debian 12), and what must hold of it: devices
are for the group alone, the same scanners are in every rule and in data/scanners.conf, and the comment lists the ids
that the rules have."""
import re

from common import finish, lines

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


def check_vendors(parsed, text):
    """The same scanners everywhere, each id once, and all of them in the comment."""
    comment = "\n".join(line for _, line in text if line.startswith("#"))
    having = [rule for rule in parsed if any(name == "idVendor" for _, name, _, _ in rule)]
    scanners = [vendors(rule) for rule in having if not any("0701" in value for *_, value in rule)]
    scanners += [found.split("|") for found in re.findall(r'ATTRS\{idVendor\}=="([^"]+)"', comment)]
    printers = [vendors(rule) for rule in having if any("0701" in value for *_, value in rule)]
    told = re.findall(r"(?<!/)\b([0-9a-f]{4}) [A-Z]", comment)
    if len(scanners) != 3 or len(printers) != 1:
        return [f"{RULES}:1: {len(scanners)} rules for scanners and {len(printers)} for printers; expected 3 and 1"]
    problems = []
    if any(ids != scanners[0] for ids in scanners):
        problems.append(f"{RULES}:1: the rules list different scanners")
    listed = scanners[0] + printers[0]
    if sorted(told) != sorted(set(listed)) or len(listed) != len(set(listed)):
        problems.append(f"{RULES}:1: the comment lists {sorted(told)}, the rules {sorted(listed)}")
    return problems


def check_profiles(parsed):
    """A scanner that the daemon knows is one that it may open, and the other way round."""
    rule = next((vendors(rule) for rule in parsed if any("*:03*" in value for *_, value in rule)), [])
    known = {text.split()[1].split(":")[0] for _, text in lines(PROFILES) if text and text[0] != "#"}
    if known == set(rule) and known:
        return []
    return [f"{PROFILES}:1: its makers are {sorted(known)}, those of {RULES} {sorted(rule)}"]


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
    finish(problems + check_vendors(parsed, text) + check_profiles(parsed), len(parsed))


if __name__ == "__main__":
    main()
