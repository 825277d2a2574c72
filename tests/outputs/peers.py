# SPDX-License-Identifier: Apache-2.0
"""What cases against real peers share: programs that end with their case, free ports, certificates, and the driver that
brings records to one sink (tests/deliver/drive_output.cpp)."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

from scans import BUILD, TOP

DRIVER = BUILD / "tests" / "drive_output"
PEERS = TOP / "build" / "peers"  # packages that are unpacked and not installed: see packaging/dependencies


def program(name):
    """Where a program is: installed, or else unpacked."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", str(PEERS / "usr" / "sbin"), str(PEERS / "usr" / "bin")])
    return shutil.which(name, path=path)


def is_unpacked(path):
    return path is not None and str(path).startswith(str(PEERS))


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=10):
    """What the condition gave at last: waits for it to be true, but not for long."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Peer:
    """A program in the foreground, in a process group of its own that ends with it."""

    def __init__(self, command, log, environment=None):
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=output, start_new_session=True,
                                            env={**os.environ, **(environment or {})})

    def send_signal(self, number):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def stop(self, number=signal.SIGTERM):
        self.send_signal(number)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.send_signal(signal.SIGKILL)
            self.process.wait(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Drive:
    """One run of the driver. Records go in while it runs; what it says is in `answers`."""

    def __init__(self, sink, **settings):
        words = [f"{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen([str(DRIVER), sink, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True)
        self.answers = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.answers.append(json.loads(line))

    def send(self, *records):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        try:
            self.process.stdin.write(lines.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def answered(self, outcome):
        return [answer for answer in list(self.answers) if answer.get("outcome") == outcome]

    def ids(self, outcome):
        return [answer["id"] for answer in self.answered(outcome)]

    def errors(self):
        return sorted({answer["error"] for answer in self.answered("retry") + self.answered("poisoned")})

    def finish(self, seconds=40):
        """Ends its input and waits. The number of records that it could not bring there, or why it failed."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return "did not end"
        self.reader.join(5)
        if self.process.returncode != 0:
            return self.process.stderr.read().decode()
        return self.answers[-1].get("undelivered")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
        self.reader.join(5)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass


def drive(records, sink, **settings):
    """The driver from its beginning to its end."""
    with Drive(sink, **settings) as driven:
        driven.send(*records)
        driven.undelivered = driven.finish()
        return driven


def differs(name, found, wanted):
    if found == wanted:
        return []
    if isinstance(found, list) and isinstance(wanted, list):
        if len(found) != len(wanted):
            return [f"{name}: {len(found)} of them, expected {len(wanted)}: {str(found)[:300]}"]
        first = next(i for i, pair in enumerate(zip(found, wanted, strict=True)) if pair[0] != pair[1])
        return differs(f"{name}[{first}]", found[first], wanted[first])
    return [f"{name}: is {str(found)[:1000]!r}, expected {str(wanted)[:1000]!r}"]


class Certificates:
    """An authority, another one, and what each case needs from them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.authority("authority")
        self.authority("stranger")
        self.sign("server", "DNS:localhost,IP:127.0.0.1")
        self.sign("expired", "DNS:localhost,IP:127.0.0.1", start="20200101000000Z", end="20200201000000Z")
        self.sign("misnamed", "DNS:elsewhere.example")
        self.sign("foreign", "DNS:localhost,IP:127.0.0.1", by="stranger")
        self.sign("client", "DNS:sensor.example")
        self.sign("client-of-stranger", "DNS:sensor.example", by="stranger")

    def __getitem__(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    def openssl(self, *words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=self.folder, timeout=20)

    def authority(self, name):
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.key(name),
                     "-out", self[name], "-days", "2", "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        (self.folder / f"{name}.txt").write_text("")
        (self.folder / f"{name}.cnf").write_text(
            f"[ca]\ndefault_ca = {name}\n[{name}]\ndatabase = {name}.txt\nrand_serial = yes\ndefault_md = sha256\n"
            f"policy = any\nunique_subject = no\nnew_certs_dir = .\ncopy_extensions = copy\n[any]\ncommonName = supplied\n")

    def sign(self, name, names, by="authority", start=None, end=None):
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.key(name),
                     "-out", f"{name}.csr", "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}")
        period = ["-startdate", start, "-enddate", end] if start else ["-days", "2"]
        self.openssl("ca", "-batch", "-config", f"{by}.cnf", "-cert", self[by], "-keyfile", self.key(by), "-in", f"{name}.csr",
                     "-out", self[name], "-notext", *period)
