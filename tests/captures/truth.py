# SPDX-License-Identifier: Apache-2.0
"""Takes what the makers of the captures say about them and sets it down twice: as truth.tsv, which tests read, and
as the tables in README.md, which people read. Holds the captures of real daemons against it first."""

import ipaddress
import itertools
import struct
import sys
from pathlib import Path

MARK = "<!-- the tables below are written by make -->\n"


# Words without which a remade capture does not show what its rows promise.
PROMISED = {
    "office.pcapng": ["<ProbeMatch>", "client.notifyDevInfo", "Lorex", "Intelbras", "Hikvision-Webs", "DNVRS-Webs",
                      "HUAWEI:android:ELE", "SSH-2.0-HUAWEI-1.5", "SSH-2.0-ZTE_SSH.2.0",
                          "Versatile Routing Platform",
                      "ZXR10 5950", "cisco WS-C2960X", "VVX-411", "AXIS P3245-V", "Brother HL-L2350DW", "Hikplayer",
                      "Synology/DSM", "TP-LINK Archer", "udhcp 1.36.1", "hik-connect", "Galaxy-A53", "MSFT 5.0",
                      b"\x80\0\x07\xdb\x03\0\xe0\xfc\x10\0\x01", b"\x80\0\x0f\x3e\x03", b"\x80\0\x9d\x69\x04",
                      b"\0\x02\0\0\x07\xdbAR651"],
    "services.pcapng": ["ESMTP Postfix", "* OK", "+OK", "220 (vsFTPd", "MariaDB", "RFB 003.008", "bras-ME60-X8", "MA5600T",
                        "\\MAILSLOT\\BROWSE", "kamailio", "DVRNVR", "GoBGP", "huawei-desk", "summit", "icx"],
    "branch.pcapng": ["DNVRS-Webs", "Hikvision-Webs", "udhcp 1.36.1", "SSH-2.0-OpenSSH", "nginx/"]}


def ethernet_frames(data):
    """The frames of a little-endian pcapng of Ethernet."""
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 6:
            kept, = struct.unpack_from("<I", data, at + 20)
            yield data[at + 28:at + 28 + kept]
        at += size


def differences(file, data, devices):
    """What a capture lacks of its truth, and what it holds beyond it."""
    macs, ips = set(), set()
    for frame in ethernet_frames(data):
        macs.add(frame[6:12].hex(":"))
        if frame[12:14] == b"\x08\0" and frame[26:30] != b"\0" * 4:
            ips.add(str(ipaddress.ip_address(frame[26:30])))
    told_macs = {device[0] for device in devices if device[0] != "-"}
    told_ips = {ip for device in devices for ip in device[1].split(",")}
    for word in sorted(macs - told_macs) + sorted(ips - told_ips):
        yield f"{file}: {word} speaks, and truth does not know it"
    for word in sorted(mac for mac in told_macs - macs if bytes.fromhex(mac.replace(":", "")) not in data):
        yield f"{file}: {word} never speaks"
    for word in sorted(told_ips - ips):
        yield f"{file}: {word} never speaks"
    for word in PROMISED[file]:
        if (word if isinstance(word, bytes) else word.encode()) not in data:
            yield f"{file}: nobody says {word}"


def shortened(devices):
    """Many that differ in nothing but the address stand in one line."""
    alike = itertools.groupby(devices, lambda device: (device[0] if device[0] != "-" else "", *device[2:]))
    for _, some in alike:
        first, *others = some
        if len(others) < 3:
            yield from (first, *others)
        else:
            yield [first[0], f"{first[1]} to {others[-1][1]}, {len(others) + 1} addresses", *first[2:]]


def main(folder):
    about, rows = {}, {}
    for line in sys.stdin.read().splitlines():
        file, *rest = line.split("\t")
        if file.startswith("#"):
            about[file[1:]] = rest[0]
            rows[file[1:]] = []
        else:
            rows[file].append(rest + ["-"] * (6 - len(rest)))
    wrong = [line for file in PROMISED for line in differences(file, (folder / file).read_bytes(), rows[file])]
    if wrong:
        sys.exit("\n".join(wrong))
    names = ["file", "mac", "ip", "supplier", "evidence", "note", "model"]
    with open(folder / "truth.tsv", "w") as truth:
        truth.write("# SPDX-License-Identifier: Apache-2.0\n")
        truth.write("# Who made each device in the captures of this folder; written by make, read by tests. See README.md.\n")
        truth.write("\t".join(names) + "\n")
        for file, devices in rows.items():
            for device in devices:
                truth.write("\t".join([file] + device) + "\n")
    text = "\n## Files\n\n| file | octets | what it shows |\n|---|---|---|\n"
    for file, words in about.items():
        text += f"| {file} | {(folder / file).stat().st_size} | {words} |\n"
    text += "\n## Devices\n"
    for file, devices in rows.items():
        if devices:
            text += f"\n### {file}\n\n| MAC | IP | supplier | evidence | note | model |\n|---|---|---|---|---|---|\n"
            text += "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in device) +
                " |\n" for device in shortened(devices))
    readme = folder / "README.md"
    readme.write_text(readme.read_text().split(MARK)[0] + MARK + text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
