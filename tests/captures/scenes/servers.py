# SPDX-License-Identifier: Apache-2.0
"""Scenes of servers and machines whose words are seldom about a maker: directories, databases, remote desktops, time,
controllers of buildings and machines, ports that ask who is there. Who made them is told by their MACs."""

from scenes.stage import *

PORT_GROUP = "01:80:c2:00:00:03"


# --- time, desktops, databases, directories --------------------------------------------------------------

def ntp(mode, stratum=0, reference=b"\0\0\0\0", stamp=0):
    return struct.pack("!BBbb", 0x20 | mode, stratum, 6, -20) + struct.pack("!II", 0, 0x50) + reference + \
        struct.pack("!Q", stamp) * 3 + struct.pack("!Q", 0xEDC5D18000000000)


def ntp_variables(text):
    """An answer to a question for system variables (RFC 9327)."""
    text = octets(text)
    return struct.pack("!BBHHHHH", 0x16, 0x82, 1, 0x0615, 0, 0, len(text)) + text + b"\0" * (-len(text) % 4)


def rdp(confirm, protocols):
    body = struct.pack("!BHHB", 0xD0 if confirm else 0xE0, 0, 0x1234 if confirm else 0, 0) + struct.pack(
        "<BBHI", 2 if confirm else 1, 0x1F if confirm else 0, 8, protocols)
    return struct.pack("!BBHB", 3, 0, 5 + len(body), len(body)) + body


def postgres(kind, body):
    return kind + struct.pack("!I", 4 + len(body)) + body


def ldap(number, kind, body):
    return ber(0x30, ber_integer(number) + ber(kind, body))


def root_entry(**attributes):
    listed = b"".join(ber(0x30, ber(4, octets(name)) + ber(0x31, ber(4, octets(value))))
                      for name, value in attributes.items())
    return ldap(1, 0x64, ber(4, b"") + ber(0x30, listed)) + ldap(1, 0x65, ber_integer(0, 10) + ber(4, b"") + ber(4, b""))


NETCONF = ('<?xml version="1.0" encoding="UTF-8"?>\n<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
           "<capability>urn:ietf:params:netconf:base:1.0</capability>{}</capabilities>{}</hello>]]>]]>")


def servers():
    desk, desk_ip = "18:66:da:68:00:01", "192.0.2.201"
    meinberg, windows, base, samba = "ec:46:70:68:00:02", "94:57:a5:68:00:03", "b8:ca:3a:68:00:04", "b8:ca:3a:68:00:05"
    chat, huawei, cisco = "b8:ca:3a:68:00:06", "c4:47:3f:68:00:07", "00:56:2b:68:00:08"
    hpe, relay, h3c = "94:57:a5:68:00:09", "18:66:da:68:00:0a", "00:0f:e2:68:00:0d"
    modem, firewall, shop = "00:e0:4c:68:00:0b", "00:e0:fc:68:00:0c", "94:57:a5:68:00:0e"
    frames = [
        by_udp(desk, desk_ip, 123, "192.0.2.2", 123, ntp(3), meinberg),
        by_udp(meinberg, "192.0.2.2", 123, desk_ip, 123, ntp(4, 1, b"MRS\0", 0xEDC5D17F00000000), desk),
        by_udp(desk, desk_ip, 40000, "192.0.2.2", 123, struct.pack("!BBHHHHH", 0x16, 2, 1, 0, 0, 0, 0), meinberg),
        by_udp(meinberg, "192.0.2.2", 123, desk_ip, 40000, ntp_variables(
            'version="ntpd 4.2.8p15@1.3728-o", processor="x86_64", system="Linux/5.10.0", leap=0, stratum=1, refid=MRS'), desk),
    ]
    command = "May 28 2026 14:00:00 {} %%01SHELL/5/CMDRECORD(l)[12]:Recorded command information. (Task=VT0, User=x)"
    for source, where, message in (
            (huawei, "192.0.2.7", "<189>" + command.format("floor-7")),
            (hpe, "192.0.2.9", "<189>May 28 14:00:00 2026 edge-9 %%10SHELL/5/SHELL_LOGIN: -DevIP=192.0.2.9; x logged in"),
            (cisco, "192.0.2.8", "<189>12: *May 28 14:00:00: %SYS-5-CONFIG_I: Configured from console by HUAWEI on vty0"),
            (hpe, "192.0.2.9", "<188>May 28 14:05:00 2026 edge-9 %%10SHELL/4/LOGOUT(t):   Trap 1.3.6.1.4.1.25506.2.2.1.1.3.0.2"
                               "<hh3cLogOut>: x left VTY"),
            (h3c, "192.0.2.13", "<188>May 28 14:05:00 2026 edge-13 %%10SHELL/4/LOGIN(t):   Trap 1.3.6.1.4.1.25506.2.2.1.1.3.0.1"
                                "<hh3cLogIn>: x came by VTY"),
            (relay, "192.0.2.10", "<189>" + command.format("far-away-ar"))):
        frames.append(by_udp(source, where, 514, desk_ip, 514, message, desk))
    settings = postgres(b"R", struct.pack("!I", 0)) + b"".join(
        postgres(b"S", octets(name) + b"\0" + octets(value) + b"\0") for name, value in (
            ("client_encoding", "UTF8"), ("server_version", "15.6 (Debian 15.6-0+deb12u1)"), ("TimeZone", "UTC"))) + \
        postgres(b"K", struct.pack("!II", 68, 4711)) + postgres(b"Z", b"I")
    named = b"\0\3\0\0user\0reader\0database\0cameras\0application_name\0huawei-report\0\0"
    asked = ldap(1, 0x63, ber(4, b"") + ber_integer(0, 10) + ber_integer(0, 10) + ber_integer(0) + ber_integer(0)
                 + ber(1, b"\0") + ber(0x87, b"objectClass") + ber(0x30, b""))
    stream = ("<?xml version='1.0'?><stream:stream {}='example.net' xmlns='jabber:client' "
              "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
    for number, (server, where, port, turns) in enumerate((
            (windows, "192.0.2.3", 3389, [("client", rdp(False, 0x0B)), ("server", rdp(True, 2))]),
            (base, "192.0.2.4", 5432, [("client", struct.pack("!I", 4 + len(named)) + named), ("server", settings)]),
            (samba, "192.0.2.5", 389, [("client", asked), ("server", root_entry(
                vendorName="Samba Team (https://www.samba.org)", dnsHostName="files.hikvision-lab.example"))]),
            (chat, "192.0.2.6", 5222, [("client", stream.format("to")), ("server", stream.format("from") + (
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"))]),
            (modem, "192.0.2.11", 80, [("client", get(host="192.0.2.11")), ("server", page(
                "Web", "<html><head><script>\r\nvar ProductName = 'HG658';\r\n</script></head><body></body></html>",
                more="Content-Type: text/html\r\n"))]),
            (shop, "192.0.2.14", 80, [("client", get(host="shop.example.net")), ("server", page(
                "nginx", "<html><head><title>Shop</title><script>var ProductName = 'Modem';</script></head></html>",
                more="Content-Type: text/html\r\nSet-Cookie: SESSIONID=68&1&a user 1\r\n"))]),
            (firewall, "192.0.2.12", 80, [("client", get(host="192.0.2.12")), ("server", page(
                "HTTP Server 1.0", more="Set-Cookie: SESSIONID=68a1&68b2&HUAWEI Eudemon1000E-X5&68c3; path=/\r\n"))]),
            (huawei, "192.0.2.7", 830, [("server", NETCONF.format(
                "<capability>http://www.huawei.com/netconf/capability/execute-cli/1.0</capability>",
                "<session-id>68</session-id>")), ("client", NETCONF.format("", ""))]),
            (cisco, "192.0.2.8", 830, [("server", NETCONF.format(
                "<capability>http://cisco.com/ns/yang/Cisco-IOS-XE-native?module=Cisco-IOS-XE-native</capability>",
                "<session-id>69</session-id>")), ("client", NETCONF.format("", ""))]))):
        frames += by_tcp(desk, desk_ip, server, where, port, turns, 53000 + number)
    return Scene("frames-servers.pcap", "NTP, Syslog, RDP, PostgreSQL, LDAP, XMPP, NETCONF in clear, pages and cookies: servers that speak of their "
                 "software, and of a maker only by name", pcap(frames), [
        Device(desk, desk_ip, "-", "oui,ntp,rdp,postgresql,ldap,xmpp,netconf", "Dell PC that asks; a report of it is named huawei"),
        Device(meinberg, "192.0.2.2", "-", "oui,ntp", "Meinberg clock"),
        Device(windows, "192.0.2.3", "-", "oui,rdp", "HP PC"),
        Device(base, "192.0.2.4", "-", "oui,postgresql", "PostgreSQL on a Dell"),
        Device(samba, "192.0.2.5", "-", "oui,ldap", "Samba on a Dell, in a domain named after a maker"),
        Device(chat, "192.0.2.6", "-", "oui,xmpp", "XMPP server on a Dell"),
        Device(huawei, "192.0.2.7", "huawei", "oui,syslog", "switch; a capability of NETCONF names it too"),
        Device(cisco, "192.0.2.8", "-", "oui,netconf,syslog", "Cisco switch"),
        Device(hpe, "192.0.2.9", "-", "oui,syslog", "HPE switch: Comware's tag"),
        Device(relay, "192.0.2.10", "-", "oui,syslog", "Dell: passes on what a router of Huawei's logged"),
        Device(h3c, "192.0.2.13", "h3c", "oui,syslog", "H3C switch: the same tag, and a notification named after it"),
        Device(modem, "192.0.2.11", "huawei", "http", "modem whose page names an HG658; Realtek's MAC", "HG658"),
        Device(shop, "192.0.2.14", "-", "oui,http", "HP server: a shop whose page names a product"),
        Device(firewall, "192.0.2.12", "huawei", "oui,http", "firewall whose cookie names it", "Eudemon1000E-X5")])


# --- buildings, machines, ports --------------------------------------------------------------------------

def bacnet(broadcast, body):
    return struct.pack("!BBH", 0x81, 0x0B if broadcast else 0x0A, 4 + len(body)) + body


def i_am(number, vendor):
    return bacnet(True, b"\1\x20\xff\xff\0\xff\x10\0" + b"\xc4" + struct.pack("!I", 8 << 22 | number) + b"\x22\x01\xe0"
                  + b"\x91\x03" + b"\x21" + bytes([vendor]))


def property_answer(number, which, text):
    value = b"\0" + octets(text)
    return bacnet(False, b"\1\0\x30\1\x0c\x0c" + struct.pack("!I", 8 << 22 | number) + b"\x19" + bytes([which]) + b"\x3e\x75"
                  + bytes([len(value)]) + value + b"\x3f")


def tpkt(body):
    return struct.pack("!BBH", 3, 0, 4 + len(body)) + body


def s7(kind, parameters, data=b"", number=1):
    head = struct.pack("!BBHHHH", 0x32, kind, 0, number, len(parameters), len(data)) + (b"\0\0" if kind == 3 else b"")
    return tpkt(b"\x02\xf0\x80" + head + parameters + data)


def component_list(*names):
    """System state list 0x001c."""
    rows = b"".join(struct.pack("!H", number) + octets(name).ljust(32, b"\0") for number, name in names)
    body = struct.pack("!HHHH", 0x1C, 0, 34, len(names)) + rows
    return s7(7, b"\0\1\x12\x08\x12\x84\1\1\0\0\0\0", b"\xff\x09" + struct.pack("!H", len(body)) + body, 2)


def eap(code, number, body=b""):
    packet = struct.pack("!BBH", code, number, 4 + len(body)) + body
    return struct.pack("!BBH", 2, 0, len(packet)) + packet


def automation():
    desk, desk_ip, jci, siemens = "b8:ca:3a:69:00:01", "192.0.2.201", "00:10:8d:69:00:02", "00:1b:1b:69:00:03"
    beckhoff, camera, switch = "00:01:05:69:00:04", "44:19:b6:69:00:05", "00:56:2b:69:00:06"
    core, enb, opc = "00:e0:fc:69:00:07", "1c:90:be:69:00:08", "00:0e:8c:69:00:09"
    echo = bytes.fromhex("03000100") + b"\x05"
    frames = [
        by_udp(desk, desk_ip, 47808, "192.0.2.255", 47808, bacnet(True, b"\1\x20\xff\xff\0\xff\x10\x08"), BROADCAST),
        by_udp(jci, "192.0.2.2", 47808, "192.0.2.255", 47808, i_am(69, 5), BROADCAST),
        by_udp(desk, desk_ip, 47808, "192.0.2.2", 47808, bacnet(False, b"\1\4\0\5\1\x0c\x0c\2\0\0\x45\x19\x46"), jci),
        by_udp(jci, "192.0.2.2", 47808, desk_ip, 47808, property_answer(69, 70, "MS-NAE5510-1"), desk),
    ]
    frames += by_tcp(desk, desk_ip, siemens, "192.0.2.3", 102, [
        ("client", tpkt(b"\x11\xe0\0\0\0\1\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2")),
        ("server", tpkt(b"\x11\xd0\0\1\0\x45\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2")),
        ("client", s7(1, b"\xf0\0\0\1\0\1\1\xe0")), ("server", s7(3, b"\xf0\0\0\1\0\1\0\xf0")),
        ("client", s7(7, b"\0\1\x12\4\x11\x44\1\0", b"\xff\x09\0\4\0\x1c\0\0", 2)),
        ("server", component_list((1, "press-69"), (2, "CPU 315-2 PN/DP"), (4, "Original Siemens Equipment")))], 54000)
    hello = b"opc.tcp://192.0.2.9:4840"
    frames += by_tcp(desk, desk_ip, opc, "192.0.2.9", 4840, [
        ("client", b"HELF" + struct.pack("<IIIIIII", 32 + len(hello), 0, 65535, 65535, 0, 0, len(hello)) + hello),
        ("server", b"ACKF" + struct.pack("<IIIIII", 28, 0, 65535, 65535, 0, 0))], 54001)
    frames += [
        ethernet(BROADCAST, beckhoff, 0x88A4, struct.pack("<H", 14 | 1 << 12) + b"\x07\0\0\0\0\0\2\0\0\0\0\0\1\0"),
        ethernet(PORT_GROUP, camera, 0x888E, b"\2\1\0\0"),
        ethernet(camera, switch, 0x888E, eap(1, 1, b"\1")),
        ethernet(BROADCAST, beckhoff, 0x88A4, bytes.fromhex(  # the master reads a slave's identity
            "1810 0400 e903 0205 0c00 0000 4000 0800 0000 0200 0000 522c 4c04 0100")),
        ethernet(PORT_GROUP, camera, 0x888E, eap(2, 1, b"\1floor-7@cameras.example.net")),
        by_udp(enb, "192.0.2.8", 2123, "192.0.2.7", 2123, b"\x40\1" + struct.pack("!HI", 4 + len(echo), 1 << 8) + echo, core),
        by_udp(core, "192.0.2.7", 2123, "192.0.2.8", 2123, bytes.fromhex(
            "40020013000007000300010005ff00060007db01020304"), enb),
        by_udp(core, "192.0.2.7", 2123, "192.0.2.8", 2123, b"\x40\2" + struct.pack("!HI", 4 + len(echo), 1 << 8) + echo, enb),
    ]
    return Scene("frames-automation.pcap", "BACnet, S7, OPC UA, EtherCAT, a port that asks a camera who it is (EAPOL), GTP-C",
                 pcap(frames), [
        Device(desk, desk_ip, "-", "oui,bacnet,s7comm,opcua", "Dell engineering station: it asks"),
        Device(jci, "192.0.2.2", "-", "oui,bacnet", "controller of Johnson Controls"),
        Device(siemens, "192.0.2.3", "-", "oui,s7comm", "Siemens S7-300"),
        Device(opc, "192.0.2.9", "-", "oui,opcua", "Siemens server of OPC UA"),
        Device(beckhoff, "", "-", "oui,ethercat", "Beckhoff master"),
        Device(camera, "", "hikvision", "oui", "camera that asks to be let in; its name there tells no maker"),
        Device(switch, "", "-", "oui,eapol", "Cisco switch that asks who is there"),
        Device(core, "192.0.2.7", "huawei", "oui", "core; adds the extension of number 2011 to an echo"),
        Device(enb, "192.0.2.8", "-", "oui,gtpc", "Ericsson base station")])
