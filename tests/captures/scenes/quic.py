# SPDX-License-Identifier: Apache-2.0
"""A client's first packet of QUIC version 1 (RFC 9000, 9001): enciphered, with keys that follow from the packet itself,
so that whoever listens can read it. AES-128 and its GCM are here because Python's library has neither."""

import hashlib
import hmac

from scenes.sessions import client_hello, handshake
from scenes.stage import *

SALT = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")  # RFC 9001, section 5.2


def field_times(a, b, bits, modulus):
    """a times b among polynomials over two elements."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a <<= 1
        a ^= modulus if a >> bits else 0
        b >>= 1
    return product


def substitution():
    """AES's table (FIPS 197, section 5.1.1)."""
    box = []
    for octet in range(256):
        inverse = next((other for other in range(256) if field_times(octet, other, 8, 0x11B) == 1), 0)
        box.append(inverse ^ 0x63)
        for turn in range(1, 5):
            box[-1] ^= (inverse << turn | inverse >> 8 - turn) & 0xFF
    return box


BOX = substitution()


def schedule(key):
    words, constant = [list(key[at:at + 4]) for at in range(0, 16, 4)], 1
    for index in range(4, 44):
        word = list(words[-1])
        if index % 4 == 0:
            word = [BOX[octet] for octet in word[1:] + word[:1]]
            word[0] ^= constant
            constant = field_times(constant, 2, 8, 0x11B)
        words.append([a ^ b for a, b in zip(words[index - 4], word)])
    return [sum(words[at:at + 4], []) for at in range(0, 44, 4)]


def aes(key, block):
    rounds = schedule(key)
    state = [a ^ b for a, b in zip(block, rounds[0])]
    for number, own in enumerate(rounds[1:], 1):
        state = [BOX[octet] for octet in state]
        state = [state[(at + 4 * (at % 4)) % 16] for at in range(16)]
        if number < 10:
            mixed = []
            for at in range(0, 16, 4):
                column = state[at:at + 4]
                for row in range(4):
                    a, b, c, d = (column[(row + step) % 4] for step in range(4))
                    mixed.append(field_times(a, 2, 8, 0x11B) ^ field_times(b, 3, 8, 0x11B) ^ c ^ d)
            state = mixed
        state = [a ^ b for a, b in zip(state, own)]
    return bytes(state)


def gcm(key, nonce, text, beside):
    """The enciphered text and its tag (NIST SP 800-38D); the field's bits stand the other way round."""
    def reflected(block):
        return int(f"{int.from_bytes(block, 'big'):0128b}"[::-1], 2)
    cipher = b"".join(
        bytes(a ^ b for a, b in zip(text[at:at + 16], aes(key, nonce + struct.pack("!I", 2 + at // 16))))
        for at in range(0, len(text), 16))
    base, total = reflected(aes(key, bytes(16))), 0
    lengths = struct.pack("!QQ", 8 * len(beside), 8 * len(cipher))
    for part in (beside, cipher, lengths):
        for at in range(0, len(part), 16):
            total = field_times(total ^ reflected(part[at:at + 16].ljust(16, b"\0")), base, 128, 1 << 128 | 0x87)
    total = int(f"{total:0128b}"[::-1], 2).to_bytes(16, "big")
    return cipher + bytes(a ^ b for a, b in zip(total, aes(key, nonce + b"\0\0\0\1")))


def derived(secret, label, size):
    """HKDF-Expand-Label (RFC 8446, section 7.1); no key here is longer than a hash."""
    label = b"tls13 " + label
    about = struct.pack("!HB", size, len(label)) + label + b"\0"
    return hmac.digest(secret, about + b"\1", "sha256")[:size]


def initial(target, source, crypto):
    """A packet of 1200 octets with one CRYPTO frame and padding."""
    secret = derived(hmac.digest(SALT, target, "sha256"), b"client in", 32)
    key, nonce, mask_key = (derived(secret, label, size) for label, size in (
        (b"quic key", 16), (b"quic iv", 12), (b"quic hp", 16)))
    head = b"\xc3" + struct.pack("!I", 1) + element_of_name(target) + element_of_name(source) + b"\0"
    size = 1200 - len(head) - 2
    number = b"\0\0\0\0"
    head += struct.pack("!H", 0x4000 | size)
    frame = b"\6\0" + struct.pack("!H", 0x4000 | len(crypto)) + crypto
    body = gcm(key, nonce, frame.ljust(size - 4 - 16, b"\0"), head + number)  # packet 0: the nonce stays as it is
    mask = aes(mask_key, body[:16])
    return bytes([head[0] ^ mask[0] & 0x0F]) + head[1:] + bytes(a ^ b for a, b in zip(number, mask[1:])) + body


def hello(name):
    """TLS 1.3 over QUIC: versions, a key share and transport parameters beside what every client says."""
    base = client_hello(name, ("h3",))
    start = 34 + 1 + 2 + 8 + 2  # version, random, session, cipher suites, compression
    more = struct.pack("!H", 43) + b"\0\3\2\3\4" + struct.pack("!H", 51) + b"\0\x26\0\x24\0\x1d\0\x20" + bytes(range(32)) + \
        struct.pack("!H", 57) + b"\0\x06\1\4\x80\0\x75\x30"
    extensions = base[start + 2:] + more
    return handshake(1, base[:35] + b"\0\x02\x13\x01" + b"\1\0" + struct.pack("!H", len(extensions)) + extensions)


def quic():
    laptop, camera, router = "a4:83:e7:6a:00:01", "44:19:b6:6a:00:02", "00:56:2b:6a:00:03"
    frames = []
    for index, (device, where, name) in enumerate(((laptop, "192.0.2.1", "api.hik-connect.com"),
                                                   (camera, "192.0.2.2", "dev.hik-connect.com"))):
        frames.append(by_udp(device, where, 55000 + index, f"203.0.113.{70 + index}", 443, initial(
            bytes.fromhex("8394c8f03e515708")[:7] + bytes([index]), b"\x6a\0\0" + bytes([index]), hello(name)), router))
    return Scene("frames-quic.pcap", "QUIC's first packets: an innocent laptop and a camera ask for one maker's cloud",
                 pcap(frames), [
        Device(laptop, "192.0.2.1", "-", "oui,quic", "Apple: watches a camera by its maker's cloud"),
        Device(camera, "192.0.2.2", "hikvision", "oui", "camera that calls its maker's cloud")])
