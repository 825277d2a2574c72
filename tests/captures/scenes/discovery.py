# SPDX-License-Identifier: Apache-2.0
"""Scenes of devices that answer whoever looks for them: cameras by WS-Discovery, DVRIP and NetIP, plugs and lamps,
routers and access points, a radio repeater. Who only looks for them is none of them."""

import zlib

from scenes.stage import *

ALL_WSD, ALL_UBIQUITI = "239.255.255.250", "233.89.188.1"


# --- WS-Discovery ----------------------------------------------------------------------------------------

def soap(action, body, message="1"):
    name = f"urn:uuid:00000000-0000-1000-8000-{int(message):012d}"
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"'
            f' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
            f' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
            f' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
            f"<env:Header><wsa:MessageID>{name}</wsa:MessageID>"
            f"<wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>"
            f"<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/{action}</wsa:Action></env:Header>"
            f"<env:Body>{body}</env:Body></env:Envelope>")


def described(element_name, device, where, scopes, types="dn:NetworkVideoTransmitter tds:Device", path="/onvif/device_service"):
    inner = (f"<wsa:EndpointReference><wsa:Address>urn:uuid:2b0f6a4c-7d1e-4a55-9c35-{mac(device).hex()}</wsa:Address>"
             f"</wsa:EndpointReference><d:Types>{types}</d:Types><d:Scopes>{' '.join(scopes)}</d:Scopes>"
             f"<d:XAddrs>http://{where}{path}</d:XAddrs><d:MetadataVersion>10</d:MetadataVersion>")
    if element_name == "Hello":
        return soap("Hello", f"<d:Hello>{inner}</d:Hello>", "2")
    return soap("ProbeMatches", f"<d:ProbeMatches><d:ProbeMatch>{inner}</d:ProbeMatch></d:ProbeMatches>", "3")


def onvif(*scopes):
    return ["onvif://www.onvif.org/" + scope for scope in
            ("type/video_encoder", "type/Network_Video_Transmitter", "Profile/Streaming") + scopes]


def in_fragments(source, source_ip, source_port, target, target_ip, target_port, payload, size=1480):
    """A datagram too big for one frame."""
    whole = udp(source_ip, source_port, target_ip, target_port, payload)[20:]
    for at in range(0, len(whole), size):
        more = 0x2000 if at + size < len(whole) else 0
        yield ethernet(target, source, 0x0800, ip(source_ip, target_ip, 17, whole[at:at + size], identification=0x6202,
                                                  fragment=more | at // 8))


# --- DVRIP, NetIP ----------------------------------------------------------------------------------------

def dvrip_answer(device, where, gateway, kind, model):
    """A search's answer: a head of 120 octets, the MAC as text, the model."""
    texts = octets(device) + octets(model)
    return b"\xb3\0" + bytes([len(texts)]) + b"\0\x58" + b"\0" * 11 + b"\x02\0\0\0" + b"\0" * 20 + \
        octets(kind).ljust(16, b"\0") + address(where) + address("255.255.255.0") + address(gateway) + b"\0" * 52 + texts


def dvrip_object(text, session=1):
    return b"\xf6\0\0\0" + struct.pack("<III", len(text), 0, 1) + b"\0" * 8 + struct.pack("<I", session) + b"\0" * 4 + \
        octets(text)


def netip(kind, text=""):
    return struct.pack("<BBHIIBBHI", 0xFF, 1, 0, 0, 0, 0, 0, kind, len(text)) + octets(text)


def netip_found(device, where, name, serial, version):
    low = int.from_bytes(address(where), "little")
    return netip(1531, json.dumps({"NetWork.NetCommon": {
        "BuildDate": "2019-05-14 10:11:12", "ChannelNum": 4, "DeviceType": 1, "GateWay": "0xFE0200C0",
        "HostIP": f"0x{low:08X}", "HostName": name, "HttpPort": 80, "MAC": device, "SN": serial, "Submask": "0x00FFFFFF",
        "TCPPort": 34567, "Version": version}, "Ret": 100, "SessionID": "0x00000000"}) + "\n\0")


# --- plugs, lamps, routers, a repeater -------------------------------------------------------------------

def kasa(document):
    """Each octet is XORed with the enciphered one before."""
    key, cipher = 171, bytearray()
    for octet in json.dumps(document, separators=(",", ":")).encode():
        key ^= octet
        cipher.append(key)
    return bytes(cipher)


def tdp(document=None):
    text = b"" if document is None else json.dumps(document, separators=(",", ":")).encode()
    head = struct.pack("!BBHHBBI", 2, 0, 1, len(text), 17, 0, 4711)
    return head + struct.pack("!I", zlib.crc32(head + struct.pack("!I", 0x5A6B7C8D) + text)) + text


def tuya(command, body, answer=True):
    body = (b"\0\0\0\0" if answer else b"") + body
    head = struct.pack("!IIII", 0x000055AA, 0, command, len(body) + 8) + body
    return head + struct.pack("!II", zlib.crc32(head), 0x0000AA55)


def mndp(device, name, version, board, where, port):
    def tlv(kind, value):
        return struct.pack("!HH", kind, len(octets(value))) + octets(value)
    return struct.pack("!HH", 0, 7) + tlv(1, mac(device)) + tlv(5, name) + tlv(7, version) + tlv(8, "MikroTik") + \
        tlv(10, struct.pack("<I", 10000)) + tlv(11, "ABCD-1234") + tlv(12, board) + tlv(14, b"\0") + tlv(16, port) + \
        tlv(17, address(where))


def ubiquiti(device, where, name, product, model, firmware, ssid):
    def tlv(kind, value):
        return struct.pack("!BH", kind, len(octets(value))) + octets(value)
    body = tlv(2, mac(device) + address(where)) + tlv(1, mac(device)) + tlv(10, struct.pack("!I", 256)) + \
        tlv(11, name) + tlv(12, product) + tlv(13, ssid) + tlv(3, firmware) + tlv(14, b"\x02") + tlv(20, model)
    return struct.pack("!BBH", 1, 0, len(body)) + body


def vstarcam(device, where, serial, name, firmware):
    """DH, which is not Dahua's: texts and names of fixed size."""
    return b"DH\x01\x08" + b"".join(octets(text).ljust(16, b"\0") for text in (
        where, "255.255.255.0", "192.0.2.1", "192.0.2.1", "")) + mac(device) + struct.pack("<H", 81) + \
        octets(serial).ljust(32, b"\0") + octets(name).ljust(32, b"\0") + b"\0" * 48 + octets(firmware).ljust(52, b"\0")


def foscam(operation, body):
    return b"MO_I" + struct.pack("<HB8xII", operation, 0, len(body), len(body)) + body


def foscam_answer(device, where, name):
    return foscam(1, octets(mac(device).hex().upper()).ljust(13, b"\0") + octets(name).ljust(21, b"\0") + address(where) +
                  address("255.255.255.0") + address("192.0.2.1") * 2 + b"\0" * 4 + bytes((11, 37, 2, 46, 2, 4, 10, 8)) +
                  struct.pack("!H?", 81, True))


def cloud_request(method, path):
    """In HTTP's form over UDP, as an app sends it."""
    return (f"{method} {path} HTTP/1.1\r\nCSeq: 62\r\nAuthorization: WSSE profile=\"UsernameToken\"\r\n"
            "X-WSSE: UsernameToken Username=\"app\", PasswordDigest=\"bm90aGluZw==\", Nonce=\"62\"\r\n\r\n")


def rdac(answer, body, number=1):
    """The check sum's rule is not known to us."""
    ends = b"\x10\x20" if answer else b"\x20\x10"
    return b"\x7e\x04\0\0" + ends + struct.pack("!HH", number, 12 + len(body)) + b"\0\0" + body


def rdac_identity(firmware, callsign, model, serial):
    def wide(text, size):
        return text.encode("utf-16-le").ljust(size, b"\0")
    return rdac(True, b"\x02\xd4\x82\xc7\0\x64" + b"\0" * 38 + wide(firmware, 32) + wide(callsign, 20) + b"\0" * 12
                + wide(model, 64) + wide(serial, 32) + b"\0\x03", 2)


def discovery():
    guard, guard_ip, home, home_ip = "18:66:da:62:00:01", "192.0.2.201", "b8:27:eb:62:00:02", "192.0.2.202"
    hik, annke, dahua, imou = "44:19:b6:62:00:03", "00:e0:4c:62:00:04", "3c:ef:8c:62:00:05", "00:e0:4c:62:00:06"
    axis, desk, dvr, xm = "ac:cc:8e:62:00:07", "94:57:a5:62:00:08", "90:02:a9:62:00:09", "00:12:31:62:00:0a"
    plug, tapo, lamp, own = "50:c7:bf:62:00:0b", "0c:80:63:62:00:0c", "dc:4f:22:62:00:0d", "10:5a:17:62:00:0e"
    mikrotik, ubnt, relay, pc = "b8:69:f4:62:00:0f", "04:18:d6:62:00:10", "64:69:bc:62:00:11", "b8:ca:3a:62:00:12"
    vsc, cloud, fos, oem = "00:e0:4c:62:00:13", "dc:4f:22:62:00:14", "00:e0:4c:62:00:15", "00:e0:4c:62:00:16"
    lorex, app, nvr, gate = "00:1f:54:62:00:17", "a4:83:e7:62:00:18", "3c:ef:8c:62:00:19", "00:56:2b:62:00:1a"
    probe = soap("Probe", "<d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe>")
    frames = [by_udp(guard, guard_ip, 51234, ALL_WSD, 3702, probe, ttl=1)]
    frames += in_fragments(hik, "192.0.2.3", 3702, guard, guard_ip, 51234, described(
        "ProbeMatch", hik, "192.0.2.3", onvif(
            "type/audio_encoder", "type/ptz", "hardware/DS-2CD2042WD-I", "name/HIKVISION%20DS-2CD2042WD-I",
            f"MAC/{hik}", "location/city/hangzhou", *(f"extension/place/floor-2/room-{room}" for room in range(12)))))
    for device, where, scopes in (
            (annke, "192.0.2.4", onvif("hardware/C800", "name/ANNKE%20C800", f"MAC/{annke}", "location/city/hangzhou")),
            (dahua, "192.0.2.5", onvif("location/country/china", "name/Dahua", "hardware/DH-IPC-HFW1320S",
                                       "extension/unique_identifier/1")),
            (axis, "192.0.2.7", onvif("name/AXIS%20P3245-V", "hardware/P3245-V", "location/next%20to%20the%20Hikvision"))):
        frames.append(by_udp(device, where, 3702, guard_ip, 51234, described("ProbeMatch", device, where, scopes), guard))
    frames.append(by_udp(desk, "192.0.2.8", 52000, ALL_WSD, 3702, described(
        "Hello", desk, "192.0.2.8:5357", [], "wsdp:Device pub:Computer", "/4f0a/"), ttl=1))
    frames.append(by_udp(guard, guard_ip, 5050, ALL_DHCP, 5050, b"\xa3\x01" + b"\0" * 30))
    frames.append(by_udp(dvr, "192.0.2.9", 5050, guard_ip, 5050, dvrip_answer(
        dvr, "192.0.2.9", "192.0.2.1", "DVR", "DH-XVR5108HS-X"), guard))
    frames += by_tcp(guard, guard_ip, imou, "192.0.2.6", 37777, [
        ("client", b"\xa0\x01\0\0" + b"\0" * 28), ("server", b"\xb0\0\0\x68" + b"\0" * 28),
        ("client", dvrip_object('{"id":2,"method":"magicBox.getSystemInfo","params":null,"session":1}\n\0')),
        ("server", dvrip_object('{"id":2,"params":{"sn":"6G0A1B2PAZ62006","Vendor":"Imou","version":{"Version":'
                                '"2.680.0000000.11.R"}},"result":true,"session":1}\n\0'))], 51001)
    frames.append(by_udp(guard, guard_ip, 34569, ALL_DHCP, 34569, netip(1530)))
    frames.append(by_udp(xm, "192.0.2.10", 34569, ALL_DHCP, 34569, netip_found(
        xm, "192.0.2.10", "LocalHost", "62ab12cd34ef5600", "V4.03.R11.00034531")))
    frames += by_tcp(guard, guard_ip, xm, "192.0.2.10", 34567, [
        ("client", netip(1000, '{"EncryptType":"MD5","LoginType":"DVRIP-Web","UserName":"viewer"}\n\0')),
        ("server", netip(1001, '{"AliveInterval":20,"ChannelNum":4,"DeviceType ":"DVR","Ret":100,"SessionID":"0x62"}\n\0')),
        ("client", netip(1020, '{"Name":"SystemInfo","SessionID":"0x62"}\n\0')),
        ("server", netip(1021, '{"Name":"SystemInfo","Ret":100,"SessionID":"0x62","SystemInfo":{"HardWare":"50H20L",'
                               '"SerialNo":"62ab12cd34ef5600","SoftWareVersion":"V4.03.R11.00034531"}}\n\0'))], 51002)
    asked = {"system": {"get_sysinfo": {}}}
    told = {"system": {"get_sysinfo": {
        "sw_ver": "1.5.6 Build 191125 Rel.083657", "hw_ver": "2.1", "type": "IOT.SMARTPLUGSWITCH", "model": "HS110(EU)",
        "mac": plug.upper(), "dev_name": "Smart Wi-Fi Plug With Energy Monitoring", "alias": "printer of the Huawei lab",
        "relay_state": 1, "deviceId": "8006" + "62" * 18, "hwId": "45E29DA8382494D2E82688B52A0B2EB5", "err_code": 0}}}
    frames.append(by_udp(home, home_ip, 45000, ALL_DHCP, 9999, kasa(asked)))
    frames.append(by_udp(plug, "192.0.2.11", 9999, home_ip, 45000, kasa(told), home))
    frames.append(by_udp(home, home_ip, 45001, ALL_DHCP, 20002, tdp()))
    frames.append(by_udp(tapo, "192.0.2.12", 20002, home_ip, 45001, tdp({"error_code": 0, "result": {
        "device_id": "62" * 16, "owner": "62" * 16, "device_type": "SMART.TAPOPLUG", "device_model": "P110(EU)",
        "ip": "192.0.2.12", "mac": tapo.upper().replace(":", "-"), "factory_default": False,
        "mgt_encrypt_schm": {"is_support_https": False, "encrypt_type": "KLAP", "http_port": 80, "lv": 2}}}), home))
    frames.append(by_udp(lamp, "192.0.2.13", 49154, ALL_DHCP, 6666, tuya(0, json.dumps({
        "ip": "192.0.2.13", "gwId": "6200112233445566aabb", "active": 2, "ability": 0, "mode": 0, "encrypt": False,
        "productKey": "keyj7xm4uhnvqprk", "version": "3.1"}, separators=(",", ":")).encode())))
    frames.append(by_udp(own, "192.0.2.14", 49154, ALL_DHCP, 6667, tuya(0x13, bytes(range(0x60, 0xF0)))))
    frames += by_tcp(home, home_ip, cloud, "192.0.2.20", 6668, [
        ("client", tuya(10, bytes(range(48)), False)), ("server", tuya(10, bytes(range(80))))], 51003)
    frames.append(by_udp(mikrotik, "192.0.2.15", 5678, ALL_DHCP, 5678, mndp(
        mikrotik, "gw-after-HUAWEI", "6.49.6 (stable)", "RB4011iGS+", "192.0.2.15", "bridge/ether2")))
    frames.append(by_udp(home, home_ip, 45002, ALL_UBIQUITI, 10001, b"\1\0\0\0", ttl=1))
    frames.append(by_udp(ubnt, "192.0.2.16", 10001, home_ip, 45002, ubiquiti(
        ubnt, "192.0.2.16", "ap-16", "N2N", "NanoStation M2", "XM.ar7240.v5.5.6.17762.130528.1755", "office"), home))
    frames.append(by_udp(pc, "192.0.2.18", 44130, "192.0.2.17", 50002, rdac(False, b"\x02\xd7\2\6\0\x65\0\0\0\0\4\2\xe8\3"), relay))
    frames.append(by_udp(relay, "192.0.2.17", 50002, "192.0.2.18", 44130, rdac_identity(
        "A8.05.07.001", "OK1ABC", "RD625-U1", "15A07G00062"), pc))
    frames.append(by_udp(relay, "192.0.2.17", 50000, "192.0.2.18", 56463, bytes.fromhex(
        "5032503820000000140000000001ff5138000000005032503806000000140000" "00d9ff595a00000000"), pc))
    frames.append(by_udp(guard, guard_ip, 6801, ALL_DHCP, 8600, b"DH\x01\x01"))
    frames.append(by_udp(vsc, "192.0.2.19", 8600, ALL_DHCP, 6801, vstarcam(
        vsc, "192.0.2.19", "VSTC620019ABCDE", "IPCAM", "48.53.64.67")))
    frames.append(by_udp(guard, guard_ip, 10000, ALL_DHCP, 10000, foscam(0, b"\0\0\0\1")))
    frames.append(by_udp(fos, "192.0.2.21", 10000, guard_ip, 10000, foscam_answer(fos, "192.0.2.21", "hall"), guard))
    hello = b"\0\0\0\x20\x63" + b"\0" * 27  # of a scanner, which no device understands
    for number, (device, where) in enumerate(((hik, "192.0.2.3"), (oem, "192.0.2.22"))):
        frames += by_tcp(guard, guard_ip, device, where, 8000, [
            ("client", hello), ("server", b"\0\0\0\x10" + b"\0\0\0\x1e" * 2 + b"\0" * 4)], 51004 + number)
    frames += by_tcp(guard, guard_ip, lorex, "192.0.2.23", 5000, [
        ("client", b"\0\0\0\xa4\xffSMBr"), ("server", bytes.fromhex("00000101400a0008800082004cb86217ffffffff00000000"))],
        51006)
    for path in ("/probe/p2psrv", "/online/p2psrv/6G0A1B2PAZ62018", "/info/device/6G0A1B2PAZ62018"):
        frames.append(by_udp(app, "192.0.2.24", 40062, "203.0.113.88", 8800, cloud_request("DHGET", path), gate))
    frames.append(by_udp(gate, "203.0.113.88", 8800, "192.0.2.24", 40062, "HTTP/1.1 200 OK\r\nCSeq: 62\r\n\r\n", app, 50))
    frames += by_tcp(nvr, "192.0.2.25", axis, "192.0.2.7", 554, [
        ("client", "DESCRIBE rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0&proto=Dahua3 RTSP/1.0\r\nCSeq: 2\r\n\r\n"),
        ("server", "RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n")], 51007)
    return Scene("frames-discovery.pcap", "Cameras by WS-Discovery (one answer in IP fragments), DVRIP and NetIP; plugs, "
                 "lamps, routers, a radio repeater; and who looks for them", pcap(frames), [
        Device(guard, guard_ip, "-", "oui,wsd,dvrip,xiongmai,vstarcam,foscam", "Dell PC of the guard; it searches, it is no camera"),
        Device(hik, "192.0.2.3", "hikvision", "oui,wsd,hikvision_sdk", "ProbeMatch in two IP fragments; the control port", "DS-2CD2042WD-I"),
        Device(annke, "192.0.2.4", "hikvision", "wsd", "sold as Annke C800: its place gives it away; Realtek's MAC"),
        Device(dahua, "192.0.2.5", "dahua", "oui,wsd", "by name and model", "DH-IPC-HFW1320S"),
        Device(axis, "192.0.2.7", "-", "oui,wsd", "Axis camera; its place names another's"),
        Device(desk, "192.0.2.8", "-", "oui,wsd", "HP computer: Windows says Hello"),
        Device(dvr, "192.0.2.9", "dahua", "oui,dvrip", "recorder that answers a search", "DH-XVR5108HS-X"),
        Device(imou, "192.0.2.6", "dahua", "dvrip", "sold as Imou; Realtek's MAC, so DVRIP alone tells"),
        Device(xm, "192.0.2.10", "xiongmai", "xiongmai", "recorder of no name, as the search and the login answer show"),
        Device(plug, "192.0.2.11", "tp-link", "oui,kasa", "HS110; its owner's name for it names Huawei", "HS110(EU)"),
        Device(tapo, "192.0.2.12", "tp-link", "oui,tdp", "Tapo P110", "P110(EU)"),
        Device(lamp, "192.0.2.13", "-", "oui,tuya", "lamp of any brand with a Tuya module: a part, not the maker"),
        Device(cloud, "192.0.2.20", "-", "oui,tuya", "another, that answers on TCP"),
        Device(own, "192.0.2.14", "-", "oui,tuya", "the module's own MAC, an enciphered announcement: the brand around it is unknown"),
        Device(home, home_ip, "-", "oui,kasa,tdp,tuya", "Raspberry Pi, a home controller: it asks all of them"),
        Device(mikrotik, "192.0.2.15", "-", "oui,mndp", "MikroTik router; its name says what it replaced", "RB4011iGS+"),
        Device(ubnt, "192.0.2.16", "-", "oui,ubiquiti", "NanoStation; its short code is N2N", "NanoStation M2"),
        Device(relay, "192.0.2.17", "hytera", "oui,hytera_rdac", "RD625 repeater", "RD625-U1"),
        Device(pc, "192.0.2.18", "-", "oui,hytera_rdac", "Dell PC with the repeater's program"),
        Device(vsc, "192.0.2.19", "-", "oui,vstarcam", "VStarcam: its answer begins with DH and is not Dahua's"),
        Device(fos, "192.0.2.21", "-", "oui,foscam", "Foscam, of nobody's list"),
        Device(oem, "192.0.2.22", "hikvision", "hikvision_sdk", "answers on port 8000 as Hikvision's do; Realtek's MAC"),
        Device(lorex, "192.0.2.23", "-", "oui,lorex_monitor", "Lorex of the days before Dahua: a brand, no platform"),
        Device(app, "192.0.2.24", "-", "oui,dahua_p2p", "Apple: an app that looks for a camera in Dahua's cloud"),
        Device(gate, "", "-", "oui", "Cisco router: the cloud's answer bears its MAC"),
        Device(nvr, "192.0.2.25", "dahua", "oui,rtsp", "recorder that asks for a stream in its maker's form")])
