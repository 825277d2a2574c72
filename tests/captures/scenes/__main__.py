# SPDX-License-Identifier: Apache-2.0
"""Writes the captures into a folder, and their truth to standard output as truth.py reads it."""

import sys
from pathlib import Path

from scenes import (discovery, equipment, flows, formats, hosts, hostile, layer2, operators, paths, plants,
                    quic, servers, sessions, whose)


def scenes():
    yield from (equipment.cameras(), equipment.switches(), hosts.dhcp_and_dhcpv6(), hosts.clients())
    yield from (paths.tags(), paths.routed(), paths.virtual(), paths.streams(), flows.flows(), formats.wifi())
    yield from (layer2.layer2(), operators.operators(), discovery.discovery(), plants.plant(), plants.windows(),
                sessions.sessions(), flows.tunnels(), servers.servers(), servers.automation(),
                quic.quic())
    yield from (whose.crowd(), whose.redundancy(), whose.many_addresses(), whose.answered_for(), whose.rebrands(),
                whose.mentions())
    yield from formats.small_network()
    yield from (hostile.words(), hostile.messages())
    yield from hostile.files()


def main(folder):
    for scene in scenes():
        (folder / scene.file).write_bytes(scene.data)
        print(f"#{scene.file}\t{scene.about}")
        for device in scene.devices:
            print("\t".join((scene.file, device.mac or "-", device.ip or "-", device.supplier, device.evidence or "-",
                             device.note, device.model)))


main(Path(sys.argv[1]))
