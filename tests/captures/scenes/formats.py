# SPDX-License-Identifier: Apache-2.0
"""One small network in every capture format and link layer that we read, and Wi-Fi."""

import gzip
import subprocess

from scenes.stage import *

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


def small_network():
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
                "second, the camera's ARP on both",
                    pcapng([("tap0", LINK_ETHERNET, 6), ("tap1", LINK_ETHERNET, 9)], taps),
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
              wifi_data(CAMERA, access, BROADCAST, 0x0806,
                  arp(1, CAMERA, "192.0.2.21", "00:00:00:00:00:00", "192.0.2.1")),
              wifi_data(CAMERA, access, multicast_mac(ALL_SSDP), 0x0800, udp(
                  "192.0.2.21", 37020, ALL_SSDP, 37020, sadp_answer(
                      CAMERA, "DS-2CV2041G2-IDW", "DS-2CV2041G2-IDW20210101AAWRF99988877", "192.0.2.21",
                          "192.0.2.1", "V5.7.0")), qos=True),
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
        Device("18:66:da:00:00:99", "192.0.2.1", "-", "oui,arp",
            "wired Dell gateway, relayed by the access point")])
