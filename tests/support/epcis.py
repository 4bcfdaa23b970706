# SPDX-License-Identifier: Apache-2.0
"""EPCIS 2.0: what GS1's standard and its JSON schema demand of the documents in data.epcis, and which document each type of
event has (written from the design, not from the daemon's table)."""
import re

BIZ_STEPS = set("commissioning destroying holding inspecting packing receiving repairing shipping staging_outbound storing "
                "unpacking".split())
DISPOSITIONS = set("active conformant container_closed damaged destroyed disposed in_transit non_conformant "
                   "expired non_sellable_other recalled returned sellable_not_accessible unavailable".split())
PERSISTENT = {"completeness_verified", "mismatch_class", "mismatch_instance", "mismatch_quantity"}
REASONS = {"did_not_occur", "incorrect_data"}
URI = re.compile(r"(urn:[a-z0-9][a-z0-9-]{0,31}:|https?://[^/]+/)[^\s<>\"{}|\\^`]+$")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
ZONE = re.compile(r"[+-]((0\d|1[0-3]):[0-5]\d|14:00)$")
ITEM = re.compile(r"https://id\.gs1\.org/01/(\d{14})(/21/[A-Za-z0-9._~%-]{1,60})?$")
DOCUMENT = {"@context", "type", "schemaVersion", "creationDate", "epcisBody"}
SHAPES = {"parcel": "ObjectEvent", "lpn": "ObjectEvent", "container": "ObjectEvent", "parcel>lpn": "AggregationEvent",
          "container>lpn": "AggregationEvent"}
# What each event is about, its action, and its step and disposition (a table: by which member of the data).
DECIDED = {"resell": "storing sellable_not_accessible", "resell_b": "storing sellable_not_accessible", "refurbish": "holding unavailable",
           "parts": "holding non_sellable_other", "recycle": "holding disposed", "destroy": "holding disposed",
           "donate": "holding non_sellable_other", "liquidate": "holding non_sellable_other",
           "quarantine": "holding non_sellable_other|recalled|expired|damaged", "return_to_vendor": "staging_outbound returned",
           "return_to_customer": "staging_outbound returned", "forward": "staging_outbound returned"}
GRADED = {"A": "inspecting conformant", "B": "inspecting conformant", "C": "inspecting damaged", "D": "inspecting non_conformant",
          "E": "inspecting non_conformant", "U": "inspecting non_conformant"}
LEAVING = {name: "shipping in_transit" for name in DECIDED} | {"recycle": "shipping disposed", "return_to_customer": "shipping returned"}
CLOSED = {True: "inspecting -completeness_verified", False: "inspecting -mismatch_quantity"}
ABOUT = {
    "parcel.received": ("parcel", "OBSERVE", "receiving returned"), "parcel.unknown": ("parcel", "OBSERVE", "holding returned"),
    "parcel.damaged": ("parcel", "OBSERVE", "receiving damaged"), "parcel.refused": ("parcel", "OBSERVE", "shipping returned"),
    "parcel.closed": ("parcel", "OBSERVE", ("complete", CLOSED)), "lpn.assigned": ("lpn", "ADD", "commissioning active"),
    "unit.identified": ("parcel>lpn", "DELETE", "unpacking"), "unit.unexpected": ("lpn", "OBSERVE", "inspecting -mismatch_class"),
    "unit.overage": ("lpn", "OBSERVE", "inspecting -mismatch_quantity"),
    "unit.serial_mismatch": ("lpn", "OBSERVE", "inspecting -mismatch_instance"),
    "unit.inspected": ("lpn", "OBSERVE", ("grade", GRADED)), "unit.regraded": ("lpn", "OBSERVE", ("grade", GRADED)),
    "unit.disposition_decided": ("lpn", "OBSERVE", ("disposition", DECIDED)),
    "unit.disposition_overridden": ("lpn", "OBSERVE", ("disposition", DECIDED)),
    "unit.repaired": ("lpn", "OBSERVE", "repairing conformant"), "unit.putaway": ("lpn", "OBSERVE", "storing"),
    "unit.destroyed": ("lpn", "DELETE", "destroying destroyed"), "container.unit_added": ("container>lpn", "ADD", "packing"),
    "container.unit_removed": ("container>lpn", "DELETE", "unpacking"),
    "container.closed": ("container", "OBSERVE", "staging_outbound container_closed"),
    "container.handed_over": ("container", "OBSERVE", ("disposition", LEAVING)),
}
FIELDS = {"ObjectEvent": {"type", "epcList", "persistentDisposition"}, "AggregationEvent": {"type", "parentID", "childEPCs"}}
COMMON = {"eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "disposition", "readPoint", "bizLocation",
          "bizTransactionList", "errorDeclaration"}
REQUIRED = {"type", "eventID", "eventTime", "eventTimeZoneOffset", "action"}


def prefixes(document):
    """{prefix: its URI} that the document declares."""
    return {name: uri for part in document["@context"] if isinstance(part, dict) for name, uri in part.items()}


def check_words(event):
    persistent = event.get("persistentDisposition", {})
    words = persistent.get("set", []) + persistent.get("unset", [])
    yield from (f"bizStep {event['bizStep']}" for _ in [0] if event.get("bizStep") not in BIZ_STEPS)
    yield from (f"disposition {event['disposition']}" for _ in [0] if event.get("disposition") not in DISPOSITIONS | {None})
    yield from (f"persistentDisposition {word}" for word in words if word not in PERSISTENT)
    if "persistentDisposition" in event and (set(persistent) - {"set", "unset"} or not words or len(set(words)) != len(words)):
        yield f"persistentDisposition {persistent}"
    if event.get("action") not in ("ADD", "OBSERVE", "DELETE"):
        yield f"action {event.get('action')}"


def check_declaration(event, created):
    declaration = event.get("errorDeclaration")
    if declaration is None:
        return
    if not INSTANT.match(declaration.get("declarationTime", "")) or declaration.get("reason") not in REASONS or \
            set(declaration) - {"declarationTime", "reason", "correctiveEventIDs"} or \
            not all(URI.match(uri) for uri in declaration.get("correctiveEventIDs", [])):
        yield f"errorDeclaration {declaration}"
    elif not event.get("eventTime", "") <= declaration["declarationTime"] <= created:
        yield f"declared {declaration['declarationTime']}, not between {event.get('eventTime')} and {created}"


def uris(event):
    yield from [event.get("eventID"), event.get("readPoint", {}).get("id"), event.get("bizLocation", {}).get("id")]
    yield from event.get("epcList", []) + event.get("childEPCs", [])
    yield from (entry.get("bizTransaction") for entry in event.get("bizTransactionList", []))
    yield from [event["parentID"]] if "parentID" in event else []


def check_names(event, declared):
    known = FIELDS.get(event["type"], set()) | COMMON
    for name in event:
        prefix, colon, rest = name.partition(":")
        if name not in known and not (colon and rest and prefix in declared):
            yield f"{name} has no place in an {event['type']}"
    yield from (f"{name} is missing" for name in REQUIRED - set(event))
    yield from (f"{uri} is no URI" for uri in uris(event) if not (uri and URI.match(uri)))
    for entry in event.get("bizTransactionList", []):
        if set(entry) != {"type", "bizTransaction"} or entry["type"] != "rma":
            yield f"bizTransaction {entry}"
    things = event.get("epcList", event.get("childEPCs", []))
    if not things or len(set(things)) != len(things):
        yield f"it is about {things}"
    if event["type"] == "AggregationEvent" and "parentID" not in event:
        yield "parentID is missing"
    item = event.get("returnsd:item")
    match = item and ITEM.match(item)
    if item and not (match and sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(match[1])) % 10 == 0):
        yield f"{item} is no GS1 Digital Link"


def check_about(cloud_event, event):
    """The document is about what the event is about, in the words of the design."""
    data, name = cloud_event["data"], cloud_event["type"].split(".", 2)[2].removesuffix(".v1").removesuffix(".corrected")
    subject, action, words = ABOUT.get(name, (None, None, ""))
    if subject is None:
        yield "an event of this type has no document"
        return
    if not isinstance(words, str) and cloud_event["type"].endswith(".corrected.v1"):
        words = None  # the data of a correction are those of now, the document is the one of then
    elif not isinstance(words, str):
        words = words[1].get(data[words[0]], f"for {words[0]} {data[words[0]]}?")
    lasting = "".join(f" -{word}" for word in event.get("persistentDisposition", {}).get("set", []))
    said = f"{event.get('bizStep')} {event.get('disposition', '')}".strip() + lasting
    step, _, choices = (words or "").partition(" ")
    if words and said not in [f"{step} {choice}".strip() for choice in choices.split("|")]:
        yield f"{said} instead of {words}"
    if (event["type"], event.get("action")) != (SHAPES[subject], action):
        yield f"{event['type']} {event.get('action')} instead of {SHAPES[subject]} {action}"
    for kind, uri in zip(subject.split(">"), ([event.get("parentID")] if ">" in subject else []) +
                         event.get("epcList", event.get("childEPCs", []))):
        if f"/{kind}/" not in str(uri):
            yield f"{uri} is no {kind}"
    if name == "container.handed_over" and {uri.rsplit("/", 1)[1] for uri in event["epcList"][1:]} != set(data["units"]):
        yield "its units do not leave with it"


def check(cloud_event):
    """What is wrong with the document of a CloudEvent, as texts; without one, nothing but that it lacks."""
    document, found = cloud_event["data"]["epcis"], []
    if document is None:
        return [f"{cloud_event['type']} has no document"] if cloud_event["type"] in ALWAYS else []
    declared = prefixes(document)
    if set(document) != DOCUMENT or document["type"] != "EPCISDocument" or document["schemaVersion"] != "2.0" or \
            not INSTANT.match(document["creationDate"]):
        found.append("no EPCISDocument 2.0 with a creationDate")
    if "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld" not in document["@context"]:
        found.append("the context is not GS1's")
    found += [f"prefix {name} is {uri}" for name, uri in declared.items() if not URI.match(uri) or uri[-1] not in "/#"]
    for event in document["epcisBody"]["eventList"]:
        found += [*check_names(event, declared), *check_words(event), *check_about(cloud_event, event),
                  *check_declaration(event, document["creationDate"])]
        time, zone = event.get("eventTime", ""), event.get("eventTimeZoneOffset", "")
        if not INSTANT.match(time) or not ZONE.match(zone):
            found.append(f"time {time} {zone}")
        elif time > document["creationDate"]:
            found.append("it is created before it happened")
        if event.get("errorDeclaration", {}).get("reason") != cloud_event["data"].get("reason") and "errorDeclaration" in event:
            found.append(f"declared {event['errorDeclaration'].get('reason')} instead of {cloud_event['data'].get('reason')}")
        if cloud_event["type"].endswith(".corrected.v1") != ("errorDeclaration" in event):
            found.append("an errorDeclaration is for corrections, and each correction has one")
    return [f"{cloud_event['type']} {cloud_event['sequence']}: {problem}" for problem in found]


# What cannot happen to nothing: these always have a document.
ALWAYS = {f"io.returnsd.{name}.v1" for name in ABOUT if name not in ("parcel.unknown", "unit.identified", "container.unit_removed")}


def check_ids(events):
    """Each eventID is of one event, and of its correction, which repeats it word for word."""
    first, found = {}, []
    for cloud_event in events:
        for event in (cloud_event["data"]["epcis"] or {"epcisBody": {"eventList": []}})["epcisBody"]["eventList"]:
            bare = {name: value for name, value in event.items() if name != "errorDeclaration"}
            corrected = cloud_event["data"].get("corrects")
            if corrected is None and event["eventID"] in first:
                found.append(f"{cloud_event['sequence']}: {event['eventID']} is another event's")
            elif corrected is not None and first.get(event["eventID"]) != (corrected, bare):
                found.append(f"{cloud_event['sequence']}: it does not repeat event {corrected}")
            elif corrected is None:
                first[event["eventID"]] = cloud_event["id"], bare
    return found


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
