# SPDX-License-Identifier: Apache-2.0
"""What every scene is made of: the truth about a device, a capture, and short ways to let a device speak."""

from dataclasses import dataclass, field

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
    model: str = "-"  # as its own words have it; '-' where truth does not say


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
