# SPDX-License-Identifier: Apache-2.0
"""What tshark reads of neighbours and the link layer."""

from values import all_octets, fields, is_own, number, octets, reads, say_ip, say_mac, text_or_hex


CAPABILITIES = {"other": "other", "repeater": "repeater", "bridge": "bridge", "wlan_access_pt": "access-point",
                "router": "router", "telephone": "telephone", "docsis_cable_device": "docsis",
                "station_only": "station"}
INVENTORY = {"hardware": "hardware_revision", "firmware": "firmware_revision", "software": "software_revision",
             "sn": "serial", "manufacturer": "manufacturer", "model": "model", "asset": "asset_id"}
EVERYBODYS = (0x0080c2, 0x00120f, 0x0012bb, 0x00005e, 0x001b21)


@reads("lldp", "lldp",
       says=("chassis_mac chassis_id port_id port_description system_name system_description capabilities "
             "management_address native_vlan vlan_name organization_oui hardware_revision firmware_revision "
             "software_revision serial manufacturer model asset_id"))
def lldp(layer, place, say):
    for value in all_octets(layer, "lldp.tlv.system.name"):
        say("system_name", value)
    for value in all_octets(layer, "lldp.tlv.system.desc"):
        say("system_description", value)
    for value in all_octets(layer, "lldp.port.desc"):
        say("port_description", value)
    for value in all_octets(layer, "lldp.chassis.id.mac"):
        say_mac(say, "chassis_mac", value)
    for value in all_octets(layer, "lldp.port.id.mac"):
        say_mac(say, "port_id", value)
    for end in ("chassis", "port"):
        for value in all_octets(layer, f"lldp.{end}.id"):
            say(f"{end}_id", text_or_hex(value))
        for field in fields(layer, f"lldp.{end}.id.ip4", f"lldp.{end}.id.ip6"):
            say_ip(say, f"{end}_id", field.get("show"))
    for field in fields(layer, "lldp.mgn.addr.ip4", "lldp.mgn.addr.ip6"):
        say_ip(say, "management_address", field.get("show"))
    for enabled in fields(layer, "lldp.tlv.enable_system_cap"):
        words = [word for name, word in CAPABILITIES.items() if number(enabled, f"{enabled.get('name')}.{name}")]
        say("capabilities", " ".join(words), due=int.from_bytes(octets(enabled), "big") < 256)
    for value in all_octets(layer, "lldp.ieee.802_1.port_vlan.id"):
        if any(value):
            say("native_vlan", str(int.from_bytes(value, "big")))
    for value in all_octets(layer, "lldp.ieee.802_1.vlan.name"):
        say("vlan_name", value)
    for name, field in INVENTORY.items():
        for value in all_octets(layer, f"lldp.media.{name}"):
            say(field, value)
    for value in all_octets(layer, "lldp.orgtlv.oui"):
        if int.from_bytes(value, "big") not in EVERYBODYS:
            say("organization_oui", value.hex())


CDP_CAPABILITIES = {"router": "router", "trans_bridge": "bridge", "src_bridge": "source-route-bridge", "switch": "switch",
                    "host": "host", "igmp_capable": "igmp", "repeater": "repeater", "voip_phone": "telephone",
                    "remote": "remote-managed", "cvta": "stp-dispute", "mac_relay": "relay"}


@reads("cdp", "cdp",
       says="system_name management_address port_id capabilities software_version platform native_vlan vtp_domain")
def cdp(layer, place, say):
    for name, field in (("deviceid", "system_name"), ("portid", "port_id")):
        for value in all_octets(layer, f"cdp.{name}"):
            say(field, text_or_hex(value))
    for name, field in (("platform", "platform"), ("system_name", "system_name"), ("vtp_management_domain", "vtp_domain")):
        for value in all_octets(layer, f"cdp.{name}"):
            say(field, value)
    lines = all_octets(layer, "cdp.software_version")
    if lines:
        say("software_version", b"\n".join(lines))
    for enabled in fields(layer, "cdp.capabilities"):
        say("capabilities", " ".join(word for name, word in CDP_CAPABILITIES.items()
                                     if number(enabled, f"cdp.capabilities.{name}")))
    for value in all_octets(layer, "cdp.native_vlan"):
        say("native_vlan", str(int.from_bytes(value, "big")))
    for field in fields(layer, "cdp.nrgyz.ip_address", "cdp.nrgyz.ipv6_address"):
        say_ip(say, "management_address", field.get("show"))


@reads("stp", "stp", says="bridge_mac")
def stp(layer, place, say):
    bridges = all_octets(layer, "mstp.cist_bridge.hw") or all_octets(layer, "stp.bridge.hw")
    for value in bridges + (all_octets(layer, "stp.root.hw") if bridges else []):
        say_mac(say, "bridge_mac", value)


@reads("vtp", "vtp", says="vtp_domain")
def vtp(layer, place, say):
    for value in all_octets(layer, "vtp.md"):
        say("vtp_domain", value)


@reads("dtp", "dtp", says="vtp_domain device_mac")
def dtp(layer, place, say):
    for value in all_octets(layer, "dtp.domain"):
        say("vtp_domain", value)
    for value in all_octets(layer, "dtp.senderid"):
        say_mac(say, "device_mac", value)


@reads("udld", "udld", says="chassis_id port_id")
def udld(layer, place, say):
    for value in all_octets(layer, "udld.device_id"):
        say("chassis_id", text_or_hex(value))
    for value in all_octets(layer, "udld.sent_through_interface"):
        say("port_id", text_or_hex(value))


@reads("pagp", "pagp", says="device_mac system_name port_id")
def pagp(layer, place, say):
    for value in all_octets(layer, "pagp.localdevid", "pagp.partnerdevid"):
        say_mac(say, "device_mac", value)
    for value in all_octets(layer, "pagp.tlvdevname"):
        say("system_name", value)
    for value in all_octets(layer, "pagp.tlvportname"):
        say("port_id", value)


@reads("slow", "lacp", "oampdu", says="system_mac organization_oui")
def slow(layer, place, say):
    for value in all_octets(layer, "lacp.actor.sysid", "lacp.partner.sysid"):
        say_mac(say, "system_mac", value)
    for value in all_octets(layer, "oampdu.info.oui")[:1]:
        if any(value):
            say("organization_oui", value.hex())


@reads("mndp", "mndp", says="device_mac system_name software_version manufacturer model port_id management_address")
def mndp(layer, place, say):
    for name, field in (("identity", "system_name"), ("version", "software_version"), ("platform", "manufacturer"),
                        ("board", "model"), ("interfacename", "port_id")):
        for value in all_octets(layer, f"mndp.{name}"):
            say(field, value)
    for value in all_octets(layer, "mndp.mac"):
        say_mac(say, "device_mac", value)
    for field in fields(layer, "mndp.ipv4address", "mndp.ipv6address"):
        say_ip(say, "management_address", field.get("show"))


@reads("edp", "edp", says="device_mac system_name software_version vlan_name")
def edp(layer, place, say):
    for value in all_octets(layer, "edp.midmac"):
        say_mac(say, "device_mac", value)
    for value in all_octets(layer, "edp.display.string"):
        say("system_name", value)
    for value in all_octets(layer, "edp.info.version"):
        say("software_version", ".".join(map(str, value)))
    for value in all_octets(layer, "edp.vlan.name"):
        say("vlan_name", value)


@reads("profinet_dcp", "pn_dcp", says="system_name device_type vendor_id device_id management_address")
def profinet_dcp(layer, place, say):
    is_answer = bool(number(layer, "pn_dcp.service_type", 0)) or number(layer, "pn_dcp.service_id") == 6
    for name, field in (("devicevendorvalue", "device_type"), ("nameofstation", "system_name")):
        for value in all_octets(layer, f"pn_dcp.suboption_device_{name}"):
            say(field, value, due=is_answer)
    for field in fields(layer, "pn_dcp.suboption_ip_ip"):
        say_ip(say, "management_address", field.get("show"), due=is_answer)
    for name in ("vendor_id", "device_id"):
        for value in all_octets(layer, f"pn_dcp.suboption_{name}"):
            say(name, value.hex(), due=is_answer)


@reads("cfm", "cfm", says="maintenance_domain maintenance_association")
def cfm(layer, place, say):
    if number(layer, "cfm.maid.md.name.format") == 4:
        for value in all_octets(layer, "cfm.maid.md.name.string"):
            say("maintenance_domain", value)
    if number(layer, "cfm.maid.ma.name.format") in (2, 32):
        for value in all_octets(layer, "cfm.maid.ma.name.string"):
            say("maintenance_association", value)


@reads("pppoe", "pppoed", says="access_concentrator relay_circuit relay_remote")
def pppoe(layer, place, say):
    from_concentrator = number(layer, "pppoe.code") in (0x07, 0x65)
    for value in all_octets(layer, "pppoed.tags.ac_name"):
        say("access_concentrator", text_or_hex(value), due=from_concentrator)
    from_client = number(layer, "pppoe.code") in (0x09, 0x19)
    for name, field in (("circuit_id", "relay_circuit"), ("remote_id", "relay_remote")):
        for value in all_octets(layer, f"pppoed.tags.{name}"):
            say(field, text_or_hex(value), due=from_client)


@reads("ptp", "ptp",
       says=("clock_mac grandmaster_id organization_oui manufacturer model serial hardware_revision "
             "firmware_revision software_revision"))
def ptp(layer, place, say):
    for value in all_octets(layer, "ptp.v2.clockidentity"):
        if value[3:5] in (b"\xff\xfe", b"\xff\xff"):
            say_mac(say, "clock_mac", value[:3] + value[5:])
    for value in all_octets(layer, "ptp.v2.an.grandmasterclockidentity"):
        say("grandmaster_id", value.hex())
    for value in all_octets(layer, "ptp.v2.mm.manufacturerIdentity"):
        if any(value):
            say("organization_oui", value[:3].hex())
    for value in all_octets(layer, "ptp.v2.mm.productDescription"):
        for field, part in zip(("manufacturer", "model", "serial"), value.split(b";")):
            say(field, part)
    for value in all_octets(layer, "ptp.v2.mm.revisionData"):
        for field, part in zip(("hardware_revision", "firmware_revision", "software_revision"), value.split(b";")):
            say(field, part)


@reads("arp", "arp", says="binding")
def arp(layer, place, say):
    if number(layer, "arp.hw.type") not in (1, 6) or not any(map(is_own, all_octets(layer, "arp.src.hw_mac"))):
        return
    is_reverse = number(layer, "arp.opcode") in (3, 4)  # RARP, on an EtherType of its own
    for field in fields(layer, "arp.src.proto_ipv4"):
        say_ip(say, "binding", field.get("show"), due=not is_reverse)


@reads("nd", "icmpv6", says="binding")
def nd(layer, place, say):
    kind = number(layer, "icmpv6.type")
    targets = [field.get("show") for field in fields(layer, "icmpv6.nd.na.target_address")]
    has_address = any(map(is_own, all_octets(layer, "icmpv6.opt.linkaddr")))
    is_near = place.hop_limit == "255"  # RFC 4861, sections 6.1 and 7.1
    if kind in (133, 134, 135) and has_address:
        say_ip(say, "binding", place.source, due=is_near)
    for target in targets:
        say_ip(say, "binding", target, due=is_near and kind == 136 and (has_address or place.source == target))


@reads("wifi", "wlan.mgt", says="ssid manufacturer model model_number serial system_name")
def wifi(layer, place, say):
    for value in all_octets(layer, "wlan.ssid"):
        say("ssid", value, due=len(layer) != 1)
    for name, field in (("manufacturer", "manufacturer"), ("model_name", "model"), ("model_number", "model_number"),
                        ("serial_number", "serial"), ("device_name", "system_name")):
        for value in all_octets(layer, f"wps.{name}"):
            say(field, value)
