# SPDX-License-Identifier: Apache-2.0
"""The stage of the fault tests: a daemon with outputs, killed and started again, and what its state says."""

import contextlib
import ctypes
import errno
import json
import pathlib
import signal
import sqlite3
import subprocess
import time

from stage import Stage, broadcast, huawei
from wires import libc, send, until

PATIENCE = 120  # seconds: what comes at all comes by then, however busy the machine is
WIDE_OPEN = "storm: {policy_burst: 0, burst: 0}\n"
ONE_POLICY = "policies: [us-ndaa-889]\n"


class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Message(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("name_size", ctypes.c_uint32), ("parts", ctypes.POINTER(Part)),
                ("count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_size", ctypes.c_size_t),
                ("flags", ctypes.c_int), ("sent", ctypes.c_uint)]


class FaultStage(Stage):
    def __init__(self):
        self.ends, self.mounts = [], []
        super().__init__()
        self.far_socket = super().raw

    @property
    def raw(self):
        return self.far_socket

    def outputs(self, *ends, more="", storm=WIDE_OPEN, policies=ONE_POLICY):
        self.ends += ends
        text = policies + storm + more
        if ends:
            text += "outputs:\n" + "".join(end.entry() for end in ends)
        self.configure(text)

    def see(self, numbers, rate=2000):
        """Each of these Huawei devices sends one frame."""
        return send(self.raw, [broadcast(huawei(number)) for number in numbers], rate)

    def send_all(self, frames, rate=None):
        send(self.far_socket, frames, rate)

    def send_often(self, frame, count):
        """The same frame, as fast as the system takes it."""
        at_once = 1000
        text = ctypes.create_string_buffer(frame, len(frame))
        part = Part(ctypes.cast(text, ctypes.c_void_p), len(frame))
        many = (Message * at_once)(*[Message(None, 0, ctypes.pointer(part), 1)] * at_once)
        while count:
            sent = libc.sendmmsg(self.far_socket.fileno(), many, min(at_once, count), 0)
            if sent > 0:
                count -= sent
            elif ctypes.get_errno() not in (errno.ENOBUFS, errno.EAGAIN, errno.EINTR):
                raise OSError(ctypes.get_errno(), "sendmmsg")

    def settled(self, *ends):
        """Whether nothing more has arrived for a second."""
        before = [len(end.records()) for end in ends]
        time.sleep(1)
        return [len(end.records()) for end in ends] == before

    def status(self):
        return json.loads(self.ask("status", "--format", "json"))

    def output(self, name):
        """What the status tells of an output."""
        return next((one for one in self.status()["outputs"] if one["name"] == name), {})

    def rows(self, query):
        """What the state says, read beside the daemon."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/state/state.db?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(query).fetchall()

    def small_disk(self, folder, size):
        """A file system of its own at that folder."""
        path = self.folder / folder
        path.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", path], check=True)
        self.mounts.append(path)
        return path

    def close(self):
        for agent in self.agents:
            if agent.process.poll() is None:
                agent.process.kill()
                agent.process.wait()
        for end in self.ends:
            end.stop()
            getattr(end, "close", lambda: None)()
        for path in self.mounts:
            subprocess.run(["umount", "-l", path], check=False)
        super().close()


def fill(folder):
    """Leaves no octet free there; the file that does it."""
    ballast = pathlib.Path(folder) / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    return ballast


def kill(agent):
    agent.end(signal.SIGKILL)


def wait_for(true, what, seconds=PATIENCE):
    """`what` is a text or a function that makes one."""
    assert until(true, seconds, pause=0.05), f"not after {seconds} s: {what() if callable(what) else what}"


def health(records, component, name=None):
    """(status, message) of each word about it, in order."""
    return [(one["status"], one["message"]) for one in records
            if one["kind"] == "health" and one["component"] == component and name in (None, one["name"])]


def statuses(records, component, name=None):
    return [status for status, _ in health(records, component, name)]


def given_up(paper, name):
    """What the newest summary counts as given up by that output: inventory records, others, and what memory lost."""
    summaries = [one for one in paper.records() if one["kind"] == "summary"]
    bounds = summaries[-1]["bounds"] if summaries else {}
    return tuple(bounds.get(f"output_{name}_{what}", 0) for what in ("dropped_devices", "dropped_alerts", "lost"))


def event_ids(records):
    """By alert, the event ids of its beginning."""
    found = {}
    for one in records:
        if one["kind"] == "alert" and one["event"] == "raised":
            found.setdefault(one["id"], set()).add(one["event_id"])
    return found


def check_raised(records, expected, where=""):
    """Exactly so many alerts began, each with one event id."""
    found = event_ids(records)
    assert len(found) == expected, f"{where}: {len(found)} alerts began, not {expected}"
    assert all(len(ids) == 1 for ids in found.values()), f"{where}: an alert began under two event ids"
    assert len({next(iter(ids)) for ids in found.values()}) == expected, f"{where}: two alerts share an event id"


def check_order(records, where=""):
    """Of each alert, events arrive for the first time in the order in which they happened."""
    seen, last = set(), {}
    for one in records:
        if one["kind"] != "alert" or one["event_id"] in seen:
            continue
        seen.add(one["event_id"])
        before = last.get(one["device"]["id"])
        assert before is None or before[0] <= one["time"], \
            f"{where}: {one['event']} of {one['time']} came behind {before[1]} of {before[0]}"
        last[one["device"]["id"]] = (one["time"], one["event"])
