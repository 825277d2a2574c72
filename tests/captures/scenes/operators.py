# SPDX-License-Identifier: Apache-2.0
"""Scenes of operators' networks: who authenticates subscribers, access points and their controller, the core of a
mobile network over SCTP, and routers that report to a monitoring station."""

from scenes.stage import *

FORUM = 3561  # Broadband Forum: the line that an access node adds
DIAMETER, NGAP, S1AP = 46, 60, 18  # SCTP payload protocols


def crc32c(data):
    remainder = 0xFFFFFFFF
    for octet in data:
        remainder ^= octet
        for _ in range(8):
            remainder = remainder >> 1 ^ (0x82F63B78 if remainder & 1 else 0)
    return remainder ^ 0xFFFFFFFF


def sctp(source, source_port, target, target_port, payload_protocol, payload, number=1):
    """One DATA chunk that holds a whole message."""
    payload = octets(payload)
    chunk = struct.pack("!BBHIHHI", 0, 3, 16 + len(payload), 4710 + number, 0, number - 1, payload_protocol) + payload
    chunk += b"\0" * (-len(chunk) % 4)
    head = struct.pack("!HHI", source_port, target_port, crc32c(octets(source)))
    packet = head + struct.pack("<I", crc32c(head + b"\0" * 4 + chunk)) + chunk
    return ip(source, target, 132, packet)


def by_sctp(source, source_ip, source_port, target, target_ip, target_port, kind, payload):
    return ethernet(target, source, 0x0800, sctp(source_ip, source_port, target_ip, target_port, kind, payload))


# --- RADIUS, Diameter, PPPoE -----------------------------------------------------------------------------

def vendor(number, *parts):
    return 26, struct.pack("!I", number) + b"".join(bytes([kind, 2 + len(octets(value))]) + octets(value)
                                                    for kind, value in parts)


def radius(code, attributes, identifier=7):
    body = b"".join(bytes([kind, 2 + len(octets(value))]) + octets(value) for kind, value in attributes)
    return struct.pack("!BBH", code, identifier, 20 + len(body)) + bytes(range(0x50, 0x60)) + body


def attribute(code, value, required=True):
    value = octets(value) if not isinstance(value, int) else struct.pack("!I", value)
    return struct.pack("!IB", code, 0x40 if required else 0) + (8 + len(value)).to_bytes(3, "big") + value + \
        b"\0" * (-len(value) % 4)


def diameter(command, request, attributes):
    body = b"".join(attributes)
    return b"\x01" + (20 + len(body)).to_bytes(3, "big") + (b"\x80" if request else b"\0") + \
        command.to_bytes(3, "big") + struct.pack("!III", 0, 0x7C8A72C3, 0xF3D80EEA) + body


def capabilities(host, realm, where, vendor_id, product, revision, answer=False):
    return diameter(257, not answer, ([attribute(268, 2001)] if answer else []) + [
        attribute(264, host), attribute(296, realm), attribute(257, b"\0\1" + address(where)), attribute(266, vendor_id),
        attribute(269, product, False), attribute(267, revision, False), attribute(265, 10415),
        attribute(260, attribute(266, 10415) + attribute(258, 16777251))])


def vendors_own(vendor_id, code, value):
    value = octets(value) if not isinstance(value, int) else struct.pack("!I", value)
    return struct.pack("!IB", code, 0x80) + (12 + len(value)).to_bytes(3, "big") + struct.pack("!I", vendor_id) + value + \
        b"\0" * (-len(value) % 4)


def short_message_charged(host, relayed=()):
    """A request for credit control in the maker's own dialect."""
    own = vendors_own(2011, 20400, vendors_own(2011, 20402, "0001") + vendors_own(2011, 20430, 0))
    return diameter(272, True, [
        attribute(263, f"{host};62;1"), attribute(264, host), attribute(296, "epc.example"), attribute(258, 4),
        attribute(416, 4), attribute(415, 0), vendors_own(10415, 873, own)] + [attribute(282, name) for name in relayed])


def pppoe(code, tags, session=0):
    body = b"".join(struct.pack("!HH", kind, len(octets(value))) + octets(value) for kind, value in tags)
    return struct.pack("!BBHH", 0x11, code, session, len(body)) + body


def line(circuit, remote):
    return 0x0105, struct.pack("!I", FORUM) + element(1, octets(circuit)) + element(2, octets(remote))


# --- CAPWAP, PFCP, setup of base stations, BMP -----------------------------------------------------------

def numbered(kind, value):
    return struct.pack("!HH", kind, len(octets(value))) + octets(value)


def capwap(kind, elements):
    control = struct.pack("!IBHB", kind, 1, 3 + len(elements), 0)
    return b"\0" + (2 << 19 | 1 << 9).to_bytes(3, "big") + b"\0" * 4 + control + elements


def access_point(enterprise, model, serial, software, device, name, place):
    """A discovery request (RFC 5415, section 5.1)."""
    number = struct.pack("!I", enterprise)
    board = number + numbered(0, model) + numbered(1, serial) + numbered(4, mac(device))
    descriptor = b"\x02\0\x01\x01\0\x01" + b"".join(
        number + numbered(kind, value) for kind, value in ((0, "Ver.A"), (1, software), (2, "1.0")))
    return capwap(1, numbered(20, b"\0") + numbered(38, board) + numbered(39, descriptor) + numbered(41, b"\0")
                  + numbered(44, b"\x01") + numbered(28, place) + numbered(45, name))


def pfcp(kind, elements, number=1):
    return struct.pack("!BBH", 0x20, kind, 4 + len(elements)) + number.to_bytes(3, "big") + b"\0" + elements


def node_name(name):
    return numbered(60, b"\x02" + dns_name(name)[:-1])


def ie(number, criticality, value):
    return struct.pack("!HBB", number, criticality, len(value)) + value


def setup(procedure, response, elements):
    """NGAP's and S1AP's: aligned PER of lengths below 128."""
    body = b"\0" + struct.pack("!H", len(elements)) + b"".join(elements)
    return (b"\x20" if response else b"\0") + bytes([procedure, 0, len(body)]) + body


def printable(name):
    """PrintableString (SIZE(1..150, ...)) in aligned PER."""
    return struct.pack("!H", len(name) - 1 << 7) + octets(name)


def bmp(description, name):
    items = numbered(1, description) + numbered(2, name)
    return struct.pack("!BIB", 3, 6 + len(items), 4) + items


NE40E = ("Huawei Versatile Routing Platform Software VRP (R) software, Version 8.210 (NE40E V800R021C00SPC090T) "
         "Copyright (C) 2012-2021 Huawei Technologies Co., Ltd.")
XR = "Cisco IOS XR Software, Version 7.5.2, Cisco ASR9K Series"


def operators():
    server, server_ip = "b8:ca:3a:61:00:01", "192.0.2.181"
    me60, zte, hpe, cisco = "7c:11:cb:61:00:02", "00:1e:73:61:00:03", "94:57:a5:61:00:04", "00:56:2b:61:00:05"
    proxy, camera, terminal, client = "18:66:da:61:00:06", "44:19:b6:61:00:07", "d0:60:8c:61:00:08", "b8:69:f4:61:00:09"
    ap, other_ap, controller, twin = "c4:47:3f:61:00:0a", "00:56:2b:61:00:0b", "94:57:a5:61:00:0c", "00:0f:e2:61:00:0d"
    hss, mme, upf, smf = "00:e0:fc:61:00:0e", "b8:ca:3a:61:00:0f", "00:e0:fc:61:00:10", "b8:ca:3a:61:00:11"
    gnb, enb, amf, core = "1c:90:be:61:00:12", "00:1e:73:61:00:13", "b8:ca:3a:61:00:14", "7c:11:cb:61:00:15"
    asr, station, oem = "00:56:2b:61:00:16", "b8:ca:3a:61:00:17", "00:26:5a:61:00:18"
    ugw, smsc, charging, agent = "00:e0:fc:61:00:19", "00:e0:fc:61:00:1a", "b8:ca:3a:61:00:1b", "b8:ca:3a:61:00:1c"
    request = [(1, "subscriber-17"), (2, b"\x45\xe8\xd5\xda\xea\xd8\x7e\x40\x15\xe0\xfc\xc0\xec\x0f\x08\xa1")]
    frames = [
        by_udp(me60, "192.0.2.2", 49152, server_ip, 1812, radius(1, request + [
            (4, address("192.0.2.2")), (32, "bras-2"), (31, "b8-69-f4-61-00-09"), (87, "slot=3;subslot=0;port=5;vlanid=61"),
            vendor(2011, (26, struct.pack("!I", 61)), (60, "192.0.2.99 b8:69:f4:61:00:09"), (255, "NE40E&ME60"))]), server),
        by_udp(server, server_ip, 1812, "192.0.2.2", 49152, radius(2, [
            (18, "welcome"), vendor(2011, (2, struct.pack("!I", 10_000_000)))]), me60),
        by_udp(zte, "192.0.2.3", 49153, server_ip, 1813, radius(4, [
            (40, struct.pack("!I", 1)), (4, address("192.0.2.3")), (32, "bras-3"), (1, "subscriber-18"),
            vendor(3902, (1, "192.0.2.53"))]), server),
        by_udp(cisco, "192.0.2.5", 1645, server_ip, 1812, radius(1, [
            (1, "4419b6610007"), (4, address("192.0.2.5")), (32, "access-5"), (31, "44-19-B6-61-00-07"),
            (87, "GigabitEthernet1/0/7"), vendor(9, (1, "audit-session-id=C00002050000000A"))]), server),
        by_udp(proxy, "192.0.2.6", 50000, server_ip, 1812, radius(1, request + [
            (4, address("10.61.0.1")), vendor(2011, (26, struct.pack("!I", 61))), (33, b"\x34\x37")]), server),
        by_udp(hpe, "192.0.2.4", 49154, server_ip, 1812, radius(1, request + [
            (4, address("192.0.2.4")), (32, "edge-4"), vendor(25506, (60, "192.0.2.98"))]), server),
        ethernet(BROADCAST, client, 0x8863, pppoe(9, [(0x0101, ""), (0x0103, b"\0\0\x17\x61"), line(
            "olt-8 gpon 0/1/0/3:12 ZTEGC0FFEE61", "subscriber-17")])),
        ethernet(client, me60, 0x8863, pppoe(7, [
            (0x0101, ""), (0x0103, b"\0\0\x17\x61"), (0x0102, "bras-2-ME60-X8"), (0x0104, bytes(range(16)))])),
        ethernet(me60, client, 0x8863, pppoe(0x19, [(0x0101, ""), (0x0103, b"\0\0\x17\x61"), (0x0104, bytes(range(16)))])),
        ethernet(client, me60, 0x8863, pppoe(0x65, [(0x0101, ""), (0x0103, b"\0\0\x17\x61")], 61)),
        by_udp(ap, "192.0.2.10", 52460, ALL_DHCP, 5246, access_point(
            2011, "AP4050DN", "21500829352SH5600061", "V200R010C00SPC800", ap, "ap-lobby", "lobby")),
        by_udp(other_ap, "192.0.2.11", 52461, ALL_DHCP, 5246, access_point(
            9, "AIR-AP2802I-E-K9", "FGL2143A061", "8.5.151.0", other_ap, "ap-HUAWEI-replacement", "hall")),
    ]
    for device, where in ((controller, "192.0.2.12"), (twin, "192.0.2.13")):
        versions = b"".join(struct.pack("!I", 25506) + numbered(kind, value) for kind, value in ((4, "VER.A"), (5, "R5435")))
        frames.append(by_udp(device, where, 5246, "192.0.2.11", 52461, capwap(2, numbered(
            1, b"\0\x05\0\x40\0\x02\0\x40\x04\x01\0\x02" + versions) + numbered(4, "controller")), other_ap))
    frames += by_tcp(mme, "192.0.2.15", hss, "192.0.2.14", 3868, [
        ("client", capabilities("mme.epc.example", "epc.example", "192.0.2.15", 0, "freeDiameter", 10300)),
        ("server", capabilities("hss.epc.example", "epc.example", "192.0.2.14", 2011, "Huawei HSS9860", 90021, True))])
    frames += [
        by_sctp(mme, "192.0.2.15", 49890, hss, "192.0.2.14", 3868, DIAMETER, diameter(280, True, [
            attribute(264, "mme.epc.example"), attribute(296, "epc.example"), attribute(278, 1598094143)])),
        by_udp(upf, "192.0.2.16", 8805, "192.0.2.17", 8805, pfcp(5, node_name("upf-1.epc.example") + numbered(
            96, b"\xe8\xa5\xb0\0") + numbered(43, b"\x10\x01") + numbered(0x8001, b"\x07\xdb\x01\x02")), smf),
        by_udp(smf, "192.0.2.17", 8805, "192.0.2.16", 8805, pfcp(6, numbered(60, b"\0" + address("192.0.2.17"))
                                                               + numbered(19, b"\x01") + numbered(96, b"\xe8\xa5\xb0\0")),
               upf),
        by_sctp(gnb, "192.0.2.18", 38412, amf, "192.0.2.20", 38412, NGAP, setup(21, False, [
            ie(27, 0, bytes.fromhex("0099f90700010000")), ie(82, 0x40, printable("site-12 replaces HUAWEI")),
            ie(102, 0, bytes.fromhex("00000000010099f90700000008")), ie(21, 0x40, b"\0")])),
        by_sctp(amf, "192.0.2.20", 38412, gnb, "192.0.2.18", 38412, NGAP, setup(21, True, [
            ie(1, 0, printable("open5gs-amf0")), ie(96, 0, bytes.fromhex("000099f907020040")),
            ie(86, 0x40, b"\xff"), ie(80, 0, bytes.fromhex("0099f90700000008"))])),
        by_sctp(enb, "192.0.2.19", 36412, mme, "192.0.2.15", 36412, S1AP, setup(17, False, [
            ie(59, 0, bytes.fromhex("0009f1070054f640")), ie(60, 0x40, printable("enb-54f6")),
            ie(64, 0, bytes.fromhex("0000004009f107")), ie(137, 0x40, b"\x20")])),
        by_sctp(mme, "192.0.2.15", 36412, enb, "192.0.2.19", 36412, S1AP, setup(17, True, [
            ie(61, 0x40, printable("mme-15")), ie(105, 0, bytes.fromhex("000009f107000000020001")),
            ie(87, 0x40, b"\xff")])),
    ]
    frames += by_tcp(core, "192.0.2.21", station, "192.0.2.182", 11019, [("client", bmp(NE40E, "pe-21"))])
    frames += by_tcp(asr, "192.0.2.22", station, "192.0.2.182", 11019, [("client", bmp(XR, "pe-22"))], 50001)
    frames += by_tcp(oem, "192.0.2.24", station, "192.0.2.182", 1790, [
        ("client", bmp("ZXR10 M6000-8S, ZTE ZXR10 Software Version: V3.00.10", "pe-24"))], 50002)
    frames.append(by_sctp(smsc, "192.0.2.26", 3868, charging, "192.0.2.27", 3868, DIAMETER,
                          short_message_charged("smsc.epc.example")))
    frames.append(by_sctp(charging, "192.0.2.27", 3868, smsc, "192.0.2.26", 3868, DIAMETER, diameter(272, False, [
        attribute(263, "smsc.epc.example;62;1"), attribute(268, 2001), attribute(264, "ocs.epc.example"),
        vendors_own(10415, 873, vendors_own(2011, 20430, 0))])))
    frames.append(by_sctp(agent, "192.0.2.28", 3868, charging, "192.0.2.27", 3868, DIAMETER,
                          short_message_charged("smsc-2.epc.example", ("smsc-2.epc.example",))))
    frames += by_tcp(station, "192.0.2.182", ugw, "192.0.2.25", 6000, [
        ("client", "LST VER:;"), ("server", "+++    UGW-HUAWEI        2026-05-28 14:00:00 UTC\r\nO&M    #61\r\n%%LST VER:;%%\r\n"
                                  "RETCODE = 0  Operation succeeded\r\n\r\n---    END\r\n")], 50003)
    return Scene("frames-operators.pcap", "An operator's network: RADIUS, PPPoE, CAPWAP, Diameter, PFCP, NGAP, S1AP, BMP, MML; "
                 "answers and proxies repeat what others are", pcap(frames), [
        Device(me60, "192.0.2.2", "huawei", "oui,radius,pppoe", "ME60: attributes of number 2011, concentrator's name"),
        Device(zte, "192.0.2.3", "zte", "oui,radius", "accounting with attributes of number 3902"),
        Device(hpe, "192.0.2.4", "-", "oui,radius", "HPE switch that sends attributes of number 25506"),
        Device(cisco, "192.0.2.5", "-", "oui,radius", "Cisco switch that asks on a camera's behalf"),
        Device(camera, "", "hikvision", "oui", "camera that RADIUS alone names; no frame of its own"),
        Device(server, server_ip, "-", "oui,radius", "Dell server; its answer holds an attribute of number 2011"),
        Device(proxy, "192.0.2.6", "-", "oui,radius", "Dell proxy: passes on what a Huawei server said"),
        Device("", "10.61.0.1", "huawei", "radius", "beyond the proxy, by its own NAS-IP-Address"),
        Device(client, "", "-", "oui,pppoe", "MikroTik router; the line tells the serial number of the ZTE terminal before it"),
        Device(ap, "192.0.2.10", "huawei", "oui,capwap", "access point that looks for a controller", "AP4050DN"),
        Device(other_ap, "192.0.2.11", "-", "oui,capwap", "Cisco access point; its name says what it replaces",
               "AIR-AP2802I-E-K9"),
        Device(controller, "192.0.2.12", "-", "oui,capwap", "HPE controller of number 25506"),
        Device(twin, "192.0.2.13", "h3c", "oui,capwap", "H3C controller of the same number"),
        Device(hss, "192.0.2.14", "huawei", "oui,diameter", "HSS9860: number 2011 and product name"),
        Device(mme, "192.0.2.15", "-", "oui,diameter,s1ap", "freeDiameter on a Dell"),
        Device(upf, "192.0.2.16", "huawei", "oui,pfcp", "user plane with a private element of number 2011"),
        Device(smf, "192.0.2.17", "-", "oui,pfcp", "open source on a Dell"),
        Device(gnb, "192.0.2.18", "-", "oui,ngap", "Ericsson base station; its name says whom it replaces"),
        Device(enb, "192.0.2.19", "zte", "oui", "base station that gives a name by S1AP, which tells nothing"),
        Device(amf, "192.0.2.20", "-", "oui,ngap", "open5gs on a Dell"),
        Device(core, "192.0.2.21", "huawei", "oui,bmp", "NE40E that reports to the station", "NE40E"),
        Device(asr, "192.0.2.22", "-", "oui,bmp", "Cisco ASR9K"),
        Device(oem, "192.0.2.24", "zte", "bmp", "M6000 behind a D-Link media converter's MAC", "ZXR10 M6000-8S"),
        Device(ugw, "192.0.2.25", "huawei", "oui,mml", "gateway that reports in MML under the name that it came with"),
        Device(smsc, "192.0.2.26", "huawei", "oui,diameter", "asks for credit with attributes of number 2011"),
        Device(charging, "192.0.2.27", "-", "oui,diameter", "Dell: answers in the dialect in which it is asked"),
        Device(agent, "192.0.2.28", "-", "oui,diameter", "Dell relay: passes such a request on, and signs it"),
        Device(station, "192.0.2.182", "-", "oui", "Dell; listens to the routers")])
