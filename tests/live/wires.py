# SPDX-License-Identifier: Apache-2.0
"""Network namespaces, the cables between them and what sends and listens there. All of it lives in mount, PID and
network namespaces of the suite's own, so nothing is left of it when the suite ends, however it ends."""

import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
ETH_ALL = 3
SO_RCVBUFFORCE = 33


def sh(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **options)


def ip(*words, space=None):
    return sh("ip", *(("-n", space) if space else ()), *words)


class Space:
    """A network namespace with IPv6 switched off, so that its kernel says nothing by itself."""

    def __init__(self, name):
        self.name = name
        ip("netns", "add", name)
        sh(*self.inside("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"))
        ip("link", "set", "lo", "up", space=name)

    def inside(self, *words):
        return ["ip", "netns", "exec", self.name, *map(str, words)]

    def statistic(self, interface, name):
        return int(sh(*self.inside("cat", f"/sys/class/net/{interface}/statistics/{name}")).stdout)

    @contextlib.contextmanager
    def entered(self):
        """What is opened here belongs to this namespace. For the main thread alone."""
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        away = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        try:
            enter(away)
            yield
        finally:
            enter(home)
            os.close(home)
            os.close(away)

    def socket(self, interface):
        """A raw socket on one of its interfaces."""
        with self.entered():
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_ALL))
        raw.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        raw.bind((interface, ETH_ALL))
        return raw

    def close(self):
        pids = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True).stdout.split()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)


def enter(descriptor):
    if libc.setns(descriptor, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def cable(tap_space, tap, far_space, far, far_mac=None):
    """A cable with the tap at one end. The far end has the device's address where one is given."""
    ip("link", "add", tap, "netns", tap_space.name, "mtu", 9000, "type", "veth",
       "peer", "name", far, "netns", far_space.name, "mtu", 9000)
    if far_mac:
        ip("link", "set", far, "address", far_mac, space=far_space.name)
    ip("link", "set", tap, "arp", "off", "up", space=tap_space.name)
    ip("link", "set", far, "up", space=far_space.name)
    until(lambda: "LOWER_UP" in ip("link", "show", tap, space=tap_space.name).stdout, 2)


def until(true, seconds, pause=0.01):
    """Waits for it, at most so long; whether it came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(pause)
    return bool(true())


class Witness:
    """A tcpdump on an interface: what passed there, in which direction, and when."""

    def __init__(self, space, interface, file, *words):
        self.file = pathlib.Path(file)
        self.process = subprocess.Popen(
            space.inside("tcpdump", "-Z", "root", "-n", "-U", "--immediate-mode", "-s", "128", "-B", "65536",
                         "-i", interface, "-w", file, *words),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.process.stderr.readline()  # "listening on"
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def frames(self):
        """(time, octets) of each frame so far."""
        data = self.file.read_bytes()
        order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        at, found = 24, []
        while at + 16 <= len(data):
            seconds, micro, size, _ = struct.unpack(order + "IIII", data[at:at + 16])
            if at + 16 + size > len(data):
                break
            found.append((seconds + micro / 1e6, data[at + 16:at + 16 + size]))
            at += 16 + size
        return found

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(5)
        return self.frames()


class Flood(threading.Thread):
    """Sends the frames round and round, as fast as it can or at a rate, until ended."""

    def __init__(self, raw, frames, rate=None):
        super().__init__(daemon=True)
        self.raw, self.frames, self.rate, self.sent, self.is_over = raw, frames, rate, 0, False
        self.start()

    def run(self):
        while not self.is_over:
            self.sent += send(self.raw, self.frames, self.rate, lambda: self.is_over)

    def end(self):
        self.is_over = True
        self.join()
        return self.sent


def send(raw, frames, rate=None, is_over=lambda: False):
    """Sends them all, `rate` a second where one is given; how many were sent."""
    begun, sent = time.monotonic(), 0
    for frame in frames:
        if rate and sent % 50 == 0:
            time.sleep(max(0, begun + sent / rate - time.monotonic()))
            if is_over():
                break
        while True:
            try:
                raw.send(frame)
                break
            except OSError as error:
                if error.errno != 105:  # no buffer space: the other side is behind
                    raise
                time.sleep(0.001)
        sent += 1
    return sent


def read_pcapng(file):
    """The frames of an Ethernet pcapng of this house: little-endian, enhanced packet blocks."""
    data, at = pathlib.Path(file).read_bytes(), 0
    while at + 12 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 6:
            captured, = struct.unpack_from("<I", data, at + 20)
            yield data[at + 28:at + 28 + captured]
        at += size
