# SPDX-License-Identifier: Apache-2.0
"""Captures rewritten for the evaluation: with every MAC address replaced by a locally administered one, or as they
would look behind one router. Reads pcap and pcapng, writes pcap; Ethernet only."""

import gzip
import re
import struct

ETHERNET = 1
ROUTER = bytes.fromhex("00e0fc0000fe")   # Huawei's oldest prefix: the router of the second experiment
NEXT_HOP = bytes.fromhex("001b210000fd")  # Intel's: whom it sends to
IPV4, IPV6, VLANS = b"\x08\x00", b"\x86\xdd", (b"\x81\x00", b"\x88\xa8")


def blocks(data):
    """(link type, time in ns, octets) of each packet in a pcap or pcapng; ends where the file is damaged."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    yield from (pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else pcap(data))


def pcap(data):
    if len(data) < 24:
        return
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
    magic = data[:4]
    if magic not in order:
        return
    ticks = 1 if b"\x3c" in magic else 1000
    head = struct.Struct(order[magic] + "IIII")
    link = struct.unpack_from(order[magic] + "I", data, 20)[0] & 0xFFFF
    place = 24
    while place + 16 <= len(data):
        seconds, fraction, size, _ = head.unpack_from(data, place)
        place += 16
        if place + size > len(data):
            return
        yield link, seconds * 1_000_000_000 + fraction * ticks, data[place:place + size]
        place += size


def pcapng(data):
    order, links, place, count = "<", [], 0, 0
    while place + 12 <= len(data):
        kind = data[place:place + 4]
        if kind == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[place + 8:place + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            links = []
        kind, size = struct.unpack_from(order + "II", data, place)
        if size < 12 or place + size > len(data):
            return
        body = data[place + 8:place + size - 4]
        if kind == 1 and len(body) >= 2:
            links.append(struct.unpack_from(order + "H", body)[0])
        elif kind == 6 and len(body) >= 20:
            index, high, low, captured = struct.unpack_from(order + "IIII", body)
            if index < len(links) and 20 + captured <= len(body):
                count += 1
                yield links[index], count * 1_000_000, body[20:20 + captured]
        elif kind == 3 and links and len(body) >= 4:
            count += 1
            yield links[0], count * 1_000_000, body[4:4 + struct.unpack_from(order + "I", body)[0]]
        place += size


def write(path, packets):
    """Packets as (time in ns, octets)."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, ETHERNET))
        for time, octets in packets:
            time %= 1 << 61  # damaged files have any time
            file.write(struct.pack("<IIII", time // 1_000_000_000, time % 1_000_000_000, len(octets), len(octets)))
            file.write(octets)


def private(mac):
    """The same locally administered unicast address for the same address, and no two for one."""
    return bytes([mac[0] & 0xFC | 0x02]) + bytes([mac[1] ^ 0x5A]) + bytes([mac[2] ^ 0xC3]) + mac[3:]


def forms(mac):
    """How an address may stand in a message."""
    digits = mac.hex()
    pairs = [digits[i:i + 2] for i in range(0, 12, 2)]
    quads = [digits[i:i + 4] for i in range(0, 12, 4)]
    texts = [sign.join(parts) for sign, parts in ((":", pairs), ("-", pairs), ("", pairs), (".", quads), ("-", quads))]
    eui64 = bytes([mac[0] ^ 2]) + mac[1:3] + b"\xff\xfe" + mac[3:]
    return [mac, eui64] + [cased.encode() for text in texts for cased in (text, text.upper())]


def blind(packets, known):
    """Every unicast address that is universally administered, wherever it stands, becomes a private one; `known` are
    those that are not at the frames' heads."""
    packets = list(packets)
    macs = {mac for mac in known if not mac[0] & 3}
    for _, octets in packets:
        for mac in (octets[0:6], octets[6:12]):
            if len(mac) == 6 and not mac[0] & 3 and any(mac):
                macs.add(mac)
    swaps = {}
    for mac in macs:
        swaps.update(zip(forms(mac), forms(private(mac))))
    if not swaps:
        return packets
    pattern = re.compile(b"|".join(re.escape(form) for form in sorted(swaps, key=len, reverse=True)))
    return [(time, pattern.sub(lambda found: swaps[found.group()], octets)) for time, octets in packets]


def forwarded(octets):
    """The frame as the router sends it on, or none when it would not: not IP, link-local, for all on the link."""
    place = 12
    while octets[place:place + 2] in VLANS:
        place += 4
    kind, ip = octets[place:place + 2], bytearray(octets[place + 2:])
    if kind == IPV4 and len(ip) >= 20:
        source, target = bytes(ip[12:16]), bytes(ip[16:20])
        stays = target[0] >= 224 or source[:2] == b"\xa9\xfe" or source[0] in (0, 127) or source == b"\0\0\0\0"
        if stays or target[:2] == b"\xa9\xfe" or ip[8] < 2:
            return None
        ip[8] = start(ip[8]) - 1
    elif kind == IPV6 and len(ip) >= 40:
        if ip[24] == 0xFF or ip[8] == 0xFE or ip[7] < 2 or not any(ip[8:23]):  # link-local, ::, ::1
            return None
        ip[7] = start(ip[7]) - 1
    else:
        return None
    return NEXT_HOP + ROUTER + kind + bytes(ip)


def start(hops):
    """The hop limit that the host began with: one router lowers it by one, however many did before."""
    return next(begin for begin in (64, 128, 255) if hops <= begin)


def routed(packets):
    for time, octets in packets:
        frame = forwarded(octets)
        if frame:
            yield time, frame
