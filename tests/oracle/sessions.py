# SPDX-License-Identifier: Apache-2.0
"""What tshark reads in greetings, heads and handshakes."""

import re

from values import all_octets, fields, headers, number, octets, reads, shown, value_of


@reads("ssh", "ssh", says="banner client_banner")
def ssh(layer, place, say):
    from_server = place.ports[0] == 22 or place.ports[1] != 22 and place.ports[0] < place.ports[1]
    for value in all_octets(layer, "ssh.protocol"):
        say("banner" if from_server else "client_banner", value)


def realms(value):
    for quoted, bare in re.findall(rb'[ ,\t]realm[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^" ,\t]+))', b" " + value, re.I | re.S):
        yield re.sub(rb"\\(.)", rb"\1", quoted, flags=re.S) or bare


@reads("http", "http", says="server user_agent realm powered_by")
def http(layer, place, say):
    is_relayed = "via" in headers(layer)
    is_answer = bool(fields(layer, "http.response.code"))
    for value in all_octets(layer, "http.server"):
        say("server", value_of(value), due=is_answer and not is_relayed)
    for value in all_octets(layer, "http.user_agent"):
        say("user_agent", value_of(value), due=not is_answer and not is_relayed)
    for value in all_octets(layer, "http.www_authenticate"):
        for realm in realms(value_of(value)):
            say("realm", realm, due=is_answer and not is_relayed)
    for value in headers(layer).get("x-powered-by", ()):
        say("powered_by", value, due=is_answer and not is_relayed)


@reads("ssdp", "ssdp", says="server user_agent location_url service_name")
def ssdp(layer, place, say):
    is_device = shown(layer, "http.response.code") == "200" or shown(layer, "http.request.method") == "NOTIFY"
    head = headers(layer)
    for name, field in (("server", "server"), ("location", "location_url"), ("usn", "service_name")):
        for value in head.get(name, ()):
            say(field, value, due=is_device)
    for value in head.get("user-agent", ()):
        say("user_agent", value)


@reads("rtsp", "rtsp", says="server user_agent realm")
def rtsp(layer, place, say):
    head = headers(layer)
    is_answer = bool(fields(layer, "rtsp.status"))
    due = "via" not in head
    for value in head.get("server", ()):
        say("server", value, due and is_answer)
    for value in head.get("user-agent", ()):
        say("user_agent", value, due and not is_answer)
    for value in head.get("www-authenticate", ()):
        for realm in realms(value):
            say("realm", realm, due and is_answer)


@reads("sip", "sip", says="server user_agent")
def sip(layer, place, say):
    is_answer = bool(fields(layer, "sip.Status-Code"))
    hops = len(fields(layer, "sip.Via"))
    due = not is_answer and hops == 1
    for name, field in (("Server", "server"), ("User-Agent", "user_agent")):
        for value in all_octets(layer, f"sip.{name}"):
            say(field, value_of(value), due)


RDN = {"2.5.4.3": "CN", "2.5.4.11": "OU", "2.5.4.10": "O", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.6": "C"}


def distinguished_name(name):
    parts = []
    for one in fields(name, "x509if.RelativeDistinguishedName_item_element"):
        label = RDN.get(shown(one, "x509if.oid"))
        field = next((field for field in one.iter("field") if field.get("name", "").startswith("x509sat.")
                      and field.get("name") != "x509sat.DirectoryString"), None)
        if label and field is not None:
            value = octets(field)
            if field.get("name") == "x509sat.bmpString":
                value = bytes(low if high == 0 else 0x3f for high, low in zip(value[::2], value[1::2]))
            parts.append((label, re.sub(rb"([,\\])", rb"\\\1", value)))
    order = list(RDN.values())
    parts.sort(key=lambda part: order.index(part[0]))
    return b", ".join(label.encode() + b"=" + value for label, value in parts)


@reads("tls", "tls", "dtls", says="server_name alpn certificate_subject certificate_issuer")
def tls(layer, place, say):
    kind = layer.get("name")
    is_read = kind == "dtls" or place.is_stream  # else it is inside another protocol, such as OpenVPN
    for hello in fields(layer, f"{kind}.handshake"):
        if number(hello, f"{kind}.handshake.type") != 1:
            continue
        for value in all_octets(hello, f"{kind}.handshake.extensions_server_name"):
            say("server_name", value, is_read)
        protocols = all_octets(hello, f"{kind}.handshake.extensions_alpn_str")
        if protocols:
            say("alpn", b",".join(protocols), is_read)
    for chain in fields(layer, f"{kind}.handshake.certificates"):
        own = next(iter(fields(chain, f"{kind}.handshake.certificate")), None)
        for end in ("subject", "issuer") if own is not None else ():
            for name in fields(own, f"x509af.{end}")[:1]:
                say(f"certificate_{end}", distinguished_name(name), due=is_read and place.is_server)


@reads("mysql", "mysql", says="banner")
def mysql(layer, place, say):
    for value in all_octets(layer, "mysql.version"):
        say("banner", value.rstrip(b"\0"))


@reads("vnc", "vnc", says="banner")
def vnc(layer, place, say):
    for value in all_octets(layer, "vnc.server_proto_ver"):
        say("banner", value if value.startswith(b"RFB") else b"RFB " + value)


def lines(layer):
    """The lines of a greeting, as tshark has cut them."""
    found = [octets(field) for field in layer if octets(field).endswith(b"\n")]
    return [line.strip(b"\r\n") for one in found for line in one.splitlines(True)]


@reads("ftp", "ftp", says="banner")
def ftp(layer, place, say):
    greeting = lines(layer)
    due = greeting[:1] and re.match(rb"(220|120|421)[ -]", greeting[0]) and place.begin == 0
    for line in greeting[:8]:
        say("banner", line, due=due and place.ports[0] < place.ports[1])
        if re.match(rb"\d{3} ", line):
            due = False


@reads("smtp", "smtp", says="banner")
def smtp(layer, place, say):
    for line in lines(layer)[:1]:
        say("banner", line.partition(b";")[0], due=re.match(rb"220[ -]", line) and place.ports[0] < place.ports[1])


@reads("imap", "imap", says="banner")
def imap(layer, place, say):
    for line in lines(layer)[:1]:
        say("banner", line, due=re.match(rb"[*] (OK|PREAUTH) ", line) and place.ports[0] < place.ports[1])


@reads("pop3", "pop", says="banner")
def pop3(layer, place, say):
    for line in lines(layer)[:1]:
        say("banner", line.partition(b"<")[0], due=line.startswith(b"+OK ") and place.ports[0] < place.ports[1])


@reads("ike", "isakmp", says="vendor_id")
def ike(layer, place, say):
    for value in all_octets(layer, "isakmp.vid_bytes"):
        say("vendor_id", value.hex())
