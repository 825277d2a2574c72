# SPDX-License-Identifier: Apache-2.0
"""Scenes of equipment that tells its maker: cameras by their discovery protocols, network gear by LLDP, CDP, SNMP
and SSH."""

from scenes.stage import *

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
        Device(bras, "192.0.2.33", "dahua", "dhip",
            "sold as Intelbras VIP-3230; MAC is Intel's, so DHIP alone tells"),
        Device(silent, "192.0.2.34", "-", "oui,arp",
            "Intelbras MAC and nothing more: a brand, not proof of a platform"),
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
            "branch-ar", VRP.replace("S5720-36C-EI-AC", "AR651"), "Huawei AR651", "GigabitEthernet0/0/1",
                "192.0.2.7")),
        by_udp(huawei, "192.0.2.3", 51000, "192.0.2.161", 162, snmp_trap1(
            "1.3.6.1.4.1.2011.2.23.282", "192.0.2.3",
            bindings=[binding("1.3.6.1.2.1.1.5.0", ber(4, b"floor-2"))]), manager),
        by_udp(hpe, "192.0.2.5", 51000, "192.0.2.161", 162, snmp_trap1("1.3.6.1.4.1.25506.11.1.180", "192.0.2.5"),
            manager),
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
        frames.append(by_udp(device, where, 161, "192.0.2.161", 40001, snmp3(bytes.fromhex(engine), report),
            manager))
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
        Device(huawei, "192.0.2.3", "huawei", "oui,lldp,snmp,ssh",
            "S5720; LLDP text, TLVs of 00-E0-FC and 3A-72-C2, v1 trap, banner"),
        Device(h3c, "192.0.2.4", "h3c", "oui,lldp,snmp,ssh", "S5560X; the Comware banner alone would not tell"),
        Device(hpe, "192.0.2.5", "-", "oui,lldp,snmp,ssh",
            "HPE 5130: Comware banner and number 25506, yet not H3C's"),
        Device(cisco, "192.0.2.6", "-", "oui,cdp", "Cisco 2960X"),
        Device(oem, "192.0.2.7", "huawei", "oui,cdp", "AR651 that speaks CDP"),
        Device(hik, "192.0.2.8", "hikvision", "oui,snmp", "engine id of number 39165 with its MAC"),
        Device(foreign, "192.0.2.9", "huawei", "snmp",
            "D-Link MAC (a board in between); engine id of number 2011 with MAC c4:47:3f:00:00:fe"),
        Device(hytera, "192.0.2.10", "hytera", "oui,snmp", "repeater; engine id of number 40297, text form"),
        Device(manager, "192.0.2.161", "-", "oui,snmp,ssh",
            "Dell poller: repeats each engine id in its own requests, owns none")])
