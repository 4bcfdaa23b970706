# SPDX-License-Identifier: Apache-2.0
"""EPCIS 2.0 in structure: what GS1's standard and its JSON schema demand of the documents in data.epcis."""
import re

BIZ_STEPS = set("commissioning destroying holding inspecting packing receiving repairing shipping staging_outbound storing "
                "unpacking".split())
DISPOSITIONS = set("active conformant container_closed damaged destroyed disposed in_transit non_conformant "
                   "non_sellable_other returned sellable_not_accessible unavailable".split())
PERSISTENT = {"completeness_verified", "mismatch_class", "mismatch_instance", "mismatch_quantity"}
REASONS = {"did_not_occur", "incorrect_data"}
URI = re.compile(r"(urn:[a-z0-9][a-z0-9-]{0,31}:|https?://[^/]+/)[^\s<>\"{}|\\^`]+$")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
FIELDS = {"ObjectEvent": {"type", "epcList", "persistentDisposition"}, "AggregationEvent": {"type", "parentID", "childEPCs"}}
COMMON = {"eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "disposition", "readPoint", "bizLocation",
          "bizTransactionList", "errorDeclaration"}
REQUIRED = {"type", "eventID", "eventTime", "eventTimeZoneOffset", "action"}


def prefixes(document):
    return {name for part in document["@context"] if isinstance(part, dict) for name in part}


def check_words(event):
    persistent = event.get("persistentDisposition", {})
    yield from (f"bizStep {event['bizStep']}" for _ in [0] if event.get("bizStep") not in BIZ_STEPS)
    yield from (f"disposition {event['disposition']}" for _ in [0] if event.get("disposition") not in DISPOSITIONS | {None})
    yield from (f"persistentDisposition {word}" for word in persistent.get("set", []) + persistent.get("unset", [])
                if word not in PERSISTENT)
    if event["action"] not in ("ADD", "OBSERVE", "DELETE"):
        yield f"action {event['action']}"
    declaration = event.get("errorDeclaration")
    if declaration and not (INSTANT.match(declaration["declarationTime"]) and declaration["reason"] in REASONS):
        yield f"errorDeclaration {declaration}"


def check_names(event, declared):
    known = FIELDS[event["type"]] | COMMON
    for name in event:
        prefix, colon, _ = name.partition(":")
        if name not in known and not (colon and prefix in declared):
            yield f"{name} has no place in an {event['type']}"
    yield from (f"{name} is missing" for name in REQUIRED - set(event))
    for uri in [event["eventID"], event.get("parentID", event["eventID"]), event["readPoint"]["id"], event["bizLocation"]["id"],
                *event.get("epcList", []), *event.get("childEPCs", []),
                *(entry["bizTransaction"] for entry in event.get("bizTransactionList", []))]:
        if not URI.match(uri):
            yield f"{uri} is no URI"
    yield from (f"bizTransaction of type {entry['type']}" for entry in event.get("bizTransactionList", []) if entry["type"] != "rma")
    if not event.get("epcList") and not event.get("childEPCs"):
        yield "it is about nothing"


def check(cloud_event):
    """What is wrong with the document of a CloudEvent, as texts; without one, nothing."""
    document, found = cloud_event["data"]["epcis"], []
    if document is None:
        return found
    if document["type"] != "EPCISDocument" or document["schemaVersion"] != "2.0" or not INSTANT.match(document["creationDate"]):
        found.append("no EPCISDocument 2.0 with a creationDate")
    if "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld" not in document["@context"]:
        found.append("the context is not GS1's")
    for event in document["epcisBody"]["eventList"]:
        found += [*check_names(event, prefixes(document)), *check_words(event)]
        if not INSTANT.match(event["eventTime"]) or not re.match(r"[+-]\d\d:\d\d$", event["eventTimeZoneOffset"]):
            found.append(f"time {event['eventTime']} {event['eventTimeZoneOffset']}")
        if cloud_event["type"].endswith(".corrected.v1") != ("errorDeclaration" in event):
            found.append("an errorDeclaration is for corrections, and each correction has one")
    return [f"{cloud_event['type']} {cloud_event['sequence']}: {problem}" for problem in found]


def after_destruction(events):
    """EPCIS events about what was destroyed before."""
    gone, found = set(), []
    for cloud_event in events:
        document = cloud_event["data"]["epcis"]
        for event in document["epcisBody"]["eventList"] if document else []:
            things = set(event.get("epcList", []) + event.get("childEPCs", []))
            found += [f"{cloud_event['sequence']}: {thing}" for thing in things & gone]
            if event.get("disposition") == "destroyed":
                gone |= things
    return found
