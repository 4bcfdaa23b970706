# SPDX-License-Identifier: Apache-2.0
"""Events against protocol/schema: a validator of the few keywords those schemas use (JSON Schema 2020-12)."""
import functools
import json
import os
import re

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../protocol/schema")
TYPES = {"string": str, "object": dict, "array": list, "null": type(None), "boolean": bool, "integer": int}
KEYWORDS = {"$schema", "$id", "title", "$comment", "$defs", "$ref", "allOf", "type", "const", "enum", "pattern", "minimum",
            "required", "properties", "items"}


@functools.lru_cache(maxsize=None)
def load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


def resolve(reference, document):
    name, _, pointer = reference.partition("#")
    document = load(name) if name else document
    schema = document
    for part in pointer.strip("/").split("/"):
        schema = schema[part] if part else schema
    return schema, document


def has_type(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def problems(value, schema, document, path="$"):
    """What is wrong with a value, as texts."""
    if "$ref" in schema:
        yield from problems(value, *resolve(schema["$ref"], document), path)
    for part in schema.get("allOf", ()):
        yield from problems(value, part, document, path)
    kinds = schema.get("type")
    if kinds and not any(has_type(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{path}: {value!r} is not of type {kinds}"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if "minimum" in schema and isinstance(value, int) and value < schema["minimum"]:
        yield f"{path}: {value} is below {schema['minimum']}"
    if isinstance(value, dict):
        yield from (f"{path}: {name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, part in schema.get("properties", {}).items():
            if name in value:
                yield from problems(value[name], part, document, f"{path}.{name}")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from problems(item, schema["items"], document, f"{path}[{i}]")


ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}$")
URI_REFERENCE = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+$")
INSTANT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d)$")
CONTEXT = {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}


def envelope(event):
    """What CloudEvents 1.0 and its JSON format demand of the attributes, as texts."""
    if event.get("specversion") != "1.0" or not event.get("id") or not event.get("type"):
        yield "specversion, id or type"
    yield from (f"attribute {name}" for name in event if not ATTRIBUTE.match(name))
    yield from (f"{name} is {event[name]!r}" for name in set(event) - CONTEXT if not isinstance(event[name], (str, bool, int)))
    yield from (f"{name} is empty" for name in set(event) - {"data"} if event[name] == "")
    yield from (f"{name} is {event[name]!r}" for name in ("time", "recordedtime") if not INSTANT.match(event[name]))
    if not URI_REFERENCE.match(event["source"]):
        yield f"source {event['source']!r}"
    if event["id"] != f"{event['stream']}/{event['sequence']}":
        yield f"id {event['id']!r}"


PERSONAL = re.compile(r'"(name|customer_name|address|street|email|mail|phone|telephone)":')


def check(event):
    """The problems of one CloudEvent: its schema, and nothing about a person."""
    name = event["type"].removeprefix("io.returnsd.") + ".json"
    if not os.path.exists(os.path.join(FOLDER, name)):
        return [f"{event['type']}: no schema"]
    schema = load(name)
    found = [f"{event['type']} {event['id']}: {problem}" for problem in [*problems(event, schema, schema), *envelope(event)]]
    personal = PERSONAL.search(json.dumps(event))
    return found + ([f"{event['type']}: {personal.group()} is about a person"] if personal else [])
