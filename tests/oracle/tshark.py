# SPDX-License-Identifier: Apache-2.0
"""What tshark reads in a capture: its frames as PDML, whose fields bear their octets as well as their text."""

import dataclasses
import gzip
import hashlib
import re
import subprocess
import xml.etree.ElementTree as xml

LIMIT = 30  # seconds a file: some make it spin
TRANSPORTS = ("ip", "ipv6", "tcp", "udp", "sctp")
OPTIONS = ("ip.defragment:TRUE", "tcp.desegment_tcp_streams:TRUE", "tcp.reassemble_out_of_order:TRUE",
           "http.desegment_headers:TRUE", "http.desegment_body:FALSE", "tls.desegment_ssl_records:TRUE",
           "snmp.display_oid:FALSE", "sip.desegment_headers:TRUE", "sip.desegment_body:FALSE")
QUOTES = ("icmp", "icmpv6")  # behind these tshark reads the packet that an error quotes
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # tshark lets some pass
SEGMENTS = re.compile(r"\((\d+) bytes\).*\((\d+)\)$")


def ranges(numbers):
    """{1..3, 7} as a display filter has it."""
    spans = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}..{b}" for a, b in spans)


def command(path, layers, wanted, frames):
    """`wanted` are display filters; `frames` are shown whatever is in them."""
    shown = " or ".join(f"({one})" for one in wanted)
    if frames:
        shown += f" or frame.number in {{{ranges(frames)}}}"
    options = [word for option in OPTIONS for word in ("-o", option)]
    return ["tshark", "-n", *options, "-r", str(path), "-Y", shown, "-T", "pdml", "-J", " ".join(TRANSPORTS + layers)]


def said(words, cache=None):
    """What tshark printed, and what was wrong: nothing, "refused" where it does not take the capture or its end, or what
    it died of. With a folder as cache, it is asked once."""
    kept = cache and cache / (hashlib.sha256("\0".join(words).encode()).hexdigest() + ".pdml.gz")
    if kept and kept.exists():
        return gzip.open(kept).read(), ""
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                              timeout=LIMIT)
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", "late"
    if done.returncode < 0:
        return done.stdout, f"signal {-done.returncode}"
    if kept and not done.returncode:
        kept.write_bytes(gzip.compress(done.stdout, 1))
    return done.stdout, "refused" if done.returncode else ""


class Frame:
    """One frame: its layers in order, and where each stands."""

    def __init__(self, packet):
        self.number = int(packet[0].find("field[@name='num']").get("show"))
        self.layers = []  # (name, element, Place)
        place, segments = Place(("frame", self.number)), None
        for layer in packet[1:]:
            name = layer.get("name")
            if name in QUOTES and not self.is_neighbor_discovery(layer):
                break
            if name == "fake-field-wrapper" and len(layer):
                segments = SEGMENTS.search(layer[0].get("showname", "")) or segments
            if name in ("ip", "ipv6"):
                place = Place(("frame", self.number)).within(layer)
            elif name in ("tcp", "udp", "sctp"):
                place = place.over(layer)
                segments = None
            self.layers.append((name, layer, place.put_together(segments) if segments else place))

    @staticmethod
    def is_neighbor_discovery(layer):
        kind = first(layer, "icmpv6.type")
        return kind is not None and kind.get("show") in ("133", "134", "135", "136", "137")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a message stands: a frame, or a direction of a TCP stream and the octet there, from 0. Of a datagram, which
    is a place of its own, also its flow: a DTLS handshake goes through several."""

    key: tuple
    flow: tuple = ()
    source: str = ""
    hop_limit: str = ""
    ports: tuple = (0, 0)
    begin: int = 0
    size: int = 0
    is_server: bool = False  # a TLS server's hello came this way

    @property
    def is_stream(self):
        return self.key[0] == "stream"

    def within(self, ip):
        return Place(self.key, source=shown(ip, "ip.src", "ipv6.src"), hop_limit=shown(ip, "ip.ttl", "ipv6.hlim"))

    def over(self, transport):
        name = transport.get("name")
        ports = tuple(int(shown(transport, f"{name}.{end}port") or 0) for end in ("src", "dst"))
        stream = shown(transport, f"{name}.stream")
        if not stream:
            return dataclasses.replace(self, ports=ports)
        way = (stream, self.source, ports[0])
        if name != "tcp":
            return dataclasses.replace(self, ports=ports, flow=("flow", *way))
        return dataclasses.replace(self, key=("stream", *way), ports=ports, begin=int(shown(transport, "tcp.seq")) - 1,
                                   size=int(shown(transport, "tcp.len")))

    def put_together(self, segments):
        """Of several segments: it began before this one."""
        whole, last = map(int, segments.groups())
        return dataclasses.replace(self, begin=self.begin - (whole - last), size=whole)


def shown(element, *names):
    field = first(element, *names)
    return field.get("show") if field is not None else ""


def first(element, *names):
    return next((field for field in element.iter("field") if field.get("name") in names), None)


def frames(pdml):
    """The frames as far as they are whole."""
    parser = xml.XMLPullParser(["start", "end"])
    root = None
    text = NO_XML.sub("\ufffd", pdml.decode("utf-8", "replace"))
    for begin in range(0, len(text), 1 << 20):
        parser.feed(text[begin:begin + (1 << 20)])
        for event, element in parser.read_events():
            root = element if root is None else root
            if event == "end" and element.tag == "packet":
                yield Frame(element)
                root.clear()
