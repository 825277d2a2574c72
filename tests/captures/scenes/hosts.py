# SPDX-License-Identifier: Apache-2.0
"""Scenes of hosts: what DHCP tells, and the false friends, which speak of makers and are of none."""

import struct

from scenes.stage import *


def dhcp_and_dhcpv6():
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
        from_client(phone, 1, [(60, "HUAWEI:android:ELE"), (12, "HUAWEI_P30-3c1f"),
            (55, b"\1\3\6\x0f\x1a\x1c\x33\x3a\x3b\x2b")]),
        from_client(tablet, 1, [(60, "android-dhcp-14"), (12, "HUAWEI-lounge-display"), (55, b"\1\3\6")]),
        from_client(pc, 3, [(60, "MSFT 5.0"), (12, "HIKARI-PC"), (81, b"\0\0\0HIKARI-PC.example.net"),
            (50, address("192.0.2.25"))]),
        from_client(ap, 1, [(60, "Huawei AP"), (12, "AP4050DN"), (61, b"\1" + mac(ap)),
            (124, struct.pack("!IB", 2011, 5) + b"\x04AP40")]),
        ethernet(server, relay, 0x0800, udp("198.51.100.1", 67, "192.0.2.67", 67, dhcp(1, onu, [
            (60, "udhcp 1.31.1"), (12, "home"), (82, element(1, circuit) + element(2, b"ZTEGC0FFEE01"))],
            relay="198.51.100.1"))),
        ethernet(BROADCAST, server, 0x0800, udp("192.0.2.67", 67, ALL_DHCP, 68, dhcp(2, pc, [
            (54, address("192.0.2.67")), (43, b"\x03\x0d192.0.2.67,10"), (51, b"\0\0\x0e\x10")], reply=True,
                offered="192.0.2.25"))),
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
        Device(onu, "", "zte", "oui,dhcp",
            "home gateway beyond the relay, by its client MAC; serial ZTEGC0FFEE01 in option 82"),
        Device(relay, "198.51.100.1", "-", "oui,dhcp,dhcpv6", "Cisco relay: forwards others' words, in DHCPv6 too"),
        Device(server, "192.0.2.67", "-", "oui,dhcp",
            "Dell server; option 43 names a controller for access points"),
        Device(router6, "fe80::2e0:fcff:fe00:601", "huawei", "oui,dhcpv6", "DUID of enterprise 2011"),
        Device(duid_only, link, "hikvision", "dhcpv6",
            "random MAC; DUID holds the MAC 44:19:b6:00:06:06, class of 39165"),
        Device("-", "fe80::10", "hikvision", "dhcpv6",
            "the same client, relayed: a peer address of its own, and the DUID")])


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
        ("server", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), ("client", "SSH-2.0-PuTTY_Release_0.80 HUAWEI-1.5\r\n")],
            50004)
    for index, name in enumerate(("www.hik-connect.com", "api.hicloud.com", "www.easy4ipcloud.com", "xmeye.net")):
        frames.append(by_udp(phone, "192.0.2.102", 40000 + index, resolver_ip, 53, dns_question(name), resolver))
        frames.append(by_udp(resolver, resolver_ip, 53, "192.0.2.102", 40000 + index, dns_answer(
            name, 1, address("203.0.113.7"), 0x1A2B, multicast=False), phone))
    text = element_of_name("note=bridge for Dahua and Hikvision cameras") + element_of_name("manufacturer=Home")
    frames.append(by_udp(ha, "192.0.2.107", 5353, ALL_MDNS, 5353, dns_answer("Cameras._hap._tcp.local", 16, text),
        ttl=255))
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
        Device(phone, "192.0.2.102", "-", "oui,http",
            "Apple MAC; a user agent that says HUAWEI, and look-ups of makers' clouds"),
        Device(reader, "192.0.2.103", "-", "oui,http,ssh",
            "Dell PC; reads about cameras; SSH client banner that says HUAWEI"),
        Device(wiki, wiki_ip, "-", "oui,http,ssh,lldp",
            "Synology: page body quotes camera heads and banners; port description says Huawei"),
        Device(proxy, "192.0.2.105", "-", "oui,http",
            "Intel box, a proxy: relays the Server line of a camera elsewhere (Via says so)"),
        Device(resolver, resolver_ip, "-", "oui", "Raspberry Pi resolver"),
        Device(ha, "192.0.2.107", "-", "oui,mdns", "Raspberry Pi; TXT and syslog that name makers"),
        Device(talker, "192.0.2.108", "-", "oui,ssdp", "Apple; asks by SSDP with HUAWEI in its user agent")])
