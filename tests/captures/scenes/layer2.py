# SPDX-License-Identifier: Apache-2.0
"""Scenes of what switches tell each other below IP: spanning tree, aggregation, maintenance, trunking, time, and the
neighbour protocols of single makers. A bridge or a partner may be named by another and never speak itself."""

from scenes.stage import *

BRIDGES, SLOW, CISCO_PVST = "01:80:c2:00:00:00", "01:80:c2:00:00:02", "01:00:0c:cc:cc:cd"
HGMP_GROUP, CFM_GROUP, PTP_GROUP = "01:80:c2:00:00:0a", "01:80:c2:00:00:35", "01:1b:19:00:00:00"
EDP_GROUP, FDP_GROUP, NOBODY = "00:e0:2b:00:00:00", "01:e0:52:cc:cc:cc", "00:00:00:00:00:00"
CISCO, FOUNDRY, EXTREME = 0x00000C, 0x00E052, 0x00E02B


def llc(target, source, body):
    """Spanning tree's own access point, 0x42."""
    body = b"\x42\x42\x03" + body
    return (mac(target) + mac(source) + struct.pack("!H", len(body)) + body).ljust(60, b"\0")


def bridge(device, priority=0x8000):
    return struct.pack("!H", priority) + mac(device)


def bpdu(version, kind, flags, root, cost, sender, more=b""):
    """more: what versions 2 and 3 put behind the timers, in units of 1/256 s."""
    return struct.pack("!HBBB", 0, version, kind, flags) + root + struct.pack("!I", cost) + sender + \
        struct.pack("!HHHHH", 0x8007, 0 if root == sender else 256, 20 * 256, 2 * 256, 15 * 256) + more


def mstp(sender, root, region):
    """The digest is that of a region whose VLANs are all in the one tree (IEEE 802.1Q, table 13-2)."""
    digest = bytes.fromhex("ac36177f50283cd4b83821d8ab26de62")
    name = b"\0" + octets(region).ljust(32, b"\0") + b"\0\0" + digest
    return bpdu(3, 2, 0x7C, root, 0, root, b"\0" + struct.pack("!H", 64) + name + struct.pack("!I", 20000) + sender
                + b"\x14")


def lacp(actor, port, partner=NOBODY, partner_port=0, state=0x3D):
    def system(kind, device, number, mood):
        known = device != NOBODY
        return struct.pack("!BBH", kind, 20, 0x8000 if known else 0) + mac(device) + \
            struct.pack("!HHHB", 1 if known else 0, 0x8000 if known else 0, number, mood) + b"\0\0\0"
    return b"\x01\x01" + system(1, actor, port, state) + system(2, partner, partner_port, state if partner_port else 0) \
        + b"\x03\x10\0\x14" + b"\0" * 64


def oam(organization, vendor, far="000000"):
    def information(kind, oui, own):
        return struct.pack("!BBBHBBH", kind, 16, 1, 1, 0, 0x1D, 1518) + bytes.fromhex(oui) + own
    return b"\x03\0\x50\0" + information(1, organization, vendor) + information(2, far, b"\0" * 4) + b"\0"


def continuity_check(level, domain, association, end_point, chassis):
    name = b"\x04" + element_of_name(domain) + b"\x02" + element_of_name(association)
    return bytes([level << 5, 1, 4, 70]) + struct.pack("!IH", 0, end_point) + name.ljust(48, b"\0") + b"\0" * 16 + \
        b"\x02\0\x01\x02" + b"\x01\0\x09\x06\x04" + mac(chassis) + b"\0" + b"\0"


def tlv(kind, value):
    return struct.pack("!HH", kind, 4 + len(octets(value))) + octets(value)


def summed(head, body):
    """A version and a word, the check sum of all, then the fields: CDP's form, which others took over."""
    return head + struct.pack("!H", checksum(head + b"\0\0" + body)) + body


def fdp(name, software, platform, port, management, about=b"\x01\x05"):
    where = struct.pack("!I", 1) + b"\x01\x01\xcc\0\x04" + address(management)
    return summed(about, tlv(1, name) + tlv(2, where) + tlv(3, port) + tlv(4, struct.pack("!I", 0x0C))
                  + tlv(5, software) + tlv(6, platform))


def edp(device, name, slot, port, version, vlan, vlan_ip):
    def part(kind, value):
        return b"\x99" + bytes([kind]) + struct.pack("!H", 4 + len(value)) + value
    body = part(2, struct.pack("!HHH", slot, port, 0) + b"\0" * 6 + bytes(version) + b"\0" * 16) + \
        part(1, octets(name) + b"\0") + \
        part(5, b"\0\0" + struct.pack("!HI", 1, 0) + address(vlan_ip) + octets(vlan) + b"\0") + part(0, b"")
    size = 16 + len(body)
    rest = struct.pack("!HH", 4711, 0) + mac(device) + body
    head = b"\x01\0" + struct.pack("!H", size)
    return head + struct.pack("!H", checksum(head + b"\0\0" + rest)) + rest


def vtp(domain, updater):
    return b"\x02\x01\x01" + bytes([len(domain)]) + octets(domain).ljust(32, b"\0") + struct.pack("!I", 12) + \
        address(updater) + b"260528140000" + bytes.fromhex("2212dd93025abc600281d74ddda8a21c")


def dtp(domain, sender):
    return b"\x01" + tlv(1, octets(domain) + b"\0") + tlv(2, b"\x03") + tlv(3, b"\xa5") + tlv(4, mac(sender))


def udld(device, port, name):
    return summed(b"\x21\x01", tlv(1, device) + tlv(2, port) + tlv(3, b"\0" * 4) + tlv(4, b"\x0f")
                  + tlv(5, b"\x05") + tlv(6, name) + tlv(7, b"\0\0\0\x07"))


def pagp(device, port, name, port_name, partner, partner_port):
    def end(who, number, group):
        return mac(who) + b"\x02\x80" + struct.pack("!III", number, 0x00010001, group)
    return b"\x01\x05" + end(device, port, 53) + end(partner, partner_port, 27) + struct.pack("!HH", 1, 2) + \
        tlv(1, name) + tlv(2, port_name)


def hgmp(device, platform, software, product, boot, name, port):
    """As switches that were built from these sources were captured; the rule of its check sum is not known to us."""
    return b"\0\x03\0\0\x01\xb4\0\0" + tlv(1, b"\0" * 4 + mac(device)) + tlv(7, platform) + \
        tlv(0x0E, software) + tlv(0x11, product) + tlv(0x10, boot) + tlv(0x0C, b"\x10" + b"\0" * 15) + \
        tlv(3, name) + tlv(2, port) + tlv(0x0B, b"\0\x03")


def link_search(information):
    """Link automatic discovery: the flag as the manual has it; the form of what follows is not known to us."""
    return octets("Huawei Link Search").ljust(20, b"\0") + information


def clock(device):
    raw = mac(device)
    return raw[:3] + b"\xff\xfe" + raw[3:]


def ptp(kind, sender, body, sequence=1, domain=0):
    control = {0xB: 5, 0xD: 4}[kind]
    return struct.pack("!BBHBBHQI", kind, 2, 34 + len(body), domain, 0, 0, 0, 0) + clock(sender) + \
        struct.pack("!HHBb", 1, sequence, control, 1) + body


def announce(sender, master):
    return ptp(0xB, sender, b"\0" * 10 + struct.pack("!hBB", 37, 0, 128) + b"\x06\x21\x4e\x5d\x80" + clock(master)
               + struct.pack("!HB", 0 if sender == master else 1, 0x20))


def clock_description(sender, asker, where, oui, product, revision):
    def words(text):
        return bytes([len(text)]) + octets(text)
    data = struct.pack("!HH", 1, 0x4000) + words("IEEE 802.3") + struct.pack("!H", 6) + mac(sender) + \
        struct.pack("!HH", 1, 4) + address(where) + bytes.fromhex(oui) + b"\0" + words(product) + words(revision) + \
        words("") + bytes.fromhex("001b19") + b"\0\1\0"
    data += b"\0" * (len(data) % 2)
    return ptp(0xD, sender, clock(asker) + b"\0\1\0\0\x02\0" + struct.pack("!HH", 1, len(data)) + data)


def layer2():
    huawei, cisco, distant, zte = "c4:47:3f:60:00:01", "00:56:2b:60:00:02", "00:56:2b:60:00:12", "00:1e:73:60:00:03"
    h3c, hpe, quidway, server = "00:0f:e2:60:00:04", "94:57:a5:60:00:05", "00:e0:fc:60:00:06", "b8:ca:3a:60:00:07"
    extreme, brocade, meinberg, asker = "00:04:96:60:00:08", "00:e0:52:60:00:09", "ec:46:70:60:00:0a", "18:66:da:60:00:0b"
    node, silent = "7c:11:cb:60:00:0c", "d0:60:8c:60:00:0d"
    frames = [
        llc(BRIDGES, huawei, bpdu(2, 2, 0x7C, bridge(huawei, 0x1000), 0, bridge(huawei, 0x1000), b"\0")),
        llc(BRIDGES, cisco, bpdu(0, 0, 0, bridge(zte, 0x1000), 19, bridge(cisco))),
        snap(CISCO_PVST, cisco, CISCO, 0x010B, bpdu(2, 2, 0x3C, bridge(zte, 0x100A), 4, bridge(cisco, 0x800A), b"\0")
             + b"\0\0\0\2\0\x0a"),
        llc(BRIDGES, h3c, mstp(bridge(h3c), bridge(huawei, 0x1000), "campus")),
        ethernet(SLOW, huawei, 0x8809, lacp(huawei, 5, server, 1)),
        ethernet(SLOW, server, 0x8809, lacp(server, 1, huawei, 5)),
        ethernet(SLOW, h3c, 0x8809, lacp(h3c, 3, silent, 9)),
        ethernet(SLOW, extreme, 0x8809, lacp(extreme, 2, state=0x4D)),
        ethernet(SLOW, node, 0x8809, oam("00e0fc", b"\0\0\0\x07", "00562b")),
        ethernet(CFM_GROUP, node, 0x8902, continuity_check(5, "provider", "vlan-60", 1, node)),
        ethernet(BROADCAST, huawei, 0x9998, b"\0\1" + b"\0" * 44),
        ethernet(BROADCAST, huawei, 0x0000, link_search(bytes(range(24)))),
        ethernet(BROADCAST, node, 0x0806, b"\xff\xff\xff\xff\0\0" + link_search(bytes(range(24))), [(0x8100, 60)]),
        ethernet(BROADCAST, huawei, 0xCCB1, bytes(range(46))),
        ethernet(BROADCAST, h3c, 0x8918, bytes(range(46))),
        ethernet(BROADCAST, extreme, 0x22EE, bytes(range(46))),
        snap(CDP_GROUP, cisco, CISCO, 0x2003, vtp("campus", "192.0.2.62")),
        snap(CDP_GROUP, cisco, CISCO, 0x2004, dtp("campus", cisco)),
        snap(CDP_GROUP, cisco, CISCO, 0x0111, udld("FOC1202Z1CH", "Gi0/9", "sw-62")),
        snap(CDP_GROUP, cisco, CISCO, 0x0104, pagp(cisco, 7, "sw-62", "Fa0/7", distant, 7)),
        ethernet(HGMP_GROUP, h3c, 0x88A7, hgmp(h3c, "H3C S5800-56C-PWR", "Release 1808P08", "V100R008B01D021", "220",
                                              "campus-4", "GigabitEthernet1/0/2")),
        ethernet(HGMP_GROUP, hpe, 0x88A7, hgmp(hpe, "HP A5800-48G", "Release 1808P08", "V100R008B01D021", "220",
                                              "campus-5", "GigabitEthernet1/0/3")),
        ethernet(HGMP_GROUP, quidway, 0x88A7, hgmp(quidway, "Quidway S3952P-EI", "Release 1602P13", "V100R002B01D024",
                                                  "510", "campus-6", "Ethernet1/0/6")),
        ethernet(HGMP_GROUP, hpe, 0x88A7, b"\0\2\1\4" + b"\0" * 42),
        snap(EDP_GROUP, extreme, EXTREME, 0x00BB, edp(extreme, "summit-8", 0, 7, (15, 3, 1, 4), "Default", "192.0.2.68")),
        snap(FDP_GROUP, brocade, FOUNDRY, 0x2000, fdp(
            "icx-9", "Brocade Communications Systems, Inc. ICX6450-24, IronWare Version 08.0.30", "ICX6450-24",
            "ethernet1/1/9", "192.0.2.69")),
        ethernet(PTP_GROUP, node, 0x88F7, announce(node, meinberg)),
        by_udp(meinberg, "192.0.2.70", 320, "224.0.1.129", 320, announce(meinberg, meinberg), ttl=1),
        by_udp(node, "192.0.2.72", 320, "192.0.2.71", 320, clock_description(
            node, asker, "192.0.2.72", "00e0fc", "Huawei;ATN 910C;2102350HFH60", "VER.A;V300;V300R006C10"), asker),
    ]
    return Scene("frames-layer2.pcap", "What switches tell each other below IP; a root bridge and a partner that never "
                 "speak themselves; H3C, HPE and Quidway by one protocol", pcap(frames), [
        Device(huawei, "", "huawei", "oui,stp,slow,loop_detection,lad,vendor_ethertypes",
               "switch: RSTP root, LACP, loop detection, a search for links, an EtherType of its maker's"),
        Device(cisco, "", "-", "oui,stp,vtp,dtp,udld,pagp", "Cisco 2960: PVST+, trunking, aggregation"),
        Device(distant, "", "-", "oui,pagp", "Cisco named as PAgP partner; never speaks"),
        Device(zte, "", "zte", "oui", "root bridge that the Cisco names; never speaks itself"),
        Device(h3c, "", "h3c", "oui,stp,slow,hgmp,vendor_ethertypes", "S5800: MSTP, LACP, HGMP, an EtherType of its maker's", "S5800-56C-PWR"),
        Device(silent, "", "zte", "oui", "LACP partner that the H3C names; never speaks itself"),
        Device(hpe, "", "-", "oui,hgmp", "HP A5800 by HGMP: the same software, yet not H3C's"),
        Device(quidway, "", "huawei", "oui,hgmp", "Quidway S3952 by HGMP", "S3952P-EI"),
        Device(server, "", "-", "oui,slow", "Dell server, partner of the Huawei switch"),
        Device(extreme, "192.0.2.68", "-", "oui,edp,slow,vendor_ethertypes",
               "Extreme Summit by EDP; LACP without a partner; an EtherType that was given to Huawei"),
        Device(brocade, "192.0.2.69", "-", "oui,fdp", "Brocade ICX by FDP"),
        Device(meinberg, "192.0.2.70", "-", "oui,ptp", "Meinberg clock, grandmaster of the node too"),
        Device(node, "192.0.2.72", "huawei", "oui,slow,cfm,lad,ptp",
               "ATN 910C: OAM with its OUI, CFM, a search for links in a VLAN, a boundary clock that describes itself")])
