# SPDX-License-Identifier: Apache-2.0
"""Scenes of how sessions begin: greetings of servers up to the login, telephones that register, the clear part of TLS
and IKE. What a client calls itself, what a mail or an archive is about and what a proxy passes on is nobody's make."""

from scenes.stage import *

# Vendor ids of IKE that public lists know: dead peers, NAT (RFC 3947), XAUTH, Cisco Unity, strongSwan.
DPD, NAT_T, XAUTH = "afcad71368a1f1c96b8696fc77570100", "4a131c81070358455c5728f20e95452f", "09002689dfd6b712"
UNITY, STRONGSWAN = "12f5f28c457168a9702d9fe274cc0100", "882fe56d6fd20dbc2251613b2ebe5beb"


# --- TLS -------------------------------------------------------------------------------------------------

def handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def record(body, version=0x0303):
    return struct.pack("!BHH", 22, version, len(body)) + body


def sized(body, width=2):
    return len(body).to_bytes(width, "big") + body


def client_hello(name=None, protocols=(), datagram=False):
    extensions = b""
    if name:
        extensions += struct.pack("!H", 0) + sized(sized(b"\0" + sized(octets(name))))
    extensions += struct.pack("!H", 10) + sized(sized(b"\0\x17\0\x18")) + struct.pack("!H", 11) + sized(b"\1\0") + \
        struct.pack("!H", 13) + sized(sized(b"\4\1\4\3\5\1"))
    if protocols:
        extensions += struct.pack("!H", 16) + sized(sized(b"".join(map(element_of_name, protocols))))
    return (b"\xfe\xfd" if datagram else b"\3\3") + bytes(range(32)) + b"\0" + (b"\0" if datagram else b"") + \
        sized(b"\xc0\x2f\xc0\x30\0\x9c\0\x2f") + b"\1\0" + sized(extensions)


def distinguished(*parts):
    """A name of (number under 2.5.4, text), in the order of the certificate."""
    return ber(0x30, b"".join(ber(0x31, ber(0x30, ber_oid(f"2.5.4.{number}") + ber(
        19 if number == COUNTRY else 12, octets(text)))) for number, text in parts))


COUNTRY, PLACE, STATE, FIRM, UNIT, COMMON = 6, 7, 8, 10, 11, 3


def certificate(subject, issuer, serial=0x64):
    """Only names matter here: the key is no key and the signature is none."""
    signed_by = ber(0x30, ber_oid("1.2.840.113549.1.1.11") + b"\5\0")
    key = ber(0x30, ber_integer(int.from_bytes(bytes(range(0x81, 0xC1)) * 4, "big")) + ber_integer(65537))
    body = ber(0x30, ber(0xA0, ber_integer(2)) + ber_integer(serial) + signed_by + issuer + ber(
        0x30, ber(23, b"200101000000Z") + ber(23, b"400101000000Z")) + subject + ber(0x30, ber(
            0x30, ber_oid("1.2.840.113549.1.1.1") + b"\5\0") + ber(3, b"\0" + key)))
    return ber(0x30, body + signed_by + ber(3, b"\0" + bytes(range(256))))


def server_hello(subject, issuer):
    hello = b"\3\3" + bytes(range(32, 64)) + b"\0" + b"\0\x9c" + b"\0" + sized(struct.pack("!H", 0xFF01) + sized(b"\0"))
    return record(handshake(2, hello)) + record(handshake(11, sized(sized(certificate(subject, issuer), 3), 3))) + \
        record(handshake(14, b""))


def datagram_hello(name):
    body = client_hello(name, datagram=True)
    message = b"\1" + len(body).to_bytes(3, "big") + b"\0\0" + b"\0\0\0" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHHHIH", 22, 0xFEFF, 0, 0, 0, len(message)) + message


# --- IKE, SIP, MySQL -------------------------------------------------------------------------------------

def ike(vendors, answer=False):
    """The first or second message of version 1's main mode: one proposal, then the vendor ids."""
    def attribute(kind, value):
        return struct.pack("!HH", 0x8000 | kind, value)
    transform = b"\1\1\0\0" + b"".join(attribute(*pair) for pair in ((1, 7), (14, 256), (2, 4), (3, 1), (4, 14), (11, 1)))
    transform = struct.pack("!BBH", 0, 0, 4 + len(transform)) + transform
    proposal = struct.pack("!BBHBBBB", 0, 0, 8 + len(transform), 1, 1, 0, 1) + transform
    parts = [(1, struct.pack("!II", 1, 1) + proposal)] + [(13, bytes.fromhex(vendor)) for vendor in vendors]
    body = b""
    for (_, value), following in zip(parts, [kind for kind, _ in parts[1:]] + [0]):
        body += struct.pack("!BBH", following, 0, 4 + len(value)) + value
    return bytes(range(1, 9)) + (bytes(range(9, 17)) if answer else b"\0" * 8) + \
        struct.pack("!BBBBII", 1, 0x10, 2, 0, 0, 28 + len(body)) + body


def sip(first, where, agent=None, server=None, hops=(), contact=None, method="REGISTER", number=1001):
    lines = [first] + [f"Via: SIP/2.0/UDP {hop}:5060;branch=z9hG4bK{index}" for index, hop in enumerate(hops)] + [
        "Max-Forwards: 70", f"From: <sip:{number}@192.0.2.210>;tag=64", f"To: <sip:{number}@192.0.2.210>",
        f"Call-ID: 64-{number}@{where}", f"CSeq: 1 {method}"]
    lines += [f"Contact: <sip:{number}@{contact}:5060>"] if contact else []
    lines += [f"User-Agent: {agent}"] if agent else []
    lines += [f"Server: {server}"] if server else []
    return "\r\n".join(lines + ["Content-Length: 0", "", ""])


def mysql(version):
    body = b"\x0a" + octets(version) + b"\0" + struct.pack("<I", 64) + b"abcdefgh\0" + \
        struct.pack("<HBHH", 0xF7FE, 45, 2, 0x81BF) + b"\x15" + b"\0" * 10 + b"ijklmnopqrst\0" + b"mysql_native_password\0"
    return len(body).to_bytes(3, "little") + b"\0" + body


OFFER = b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18"  # will echo, will suppress, do terminal type
HPE_LINES = ("\r\n" + "*" * 78 + "\r\n* Copyright (c) 2010-2019 Hewlett Packard Enterprise Development LP" + " " * 9
             + "*\r\n* Without the owner's prior written consent," + " " * 34 + "*\r\n" + "*" * 78 + "\r\n\r\nlogin: ")
MA5600 = "\r\n\r\nHuawei MA5600T Multi-service Access Module\r\nCopyright(C) Huawei Technologies Co., Ltd. 2002-2013. " \
         "All rights reserved.\r\n\r\n>>User name:"


def sessions():
    desk, desk_ip = "18:66:da:65:00:01", "192.0.2.201"
    olt, hpe, linux, archer = "00:e0:fc:65:00:02", "94:57:a5:65:00:03", "dc:a6:32:65:00:04", "50:c7:bf:65:00:05"
    mirror, mail, base, screen = "00:11:32:65:00:06", "b8:ca:3a:65:00:07", "b8:ca:3a:65:00:08", "94:57:a5:65:00:09"
    gateway, exchange, proxy, phone = "d0:60:8c:65:00:0a", "b8:ca:3a:65:00:0b", "b8:ca:3a:65:00:0c", "64:16:7f:65:00:0d"
    firewall, peer, camera, recorder = "c4:47:3f:65:00:0e", "00:56:2b:65:00:0f", "44:19:b6:65:00:10", "00:e0:4c:65:00:11"
    axis, router, laptop = "ac:cc:8e:65:00:12", "00:56:2b:65:00:13", "a4:83:e7:65:00:14"
    frames = []
    port = iter(range(52000, 52100))

    def asked(server, where, number, turns):
        frames.extend(by_tcp(desk, desk_ip, server, where, number, turns, next(port)))

    asked(olt, "192.0.2.2", 23, [("server", OFFER), ("client", b"\xff\xfd\x01\xff\xfd\x03\xff\xfc\x18"), ("server", MA5600)])
    asked(hpe, "192.0.2.3", 23, [("server", OFFER), ("server", HPE_LINES)])
    asked(linux, "192.0.2.4", 23, [("server", OFFER), ("server", "Debian GNU/Linux 12\r\nhuawei-lab login: ")])
    asked(archer, "192.0.2.5", 21, [("server", "220 Welcome to TP-LINK FTP server\r\n"), ("client", "USER anonymous\r\n")])
    asked(mirror, "192.0.2.6", 21, [
        ("server", "220-Archive of firmware: Huawei, ZTE, TP-LINK FTP server images\r\n220 (vsFTPd 3.0.3)\r\n"),
        ("client", "USER anonymous\r\n"), ("server", "331 Please specify the password.\r\n")])
    asked(mail, "192.0.2.7", 25, [
        ("server", "220 mail.example.net ESMTP Postfix (Debian/GNU)\r\n"), ("client", "EHLO huawei-p30.example.net\r\n"),
        ("server", "250-mail.example.net\r\n250 8BITMIME\r\n"), ("client", "DATA\r\n"),
        ("server", "354 End data with <CR><LF>.<CR><LF>\r\n"),
        ("client", "Subject: banners\r\n\r\n220 OX253P FTP version 1.0 ready\r\nWelcome Visiting Huawei Home Gateway\r\n"
                   "Server: Hikvision-Webs\r\n.\r\n"), ("server", "250 2.0.0 Ok: queued as 64\r\n")])
    asked(mail, "192.0.2.7", 143, [
        ("server", "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot (Debian) ready.\r\n"),
        ("client", "a1 LOGOUT\r\n"), ("server", "* BYE Logging out\r\na1 OK Logout completed.\r\n")])
    asked(mail, "192.0.2.7", 110, [("server", "+OK Dovecot (Debian) ready. <1c64.1.2.3@mail.example.net>\r\n"),
                                   ("client", "QUIT\r\n"), ("server", "+OK Logging out\r\n")])
    asked(base, "192.0.2.8", 3306, [("server", mysql("5.5.5-10.11.6-MariaDB-0+deb12u1"))])
    asked(screen, "192.0.2.9", 5900, [("server", "RFB 003.008\n"), ("client", "RFB 003.008\n"), ("server", b"\1\2")])

    def called(source, source_ip, target, target_ip, text):
        frames.append(by_udp(source, source_ip, 5060, target_ip, 5060, text, target))

    register = "REGISTER sip:192.0.2.210 SIP/2.0"
    called(gateway, "192.0.2.10", exchange, "192.0.2.210", sip(
        register, "192.0.2.10", "F660/V2.30.10P16T2S", hops=("192.0.2.10",), contact="192.0.2.10"))
    called(exchange, "192.0.2.210", gateway, "192.0.2.10", sip(
        "SIP/2.0 200 OK", "192.0.2.10", server="Asterisk PBX 20.5.0", hops=("192.0.2.10",), contact="192.0.2.10"))
    called(phone, "192.0.2.13", exchange, "192.0.2.210", sip(
        register, "192.0.2.13", "PolycomVVX-VVX_411-UA/5.9.7.3480", hops=("192.0.2.13",), contact="192.0.2.13", number=1002))
    called(proxy, "192.0.2.12", exchange, "192.0.2.210", sip(
        "INVITE sip:1002@192.0.2.210 SIP/2.0", "10.65.0.9", "Huawei-HomeGateway/V100R001",
        hops=("192.0.2.12", "10.65.0.9"), contact="10.65.0.9", method="INVITE", number=1003))
    frames.append(by_udp(peer, "192.0.2.15", 500, "192.0.2.14", 500, ike((XAUTH, DPD, UNITY, NAT_T)), firewall))
    frames.append(by_udp(firewall, "192.0.2.14", 500, "192.0.2.15", 500, ike((DPD, NAT_T), True), peer))
    frames.append(by_udp(linux, "192.0.2.4", 500, "192.0.2.15", 500, ike((STRONGSWAN, DPD, NAT_T)), peer))
    china = ((COUNTRY, "CN"), (STATE, "ZHEJIANG"), (PLACE, "HANGZHOU"))
    hik = distinguished(*china, (FIRM, "HIKVISION"), (UNIT, "DVRNVR"), (COMMON, "www.hikvision.com"))
    dahua = distinguished(*china, (FIRM, "DAHUA"), (UNIT, "DAHUATECH"), (COMMON, "192.168.1.108"))
    root = distinguished((COUNTRY, "CN"), (STATE, "ZheJiang"), (PLACE, "HangZhou"), (FIRM, "DahuaTech"),
                         (COMMON, "Product Root CA"))
    own = distinguished((FIRM, "Axis Communications AB"), (COMMON, "axis-accc8e650012"))
    far = distinguished((COUNTRY, "CN"), (FIRM, "Huawei Technologies Co., Ltd."), (COMMON, "support.huawei.com"))
    authority = distinguished((COUNTRY, "US"), (FIRM, "Example Trust"), (COMMON, "Example CA"))
    for server, where, subject, issuer in ((camera, "192.0.2.16", hik, hik), (recorder, "192.0.2.17", dahua, root),
                                           (axis, "192.0.2.18", own, own)):
        asked(server, where, 443, [("client", record(handshake(1, client_hello()), 0x0301)),
                                   ("server", server_hello(subject, issuer))])
    for target, where, name, turns in (
            (router, "203.0.113.65", "support.huawei.com", [("server", server_hello(far, authority))]),
            (router, "203.0.113.66", "api.hik-connect.com", [])):
        frames += by_tcp(laptop, "192.0.2.20", target, where, 443, [
            ("client", record(handshake(1, client_hello(name, ("h2", "http/1.1"))), 0x0301))] + turns, next(port),
            server_ttl=52)
    frames.append(by_udp(laptop, "192.0.2.20", 53000, "203.0.113.67", 443, datagram_hello("vpn.example.net"), router))
    return Scene("frames-sessions.pcap", "How sessions begin: Telnet, FTP, SMTP, IMAP, POP3, MySQL, VNC, SIP, IKE, TLS; a "
                 "mail, an archive, a client's name and a proxy that only speak of makers", pcap(frames), [
        Device(desk, desk_ip, "-", "oui,telnet,smtp", "Dell PC; calls itself huawei-p30 and mails banners"),
        Device(olt, "192.0.2.2", "huawei", "oui,telnet", "access node, by what stands before its login", "MA5600T"),
        Device(hpe, "192.0.2.3", "-", "oui,telnet", "HPE switch: Comware's frame with HPE's name"),
        Device(linux, "192.0.2.4", "-", "oui,telnet,ike", "Raspberry Pi named huawei-lab; strongSwan"),
        Device(archer, "192.0.2.5", "tp-link", "oui,ftp", "router with a disk"),
        Device(mirror, "192.0.2.6", "-", "oui,ftp", "Synology: an archive whose greeting says what is in it"),
        Device(mail, "192.0.2.7", "-", "oui,smtp,imap,pop3", "Dell mail server; a mail in it quotes banners"),
        Device(base, "192.0.2.8", "-", "oui,mysql", "MariaDB on a Dell"),
        Device(screen, "192.0.2.9", "-", "oui,vnc", "HP PC"),
        Device(gateway, "192.0.2.10", "zte", "oui,sip", "home gateway that registers", "F660"),
        Device(exchange, "192.0.2.210", "-", "oui,sip", "Asterisk on a Dell"),
        Device(proxy, "192.0.2.12", "-", "oui,sip", "Dell proxy: passes on a call of a Huawei gateway"),
        Device(phone, "192.0.2.13", "-", "oui,sip", "Polycom telephone"),
        Device(firewall, "192.0.2.14", "huawei", "oui", "firewall; its vendor ids are those of the RFCs"),
        Device(peer, "192.0.2.15", "-", "oui,ike", "Cisco, by Unity's vendor id too"),
        Device(camera, "192.0.2.16", "hikvision", "oui,tls", "the certificate that it came with"),
        Device(recorder, "192.0.2.17", "dahua", "tls", "the certificate that it came with; Realtek's MAC"),
        Device(axis, "192.0.2.18", "-", "oui,tls", "Axis camera with its own certificate"),
        Device(laptop, "192.0.2.20", "-", "oui,tls", "Apple: reads Huawei's site, watches a camera by its maker's cloud"),
        Device(router, "", "-", "oui", "Cisco router: the far sites' packets bear its MAC"),
        Device("", "203.0.113.65", "-", "tls", "Huawei's site far away: its name, and who built the server nobody knows")])
