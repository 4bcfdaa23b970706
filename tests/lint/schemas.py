#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every type of event has a JSON Schema in protocol/schema, of known keywords only, and since the last release (the
newest tag) schemas have only grown. Usage: schemas.py BUILD-DIRECTORY"""
import json
import os
import re
import subprocess
import sys

from common import ROOT, finish

sys.path.insert(0, os.path.join(ROOT, "tests/support"))
import schemas  # noqa: E402


def event_types():
    """(name, correctable) of each row of event_info."""
    with open(os.path.join(ROOT, "daemon/core/outcome.c"), encoding="utf-8") as file:
        return re.findall(r'\[EVENT_[A-Z_]+\] = \{"([a-z_.]+)", (true|false)', file.read())


def keywords(schema, place):
    for name, value in schema.items():
        if name not in schemas.KEYWORDS:
            yield f"{place}: the validator does not know the keyword {name}"
        for key, part in (value.items() if name in ("properties", "$defs") else []):
            yield from keywords(part, f"{place}.{key}")
        for part in value if name == "allOf" else [value] if name == "items" else []:
            yield from keywords(part, place)


def shrunk(old, new, place):
    """What consumers relied on in an old schema and do not find in the new one."""
    for name in set(old.get("required", ())) - set(new.get("required", ())):
        yield f"{place}: {name} is not always there any more"
    for name, part in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{place}: {name} is gone"
        else:
            yield from shrunk(part, new["properties"][name], f"{place}.{name}")
    for name, part in old.get("$defs", {}).items():
        yield from shrunk(part, new.get("$defs", {}).get(name, {}), f"{place}#{name}")
    kinds = [value if isinstance(value, list) else [value] for value in (old.get("type", []), new.get("type", []))]
    if kinds[0] and not set(kinds[1]) <= set(kinds[0]):
        yield f"{place}: was {kinds[0]}, is {kinds[1]}"
    if isinstance(old.get("items"), dict):
        yield from shrunk(old["items"], new.get("items", {}), f"{place}[]")


def git(*arguments):
    run = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    return run.stdout if run.returncode == 0 else ""


def released():
    """(file name, schema) as of the newest tag."""
    tag = git("describe", "--tags", "--abbrev=0").strip()
    for path in git("ls-tree", "--name-only", tag, "protocol/schema/").split() if tag else []:
        yield os.path.basename(path), json.loads(git("show", f"{tag}:{path}"))


def self_check():
    """The comparison finds what it is for."""
    old = {"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"items": {"required": ["c"]}}}}
    cases = [({}, 3), (old, 0), ({**old, "properties": {**old["properties"], "d": {}}}, 0),
             ({**old, "properties": {**old["properties"], "a": {"type": ["string", "null"]}}}, 1),
             ({**old, "required": []}, 1), ({**old, "properties": {**old["properties"], "b": {"items": {}}}}, 1)]
    return [f"self-check: {new} gives {list(shrunk(old, new, '$'))}" for new, count in cases
            if len(list(shrunk(old, new, "$"))) != count]


def main():
    names = os.listdir(schemas.FOLDER)
    found, types = self_check(), event_types()
    for name, correctable in types:
        for needed in [f"{name}.v1.json"] + ([f"{name}.corrected.v1.json"] if correctable == "true" else []):
            if needed not in names:
                found.append(f"protocol/schema/{needed} is missing")
    for name in names:
        schema = schemas.load(name)
        found += keywords(schema, name)
        if name != "common.json" and schema["properties"]["type"]["const"] != f"io.returnsd.{name[:-5]}":
            found.append(f"{name}: is for {schema['properties']['type']['const']}")
    for name, old in released():
        found += [f"{name} is gone"] if name not in names else shrunk(old, schemas.load(name), name)
    finish(found, len(types) + len(names))


if __name__ == "__main__":
    main()
