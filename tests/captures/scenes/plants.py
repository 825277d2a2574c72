# SPDX-License-Identifier: Apache-2.0
"""Scenes of plants and of Windows networks: controllers and inverters that identify themselves, names that computers
take and announce."""

from scenes.stage import *

DCP_ALL, DCP_HELLO = "01:0e:cf:00:00:00", "01:0e:cf:00:00:01"
ALL_LLMNR = "224.0.0.252"


# --- PROFINET, EtherNet/IP, Modbus -----------------------------------------------------------------------

def dcp(frame, service, kind, blocks, delay=0):
    """blocks: (option and suboption, value); an answer has two octets of block information before each value."""
    body = b""
    for number, value in blocks:
        value = octets(value) if kind == 0 and frame != 0xFEFC else b"\0\0" + octets(value)
        body += struct.pack("!HH", number, len(value)) + value + b"\0" * (len(value) % 2)
    return struct.pack("!HBBIHH", frame, service, kind, 0x300BF9A, delay, len(body)) + body


def enip(command, data=b""):
    return struct.pack("<HHII8sI", command, len(data), 0, 0, b"\xc1\xde\xbe\xd1\0\0\0\0", 0) + data


def identity(where, vendor, kind, product, revision, serial, name):
    item = b"\1\0" + struct.pack("!hH", 2, 44818) + address(where) + b"\0" * 8 + \
        struct.pack("<HHHBBHIB", vendor, kind, product, *revision, 0x30, serial, len(name)) + octets(name) + b"\x03"
    return enip(0x63, struct.pack("<HHH", 1, 0x0C, len(item)) + item)


def modbus(body, unit=0, transaction=23):
    return struct.pack("!HHHB", transaction, 0, 1 + len(body), unit) + body


def identification(*objects):
    return modbus(b"\x2b\x0e\x01\x01\0\0" + bytes([len(objects)]) + b"".join(
        bytes([number]) + element_of_name(text) for number, text in enumerate(objects)))


def plant():
    desk, desk_ip = "b8:ca:3a:63:00:01", "192.0.2.201"
    siemens, bridge, schneider = "00:1b:1b:63:00:02", "00:00:bc:63:00:03", "00:80:f4:63:00:04"
    inverter, sungrow, logger, gateway = "8c:fd:18:63:00:05", "ac:19:9f:63:00:06", "7c:11:cb:63:00:07", "00:80:a3:63:00:08"
    frames = [
        ethernet(DCP_ALL, desk, 0x8892, dcp(0xFEFE, 5, 0, [(0xFFFF, b"")], 1)),
        ethernet(desk, siemens, 0x8892, dcp(0xFEFF, 5, 1, [
            (0x0201, "S7-1200"), (0x0202, "press-line-2"), (0x0203, b"\0\x2a\x01\x0d"), (0x0204, b"\x02\0"),
            (0x0102, address("192.0.2.2") + address("255.255.255.0") + address("192.0.2.1"))])),
        ethernet(DCP_HELLO, siemens, 0x8892, dcp(0xFEFC, 6, 0, [(0x0202, "press-line-2"), (0x0203, b"\0\x2a\x01\x0d")])),
        by_udp(desk, desk_ip, 50001, ALL_DHCP, 44818, enip(0x63)),
        by_udp(bridge, "192.0.2.3", 44818, desk_ip, 50001, identity(
            "192.0.2.3", 1, 12, 58, (4, 3), 0x63004D8E, "1756-ENBT/A"), desk),
    ]
    ask = modbus(b"\x2b\x0e\x01\0")
    for number, (device, where, port, objects) in enumerate((
            (schneider, "192.0.2.4", 502, ("Schneider Electric", "BMX P34 2020", "V2.5")),
            (inverter, "192.0.2.5", 502, ("HUAWEI", "SUN2000", "V100R001")),
            (logger, "192.0.2.7", 6607, ("HUAWEI", "SmartLogger3000A", "V300R001C00SPC063")),
            (sungrow, "192.0.2.6", 502, ("SUNGROW", "SG110CX", "SAPPHIRE-H_01011.01.36")),
            (gateway, "192.0.2.8", 502, ("Gateway Systems", "GS-485 for Huawei SUN2000", "1.9")))):
        frames += by_tcp(desk, desk_ip, device, where, port, [("client", ask), ("server", identification(*objects))],
                         50100 + number)
    return Scene("frames-plant.pcap", "A plant: PROFINET, EtherNet/IP, and inverters by Modbus; one gateway names what it "
                 "is made for", pcap(frames), [
        Device(desk, desk_ip, "-", "oui,profinet_dcp,enip", "Dell engineering station: it asks"),
        Device(siemens, "192.0.2.2", "-", "oui,profinet_dcp", "Siemens controller S7-1200"),
        Device(bridge, "192.0.2.3", "-", "oui,enip", "Rockwell bridge", "1756-ENBT/A"),
        Device(schneider, "192.0.2.4", "-", "oui,modbus", "Schneider controller"),
        Device(inverter, "192.0.2.5", "huawei", "oui,modbus", "inverter", "SUN2000"),
        Device(sungrow, "192.0.2.6", "sungrow", "oui,modbus", "inverter"),
        Device(logger, "192.0.2.7", "huawei", "oui,modbus", "collector of inverters, on port 6607", "SmartLogger3000A"),
        Device(gateway, "192.0.2.8", "-", "oui,modbus", "Lantronix gateway; its product name says what it is made for")])


# --- names in Windows networks ---------------------------------------------------------------------------

def netbios(name, kind=0):
    """First-level encoding: two letters an octet."""
    whole = octets(name).ljust(15)[:15] + bytes([kind])
    return b"\x20" + bytes(part for octet in whole for part in (0x41 + (octet >> 4), 0x41 + (octet & 15))) + b"\0"


def nbns_claim(opcode, name, kind, where, group=False):
    """A registration (5) or refresh (8), by broadcast."""
    return struct.pack("!HHHHHH", 0x630A, opcode << 11 | 0x0110, 1, 0, 0, 1) + netbios(name, kind) + \
        struct.pack("!HHHHHIH", 0x20, 1, 0xC00C, 0x20, 1, 300000, 6) + struct.pack("!H", 0x8000 if group else 0) + \
        address(where)


def nbns_status(names, device):
    body = bytes([len(names)]) + b"".join(octets(name).ljust(15) + bytes([kind]) + struct.pack("!H", flags)
                                          for name, kind, flags in names) + mac(device) + b"\0" * 40
    return struct.pack("!HHHHHH", 0x630B, 0x8400, 0, 1, 0, 0) + netbios("*" + "\0" * 14)[:33] + b"\0" + \
        struct.pack("!HHIH", 0x21, 1, 0, len(body)) + body


def announcement(command, where, name, group, comment, version=(10, 0)):
    """A host's or a master's announcement (MS-BRWS) in a NetBIOS datagram."""
    said = struct.pack("!BBI", command, 3, 0x60EA0000) + octets(name).ljust(16, b"\0") + bytes(version) + \
        struct.pack("<IBBH", 0x00051003, 15, 1, 0xAA55) + octets(comment) + b"\0"
    slot = b"\\MAILSLOT\\BROWSE\0"
    words = struct.pack("<HHHHBBHIHHHHHBBHHH", 0, len(said), 0, 0, 0, 0, 0, 0, 0, 0, 0, len(said), 86, 3, 0, 1, 1, 2)
    smb = b"\xffSMB\x25" + b"\0" * 27 + b"\x11" + words + struct.pack("<H", len(slot) + len(said)) + slot + said
    ends = netbios(name) + netbios(group, 0x1D if command == 1 else 0x1E)
    return struct.pack("!BBH", 0x11, 2, 0x630C) + address(where) + struct.pack("!HHH", 138, len(ends) + len(smb), 0) + \
        ends + smb


def llmnr(name, where=None):
    asked = dns_name(name) + struct.pack("!HH", 1, 1)
    if where is None:
        return struct.pack("!HHHHHH", 0xC341, 0, 1, 0, 0, 0) + asked
    return struct.pack("!HHHHHH", 0xC341, 0x8000, 1, 1, 0, 0) + asked + dns_name(name) + \
        struct.pack("!HHIH", 1, 1, 30, 4) + address(where)


def windows():
    desk, named, nas, phone, nvr = "18:66:da:64:00:01", "94:57:a5:64:00:02", "00:11:32:64:00:03", "a4:83:e7:64:00:04", \
        "44:19:b6:64:00:05"
    everyone = "192.0.2.255"
    frames = [
        by_udp(desk, "192.0.2.1", 54022, ALL_LLMNR, 5355, llmnr("HUAWEI-NAS"), ttl=1),
        by_udp(desk, "192.0.2.1", 54023, ALL_LLMNR, 5355, llmnr("zte-print"), ttl=1),
        by_udp(named, "192.0.2.2", 5355, "192.0.2.1", 54023, llmnr("zte-print", "192.0.2.2"), desk, ttl=128),
        by_udp(named, "192.0.2.2", 137, everyone, 137, nbns_claim(5, "ZTE-PRINT", 0, "192.0.2.2"), BROADCAST, 128),
        by_udp(named, "192.0.2.2", 137, everyone, 137, nbns_claim(5, "HIKVISION", 0, "192.0.2.2", True), BROADCAST, 128),
        by_udp(named, "192.0.2.2", 138, everyone, 138, announcement(1, "192.0.2.2", "ZTE-PRINT", "HIKVISION", ""), BROADCAST,
               128),
        by_udp(nas, "192.0.2.3", 138, everyone, 138, announcement(
            15, "192.0.2.3", "FILES", "HIKVISION", "backups of the Dahua recorder", (6, 1)), BROADCAST),
        by_udp(desk, "192.0.2.1", 137, "192.0.2.3", 137, struct.pack("!HHHHHH", 0x630B, 0, 1, 0, 0, 0)
               + netbios("*" + "\0" * 14)[:33] + b"\0" + struct.pack("!HH", 0x21, 1), nas),
        by_udp(nas, "192.0.2.3", 137, "192.0.2.1", 137, nbns_status([
            ("FILES", 0, 0x0400), ("FILES", 0x20, 0x0400), ("HIKVISION", 0, 0x8400)], nas), desk),
        by_udp(phone, "192.0.2.4", 137, everyone, 137, nbns_claim(8, "PHONE-64", 0, "192.0.2.4"), BROADCAST),
        by_udp(nvr, "192.0.2.5", 137, everyone, 137, nbns_claim(5, "DVR-5", 0x20, "192.0.2.5"), BROADCAST),
    ]
    return Scene("frames-windows.pcap", "A Windows network by LLMNR, NetBIOS and the browser service: its people like "
                 "makers' names for their computers and workgroup", pcap(frames), [
        Device(desk, "192.0.2.1", "-", "oui,llmnr", "Dell PC that looks for HUAWEI-NAS"),
        Device(named, "192.0.2.2", "-", "oui,llmnr,nbns,browser", "HP PC named ZTE-PRINT in a workgroup named HIKVISION"),
        Device(nas, "192.0.2.3", "-", "oui,nbns,browser", "Synology; its comment names a recorder's maker"),
        Device(phone, "192.0.2.4", "-", "oui,nbns", "Apple"),
        Device(nvr, "192.0.2.5", "hikvision", "oui", "recorder; its NetBIOS name tells nothing")])
