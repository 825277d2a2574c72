# SPDX-License-Identifier: Apache-2.0
"""Scenes of what lies between a device and the tap: VLAN tags, routers, virtual MACs, and TCP as it comes."""

import struct

from scenes.stage import *


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
        Device(twin, "192.0.2.40,198.51.100.40,203.0.113.40", "tp-link", "oui",
            "priority tag (VLAN 0), VLAN 40, VLAN 50")])


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
    for number in range(20, 32):
        frames.append(ethernet(asker, router, 0x0800, udp(
            f"203.0.113.{number}", 123, "192.0.2.200", 123, b"\x24\2\6\xe9".ljust(48, b"\0"), ttl=52)))
    frames.append(ethernet(asker, router, 0x86DD, udp(
        "2001:db8:2:0:4619:b6ff:fe00:207", 123, "2001:db8::200", 123, b"\x24".ljust(48, b"\0"), ttl=61)))
    frames += [answers(proxy, f"192.0.2.{last}", asker, "192.0.2.200") for last in (129, 130, 131)]
    return Scene("frames-routed.pcap", "Beyond a router: its Huawei MAC is on every packet of hosts that others made; "
                 "and a proxy ARP", pcap(frames), [
        Device(router, "192.0.2.1", "huawei", "oui",
            "router (TTL of what it forwards is lower; router advertisement)"),
        Device(asker, "192.0.2.200", "-", "oui,arp,http", "Dell PC")] + [
        Device("", where, supplier, "http", f"behind the router; Server {server}") for where, server,
            supplier in remote] + [
        Device("", f"203.0.113.{number}", "-", "", "time server behind the router: nobody knows its maker")
        for number in range(20, 32)] + [
        Device("", "2001:db8:2:0:4619:b6ff:fe00:207", "hikvision", "oui",
            "behind the router; the address's EUI-64 holds the MAC 46:19.. flipped to 44:19:b6:00:02:07: weak"),
        Device(proxy, "192.0.2.129,192.0.2.130,192.0.2.131", "huawei", "oui",
            "answers ARP for three addresses of others")])


def virtual():
    vrrp, hsrp, vrrp6 = "00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:5e:00:02:0a"
    master, random, docker, cid, machine = "00:e0:fc:00:03:01", "da:a1:19:01:02:03", "02:42:c0:00:02:10", "3a:72:c2:00:00:01", "00:0c:29:00:03:05"
    group, rest = "44:19:b6", "ff:ff:ff"
    advert = struct.pack("!BBBBBBH", 0x31, 10, 120, 1, 0, 100, 0) + address("192.0.2.1")
    advert = advert[:6] + struct.pack("!H", checksum(
        address("192.0.2.2") + address("224.0.0.18") + struct.pack("!BBH", 0, 112, len(advert)) + advert)) + advert[
            8:]
    frames = [ethernet("01:00:5e:00:00:12", vrrp, 0x0800, ip("192.0.2.2", "224.0.0.18", 112, advert, 255)),
              asks(vrrp, "192.0.2.1", "192.0.2.1"), asks(master, "192.0.2.2", "192.0.2.9"),
              asks(hsrp, "198.51.100.1", "198.51.100.1"),
              ethernet("33:33:00:00:00:01", vrrp6, 0x86DD, icmp6(
                  "fe80::1", "ff02::1", 136, b"\xa0\0\0\0" + address("fe80::1") + b"\x02\x01" + mac(vrrp6)))]
    for index, device in enumerate((random, docker, cid, machine)):
        frames.append(asks(device, f"192.0.2.{20 + index}", "192.0.2.1"))
    private = [(f"{number * 16 + 0x12 + number % 4 * 4 & 0xFE:02x}:{number * 37 % 256:02x}:b6:{number:02x}:aa:55",
                f"192.0.2.{100 + number}") for number in range(12)]
    frames += [asks(device, where, "192.0.2.1") for device, where in private]
    frames.append(ethernet(group + ":" + rest, machine, 0x0800,
        udp("192.0.2.23", 9, "192.0.2.24", 9, b"to a flagged MAC that never speaks")))
    return Scene("frames-virtual.pcap", "MACs with no maker behind them: VRRP, HSRP, random, Docker, virtual machines; "
                 "one company id", pcap(frames), [
        Device(vrrp, "192.0.2.1", "-", "arp", "VRRP group 10 for IPv4; real sender is 192.0.2.2"),
        Device(vrrp6, "fe80::1", "-", "nd", "VRRP group 10 for IPv6"),
        Device(master, "192.0.2.2", "huawei", "oui", "the VRRP master's own MAC"),
        Device(hsrp, "198.51.100.1", "-", "arp",
            "HSRP group 1; prefix registered to Cisco, a virtual address all the same"),
        Device(random, "192.0.2.20", "-", "arp", "random MAC of a phone"),
            Device(docker, "192.0.2.21", "-", "arp", "container"),
        Device(cid, "192.0.2.22", "huawei", "oui",
            "company id 3A-72-C2: locally administered, yet registered to Huawei (not in the MAC tables)"),
        Device(machine, "192.0.2.23", "-", "oui,arp",
            "virtual machine; sends to the MAC 44:19:b6:ff:ff:ff, which never speaks")] + [
        Device(device, where, "-", "arp", "random, locally administered MAC") for device, where in private])


def streams():
    huawei, hik, client = "00:e0:fc:00:04:01", "44:19:b6:00:04:02", "18:66:da:00:04:03"
    zte, lan = "00:19:c6:00:04:04", "192.0.2"

    def talk(device, last, port, turns, client_port):
        return list(by_tcp(client, f"{lan}.200", device, f"{lan}.{last}", port, turns, client_port))

    odd = talk(huawei, 1, 2222, [("server", "SSH-2.0-HUA"), ("server", "WEI-1.5\r\n")], 52001)
    swapped = talk(hik, 2, 8081, [("client", get()),
        ("server", "HTTP/1.1 401 Unauthorized\r\nDate: Thu, 28 May 2026 20:26:40 GMT\r\nSer"),
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
        Device(hik, "192.0.2.2", "hikvision", "oui,http",
            "head on 8081 cut inside a field name and out of order; joined in the middle on 80"),
        Device(zte, "192.0.2.4", "zte", "oui,http", "answer sent twice"),
        Device(client, "192.0.2.200", "-", "oui,http", "Dell PC")])
