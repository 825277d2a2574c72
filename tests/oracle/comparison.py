# SPDX-License-Identifier: Apache-2.0
"""One capture: what we read in it against what tshark reads there."""

import collections
import dataclasses
import subprocess
import xml.etree.ElementTree as xml

import fields
import tshark

HEAD = 16384  # octets of a stream's direction that we look at
HEX_MAX = 510  # digits, where octets are told as such
SERVER_HELLO = ("tls.handshake.type", "dtls.handshake.type")
IF_WHOLE = {("tls", "certificate_subject"), ("tls", "certificate_issuer")}  # tshark reads whole chains only


def our_facts(program, path):
    """[(frame, protocol, field, text, is cut)], unreduced, and how the program ended."""
    done = subprocess.run([program, path], capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    facts = []
    for line in done.stdout.decode().splitlines():
        frame, protocol, field, text, *cut = line.split("\t")
        facts.append((int(frame), protocol, field, fields.clean(text), bool(cut)))
    return facts, done.returncode


class Sayings:
    """What tshark says, by place and protocol: {(place, protocol): {field: {text: is due}}}."""

    def __init__(self):
        self.said = collections.defaultdict(lambda: collections.defaultdict(dict))
        self.places = {}  # frame, whether of its TCP segment: place; else that of its datagram's flow
        self.heads = set()
        self.servers = set()

    def add(self, frame):
        for name, layer, place in frame.layers:
            if place.is_stream or place.flow:
                self.places[frame.number, place.is_stream] = place.key if place.is_stream else place.flow
            if name not in fields.READERS or layer.find("field") is None:
                continue
            if layer.find("field").get("name") == "filtered":
                continue
            protocol, read = fields.READERS[name]
            said = self.said[place.flow if name == "dtls" else place.key, protocol]
            is_head = self.is_head(place, protocol)

            def say(field, value, due=True):
                assert field in fields.KNOWN[protocol], (protocol, field)
                text = fields.clean(value)
                if text:
                    said[field][text] = said[field].get(text, False) or bool(due) and is_head

            way = place.flow or place.key
            if any(one.get("show") == "2" for one in layer.iter("field") if one.get("name") in SERVER_HELLO):
                self.servers.add(way)
            read(layer, dataclasses.replace(place, is_server=way in self.servers), say)

    def place_of(self, frame, protocol):
        """Where a fact of ours stands."""
        place = ("frame", frame)
        if protocol == "tls":
            place = self.places.get((frame, False), place)
        return self.places.get((frame, True), place) if protocol in fields.OVER_TCP else place

    def is_head(self, place, protocol):
        """We read the first message of a direction alone; of a handshake, all that is in the head."""
        if not place.is_stream:
            return True
        key = (place.key, protocol)
        if place.begin == 0:
            is_first = key not in self.heads
            self.heads.add(key)
            return (is_first or protocol == "tls") and place.size <= HEAD
        return protocol == "tls" and key in self.heads and place.begin + place.size <= HEAD


def same(ours, is_cut, theirs):
    """Our text in theirs, as it is or cut."""
    if ours in theirs:
        return ours
    is_cut = is_cut or len(ours) == HEX_MAX
    return next((one for one in theirs if is_cut and one.startswith(ours.rstrip("\ufffd"))), None)


@dataclasses.dataclass
class Comparison:
    """agreed counts by protocol and field; a difference is (protocol, field, whose it is, place, text); alone counts our
    values where tshark reads no such message, by protocol; passed_over tshark's that we do not tell on purpose."""

    agreed: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    differences: list = dataclasses.field(default_factory=list)
    alone: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    passed_over: int = 0
    trouble: str = ""

    def add(self, place, protocol, ours, theirs):
        """Of one message, or one direction of a stream."""
        for field in sorted((ours.keys() | theirs.keys()) & fields.KNOWN.get(protocol, set())):
            said, matched = theirs.get(field, {}), set()
            for text, is_cut in ours.get(field, {}).items():
                found = same(text, is_cut, said)
                if found is not None:
                    self.agreed[protocol, field] += 1
                    matched.add(found)
                elif not said and (protocol, field) in IF_WHOLE:
                    self.alone[protocol] += 1
                else:
                    self.differences.append((protocol, field, "ours", place, text))
            for text in said.keys() - matched:
                if said[text]:
                    self.differences.append((protocol, field, "tshark", place, text))
                else:
                    self.passed_over += 1


def compare(facts, path, cache):
    comparison = Comparison()
    over_tcp = {frame for frame, protocol, *_ in facts if protocol in fields.OVER_TCP}
    pdml, comparison.trouble = tshark.said(tshark.command(path, fields.LAYERS, fields.WANTED, over_tcp), cache)
    theirs = Sayings()
    try:
        for frame in tshark.frames(pdml):
            theirs.add(frame)
    except xml.ParseError as error:
        comparison.trouble = f"no XML: {error}"
    ours = collections.defaultdict(lambda: collections.defaultdict(dict))
    for frame, protocol, field, text, is_cut in facts:
        ours[theirs.place_of(frame, protocol), protocol][field][text] = is_cut
    for key in sorted(ours.keys() | theirs.said.keys(), key=str):
        (place, protocol), mine = key, ours.get(key, {})
        if key in theirs.said:
            comparison.add(" ".join(map(str, place)), protocol, mine, theirs.said[key])
        elif protocol in fields.KNOWN:
            comparison.alone[protocol] += sum(map(len, mine.values()))
    return comparison
