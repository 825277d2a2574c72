# SPDX-License-Identifier: Apache-2.0
"""The journal: a systemd-journald of the test's own where one can run, and a socket that records."""

import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading

from peers import Drive, Peer, differs, drive, until

JOURNALD = pathlib.Path("/lib/systemd/systemd-journald")
ALERT = {"TAPWARDEN_KIND": "alert", "SYSLOG_IDENTIFIER": "tapwarden", "PRIORITY": "3", "TAPWARDEN_SEVERITY": "high",
         "TAPWARDEN_TIME": "2027-01-15T08:00:00.123456Z"}
TEXTS = ['{"a":1}', "two\nlines\nPRIORITY=0", "größe ✓ = \x1b[31m", "", "x" * 65536, "y" * 3000000]


def record(number, text):
    return {"id": f"event-{number}", "key": f"device-{number}", "severity": "high", "text": text}


def fields(datagram):
    """The native protocol, taken apart."""
    found = {}
    while datagram:
        line, _, rest = datagram.partition(b"\n")
        name, sign, value = line.partition(b"=")
        if not sign:
            size = struct.unpack("<Q", rest[:8])[0]
            value, rest = rest[8:8 + size], rest[8 + size + 1:]
        found[name.decode()] = value.decode(errors="surrogateescape")
        datagram = rest
    return found


class Recorder:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.entries = []
        self.files = 0

    def read(self):
        def loop():
            while True:
                try:
                    octets, files, _, _ = socket.recv_fds(self.socket, 1 << 20, 1)
                except OSError:
                    return
                for file in files:
                    self.files += 1
                    size = os.fstat(file).st_size
                    octets = os.pread(file, size, 0)
                    os.close(file)
                self.entries.append(fields(octets))
        threading.Thread(target=loop, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def wanted(sent):
    return [{**ALERT, "MESSAGE": row["text"], "TAPWARDEN_EVENT_ID": row["id"], "TAPWARDEN_DEVICE": row["key"]} for row in sent]


def recorder_cases(cases, top):
    path = top / "socket"
    sent = [record(i, text) for i, text in enumerate(TEXTS)]
    with Drive("journal", socket=path, retry=50) as driven:
        driven.send(*sent)
        until(lambda: len(driven.answered("retry")) > 5)
        errors = driven.errors()
        with Recorder(path) as recorder:
            recorder.read()
            undelivered = driven.finish()
            until(lambda: len(recorder.entries) >= len(sent))
            ids = {entry.pop("MESSAGE_ID", "") for entry in recorder.entries}
            cases("journal, recorder: down, then up: every field of every entry, once", differs("undelivered", undelivered, 0)
                  + differs("entries", recorder.entries, wanted(sent)) + differs("kinds", len(ids), 1)
                  + differs("errors", errors, [f"{path}: No such file or directory"]))
            cases("journal, recorder: what no datagram holds comes as a file in memory", differs("files", recorder.files, 1))
    path = top / "full"
    sent = [record(i, "x" * 100) for i in range(500)]
    with Recorder(path) as recorder, Drive("journal", socket=path, retry=50, timeout=200) as driven:
        driven.send(*sent)
        until(lambda: driven.answered("retry"))
        errors = driven.errors()
        recorder.read()
        undelivered = driven.finish()
        until(lambda: len(recorder.entries) >= len(sent))
        for entry in recorder.entries:
            entry.pop("MESSAGE_ID")
        cases("journal, recorder: one that does not read holds nobody up, and nothing is lost", differs("undelivered", undelivered, 0)
              + differs("errors", errors, [f"{path}: the journal does not read"]) + differs("entries", recorder.entries, wanted(sent)))


def journald_cases(cases, top):
    name = "journal, systemd-journald: every field can be asked for"
    if not JOURNALD.exists() or not shutil.which("journalctl"):
        return cases.skip(name, "not installed")
    if os.geteuid() != 0:
        return cases.skip(name, "needs root for a /run of its own")
    run_folder = top / "run"
    for folder in ("systemd", "log/journal", "var/log"):
        (run_folder / folder).mkdir(parents=True)
    (top / "machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    script = (f"mount --bind {run_folder} /run && mount --bind {run_folder}/var/log /var/log && "
              f"{{ test -e /etc/machine-id || touch /etc/machine-id; }} && mount --bind {top}/machine-id /etc/machine-id && "
              f"exec {JOURNALD} tapwarden-test")
    path = run_folder / "systemd/journal.tapwarden-test/socket"
    with Peer(["unshare", "--mount", "--propagation", "private", "sh", "-c", script], top / "journald.log") as peer:
        if not until(path.exists, 5):
            return cases.skip(name, "does not run here: " + (top / "journald.log").read_text()[-200:].strip())
        sent = [record(i, text) for i, text in enumerate(TEXTS) if text]
        driven = drive(sent, "journal", socket=path)

        def entries():
            files = [f"--file={file}" for file in run_folder.rglob("*.journal") if file.is_file()]
            command = ["journalctl", *files, "-o", "json", "--all", "SYSLOG_IDENTIFIER=tapwarden"]
            told = subprocess.run(command, capture_output=True, timeout=20, check=False)
            return [json.loads(line) for line in told.stdout.splitlines()]
        until(lambda: len(entries()) >= len(sent), 10)
        found = []
        for entry in entries():
            if isinstance(entry.get("MESSAGE"), list):  # what is not printable comes as octets
                entry["MESSAGE"] = bytes(entry["MESSAGE"]).decode()
            found.append({key: entry.get(key) for key in wanted(sent)[0]})
        cases(name, differs("undelivered", driven.undelivered, 0) + differs("entries", found, wanted(sent))
              + ([] if peer.process.poll() is None else ["it ended"]))


def run(cases):
    with tempfile.TemporaryDirectory(prefix="tapwarden-outputs-") as name:
        top = pathlib.Path(name)
        recorder_cases(cases, top)
        journald_cases(cases, top)
