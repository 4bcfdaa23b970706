#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every type of event has a JSON Schema in protocol/schema, of known keywords only, and since the last release schemas have
only grown: events of that release, which stations still hold, keep the new schemas, and consumers of that release find in new
events what they relied on. The last release is the newest tag; before there is one, schemas_baseline.json, which says what it
is. Usage: schemas.py BUILD-DIRECTORY; UPDATE=1 writes the baseline anew (only before the first release)."""
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


def words(schema, name):
    """The values of a keyword as a list, so that "a" and ["a"] are alike."""
    value = schema.get(name, [])
    return value if isinstance(value, list) else [value]


def members(old, new, place, released):
    known = set(old.get("properties", {}))
    for name in set(old.get("required", ())) - set(new.get("required", ())):
        yield f"{place}: {name} is not always there any more"
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        if released or name in known:
            yield f"{place}: {name} is required now, and events from before need not have it"
    for name, part in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{place}: {name} is gone"
        else:
            yield from shrunk(part, new["properties"][name], f"{place}.{name}", released)


def shrunk(old, new, place, released=True):
    """What is in an old schema and not in the new one. Before the first release a new member may be required at once."""
    yield from members(old, new, place, released)
    for name, part in old.get("$defs", {}).items():
        yield from shrunk(part, new.get("$defs", {}).get(name, {}), f"{place}#{name}", released)
    if old and set(words(old, "type")) != set(words(new, "type")):
        yield f"{place}: was {old.get('type', 'anything')}, is {new.get('type', 'anything')}"
    if "enum" in old and not set(old["enum"]) <= set(new.get("enum", old["enum"])):
        yield f"{place}: {sorted(map(str, set(old['enum']) - set(new['enum'])))} are no values any more"
    for name in ("enum", "const", "pattern", "minimum"):
        if name in new and name not in old and old:
            yield f"{place}: {name} is new, and events from before need not keep it"
    for name in ("const", "pattern", "minimum", "$ref"):
        if name in old and new.get(name) != old[name]:
            yield f"{place}: {name} was {old[name]}, is {new.get(name)}"
    for part in old.get("allOf", ()):
        if part not in new.get("allOf", ()):
            yield f"{place}: {part} does not hold any more"
    if isinstance(old.get("items"), dict):
        yield from shrunk(old["items"], new.get("items", {}), f"{place}[]", released)


# ---- the last release ----

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemas_baseline.json")
ABOUT = ("SPDX-License-Identifier: Apache-2.0. There is no release yet: these are the schemas as somebody last agreed to them. "
         "UPDATE=1 tests/lint/schemas.py writes them anew, when something has to shrink before the first release. "
         "From the first tag on the schemas of the newest tag count, and this file goes.")


def git(*arguments):
    run = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    return run.stdout if run.returncode == 0 else ""


def last_release():
    """(the tag or "", {file name: schema}) to compare with."""
    tag = git("describe", "--tags", "--abbrev=0").strip()
    if not tag:
        with open(BASELINE, encoding="utf-8") as file:
            return "", json.load(file)["schemas"]
    paths = git("ls-tree", "--name-only", tag, "protocol/schema/").split()
    return tag, {os.path.basename(path): json.loads(git("show", f"{tag}:{path}")) for path in paths}


def write_baseline(names):
    with open(BASELINE, "w", encoding="utf-8") as file:
        schemas_now = {name: schemas.load(name) for name in sorted(names)}
        file.write(json.dumps({"about": ABOUT, "schemas": schemas_now}, ensure_ascii=False, separators=(",", ":"))
                   .replace(',"', ',\n"') + "\n")


def compare(old, names, load, released):
    for name, schema in old.items():
        yield from [f"{name} is gone"] if name not in names else shrunk(schema, load(name), name, released)


def self_check():
    """The comparison finds what it is for, once each, and lets grow what may."""
    text, word = {"type": "string"}, {"enum": ["x", "y", None]}
    old = {"required": ["a"], "properties": {"a": text, "b": {"items": {"required": ["c"]}}, "w": word, "n": {"minimum": 0}}}

    def with_member(**members):
        return {**old, "properties": {**old["properties"], **members}}
    cases = {"nothing": (old, 0), "a new member": (with_member(d={}), 0),
             "a new word": (with_member(w={"enum": ["x", "y", "z", None]}), 0),
             "a removed member": ({**old, "properties": {k: v for k, v in old["properties"].items() if k != "w"}}, 1),
             "a changed type": (with_member(a={"type": "integer"}), 1),
             "a wider type": (with_member(a={"type": ["string", "null"]}), 1),
             "no type": (with_member(a={}), 1), "a member that becomes required": ({**old, "required": ["a", "w"]}, 1),
             "a new member that is required": ({**with_member(d={}), "required": ["a", "d"]}, 1),
             "one that is required no more": ({**old, "required": []}, 1),
             "a narrowed enum": (with_member(w={"enum": ["x", None]}), 1),
             "a new enum": (with_member(a={**text, "enum": ["x"]}), 1), "a higher minimum": (with_member(n={"minimum": 1}), 1),
             "a new pattern": (with_member(a={**text, "pattern": "^x"}), 1),
             "fewer in a list": (with_member(b={"items": {}}), 1)}
    found = [f"self-check: {name}: {list(shrunk(old, new, '$'))}" for name, (new, count) in cases.items()
             if len(list(shrunk(old, new, "$"))) != count]
    removed = list(compare({"a.json": old, "b.json": old}, ["a.json"], lambda name: old, True))
    return found + ([] if removed == ["b.json is gone"] else [f"self-check: a removed event: {removed}"])


def untold():
    """What docs/events.md does not say: types, which of them can be taken back, and their members."""
    with open(os.path.join(ROOT, "docs/events.md"), encoding="utf-8") as file:
        rows = {row[1]: row[0] for row in re.finditer(r"^\| `([a-z_.]+)`.*$", file.read(), re.M)}
    for name, correctable in event_types():
        members = schemas.load(f"{name}.v1.json")["properties"].get("data", {}).get("required", [])
        missing = [member for member in members if f"`{member}`" not in rows.get(name, "").rpartition(" | ")[2]]
        if name not in rows or missing or ("↩" in rows[name]) != (correctable == "true"):
            yield f"docs/events.md: {name}: {'members ' + ', '.join(missing) if missing else 'its row, or its ↩'}"


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
    if os.environ.get("UPDATE") == "1" and not git("tag"):
        write_baseline(names)
    tag, old = last_release()
    found += compare(old, names, schemas.load, tag != "")
    found += untold()
    print(f"compared with {tag or 'the baseline, for there is no release yet'}: {len(old)} schemas")
    finish(found, len(types) + len(names))


if __name__ == "__main__":
    main()
