# SPDX-License-Identifier: Apache-2.0
"""What tshark reads in management, operators' and plants' protocols."""

import re

from values import all_octets, fields, number, octets, reads, say_mac, shown, text_or_hex


SYSTEM = {"1.3.6.1.2.1.1.1.0": "system_description", "1.3.6.1.2.1.1.2.0": "system_object_id",
          "1.3.6.1.2.1.1.5.0": "system_name", "1.3.6.1.2.1.1.6.0": "system_location"}
TRAP_OID, TRAP_ENTERPRISE = "1.3.6.1.6.3.1.1.4.1.0", "1.3.6.1.6.3.1.1.4.3.0"
ENTERPRISES = "1.3.6.1.4.1."
SNMP_ANSWERS, SNMP_NOTIFICATIONS = (2,), (4, 6, 7)


def definer(trap):
    """RFC 3584, section 3.2."""
    return trap.rpartition(".")[0].removesuffix(".0")


@reads("snmp", "snmp",
       says=("system_description system_object_id system_name system_location engine_id engine_enterprise "
             "engine_mac trap_enterprise"))
def snmp(layer, place, say):
    pdu = number(layer, "snmp.data")
    is_answer = pdu in SNMP_ANSWERS and not number(layer, "snmp.error_status", 0) and place.ports[0] != 162
    due = is_answer or pdu in SNMP_NOTIFICATIONS
    for binding in fields(layer, ""):
        name = shown(binding, "snmp.name")
        if len(fields(binding, "snmp.name")) != 1:
            continue
        field = SYSTEM.get(name)
        for value in fields(binding, "snmp.value.oid"):
            if name == TRAP_OID and value.get("show").startswith(ENTERPRISES):
                say("trap_enterprise", definer(value.get("show")), due)
            if name == TRAP_ENTERPRISE:
                say("trap_enterprise", value.get("show"), due and value.get("show") not in ("", "0.0", "0"))
        if not field:
            continue
        if field == "system_object_id":
            for value in fields(binding, "snmp.value.oid"):
                say(field, value.get("show"), due and value.get("show") not in ("", "0.0", "0"))
        else:
            for value in all_octets(binding, "snmp.value.octets"):
                say(field, value, due)
    for value in fields(layer, "snmp.enterprise"):
        say("trap_enterprise", value.get("show"), value.get("show") not in ("", "0.0", "0"))
    for value in all_octets(layer, "snmp.msgAuthoritativeEngineID"):
        is_sound = 5 <= len(value) <= 32 and any(value) and set(value) != {255}
        say("engine_id", value.hex(), is_sound)
        if not is_sound or (not value[0] & 0x80 and len(value) != 12):
            continue
        enterprise = int.from_bytes(value[:4], "big") & 0x7fffffff
        if enterprise:
            say("engine_enterprise", str(enterprise))
        if value[0] & 0x80 and value[4] == 3 and len(value) == 11:
            say_mac(say, "engine_mac", value[5:])


@reads("radius", "radius", says="nas_identifier vendor_attribute client_mac nas_port_id")
def radius(layer, place, say):
    whole = 20 + sum(map(len, all_octets(layer, "radius.avp"))) == number(layer, "radius.length")
    due = number(layer, "radius.code") in (1, 4) and whole and not fields(layer, "radius.Proxy_State")
    for value in all_octets(layer, "radius.NAS_Identifier"):
        say("nas_identifier", value, due)
    for value in fields(layer, "radius.avp.vendor_id"):
        say("vendor_attribute", value.get("show"), due)
    for value in all_octets(layer, "radius.NAS_Port_Id"):
        say("nas_port_id", text_or_hex(value), due=False)
    for value in all_octets(layer, "radius.Calling_Station_Id"):
        digits = re.sub(rb"[-:.]", b"", value)
        if re.fullmatch(rb"[0-9A-Fa-f]{12}", digits):
            station = bytes.fromhex(digits.decode())
            is_telephone = value == digits and digits.isdigit()
            say_mac(say, "client_mac", station, due=number(layer, "radius.code") in (1, 4) and whole and not is_telephone)


@reads("diameter", "diameter", says="fqdn vendor_enterprise product_name firmware_revision")
def diameter(layer, place, say):
    due = number(layer, "diameter.cmd.code") in (257, 280)
    for name, field in (("Origin-Host", "fqdn"), ("Product-Name", "product_name")):
        for value in all_octets(layer, f"diameter.{name}"):
            say(field, value, due)
    for name, field in (("Vendor-Id", "vendor_enterprise"), ("Firmware-Revision", "firmware_revision")):
        for avp in layer:  # those inside another are about an application
            for value in [octets(one) for one in avp if one.get("name") == f"diameter.{name}"]:
                one = int.from_bytes(value, "big")
                say(field, str(one), due and (one != 0 or field != "vendor_enterprise"))


@reads("bmp", "bmp", says="system_description system_name")
def bmp(layer, place, say):
    kinds = fields(layer, "bmp.init.type")
    for kind, value in zip(kinds, all_octets(layer, "bmp.init.info")):
        field = {"1": "system_description", "2": "system_name"}.get(kind.get("show"))
        if field:
            say(field, value)


@reads("pfcp", "pfcp", says="fqdn vendor_enterprise")
def pfcp(layer, place, say):
    for name in fields(layer, "pfcp.node_id_fqdn"):
        say("fqdn", name.get("show"), due=number(layer, "pfcp.msg_type") in (5, 6))
    for value in fields(layer, "pfcp.enterprise_id"):
        say("vendor_enterprise", str(int(value.get("show"), 0)), due=number(layer, "pfcp.msg_type") in (5, 6))


@reads("ngap", "ngap", says="system_name")
def ngap(layer, place, say):
    for value in fields(layer, "ngap.AMFName", "ngap.RANNodeName"):
        say("system_name", value.get("show"), due=number(layer, "ngap.procedureCode") == 21)


@reads("s1ap", "s1ap", says="system_name")
def s1ap(layer, place, say):
    for value in fields(layer, "s1ap.ENBname", "s1ap.MMEname"):
        say("system_name", value.get("show"), due=number(layer, "s1ap.procedureCode") == 17)


@reads("capwap", "capwap", says="system_name system_location device_mac")
def capwap(layer, place, say):
    for name, field in (("ac_name", "system_name"), ("wtp_name", "system_name"), ("location_data", "system_location")):
        for value in all_octets(layer, f"capwap.control.message_element.{name}"):
            say(field, value)
    for value in all_octets(layer, "capwap.control.message_element.wtp_board_data.base_mac_address"):
        say_mac(say, "device_mac", value)


@reads("enip", "enip", says="vendor_number device_type product_code firmware_revision serial model")
def enip(layer, place, say):
    for name, field in (("vendor", "vendor_number"), ("devtype", "device_type"), ("prodcode", "product_code")):
        for value in all_octets(layer, f"enip.lir.{name}"):
            say(field, str(int.from_bytes(value, "little")))
    for value in all_octets(layer, "enip.lir.revision"):
        say("firmware_revision", f"{value[0]}.{value[1]}")
    for value in all_octets(layer, "enip.lir.serial"):
        if any(value):
            say("serial", value[::-1].hex())
    for value in all_octets(layer, "enip.lir.name"):
        say("model", value)


@reads("modbus", "modbus", says="vendor product_code firmware_revision vendor_url platform model description")
def modbus(layer, place, say):
    names = ("vendor", "product_code", "firmware_revision", "vendor_url", "platform", "model", "description")
    number_of = None
    for one in fields(layer, "modbus.object_id", "modbus.object_str_value"):
        if one.get("name") == "modbus.object_id":
            number_of = int(one.get("show"))
        elif number_of is not None and number_of < len(names):
            say(names[number_of], octets(one))
