# SPDX-License-Identifier: Apache-2.0
"""Holds encoded records against the facts about each format that lie beside this file: a field that they do not
list, a value of another type, a required attribute that is missing. Each check yields what is wrong."""

import datetime
import ipaddress
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
KEYWORD_MAX = 1024  # characters: Elasticsearch indexes no longer one


def table(name):
    rows = [line.split("\t") for line in (HERE / name).read_text().splitlines() if line and not line.startswith("#")]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}


ECS = table("ecs.tsv")
OCSF = json.loads((HERE / "ocsf.json").read_text())
CEF = table("cef.tsv")


def is_ip(value, versions=(4, 6)):
    try:
        return ipaddress.ip_address(value).version in versions
    except ValueError:
        return False


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


ECS_TYPES = {
    "date": lambda value: isinstance(value, str) and DATE.fullmatch(value),
    "text": lambda value: isinstance(value, str) and value,
    "keyword": lambda value: isinstance(value, str) and 0 < len(value) <= KEYWORD_MAX,
    "long": whole,
    "float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "ip": lambda value: isinstance(value, str) and is_ip(value),
    "mac": lambda value: isinstance(value, str) and re.fullmatch(r"[0-9A-F]{2}(-[0-9A-F]{2}){5}", value),
}
ECS_ALWAYS = ("@timestamp", "ecs.version", "message", "event.kind", "event.category", "event.type", "event.action")


def ecs_faults(document):
    seen = set()
    yield from ecs_object("", document, seen)
    for field in ECS_ALWAYS:
        if field not in seen:
            yield f"{field} is missing"


def ecs_object(path, value, seen):
    for key, member in value.items():
        field = f"{path}{key}"
        if "." in key:
            yield f"{field}: a name with a dot"
        fact = ECS.get(field)
        if fact is None:
            if isinstance(member, dict) and any(known.startswith(field + ".") for known in ECS):
                yield from ecs_object(field + ".", member, seen)
            else:
                yield f"{field} is no field of the schema"
            continue
        seen.add(field)
        if fact["type"] == "own":
            yield from own_faults(field, member)
            continue
        if isinstance(member, list) != bool(fact["many"]):
            yield f"{field}: {member!r}"
            continue
        for one in member if fact["many"] else [member]:
            if not ECS_TYPES[fact["type"]](one):
                yield f"{field} is no {fact['type']}: {one!r}"
            if fact["values"] and one not in fact["values"].split():
                yield f"{field}: {one!r} is not allowed"


def own_faults(path, value):
    """Below our own name: nothing empty, no text that would not be indexed, no name that the traffic gave."""
    if isinstance(value, dict):
        for key, member in value.items():
            if not re.fullmatch("[a-z_]+", key):
                yield f"{path}.{key}: a name that is not ours"
            yield from own_faults(f"{path}.{key}", member)
    elif isinstance(value, list):
        for member in value:
            yield from own_faults(path, member)
    elif value is None or value == "" or isinstance(value, str) and len(value) > KEYWORD_MAX:
        yield f"{path}: {value!r}"


OCSF_TYPES = {
    "string": lambda value: isinstance(value, str) and 0 < len(value) <= 65535,
    "integer": lambda value: whole(value) and -2**31 <= value < 2**31,
    "timestamp": lambda value: whole(value) and 0 <= value < 2**53,
    "boolean": lambda value: isinstance(value, bool),
    "json": lambda value: isinstance(value, (dict, list)) and value,
    "ip": lambda value: isinstance(value, str) and is_ip(value),
    "mac": lambda value: isinstance(value, str) and MAC.fullmatch(value),
    "port": lambda value: whole(value) and 0 <= value <= 65535,
}


def ocsf_faults(event):
    of = OCSF["classes"].get(str(event.get("class_uid")))
    if of is None:
        yield f"no class {event.get('class_uid')}"
        return
    yield from ocsf_object(of["name"], event, {**OCSF["base"], **of["attributes"]})
    wanted = {"class_name": of["name"], "category_uid": of["category_uid"], "category_name": of["category_name"],
              "activity_name": of["activities"].get(str(event["activity_id"])),
              "type_uid": event["class_uid"] * 100 + event["activity_id"],
              "type_name": f"{of['name']}: {event.get('activity_name')}"}
    for key, value in wanted.items():
        if event.get(key) != value:
            yield f"{key}: {event.get(key)!r}, not {value!r}"
    if event["metadata"].get("version") != OCSF["version"]:
        yield f"metadata.version: {event['metadata'].get('version')!r}"


def ocsf_object(path, value, attributes, at_least_one=()):
    if not isinstance(value, dict):
        yield f"{path}: {value!r}"
        return
    for key, fact in attributes.items():
        if fact.get("required") and key not in value:
            yield f"{path}.{key} is missing"
    if at_least_one and not any(key in value for key in at_least_one):
        yield f"{path} has none of {', '.join(at_least_one)}"
    for key, member in value.items():
        fact = attributes.get(key)
        if fact is None:
            yield f"{path}.{key} is no attribute"
            continue
        if isinstance(member, list) != bool(fact.get("many")) and fact["type"] != "json":
            yield f"{path}.{key}: {member!r}"
            continue
        for one in member if fact.get("many") else [member]:
            yield from ocsf_value(f"{path}.{key}", one, fact)
        if "enum" in fact and value.get(key.removesuffix("_id")) != fact["enum"].get(str(member)):
            yield f"{path}.{key}: {member!r} is not {value.get(key.removesuffix('_id'))!r}"


def ocsf_value(path, value, fact):
    if fact["type"] in OCSF_TYPES:
        if not OCSF_TYPES[fact["type"]](value):
            yield f"{path} is no {fact['type']}: {value!r}"
    else:
        of = OCSF["objects"][fact["type"]]
        yield from ocsf_object(path, value, of["attributes"], of.get("at_least_one", ()))


def parse_cef(line):
    """Header fields and extension of a CEF line, unescaped; ValueError where it is none."""
    fields, at, field = [], 0, ""
    while len(fields) < 7:
        if at == len(line):
            raise ValueError("the header ends early")
        if line[at] == "\\":
            if line[at + 1] not in "\\|":
                raise ValueError(f"an escape of {line[at + 1]!r} in the header")
            field += line[at + 1]
            at += 2
        elif line[at] == "|":
            fields.append(field)
            field, at = "", at + 1
        else:
            field += line[at]
            at += 1
    if fields[0] != "CEF:0":
        raise ValueError(fields[0])
    pairs, rest = {}, line[at:]
    starts = [match for match in re.finditer(r"(?:^| )([A-Za-z0-9]+)=", rest)]
    if rest and (not starts or starts[0].start()):
        raise ValueError("the extension does not begin with a key")
    for match, following in zip(starts, starts[1:] + [None]):
        raw = rest[match.end():following.start() if following else len(rest)]
        if re.search(r"(?<!\\)(\\\\)*=", raw) or match[1] in pairs:
            raise ValueError(f"{match[1]}: {raw!r}")
        pairs[match[1]] = re.sub(r"\\(.)", lambda escape: {"n": "\n", "r": "\r", "\\": "\\", "=": "="}[escape[1]], raw)
    return fields[1:], pairs


def cef_faults(line, line_max=7936):
    try:
        (vendor, product, version, event, name, severity), pairs = parse_cef(line)
    except (ValueError, KeyError) as error:
        yield f"is no CEF: {error}: {line[:200]!r}"
        return
    for text, bound in ((vendor, 63), (product, 63), (version, 31), (event, 1023), (name, 512)):
        if not 0 < len(text.encode()) <= bound:
            yield f"header: {text!r}"
    if severity not in map(str, range(11)):
        yield f"severity: {severity!r}"
    for key, value in pairs.items():
        fact = CEF.get(key)
        if fact is None:
            yield f"{key} is no key of the dictionary"
            continue
        good = {"string": lambda: 0 < len(value.encode()) <= int(fact["length"]), "long": lambda: value.isdecimal(),
                "time": lambda: value.isdecimal(), "mac": lambda: MAC.fullmatch(value),
                "ipv4": lambda: is_ip(value, (4,)), "ipv6": lambda: is_ip(value, (6,))}[fact["type"]]()
        if not good:
            yield f"{key} is no {fact['type']}: {value!r}"
        if f"{key}Label" in CEF and f"{key}Label" not in pairs:
            yield f"{key} without its label"
        if key.endswith("Label") and key.removesuffix("Label") not in pairs:
            yield f"{key} without its field"
    if len(line.encode()) > line_max:
        yield f"{len(line.encode())} octets"


# The predefined keys of LEEF 2.0 that we use, and names that a key of our own must not bear.
LEEF_IPS = {"src", "identSrc"}
LEEF_TAKEN = {"proto", "dst", "srcPort", "dstPort", "srcPreNAT", "dstPreNAT", "srcPostNAT", "dstPostNAT", "dstMAC",
              "srcPreNATPort", "dstPreNATPort", "srcPostNATPort", "dstPostNATPort", "identNetBios", "identGrpName",
              "identMAC", "vSrc", "vSrcName", "accountName", "srcBytes", "dstBytes", "srcPackets", "dstPackets",
              "role", "realm", "policy", "resource", "url", "groupID", "domain", "isLoginEvent", "isLogoutEvent",
              "identSecondlp", "calLanguage", "calCountryOrRegion"}


def parse_leef(line):
    head, pairs = line.split("|", 6), {}
    if len(head) != 7 or head[0] != "LEEF:2.0":
        raise ValueError(line[:80])
    separator = head[5]
    for pair in head[6].split(separator) if head[6] else []:
        key, equals, value = pair.partition("=")
        if not equals or not re.fullmatch("[A-Za-z_]+", key) or key in pairs:
            raise ValueError(f"no pair: {pair!r}")
        pairs[key] = value
    return head[1:5], pairs


def leef_faults(line, line_max=3840):
    try:
        (vendor, product, version, event), pairs = parse_leef(line)
    except ValueError as error:
        yield f"is no LEEF: {error}"
        return
    if not all((vendor, product, version, event)) or len(event) > 255:
        yield f"header: {line[:80]!r}"
    for key, value in pairs.items():
        if key in LEEF_TAKEN:
            yield f"{key} means something else"
        if not value or re.search(r"[\t|^\n\r]", value):
            yield f"{key}: {value!r}"
        if key in LEEF_IPS and not is_ip(value):
            yield f"{key}: {value!r}"
    try:
        datetime.datetime.strptime(pairs.get("devTime", ""), "%b %d %Y %H:%M:%S.%f GMT")
    except ValueError as error:
        yield f"devTime: {error}"
    if pairs.get("devTimeFormat") != "MMM dd yyyy HH:mm:ss.SSS z":
        yield f"devTimeFormat: {pairs.get('devTimeFormat')!r}"
    if pairs.get("sev") not in map(str, range(1, 11)):
        yield f"sev: {pairs.get('sev')!r}"
    if "srcMAC" in pairs and not MAC.fullmatch(pairs["srcMAC"]):
        yield f"srcMAC: {pairs['srcMAC']!r}"
    if "identHostName" in pairs and "identSrc" not in pairs:
        yield "identHostName without identSrc"
    for key in ("identHostName", "usrName"):
        if len(pairs.get(key, "")) > 255:
            yield f"{key} is too long"
    if len(line.encode()) > line_max:
        yield f"{len(line.encode())} octets"
