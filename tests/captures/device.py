# SPDX-License-Identifier: Apache-2.0
"""Plays, inside a namespace, the part of a device or of the tool that asks it where no free daemon does: camera
web pages, SADP and DHIP answers, and the service that minissdpd is to answer for."""

import http.server
import socket
import sys

import frames

SADP, DHIP, SSDP = ("239.255.255.250", 37020), ("239.255.255.251", 37810), ("239.255.255.250", 1900)


def web(server, realm):
    class Page(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = server, ""

        def version_string(self):
            return server

        def do_GET(self):
            asks = realm != "-"
            body = b"<html><title>login</title></html>"
            self.send_response(401 if asks else 200)
            if asks:
                self.send_header("WWW-Authenticate", f'Digest qop="auth", realm="{realm}", nonce="4e6f6e6365"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    http.server.ThreadingHTTPServer(("", 80), Page).serve_forever()


def listen(group, port, own):
    tap = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tap.bind(("", port))
    tap.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + socket.inet_aton(own))
    tap.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
    tap.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    return tap


def answer(group, own, said, mark):
    tap = listen(*group, own)
    while True:
        question, _ = tap.recvfrom(2000)
        if mark in question:
            tap.sendto(said, group)


def ask(group, own, question):
    listen(*group, own).sendto(question, group)


def register(service, usn, server, location):
    """Hands a service to minissdpd, in the form of its socket: a request number and four counted texts."""
    daemon = socket.socket(socket.AF_UNIX)
    daemon.connect("/run/minissdpd.sock")
    texts = (service, usn, server, location)
    daemon.sendall(b"\x04" + b"".join(bytes([len(text)]) + text.encode() for text in texts))
    daemon.recv(16)


def listen_to_telnet(where):
    """Refuses each option that the server offers or asks for, until it has said its last."""
    with socket.create_connection((where, 23), timeout=15) as server:
        while said := server.recv(4096):
            for at, octet in enumerate(said[:-2]):
                if octet == 255 and 251 <= said[at + 1] <= 254:
                    refusal = {251: 254, 253: 252}.get(said[at + 1])
                    server.sendall(bytes([255, refusal, said[at + 2]]) if refusal else b"")
            if b":" in said:
                return


def main(part, *words):
    if part == "web":
        web(*words)
    elif part == "sadp":
        device, own, model, serial, gateway, version = words
        answer(SADP, own, frames.octets(frames.sadp_answer(device, model, serial, own, gateway, version)),
            b"inquiry")
    elif part == "dhip":
        device, own, model, serial, gateway, vendor, version = words
        answer(DHIP, own, frames.dhip(frames.dhip_answer(device, own, gateway, model, serial, vendor, version)),
            b"DHDiscover")
    elif part == "ssdp":
        register(*words)
    elif part == "ask-telnet":
        listen_to_telnet(*words)
    elif part == "ask-sadp":
        ask(SADP, words[0], frames.octets(frames.SADP_QUESTION))
    elif part == "ask-dhip":
        ask(DHIP, words[0], frames.dhip(frames.DHIP_QUESTION))
    elif part == "ask-ssdp":
        ask(SSDP, words[0], b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
                            b"ST: ssdp:all\r\nUSER-AGENT: Linux/6.1 UPnP/1.1 poller/1\r\n\r\n")
    else:
        sys.exit(f"device.py: no such part: {part}")


if __name__ == "__main__":
    main(*sys.argv[1:])
