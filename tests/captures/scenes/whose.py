# SPDX-License-Identifier: Apache-2.0
"""Scenes of one question: whose is this packet? A crowd behind a router, redundancy addresses that change hands, a
phone with many addresses, a server with two, a router that answers ARP for others, brands on somebody's platform, and
texts that merely mention a maker."""

import struct

from scenes.stage import *

SLOW_GROUP, VRRP_GROUP, HSRP_GROUP = "01:80:c2:00:00:02", "01:00:5e:00:00:12", "01:00:5e:00:00:02"


def crowd():
    router, asker, server = "00:e0:fc:00:61:01", "18:66:da:00:61:02", "10.61.0.2"
    frames = [answers(router, "10.61.0.1", asker, server), answers(asker, server, router, "10.61.0.1")]
    hosts = [f"10.62.{number // 250}.{number % 250 + 1}" for number in range(300)]
    for number, host in enumerate(hosts):
        agent = "Hikvision-Webs" if number == 250 else None
        if agent:  # one of them is a camera, and says so itself
            frames += by_tcp(asker, server, router, host, 80, [("client", get(host=host)), ("server", page(agent))],
                             50000, server_ttl=63)
        else:
            frames += by_tcp(router, host, asker, server, 8080, [("client", get(host=server)), ("server", page("nginx"))],
                             40000 + number, client_ttl=63)
    return Scene("frames-crowd.pcap", "300 hosts behind a Huawei router; one of them is a camera and says so", pcap(frames), [
        Device(router, "10.61.0.1", "huawei", "oui", "the router, and it alone"),
        Device(asker, server, "-", "oui,arp,http", "Dell server that they all talk to")] + [
        Device("", host, "hikvision" if number == 250 else "-", "http", "behind the router")
        for number, host in enumerate(hosts)])


def vrrp(source, where, virtual_ip, priority):
    advert = struct.pack("!BBBBBBH", 0x21, 7, priority, 1, 0, 1, 0) + address(virtual_ip) + b"\0" * 8
    advert = advert[:6] + struct.pack("!H", checksum(advert)) + advert[8:]
    return ethernet(VRRP_GROUP, source, 0x0800, ip(where, "224.0.0.18", 112, advert, 255))


def hsrp(source, where, virtual_ip, state, priority):
    hello = bytes([0, 0, state, 3, 10, priority, 1, 0]) + b"cisco\0\0\0" + address(virtual_ip)
    return ethernet(HSRP_GROUP, source, 0x0800, udp(where, 1985, "224.0.0.2", 1985, hello, 1))


def redundancy():
    shared, first, second, host = "00:00:5e:00:01:07", "00:e0:fc:00:63:01", "00:56:2b:00:63:02", "18:66:da:00:63:09"
    standby, left, right = "00:00:0c:07:ac:01", "00:56:2b:00:63:03", "c4:47:3f:00:63:04"
    gratuitous = lambda source, where: ethernet(BROADCAST, source, 0x0806, arp(1, source, where, "00:00:00:00:00:00", where))
    frames = [asks(first, "10.63.0.2", "10.63.0.9"), asks(second, "10.63.0.3", "10.63.0.9"),
              asks(host, "10.63.0.9", "10.63.0.1")]
    # VRRP: the Huawei router bears the address, then the Cisco one.
    frames += [vrrp(shared, "10.63.0.2", "10.63.0.1", 200), gratuitous(shared, "10.63.0.1")] * 2
    frames += by_tcp(host, "10.63.0.9", shared, "10.64.0.7", 80, [("client", get()), ("server", page("nginx"))],
                     server_ttl=63)
    frames += [vrrp(shared, "10.63.0.3", "10.63.0.1", 100), gratuitous(shared, "10.63.0.1")] * 2
    # HSRP: the other way round.
    frames += [asks(left, "10.63.1.2", "10.63.1.9"), asks(right, "10.63.1.3", "10.63.1.9")]
    frames += [hsrp(standby, "10.63.1.2", "10.63.1.1", 16, 110), hsrp(right, "10.63.1.3", "10.63.1.1", 8, 100),
               gratuitous(standby, "10.63.1.1")] * 2
    frames += [hsrp(standby, "10.63.1.3", "10.63.1.1", 16, 100), gratuitous(standby, "10.63.1.1")] * 2
    return Scene("frames-redundancy.pcap", "VRRP and HSRP: the shared address changes hands", pcap(frames), [
        Device(shared, "10.63.0.1", "-", "arp", "VRRP group 7: nobody"),
        Device(first, "10.63.0.2", "huawei", "oui", "bears the group first"),
        Device(second, "10.63.0.3", "-", "oui,arp", "Cisco; bears it then"),
        Device(host, "10.63.0.9", "-", "oui,arp,http", "Dell host that goes through it"),
        Device("", "10.64.0.7", "-", "http", "beyond the shared address"),
        Device(standby, "10.63.1.1", "-", "arp", "HSRP group 1: nobody"),
        Device(left, "10.63.1.2", "-", "oui,arp", "Cisco; active first"),
        Device(right, "10.63.1.3", "huawei", "oui", "active then")])


def many_addresses():
    def asks_for_address(client, name, kind):
        return ethernet(BROADCAST, client, 0x0800, udp("0.0.0.0", 68, ALL_DHCP, 67, dhcp(1, client, [
            (60, kind), (12, name), (55, b"\1\3\6\x0f\x1a\x1c\x33\x3a\x3b\x2b")])))

    phone = [f"{number * 16 + 2:02x}:a7:11:22:33:{number:02x}" for number in range(10)]
    other = [f"{number * 16 + 6:02x}:b8:11:22:33:{number:02x}" for number in range(2)]
    frames = [asks_for_address(one, "HUAWEI_P30-77aa", "HUAWEI:android:ELE") for one in phone]
    frames += [asks_for_address(one, "Galaxy-A53", "android-dhcp-13") for one in other]
    # A server's two ports in one aggregate: each names the system that both are of.
    ports, switch = ("d4:ae:52:00:65:01", "d4:ae:52:00:65:02"), "00:e0:fc:00:65:10"

    def lacp(source, number):
        def part(kind, system, key):
            return bytes([kind, 20]) + struct.pack("!H", 32768) + mac(system) + struct.pack(
                "!HHHB", key, 32768, number, 0x3D) + b"\0\0\0"
        return ethernet(SLOW_GROUP, source, 0x8809, b"\x01\x01" + part(1, ports[0], 9) + part(2, switch, 17)
                        + b"\x03\x10" + b"\0" * 66)

    frames += [lacp(port, number) for number, port in enumerate(ports, 1)] * 2
    frames += [asks(ports[0], "10.65.0.5", "10.65.0.1"), asks(ports[1], "10.65.0.5", "10.65.0.1")]
    return Scene("frames-addresses.pcap", "A phone that changes its random MAC ten times, another that says no maker, a "
                 "server with two ports", pcap(frames), [
        Device(one, "", "huawei", "dhcp", "the phone: name and class in each") for one in phone] + [
        Device(one, "", "-", "dhcp", "a name, but no maker: nothing proves that the two are one") for one in other] + [
        Device(ports[0], "10.65.0.5", "-", "oui,arp", "Dell server, first port; the aggregate is named after it"),
        Device(ports[1], "10.65.0.5", "-", "oui,arp", "the same, second port"),
        Device(switch, "", "huawei", "oui", "the switch at the other end, as the server's LACP names it")])


def answered_for():
    router, asker = "c4:47:3f:00:66:01", "18:66:da:00:66:02"
    hosts = [f"10.66.0.{number}" for number in range(101, 106)]
    frames = [answers(router, "10.66.0.1", asker, "10.66.0.2"), answers(asker, "10.66.0.2", router, "10.66.0.1")]
    frames += [answers(router, host, asker, "10.66.0.2") for host in hosts]
    for number, host in enumerate(hosts):
        frames += by_tcp(router, host, asker, "10.66.0.2", 80, [
            ("client", get()), ("server", page("Apache"))], 41000 + number, client_ttl=63)
    frames += [answers(router, host, asker, "10.66.0.2") for host in hosts]
    return Scene("frames-proxy-arp.pcap", "A Huawei router that answers ARP for five hosts behind it", pcap(frames), [
        Device(router, "10.66.0.1", "huawei", "oui", "answers for the five, and forwards what they say"),
        Device(asker, "10.66.0.2", "-", "oui,arp,http", "Dell server")] + [
        Device("", host, "-", "http", "behind the router that answers for it") for host in hosts])


def rebrands():
    lts, amcrest, generic = "ec:71:db:00:67:01", "9c:8e:cd:00:67:02", "00:12:17:00:67:03"
    oem, asker = "00:e0:4c:00:67:04", "18:66:da:00:67:09"
    frames = [by_udp(lts, "10.67.0.1", 37020, ALL_SSDP, 37020, sadp_answer(
        lts, "CMIP9382W-28M", "CMIP9382W-28M20210528AAWRG11112222", "10.67.0.1", "10.67.0.254", "V5.5.82")),
        by_udp(amcrest, "10.67.0.2", 37810, ALL_DHIP, 37810, dhip(dhip_answer(
            amcrest, "10.67.0.2", "10.67.0.254", "IP5M-T1179EW", "AMC0567A2B0C3D4E5F", "Amcrest",
            "2.800.00AC003.0.R,2021-04-09"))),
        by_udp(oem, "10.67.0.4", 37810, ALL_DHIP, 37810, dhip(dhip_answer(
            oem, "10.67.0.4", "10.67.0.254", "HC30W42R3", "6G0A1B2PAZ00004", "Honeywell",
            "2.800.00HW000.0.R,2021-04-09")))]
    frames += by_tcp(asker, "10.67.0.9", lts, "10.67.0.1", 80, [("client", get()), ("server", page("DNVRS-Webs"))], 51001)
    frames += by_tcp(asker, "10.67.0.9", generic, "10.67.0.3", 80, [
        ("client", get()), ("server", page("uc-httpd 1.0.0", "<html><title>NETSurveillance WEB</title></html>"))], 51002)
    return Scene("frames-rebrands.pcap", "Cameras under other names: LTS on Hikvision's platform, Amcrest and Honeywell on "
                 "Dahua's, one of Xiongmai's", pcap(frames), [
        Device(lts, "10.67.0.1", "hikvision", "sadp,http", "sold as LTS: SADP answer, DNVRS-Webs; its MAC is Reolink's"),
        Device(amcrest, "10.67.0.2", "dahua", "dhip", "sold as Amcrest, which the MAC says too"),
        Device(generic, "10.67.0.3", "xiongmai", "http", "no name at all; its MAC is Linksys's"),
        Device(oem, "10.67.0.4", "dahua", "dhip", "sold as Honeywell; its MAC is of the network chip's maker, Realtek"),
        Device(asker, "10.67.0.9", "-", "oui,http", "Dell server")])


def mentions():
    web, mail, database, reader = "18:66:da:00:68:01", "b8:ca:3a:00:68:02", "00:1b:21:00:68:03", "94:57:a5:00:68:09"
    words = ("Huawei Technologies Co., Ltd. and ZTE Corporation; Server: Hikvision-Webs; SSH-2.0-HUAWEI-1.5; "
             "Dahua Login to 4d0d6ba0ef1c1a8e36a2bd4a1c7a1f9e")
    letter = ("220 mail.example.net ESMTP Postfix\r\n", "EHLO reader\r\n", "250 HELP\r\n", "MAIL FROM:<a@example.net>\r\n",
              "250 ok\r\n", "DATA\r\n", "354 go on\r\n", f"Subject: {words}\r\n\r\n220 HUAWEI FTP ready\r\n{words}\r\n.\r\n",
              "250 queued\r\n")
    greeting = b"\x0a8.0.36\0" + struct.pack("<I", 11) + b"abcdefgh\0" + b"\xff\xf7\xff\x02\0\xff\xdf\x15" + b"\0" * 10 + \
        b"abcdefghijkl\0mysql_native_password\0"
    row = bytes([len(words)]) + octets(words)

    def packet(number, body):
        return struct.pack("<I", len(body))[:3] + bytes([number]) + body

    frames = [asks(reader, "10.68.0.9", "10.68.0.1")]
    frames += by_tcp(reader, "10.68.0.9", web, "10.68.0.1", 80, [
        ("client", get("/?q=Huawei", host="wiki.example.net")),
        ("server", page("nginx/1.22.1", f"<html><title>Removing equipment: notes</title><p>{words}</p></html>"))], 51001)
    frames += by_tcp(reader, "10.68.0.9", mail, "10.68.0.2", 25, [
        ("client" if number % 2 else "server", line) for number, line in enumerate(letter)], 51002)
    frames += by_tcp(reader, "10.68.0.9", database, "10.68.0.3", 3306, [
        ("server", packet(0, greeting)), ("client", packet(0, b"\x03select name from vendors where name = 'Huawei'")),
        ("server", packet(1, b"\x01") + packet(2, row))], 51003)
    return Scene("frames-mentions.pcap", "A page, a mail and a row of a database that merely mention makers", pcap(frames), [
        Device(web, "10.68.0.1", "-", "oui,http", "Dell: a wiki about Huawei and others"),
        Device(mail, "10.68.0.2", "-", "oui,smtp", "Dell: takes a mail that quotes banners"),
        Device(database, "10.68.0.3", "-", "oui,mysql", "answers a question about Huawei"),
        Device(reader, "10.68.0.9", "-", "oui,arp,http", "HP: reads them all")])
