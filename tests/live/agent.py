# SPDX-License-Identifier: Apache-2.0
"""Tapwarden as it runs in the suite: started in a namespace, its lines taken with the moment at which they came."""

import collections
import json
import os
import pathlib
import signal
import subprocess
import threading
import time

from wires import until

program = os.path.abspath(os.environ["TAPWARDEN_BUILD"]) + "/tapwarden"
Ended = collections.namedtuple("Ended", "code seconds")


class Agent:
    def __init__(self, space, *words, wrapper=(), ready=1, folder=None):
        """`ready`: how many taps must be listening before this returns; 0 waits for nothing."""
        self.lines, self.log = [], []
        self.process = subprocess.Popen([*space.inside(*wrapper), program, "run", *map(str, words)], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        cwd=folder)
        self.readers = [threading.Thread(target=self.read, args=source, daemon=True)
                        for source in ((self.process.stdout, self.lines), (self.process.stderr, self.log))]
        for reader in self.readers:
            reader.start()
        if ready and not until(lambda: self.logged("listening on") >= ready or self.process.poll() is not None, 10):
            raise AssertionError(f"not ready: {self.told()}")
        assert not ready or self.process.poll() is None, f"it ended at once: {self.told()}"

    @staticmethod
    def read(source, lines):
        for line in source:
            lines.append((time.time(), line))

    def told(self):
        return " | ".join(line.strip() for _, line in self.log)

    def logged(self, text):
        return sum(text in line for _, line in self.log)

    def alerts(self):
        """(arrival, record) of each; what is no whole JSON line fails here."""
        return [(when, json.loads(line)) for when, line in list(self.lines)]

    def wait_alerts(self, count, seconds=5):
        assert until(lambda: len(self.lines) >= count, seconds), \
            f"{len(self.lines)} of {count} alerts after {seconds} s; {self.told()}"
        return self.alerts()

    def send_signal(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM, seconds=10):
        begun = time.monotonic()
        self.process.send_signal(number)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still there {seconds} s after signal {number}: {self.told()}") from None
        took = time.monotonic() - begun
        for reader in self.readers:
            reader.join(5)
        return Ended(code, took)

    def wait(self, seconds=10):
        """For a start that is to fail: its exit code and what it said."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"it runs on: {self.told()}") from None
        for reader in self.readers:
            reader.join(5)
        return code, [line.rstrip("\n") for _, line in self.log]

    def memory(self):
        """Resident, in KiB; 0 with sanitizers, whose own most of it is."""
        if program.endswith("/sanitize/tapwarden"):
            return 0
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")


def entry(alert):
    """What there may be one alert of: the device, by its addresses, and the policy's entry."""
    device, policy = alert["device"], alert["policy"]
    return tuple(device["macs"]) or tuple(device["ips"]), policy["id"], policy["entry"], policy["scope"]


def snapshot(file):
    """Its devices and its summary; what is not whole fails."""
    text = pathlib.Path(file).read_text()
    assert text.endswith("\n"), f"the snapshot ends amid a line: ...{text[-80:]!r}"
    records = [json.loads(line) for line in text.splitlines()]
    kinds = [record["kind"] for record in records]
    assert kinds == ["device"] * (len(kinds) - 1) + ["summary"], f"kinds of the snapshot's lines: {kinds}"
    return records[:-1], records[-1]
