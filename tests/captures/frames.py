# SPDX-License-Identifier: Apache-2.0
"""Writes frames and capture files byte by byte, with the standard library alone: links, IP, transports, the
discovery protocols that no free daemon speaks, and the file formats. The scenes say which devices use them."""

import ipaddress
import json
import struct

BROADCAST = "ff:ff:ff:ff:ff:ff"
LLDP_GROUP = "01:80:c2:00:00:0e"
CDP_GROUP = "01:00:0c:cc:cc:cc"
LINK_ETHERNET, LINK_RAW, LINK_COOKED, LINK_RADIOTAP, LINK_COOKED2 = 1, 101, 113, 127, 276


def mac(text):
    return bytes.fromhex(text.replace(":", "").replace("-", ""))


def octets(text):
    return text if isinstance(text, bytes) else text.encode()


def address(text):
    return ipaddress.ip_address(text).packed


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


# --- links -----------------------------------------------------------------------------------------------

def ethernet(target, source, ethertype, payload, tags=()):
    """tags: (tag protocol, VLAN) pairs, outermost first."""
    head = mac(target) + mac(source)
    for protocol, vlan in tags:
        head += struct.pack("!HH", protocol, vlan)
    return (head + struct.pack("!H", ethertype) + payload).ljust(60, b"\0")


def snap(target, source, organization, protocol, payload):
    body = b"\xaa\xaa\x03" + organization.to_bytes(3, "big") + struct.pack("!H", protocol) + payload
    return (mac(target) + mac(source) + struct.pack("!H", len(body)) + body).ljust(60, b"\0")


def cooked(source, ethertype, payload, kind=1):
    return struct.pack("!HHH", kind, 1, 6) + mac(source) + b"\0\0" + struct.pack("!H", ethertype) + payload


def cooked2(source, ethertype, payload, interface=3, kind=1):
    return struct.pack("!HHIHBB", ethertype, 0, interface, 1, kind, 6) + mac(source) + b"\0\0" + payload


RADIOTAP = struct.pack("<BBHIBB", 0, 0, 10, 0x6, 0x00, 0x02)  # flags, rate


def wifi_data(station, bssid, target, ethertype, payload, to_ds=True, qos=False, encrypted=False):
    """An 802.11 data frame under a radiotap head, with LLC/SNAP unless its payload is enciphered."""
    control = (0x88 if qos else 0x08) | ((0x01 if to_ds else 0x02) << 8) | (0x40 << 8 if encrypted else 0)
    trio = (bssid, station, target) if to_ds else (target, bssid, station)
    head = struct.pack("<HH", control, 0) + b"".join(map(mac, trio)) + b"\x10\0" + (b"\0\0" if qos else b"")
    body = payload if encrypted else b"\xaa\xaa\x03\0\0\0" + struct.pack("!H", ethertype) + payload
    return RADIOTAP + head + body


def wifi_beacon(bssid, ssid, elements=b""):
    head = struct.pack("<HH", 0x0080, 0) + mac(BROADCAST) + mac(bssid) * 2 + b"\x20\0"
    return RADIOTAP + head + struct.pack("<QHH", 4711, 100, 0x0431) + element(0, octets(ssid)) + \
        element(1, b"\x82\x84\x8b\x96") + elements


def element(kind, value):
    return bytes([kind, len(value)]) + value


# --- IP and transports -----------------------------------------------------------------------------------

def ip(source, target, protocol, payload, ttl=64, identification=1, fragment=0):
    a, b = address(source), address(target)
    if len(a) == 16:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, ttl) + a + b + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), identification, fragment, ttl, protocol, 0)
    return head[:10] + struct.pack("!H", checksum(head + a + b)) + a + b + payload


def ethertype_of(packet):
    return 0x0800 if packet[0] >> 4 == 4 else 0x86DD


def pseudo_checksum(source, target, protocol, segment):
    return checksum(address(source) + address(target) + struct.pack("!II", len(segment), protocol) + segment)


def udp(source, source_port, target, target_port, payload, ttl=64):
    payload = octets(payload)
    head = struct.pack("!HHHH", source_port, target_port, 8 + len(payload), 0)
    total = pseudo_checksum(source, target, 17, head + payload) or 0xFFFF
    return ip(source, target, 17, head[:6] + struct.pack("!H", total) + payload, ttl)


def icmp6(source, target, kind, body, ttl=255):
    message = struct.pack("!BBH", kind, 0, 0) + body
    total = pseudo_checksum(source, target, 58, message)
    return ip(source, target, 58, message[:2] + struct.pack("!H", total) + body, ttl)


def tcp(source, source_port, target, target_port, flags, sequence, acknowledged, payload=b"", ttl=64):
    head = struct.pack("!HHIIBBHHH", source_port, target_port, sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF,
                       0x50, flags, 64240, 0, 0)
    total = pseudo_checksum(source, target, 6, head + payload)
    return ip(source, target, 6, head[:16] + struct.pack("!H", total) + head[18:] + payload, ttl)


SYN, ACK, PSH, FIN = 0x02, 0x10, 0x08, 0x01


def conversation(client, client_port, server, server_port, turns, client_ttl=64, server_ttl=64):
    """Packets of a TCP connection from handshake to end, as (from the client?, IP packet). turns: pairs of
    'client' or 'server' and what that side says, one segment each."""
    numbers = {"client": 1000, "server": 5000}
    sides = {"client": (client, client_port, server, server_port, client_ttl),
             "server": (server, server_port, client, client_port, server_ttl)}
    other = {"client": "server", "server": "client"}

    def say(side, flags, payload=b""):
        *ends, ttl = sides[side]
        packet = tcp(*ends, flags, numbers[side], numbers[other[side]] if flags & ACK else 0, payload, ttl)
        numbers[side] += len(payload) + (1 if flags & (SYN | FIN) else 0)
        return side == "client", packet

    yield say("client", SYN)
    yield say("server", SYN | ACK)
    yield say("client", ACK)
    for side, payload in turns:
        yield say(side, PSH | ACK, octets(payload))
        yield say(other[side], ACK)
    yield say("client", FIN | ACK)
    yield say("server", FIN | ACK)
    yield say("client", ACK)


def arp(operation, sender_mac, sender_ip, target_mac, target_ip):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + mac(sender_mac) + address(sender_ip) + \
        mac(target_mac) + address(target_ip)


# --- discovery -------------------------------------------------------------------------------------------

def lldp_tlv(kind, value):
    value = octets(value)
    return struct.pack("!H", kind << 9 | len(value)) + value


def organization_tlv(organization, subtype, value):
    return lldp_tlv(127, bytes.fromhex(organization) + bytes([subtype]) + octets(value))


def lldp(chassis, port, name=None, description=None, management=None, capabilities=0x0014, extra=b"",
         port_description=None):
    body = lldp_tlv(1, b"\x04" + mac(chassis)) + lldp_tlv(2, b"\x05" + octets(port)) + lldp_tlv(3, b"\0\x78")
    body += lldp_tlv(4, port_description or octets(port) + b" Interface")
    body += lldp_tlv(5, name) if name is not None else b""
    body += lldp_tlv(6, description) if description is not None else b""
    body += lldp_tlv(7, struct.pack("!HH", capabilities, capabilities))
    if management:
        body += lldp_tlv(8, b"\x05\x01" + address(management) + b"\x02" + struct.pack("!I", 7) + b"\0")
    return body + extra + lldp_tlv(0, b"")


def cdp(name, software, platform, port, management, capabilities=0x28):
    def field(kind, value):
        return struct.pack("!HH", kind, 4 + len(octets(value))) + octets(value)
    where = struct.pack("!I", 1) + b"\x01\x01\xcc\0\x04" + address(management)
    body = field(1, name) + field(2, where) + field(3, port) + field(4, struct.pack("!I", capabilities)) + \
        field(5, software) + field(6, platform) + field(10, b"\0\x01")
    summed = b"\x02\xb4\0\0" + body
    if len(summed) % 2:  # CDP puts a last odd octet on the other side than IP does
        summed = summed[:-1] + b"\0" + summed[-1:]
    return b"\x02\xb4" + struct.pack("!H", checksum(summed)) + body


def sadp_answer(device, model, serial, where, gateway, version, mark="inquiry"):
    """The XML that a Hikvision device multicasts when asked."""
    dashed = device.replace(":", "-")
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<ProbeMatch>
<Uuid>2B0F6A4C-7D1E-4A55-9C35-{mac(device).hex().upper()}</Uuid>
<Types>{mark}</Types>
<DeviceType>136210</DeviceType>
<DeviceDescription>{model}</DeviceDescription>
<DeviceSN>{serial}</DeviceSN>
<CommandPort>8000</CommandPort>
<HttpPort>80</HttpPort>
<MAC>{dashed}</MAC>
<IPv4Address>{where}</IPv4Address>
<IPv4SubnetMask>255.255.255.0</IPv4SubnetMask>
<IPv4Gateway>{gateway}</IPv4Gateway>
<IPv6Address>::</IPv6Address>
<IPv6Gateway>::</IPv6Gateway>
<IPv6MaskLen>64</IPv6MaskLen>
<DHCP>false</DHCP>
<AnalogChannelNum>0</AnalogChannelNum>
<DigitalChannelNum>1</DigitalChannelNum>
<SoftwareVersion>{version}</SoftwareVersion>
<DSPVersion>V7.3 build 210422</DSPVersion>
<BootTime>2026-02-11 06:12:45</BootTime>
<Encrypt>true</Encrypt>
<ResetAbility>false</ResetAbility>
<Activated>true</Activated>
<PasswordResetAbility>true</PasswordResetAbility>
</ProbeMatch>
"""


SADP_QUESTION = """<?xml version="1.0" encoding="utf-8"?>
<Probe><Uuid>13A888A9-F1B1-4020-AE9F-05607682D23B</Uuid><Types>inquiry</Types></Probe>"""


def sadp_raw(answer, operation, source, source_ip, target, target_ip, mask, payload=b""):
    """The older form, straight on Ethernet 0x8033. Its checksum is left at zero: we know of no public rule
    for it that we would trust."""
    head = b"\x21" + (b"\x01" if answer else b"\x02") + (b"\x01\xf6" if answer else b"\x01\x42")
    head += struct.pack("!I", 0x115E) + b"\x06\x04" + bytes([operation, 0]) + b"\0\0"
    head += mac(source) + address(source_ip) + mac(target) + address(target_ip) + address(mask)
    return (head + payload).ljust(80, b"\0")


def dhip(message):
    body = json.dumps(message, separators=(",", ":")).encode() + b"\n\0"
    return b"\x20\0\0\0DHIP" + b"\0" * 8 + struct.pack("<IIII", len(body), 0, len(body), 0) + body


DHIP_QUESTION = {"method": "DHDiscover.search", "params": {"mac": "", "uni": 1}}


def dhip_answer(device, where, gateway, model, serial, vendor, version, kind="IPC", manufacturer="Private"):
    return {"mac": device, "method": "client.notifyDevInfo", "params": {"deviceInfo": {
        "AlarmInputChannels": 0, "DeviceClass": kind, "DeviceType": model, "Find": "BD", "HttpPort": 80,
        "IPv4Address": {"DefaultGateway": gateway, "DhcpEnable": False, "IPAddress": where,
                        "SubnetMask": "255.255.255.0"},
        "Init": 166, "MachineName": serial, "Manufacturer": manufacturer, "Port": 37777, "SerialNo": serial,
        "UnLoginFuncMask": 1, "Vendor": vendor, "Version": version, "VideoInputChannels": 1}}}


# --- DHCP, DNS, SNMP -------------------------------------------------------------------------------------

def dhcp(kind, client, options, transaction=0x3903F326, reply=False, offered="0.0.0.0", relay="0.0.0.0"):
    head = struct.pack("!BBBBIHH", 2 if reply else 1, 1, 6, 1 if relay != "0.0.0.0" else 0, transaction, 0, 0)
    head += address("0.0.0.0") + address(offered) + address("0.0.0.0") + address(relay)
    head += mac(client).ljust(16, b"\0") + b"\0" * 192 + b"\x63\x82\x53\x63"
    body = b"".join(element(code, octets(value)) for code, value in [(53, bytes([kind]))] + options)
    return (head + body + b"\xff").ljust(300, b"\0")


def dhcp6_option(code, value):
    return struct.pack("!HH", code, len(value)) + value


def dns_name(name):
    return b"".join(element_of_name(part) for part in name.rstrip(".").split(".")) + b"\0"


def element_of_name(part):
    part = octets(part)
    return bytes([len(part)]) + part


def dns_question(name, kind=1, identification=0x1A2B):
    return struct.pack("!HHHHHH", identification, 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)


def dns_answer(name, kind, value, identification=0, ttl=120, multicast=True):
    """One record: of an mDNS announcement, or the answer to a question."""
    flags, cls = (0x8400, 0x8001) if multicast else (0x8180, 1)
    asked = b"" if multicast else dns_name(name) + struct.pack("!HH", kind, 1)
    return struct.pack("!HHHHHH", identification, flags, 0 if multicast else 1, 1, 0, 0) + asked + \
        dns_name(name) + struct.pack("!HHIH", kind, cls, ttl, len(value)) + value


def ber(tag, value):
    size = len(value)
    if size < 128:
        return bytes([tag, size]) + value
    width = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | width]) + size.to_bytes(width, "big") + value


def ber_integer(value, tag=2):
    return ber(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def ber_oid(text):
    parts = [int(part) for part in text.split(".")]
    body = bytes([parts[0] * 40 + parts[1]])
    for part in parts[2:]:
        group = [part & 0x7F]
        while part := part >> 7:
            group.append(part & 0x7F | 0x80)
        body += bytes(reversed(group))
    return ber(6, body)


def binding(oid, value):
    return ber(0x30, ber_oid(oid) + value)


def snmp_pdu(tag, bindings, request=1):
    return ber(tag, ber_integer(request) + ber_integer(0) + ber_integer(0) + ber(0x30, b"".join(bindings)))


def snmp(version, pdu, community="public"):
    return ber(0x30, ber_integer(version) + ber(4, octets(community)) + pdu)


def snmp_trap1(enterprise, agent, generic=6, specific=1, bindings=()):
    body = ber_oid(enterprise) + ber(0x40, address(agent)) + ber_integer(generic) + ber_integer(specific) + \
        ber_integer(123456, 0x43) + ber(0x30, b"".join(bindings))
    return snmp(0, ber(0xA4, body))


def snmp3(engine, pdu, user="", boots=3, time=4711):
    """A v3 message without authentication or privacy, such as the answer to a discovery."""
    glob = ber(0x30, ber_integer(77) + ber_integer(65507) + ber(4, b"\0") + ber_integer(3))
    security = ber(0x30, ber(4, engine) + ber_integer(boots) + ber_integer(time) + ber(4, octets(user)) +
                   ber(4, b"") + ber(4, b""))
    scoped = ber(0x30, ber(4, engine) + ber(4, b"") + pdu)
    return ber(0x30, ber_integer(3) + glob + ber(4, security) + scoped)


# --- files -----------------------------------------------------------------------------------------------

START = 1_780_000_000  # 2026-05-28: fixed, so that the files do not change when they are made again


def pcap(frames, link=LINK_ETHERNET, big=False, nano=False, snaplen=262144, start=START):
    order = ">" if big else "<"
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, link)
    for index, frame in enumerate(frames):
        seconds, rest = divmod(index * 250_000_123, 1_000_000_000)
        data += struct.pack(order + "IIII", start + seconds, rest if nano else rest // 1000,
                            min(len(frame), snaplen), len(frame)) + frame[:snaplen]
    return data


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack(order + "II", kind, 12 + len(body)) + body + struct.pack(order + "I", 12 + len(body))


def block_option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def pcapng(interfaces, frames, big=False):
    """interfaces: (name, link type, 6 or 9 for micro- or nanoseconds); frames: (interface, bytes)."""
    order = ">" if big else "<"
    end = struct.pack(order + "HH", 0, 0)
    data = block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) +
                 block_option(order, 4, b"frames.py") + end)
    for name, link, digits in interfaces:
        data += block(order, 1, struct.pack(order + "HHI", link, 0, 262144) + block_option(order, 2, octets(name)) +
                      block_option(order, 9, bytes([digits])) + end)
    for index, (interface, frame) in enumerate(frames):
        ticks = (START * 10**9 + index * 250_000_123) // 10 ** (9 - interfaces[interface][2])
        head = struct.pack(order + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
        data += block(order, 6, head + frame + b"\0" * (-len(frame) % 4))
    return data


def multicast_mac(group):
    packed = address(group)
    if len(packed) == 16:
        return "33:33:" + packed[12:].hex(":")
    return "01:00:5e:" + bytes([packed[1] & 0x7F, packed[2], packed[3]]).hex(":")
