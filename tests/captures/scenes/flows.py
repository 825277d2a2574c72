# SPDX-License-Identifier: Apache-2.0
"""Scenes of packets that must be put together or unpacked before a device can be heard: tunnels and tags of every
kind that is unpacked, IP fragments, and a head in segments out of order."""

import struct

from scenes.stage import *

ENDS = ("00:56:2b:00:50:01", "192.0.2.251"), ("00:56:2b:00:50:02", "192.0.2.252")


def carried(payload, protocol=None, port=None):
    """In a packet from one tunnel's end to the other."""
    (source, source_ip), (target, target_ip) = ENDS
    packet = udp(source_ip, 49152, target_ip, port, payload) if port else ip(source_ip, target_ip, protocol, payload)
    return ethernet(target, source, 0x0800, packet)


def flows():
    hik, twin, dahua, zte = "44:19:b6:00:51:01", "44:19:b6:00:51:02", "3c:ef:8c:00:51:03", "00:1e:73:00:51:04"
    huawei, nvr, asker, far = "c4:47:3f:00:51:05", "a4:14:37:00:51:06", "18:66:da:00:51:07", "10.45.0.9"
    frames = []
    for network, device, serial in ((1, hik, "11111111"), (2, twin, "22222222")):
        answer = udp("10.0.0.1", 37020, ALL_SSDP, 37020, sadp_answer(
            device, "DS-2CD2143G2-I", f"DS-2CD2143G2-I20210528AAWRG{serial}", "10.0.0.1", "10.0.0.254",
            "V5.7.1build 211130"))
        frames.append(carried(struct.pack("!II", 0x08000000, network << 8)
                              + ethernet(multicast_mac(ALL_SSDP), device, 0x0800, answer), port=4789))
    for _, packet in conversation("10.45.0.1", 50000, far, 80, [
            ("client", get(host=far)), ("server", page("Hikvision-Webs"))]):
        from_far = packet[12:16] == address(far)
        frames.append(carried(struct.pack("!BBHI", 0x30, 0xFF, len(packet), 0x51 if from_far else 0x50) + packet,
                              port=2152))
    answer = udp("10.0.1.3", 37810, ALL_DHIP, 37810, dhip(dhip_answer(
        dahua, "10.0.1.3", "10.0.1.254", "IPC-HFW2431S-S-S2", "6G0A1B2PAZ51003", "Dahua",
        "2.800.0000000.25.R,2021-11-29")))
    frames.append(carried(struct.pack("!HHI", 0x2000, 0x6558, 77)
                          + ethernet(multicast_mac(ALL_DHIP), dahua, 0x0800, answer), protocol=47))
    frames.append(ethernet(LLDP_GROUP, zte, 0x88CC, lldp(zte, "gei-0/1/1/9", "olt-9", ZXR10),
                           [(0x88A8, 300), (0x8100, 301)]))
    reply = udp("192.0.2.55", 161, "192.0.2.57", 40000, snmp(1, snmp_pdu(0xA2, [
        binding("1.3.6.1.2.1.1.1.0", ber(4, octets(VRP))), binding("1.3.6.1.2.1.1.5.0", ber(4, b"floor-9"))])))[20:]
    pieces = [(at, reply[at:at + 120]) for at in range(0, len(reply), 120)]
    for at, piece in reversed(pieces):
        more = 0x2000 if at + 120 < len(reply) else 0
        frames.append(ethernet(asker, huawei, 0x0800, ip(
            "192.0.2.55", "192.0.2.57", 17, piece, identification=0x5105, fragment=more | at // 8)))
    said = octets(page("DNVRS-Webs"))
    frames.append(ethernet(asker, nvr, 0x0800, tcp("192.0.2.56", 80, "192.0.2.57", 50001, 0x12, 999, 1)))
    for begin, end in ((45, len(said)), (20, 50), (0, 20)):
        frames.append(ethernet(asker, nvr, 0x0800, tcp(
            "192.0.2.56", 80, "192.0.2.57", 50001, 0x18, 1000 + begin, 1, said[begin:end])))
    return Scene("frames-flows.pcap", "VXLAN, GTP-U, GRE, QinQ, an SNMP answer in IP fragments, an HTTP head in three "
                 "segments out of order", pcap(frames), [
        Device(hik, "10.0.0.1", "hikvision", "oui,sadp", "in VXLAN network 1"),
        Device(twin, "10.0.0.1", "hikvision", "oui,sadp", "in VXLAN network 2, under the same address"),
        Device("", far, "hikvision", "http", "in GTP-U: no MAC"),
        Device("", "10.45.0.1", "-", "http", "in GTP-U: asks"),
        Device(dahua, "10.0.1.3", "dahua", "oui,dhip", "in GRE that carries Ethernet"),
        Device(zte, "", "zte", "oui,lldp", "VLAN 300 then 301"),
        Device(huawei, "192.0.2.55", "huawei", "oui,snmp", "SNMP answer in fragments, the last first"),
        Device(nvr, "192.0.2.56", "hikvision", "oui,http", "recorder; its head came back to front and overlapping")] + [
        Device(end, where, "-", "oui", "end of the tunnels, a Cisco box") for end, where in ENDS[:1]])


def tunnels():
    """One device in each: by LLDP where the tunnel carries Ethernet, by SNMP where it carries IP."""
    (source, source_ip), (target, target_ip) = ENDS
    frames, truth = [asks(source, source_ip, target_ip)], []

    def carries_ethernet(name, wrap, maker=("00:1e:73", "zte", ZXR10)):
        device = f"{maker[0]}:67:00:{len(truth) + 1:02x}"
        inner = ethernet(LLDP_GROUP, device, 0x88CC, lldp(device, "1/7", f"behind-{name}", maker[2]))
        frames.append(wrap(inner))
        truth.append(Device(device, "", maker[1], "oui,lldp", f"in {name}"))

    def carries_ip(name, wrap, maker=("huawei", VRP)):
        where, asker = f"10.67.{len(truth) + 1}.1", f"10.67.{len(truth) + 1}.2"
        inner = udp(where, 161, asker, 40000, snmp(1, snmp_pdu(0xA2, [
            binding("1.3.6.1.2.1.1.1.0", ber(4, octets(maker[1])))])))
        frames.append(wrap(inner))
        truth.append(Device("", where, maker[0], "snmp", f"in {name}: no MAC of its own"))

    def gre(kind, inner, flags=0, more=b""):
        return carried(struct.pack("!HH", flags, kind) + more + inner, protocol=47)

    carries_ethernet("PBB", lambda inner: ethernet(target, source, 0x88E7, struct.pack("!I", 0x67) + inner))
    carries_ethernet("FabricPath", lambda inner: ethernet(target, source, 0x8903, struct.pack("!H", 0x0467) + inner + b"\0" * 4))
    carries_ethernet("Geneve", lambda inner: carried(struct.pack("!BBHI", 0, 0, 0x6558, 67 << 8) + inner, port=6081))
    carries_ethernet("TZSP", lambda inner: carried(b"\1\0\0\1\1" + inner, port=37008))
    carries_ethernet("ERSPAN II", lambda inner: gre(0x88BE, struct.pack("!HHI", 0x1043, 67, 0) + inner, 0x1000,
                                                  struct.pack("!I", 1)))
    carries_ethernet("EtherIP", lambda inner: carried(b"\x30\0" + inner, protocol=97))
    carries_ip("MPLS, two labels", lambda inner: ethernet(target, source, 0x8847, struct.pack(
        "!II", 16067 << 12 | 64, 24067 << 12 | 1 << 8 | 64) + inner))
    carries_ip("IP in IP", lambda inner: carried(inner, protocol=4))
    carries_ip("GRE", lambda inner: gre(0x0800, inner))
    carries_ip("MPLS in UDP", lambda inner: carried(struct.pack("!I", 24067 << 12 | 1 << 8 | 64) + inner, port=6635))
    cpe = "d0:60:8c:67:00:f0"
    answer = udp("10.67.240.1", 161, "10.67.240.2", 40000, snmp(1, snmp_pdu(0xA2, [
        binding("1.3.6.1.2.1.1.1.0", ber(4, b"ZXHN H168N V3.5"))])))
    frames.append(ethernet(target, cpe, 0x8864, struct.pack("!BBHHH", 0x11, 0, 67, 2 + len(answer), 0x0021) + answer))
    tagged = "c4:47:3f:67:00:f1"
    frames.append(ethernet(LLDP_GROUP, tagged, 0x8926, struct.pack("!IH", 0x80670000, 0x88CC) + lldp(
        tagged, "1/8", "behind-VN-tag", VRP)))
    return Scene("frames-tunnels.pcap", "Tunnels and tags: PBB, FabricPath, Geneve, TZSP, ERSPAN, EtherIP, MPLS, IP in IP, "
                 "GRE, PPPoE, VN-tag; the ends are not what is inside", pcap(frames), truth + [
        Device(cpe, "10.67.240.1", "zte", "oui,snmp", "home gateway in a PPPoE session"),
        Device(tagged, "", "huawei", "oui,lldp", "behind a VN-tag"),
        Device(source, source_ip, "-", "oui", "end of the tunnels, a Cisco box")])
