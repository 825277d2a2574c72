# SPDX-License-Identifier: Apache-2.0
"""What the readers share: who reads which of tshark's layers, a layer's fields, and values in the form that they have on
our side. A reader tells through `say` what tshark has read: say(field, value, due). A value that is not due is one that
we pass over on purpose: it may stand on our side, but need not."""

import ipaddress
import re

READERS = {}  # tshark's layer: (our protocol, function)
KNOWN = {}  # our protocol: those of its fields that are compared


def reads(protocol, *layers, says):
    def register(function):
        KNOWN.setdefault(protocol, set()).update(says.split())
        for layer in layers:
            READERS[layer] = (protocol, function)
        return function
    return register


# --- fields of a layer -----------------------------------------------------------------------------------------------

def fields(element, *names):
    return [field for field in element.iter("field") if field.get("name") in names]


def octets(field):
    digits = field.get("unmaskedvalue") or field.get("value") or ""
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else b""


def all_octets(element, *names):
    return [octets(field) for field in fields(element, *names)]


def shown(element, name):
    """As tshark shows it: the first, or None."""
    return next((field.get("show") for field in fields(element, name)), None)


def number(element, name, otherwise=None):
    """Of a flag tshark 4.0 shows 0 or 1, and 4.4 the word."""
    text = shown(element, name)
    if text in ("False", "True"):
        return int(text == "True")
    return int(text, 0) if text else otherwise


# --- values, in the form that core/text.hpp and dissect/emit.hpp promise -----------------------------------------------

BLANKS = re.compile("[\x00-\x20\x7f-\xa0]+")
DECEPTIVE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb\U000e0000-\U000e007f\ufeff\u061c\u00ad]")


def clean(value):
    """Malformed UTF-8 is compared as one U+FFFD however long it is: RFC 3629 does not say how many it makes."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return re.sub("\ufffd+", "\ufffd", DECEPTIVE.sub("\ufffd", BLANKS.sub(" ", text))).strip(" ")


def text_or_hex(value):
    text = value.rstrip(b"\0")
    return text if all(0x20 <= octet < 0x7f for octet in text) else value.hex()


def mac(value):
    return ":".join(f"{octet:02x}" for octet in value) if len(value) == 6 else ""


def is_own(value):
    return len(value) == 6 and any(value) and not value[0] & 1


def say_mac(say, field, value, due=True):
    if is_own(value):
        say(field, mac(value), due)


def is_host(text):
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (ip.is_unspecified or ip.is_loopback or ip.is_multicast or str(ip) == "255.255.255.255")


def say_ip(say, field, text, due=True):
    if text and is_host(text):
        say(field, str(ipaddress.ip_address(text)), due)


def value_of(line):
    """Of a header's line."""
    return line.partition(b":")[2].strip(b" \t\r\n")


def headers(layer):
    """{name: values} of the lines that tshark has cut a head into."""
    found = {}
    for field in layer.iter("field"):
        line = octets(field)
        if line.endswith(b"\n") and re.match(rb"[A-Za-z-]+[ \t]*:", line) and b"\n" not in line[:-1]:
            values = found.setdefault(line.partition(b":")[0].strip().lower().decode(), [])
            if value_of(line) not in values:
                values.append(value_of(line))
    return found


def duid(say, value, due):
    if len(value) < 2 or len(value) > 130:
        return
    say("duid", value.hex(), due)
    kind = int.from_bytes(value[:2], "big")
    if kind in (1, 3) and value[2:4] == b"\0\x01":
        say_mac(say, "duid_mac", value[8:] if kind == 1 else value[4:], due)
    if kind == 2 and len(value) >= 6:
        say("vendor_enterprise", str(int.from_bytes(value[2:6], "big")), due)
