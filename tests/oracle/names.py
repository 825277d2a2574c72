# SPDX-License-Identifier: Apache-2.0
"""What tshark reads where hosts get addresses and names."""

import re

from values import all_octets, duid, fields, is_own, number, octets, reads, say_ip, say_mac, shown, text_or_hex


FROM_CLIENT = (0, 1, 3, 4, 7, 8)
GRANTED = (2, 5)


@reads("dhcp", "dhcp",
       says=("host_name fqdn vendor_class parameter_list client_id client_mac vendor_info relay_circuit "
             "relay_remote vendor_enterprise vendor_class_data user_class duid duid_mac binding"))
def dhcp(layer, place, say):
    options = [(int(field.get("show")), field) for field in fields(layer, "dhcp.option.type")]
    kind = number(layer, "dhcp.option.dhcp", 0)
    has_mac = any(map(is_own, all_octets(layer, "dhcp.hw.mac_addr")[:1])) and number(layer, "dhcp.hw.len") == 6
    of_client = number(layer, "dhcp.type") == 1 and kind in FROM_CLIENT and has_mac
    of_server = number(layer, "dhcp.type") == 2 and kind in GRANTED
    say_ip(say, "binding", shown(layer, "dhcp.ip.client"), due=of_client and kind != 7 and options)
    say_ip(say, "binding", shown(layer, "dhcp.ip.your"), due=has_mac and of_server and kind == 5)
    for code, option in options:
        value = octets(option)[2:]
        dhcp_option(code, option, value, say, of_client)
        if code == 43:
            say("vendor_info", value.hex(), due=of_client or of_server)
        if code == 82:
            due = has_mac and (of_client or number(layer, "dhcp.type") == 2 and kind in GRANTED + (6,))
            for name, field in (("circuit", "relay_circuit"), ("remote", "relay_remote")):
                for one in all_octets(option, f"dhcp.option.agent_information_option.agent_{name}_id"):
                    say(field, text_or_hex(one), due)


def dhcp_option(code, option, value, say, due):
    if code == 12:
        say("host_name", value, due)
    if code == 55:
        say("parameter_list", ",".join(map(str, value)), due)
    if code == 60:
        say("vendor_class", text_or_hex(value), due)
    if code == 61 and value:
        if value[0] == 1 and len(value) == 7:
            say_mac(say, "client_mac", value[1:], due)
        elif value[0] == 255:
            duid(say, value[5:], due)
        else:
            say("client_id", text_or_hex(value[1:] if value[0] == 0 else value), due)
    if code == 77:
        texts = all_octets(option, "dhcp.option.user_class.data") or [value]
        for one in texts:
            say("user_class", text_or_hex(one), due)
    if code == 81:
        for name in fields(option, "dhcp.fqdn.name"):
            say("fqdn", name.get("show"), due)
    if code == 124:
        for one in all_octets(option, "dhcp.option.vi_class.enterprise"):
            say("vendor_enterprise", str(int.from_bytes(one, "big")), due)
        # tshark 4.0 leaves the items to the reader.
        items = all_octets(option, "dhcp.option.vi_class.vendor_class_data.item.data")
        for one in items or [item for data in all_octets(option, "dhcp.option.vi_class.data") for item in parted(data)]:
            say("vendor_class_data", text_or_hex(one), due)
    if code == 125:
        while len(value) >= 5:
            say("vendor_enterprise", str(int.from_bytes(value[:4], "big")), due)
            say("vendor_info", value[5:5 + value[4]].hex(), due)
            value = value[5 + value[4]:]


def parted(data):
    """Items, each after its length; the whole where they do not fill it."""
    items, rest = [], data
    while rest:
        items.append(rest[1:1 + rest[0]])
        rest = rest[1 + rest[0]:]
    return items if sum(map(len, items)) + len(items) == len(data) else [data]


def labels(value):
    while value and value[0]:
        yield value[1:1 + value[0]]
        value = value[1 + value[0]:]


@reads("dhcpv6", "dhcpv6", says="duid duid_mac vendor_enterprise vendor_class_data vendor_info fqdn")
def dhcpv6(layer, place, say):
    messages = [int(field.get("show")) for field in fields(layer, "dhcpv6.msgtype")]
    of_client = messages[-1:] and messages[-1] in (1, 3, 4, 5, 6, 8, 9, 11)
    of_server = len(messages) == 1 and messages[0] in (2, 7, 10)
    inner = [one for one in layer.iter() if "dhcpv6.msgtype" in [child.get("name") for child in one]] or [layer]
    near = set(inner[-1])  # relays' own options tell of the relays
    for option in fields(layer, "dhcpv6.option.type_str"):
        due = bool(of_client and option in near)
        code = number(option, "dhcpv6.option.type")
        value = octets(option)[4:]
        if code in (1, 2):
            duid(say, value, due=due and code == 1 or of_server and code == 2)
        if code == 16:
            for one in all_octets(option, "dhcpv6.vendorclass.data"):
                say("vendor_class_data", text_or_hex(one), due)
        if code in (16, 17):
            say("vendor_enterprise", str(int.from_bytes(value[:4], "big")), due and len(value) >= 4)
        if code == 17:
            say("vendor_info", value[4:].hex(), due)
        if code == 39:
            for name in fields(option, "dhcpv6.client_domain"):
                say("fqdn", name.get("show"), due)
            say("fqdn", b".".join(labels(value[1:])), due=False)  # tshark shows no single label with its root


def is_word_of_host(name):
    return name and name.lower().endswith(".local") and not name.lower().endswith(".arpa")


def is_instance(name):
    """<instance>.<service>.<protocol>.local"""
    parts = name.split(b".")
    return (len(parts) >= 4 and parts[-1].lower() == b"local" and parts[-2].lower() in (b"_tcp", b"_udp")
            and parts[-3].startswith(b"_") and not parts[-4].startswith(b"_"))


@reads("mdns", "mdns", says="host_name service_name service_instance service_text binding")
def mdns(layer, place, say):
    flags = number(layer, "dns.flags", 0)
    due = flags & 0xf80f == 0x8000 and place.ports[0] == 5353
    for record in fields(layer, ""):
        kind = number(record, "dns.resp.type") if record[:1] and not fields(record[0], "dns.resp.type") else None
        if kind is None or len(fields(record, "dns.resp.type")) != 1:
            continue
        owner = shown(record, "dns.resp.name") or ""
        fresh = due and number(record, "dns.resp.ttl", 0) != 0 and number(record, "dns.resp.class", 1) & 0x7fff == 1
        if kind == 16:
            for one in all_octets(record, "dns.txt"):
                say("service_text", one, due=fresh and is_word_of_host(owner))
        if kind in (1, 28) and is_word_of_host(owner):
            say("host_name", owner[:-6], due=fresh)
            for address in fields(record, "dns.a", "dns.aaaa"):
                say_ip(say, "binding", address.get("show"), due=fresh and address.get("show") == place.source)
        for target in fields(record, "dns.ptr.domain_name"):
            name = target.get("show").encode()
            if owner.lower().startswith("_services._dns-sd.") and is_word_of_host(name.decode()):
                say("service_name", name[:-6], due=fresh)
            elif is_instance(name):
                say("service_instance", name[:-6], due=fresh and is_word_of_host(owner))
        if kind == 33:
            # tshark 4.0 calls the instance the service, and so on.
            parts = [shown(record, f"dns.srv.{part}") for part in ("instance", "service", "proto", "name")]
            name = ".".join(part for part in parts if part).encode() if parts[1] else owner.encode()
            if is_instance(name):
                say("service_instance", name[:-6], due=fresh)


def name_of(field):
    """As the wire has it where it can: tshark shows some octets escaped."""
    value = octets(field)
    if value[-1:] != b"\0" or len(b".".join(labels(value))) + 2 != len(value):
        return field.get("show").encode()
    return b".".join(labels(value))


@reads("dns", "dns", says="dns_query")
def dns(layer, place, say):
    asked = [name_of(field) for field in fields(layer, "dns.qry.name")]
    name = asked[0] if asked else b""
    is_host_name = 2 <= name.count(b".") + 1 <= 6 and len(name) <= 64 and not name.lower().endswith((b".arpa", b".local"))
    due = (is_host_name and not place.is_stream and place.ports[1] == 53 and number(layer, "dns.flags", 0) & 0xf90f == 0x0100
           and number(layer, "dns.count.queries") == 1 and number(layer, "dns.qry.class") == 1
           and number(layer, "dns.qry.type") in (1, 28, 33, 64, 65))
    for one in asked:
        say("dns_query", one, due)


@reads("llmnr", "llmnr", says="host_name binding")
def llmnr(layer, place, say):
    due = number(layer, "dns.flags", 0) & 0xfd0f == 0x8000 and place.ports[0] == 5355
    for record in fields(layer, ""):
        addresses = fields(record, "dns.a", "dns.aaaa")
        if len(addresses) != 1 or len(fields(record, "dns.resp.name")) != 1:
            continue
        say("host_name", shown(record, "dns.resp.name"), due)
        say_ip(say, "binding", addresses[0].get("show"), due and addresses[0].get("show") == place.source)


def netbios_name(name, kind, is_group, say, due):
    if is_group and kind == 0 and not name.startswith(b"\1"):  # __MSBROWSE__
        say("domain", name, due)
    if not is_group and kind in (0, 0x20):
        say("host_name", name, due)


@reads("nbns", "nbns", says="host_name domain device_mac binding")
def nbns(layer, place, say):
    is_response = number(layer, "nbns.flags.response") == 1
    operation = number(layer, "nbns.flags.opcode")
    is_answer = is_response and operation == 0 and not number(layer, "nbns.flags.rcode", 0)
    due = place.ports[0] == 137 and (is_answer or not is_response and operation in (5, 8, 9))
    for record in fields(layer, ""):
        addresses = fields(record, "nbns.addr")
        if not addresses or len(fields(record, "nbns.name")) != 1:
            continue
        is_own = due and addresses[0].get("show") == place.source
        name, kind = re.match(r"(.*?)(?:<(..)>.*)?$", shown(record, "nbns.name"), re.S).groups()
        netbios_name(name.encode(), int(kind or "0", 16), number(record, "nbns.nb_flags.group"), say, is_own)
        say_ip(say, "binding", addresses[0].get("show"), is_own)
    groups = [number(field, "nbns.name_flags.group") for field in fields(layer, "nbns.name_flags")]
    for name, is_group in zip(all_octets(layer, "nbns.netbios_name"), groups):
        netbios_name(name[:15], name[15], is_group, say, due and is_answer)
    for value in all_octets(layer, "nbns.unit_id"):
        say_mac(say, "device_mac", value, due and is_answer)


@reads("browser", "browser", says="host_name domain os_version description")
def browser(layer, place, say):
    command = number(layer, "browser.command")
    own = "domain" if command == 12 else "host_name"
    due = command in (1, 12, 15)
    for value in all_octets(layer, "browser.server"):
        say(own, value.split(b"\0")[0], due)
    if command in (1, 15) and shown(layer, "browser.os_major") is not None:
        say("os_version", f"{number(layer, 'browser.os_major')}.{number(layer, 'browser.os_minor')}")
        for value in all_octets(layer, "browser.comment"):
            say("description", value.split(b"\0")[0])
    if command == 12:
        for value in all_octets(layer, "browser.mb_server"):
            say("host_name", value.split(b"\0")[0])
