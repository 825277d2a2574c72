# SPDX-License-Identifier: Apache-2.0
"""A gate before the brokers of librdkafka's mock cluster, which speaks neither TLS nor SASL: it speaks both as a broker
does, lets through who has proven a password, counts who has not, and names its own doors where the cluster names brokers."""

import base64
import collections
import hashlib
import hmac
import secrets
import select
import socket
import struct
import threading

from http_peers import Server

PRODUCE, METADATA, COORDINATOR, HANDSHAKE, VERSIONS, AUTHENTICATE = 0, 3, 10, 17, 18, 36
UNSUPPORTED_MECHANISM, UNSUPPORTED_VERSION, AUTHENTICATION_FAILED = 33, 35, 58


class Refused(Exception):
    """Who has not proven the password."""


def plain(digest, known, hear, say):
    """RFC 4616."""
    if hear().decode().split("\0")[1:] != [known.user, known.password]:
        raise Refused
    say(b"")


def scram(digest, known, hear, say):
    """The server's side of RFC 5802, without channel binding."""
    def sign(key, text):
        return hmac.digest(key, text, digest)

    def part(name, text):
        return next(one[2:] for one in text.split(b",") if one.startswith(name + b"="))

    first = hear().removeprefix(b"n,,")
    salt, nonce = secrets.token_bytes(16), part(b"r", first) + secrets.token_hex(12).encode()
    salted = hashlib.pbkdf2_hmac(digest, known.password.encode(), salt, 4096)
    challenge = b"r=%b,s=%b,i=4096" % (nonce, base64.b64encode(salt))
    say(challenge)
    last, _, proof = hear().rpartition(b",p=")
    said = b",".join((first, challenge, last))
    stored = hashlib.new(digest, sign(salted, b"Client Key")).digest()
    shown = bytes(a ^ b for a, b in zip(base64.b64decode(proof), sign(stored, said), strict=True))
    is_proven = hmac.compare_digest(hashlib.new(digest, shown).digest(), stored)
    # Kafka 3 lets something stand before the nonce: librdkafka before 2.6.1 says its own part twice.
    is_fresh = last == b"c=biws,r=" + nonce if known.is_strict else last.endswith(nonce)
    if not is_proven or not is_fresh or part(b"n", first) != known.user.encode():
        raise Refused
    signature = sign(sign(salted, b"Server Key"), said)
    say(b"v=" + base64.b64encode(signature if known.is_honest else signature[::-1]))


MECHANISMS = {"PLAIN": (plain, None), "SCRAM-SHA-256": (scram, "sha256"), "SCRAM-SHA-512": (scram, "sha512")}


def exactly(source, size):
    octets = bytearray()
    while len(octets) < size:
        if not (more := source.recv(size - len(octets))):
            raise ConnectionError("ended")
        octets += more
    return bytes(octets)


def receive(source):
    return exactly(source, *struct.unpack(">i", exactly(source, 4)))


def send(target, octets):
    target.sendall(struct.pack(">i", len(octets)) + octets)


def string(text):
    return struct.pack(">h", len(text)) + text.encode()


class Guest:
    """One connection: what its client asks, and what the broker behind the door answers."""

    def __init__(self, gate, client, broker):
        self.gate, self.client, self.broker = gate, client, broker
        self.is_inside = gate.mechanism is None
        self.asked = {}  # the API of each request that the broker has not answered yet

    def serve(self, over):
        while not over.is_set():
            waits = self.client.pending() > 0
            ready = select.select([self.client, self.broker], [], [], 0 if waits else 0.2)[0]
            if (waits or self.client in ready) and not self.request(receive(self.client)):
                return
            if self.broker in ready:
                self.response(receive(self.broker))

    def request(self, octets):
        api, version, number = struct.unpack(">hhi", octets[:8])
        if api == VERSIONS and version > 0:
            self.answer(number, struct.pack(">hi3h", UNSUPPORTED_VERSION, 1, VERSIONS, 0, 0))
        elif self.is_inside or api == VERSIONS:
            self.asked[number] = api
            self.gate.count("produced", api == PRODUCE)
            send(self.broker, octets)
        elif api == HANDSHAKE:
            return self.log_in(octets, version, number)
        else:
            self.gate.count("unauthenticated")
            return False
        return True

    def response(self, octets):
        api = self.asked.pop(struct.unpack(">i", octets[:4])[0])
        if api == VERSIONS and self.gate.mechanism:
            octets = octets[:6] + struct.pack(">i", struct.unpack(">i", octets[6:10])[0] + len(self.gate.adds)) + octets[10:]
            octets += b"".join(struct.pack(">3h", *row) for row in self.gate.adds)
        if api in (METADATA, COORDINATOR):
            for theirs, ours in self.gate.names:
                octets = octets.replace(theirs, ours)
        send(self.client, octets)

    def answer(self, number, octets):
        send(self.client, struct.pack(">i", number) + octets)

    def log_in(self, octets, version, number):
        """From SaslHandshake on. Its version 0 is followed by bare tokens, the next by tokens in SaslAuthenticate."""
        mechanism, self.is_wrapped = self.gate.mechanism, version > 0
        is_known = octets.endswith(string(mechanism))
        self.answer(number, struct.pack(">hi", 0 if is_known else UNSUPPORTED_MECHANISM, 1) + string(mechanism))
        try:
            if not is_known:
                raise Refused
            conversation, digest = MECHANISMS[mechanism]
            conversation(digest, self.gate, self.hear, self.say)
        except Refused:
            self.gate.count("refused")
            if is_known and self.is_wrapped:
                self.say(b"", struct.pack(">h", AUTHENTICATION_FAILED) + string("Authentication failed: invalid credentials"))
            return False
        self.gate.count("admitted")
        self.is_inside = True
        return True

    def hear(self):
        octets = receive(self.client)
        if not self.is_wrapped:
            return octets
        api, self.version, self.number, size = struct.unpack(">hhih", octets[:10])
        if api != AUTHENTICATE:
            self.gate.count("unauthenticated")
            raise ConnectionError(f"API {api} instead of a token")
        return octets[10 + max(size, 0) + 4:]

    def say(self, token, error=struct.pack(">hh", 0, -1)):
        if not self.is_wrapped:
            return send(self.client, token)
        lifetime = struct.pack(">q", 0) if self.version else b""
        return self.answer(self.number, error + struct.pack(">i", len(token)) + token + lifetime)


class Door(Server):
    def __init__(self, gate, broker):
        self.gate, self.broker = gate, broker
        super().__init__(tls=gate.tls)

    def talk(self, connection, number):
        with socket.create_connection(self.broker, timeout=20) as broker:
            Guest(self.gate, connection, broker).serve(self.over)


class Gate:
    """A door for each broker. Who has passed TLS must log in by the mechanism; without one he need not. `absent` are
    addresses where nobody is, told to clients before the doors'."""

    def __init__(self, brokers, tls, mechanism=None, user="", password="", is_old=False, is_strict=False, is_honest=True,
                 absent=()):
        self.tls, self.mechanism, self.user, self.password = tls, mechanism, user, password
        self.is_strict, self.is_honest = is_strict, is_honest
        # What the broker's ApiVersions is to say besides: an old one knows bare tokens alone.
        self.adds = [(HANDSHAKE, 0, 0)] if is_old else [(HANDSHAKE, 0, 1), (AUTHENTICATE, 0, 1)]
        self.counts, self.lock = collections.Counter(), threading.Lock()
        addresses = [(host, int(port)) for host, port in (one.split(":") for one in brokers.split(","))]
        self.doors = [Door(self, address) for address in addresses]
        ours = [("localhost", door.port) for door in self.doors]
        self.brokers = ",".join([*absent, *(f"{host}:{port}" for host, port in ours)])
        self.names = [tuple(string(host) + struct.pack(">i", port) for host, port in pair)
                      for pair in zip(addresses, ours, strict=True)]

    def count(self, what, times=1):
        with self.lock:
            self.counts[what] += times

    def connections(self):
        return sum(door.connections for door in self.doors)

    def handshakes_failed(self):
        return [error for door in self.doors for error in door.handshakes_failed]

    def close(self):
        for door in self.doors:
            door.close()
