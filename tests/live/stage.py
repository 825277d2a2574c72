# SPDX-License-Identifier: Apache-2.0
"""What suites share that run the whole daemon on a cable: namespaces of their own, a stage with a tap, a state directory
and a configuration, frames of devices, and the running and counting of cases. Names given as arguments choose cases."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "captures")]
os.environ["PATH"] += ":/usr/sbin:/sbin"

import frames  # noqa: E402
from agent import Agent, program  # noqa: E402
from wires import Space, cable, until  # noqa: E402

cases = []
CAMERA, CAMERA_IP, SERIAL = "44:19:b6:10:00:21", "192.168.10.21", "DS-2CD2143G2-I20210422AAWRF00000001"


def leave(why, failed=0):
    print(f"skipped: {why}" if not failed else why)
    print(f"0 passed, {failed} failed, {0 if failed else 1} skipped")
    sys.exit(failed)


def into_own_namespaces():
    """Runs the suite again where all that it makes is its own and ends with it."""
    if os.environ.get("SUITE_SPACES") == "own":
        del os.environ["SUITE_SPACES"]
        subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
        tempfile.tempdir = "/run"
        return
    if os.geteuid() != 0:
        leave("needs root, for network namespaces")
    if not shutil.which("unshare") or not shutil.which("ip"):
        leave("needs unshare and ip")
    words = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    probe = subprocess.run([*words, "sh", "-c", "mount -t tmpfs none /run && ip netns add probe && "
                            "ip link add probe0 type veth peer name probe1"], capture_output=True, text=True)
    if probe.returncode != 0:
        leave(f"namespaces cannot be made here: {probe.stderr.strip()}")
    os.environ["SUITE_SPACES"] = "own"
    os.execvp(words[0], [*words, sys.executable, os.path.abspath(sys.argv[0]), *sys.argv[1:]])


class Skip(Exception):
    """Why a case is left out."""


def case(run):
    cases.append(run)
    return run


# --- what is on the wire -------------------------------------------------------------------------------------

def broadcast(source):
    return frames.ethernet(frames.BROADCAST, source, 0x88B5, b"\0" * 46)


def sadp(device=CAMERA, where=CAMERA_IP, serial=SERIAL):
    answer = frames.sadp_answer(device, "DS-2CD2143G2-I", serial, where, "192.168.10.1", "V5.5.82build 190909")
    return frames.ethernet(frames.multicast_mac("239.255.255.250"), device, 0x0800,
                           frames.udp(where, 37020, "239.255.255.250", 37020, answer))


def huawei(number):
    return "00:e0:fc:" + (number & 0xFFFFFF).to_bytes(3, "big").hex(":")


def innocent(number):
    return "94:57:a5:" + (number & 0xFFFFFF).to_bytes(3, "big").hex(":")


# --- the daemon ----------------------------------------------------------------------------------------------

class Patient(Agent):
    """Nothing here is about how fast it is: on a busy machine it may take its time."""

    def __init__(self, space, *words, ready=1, **options):
        super().__init__(space, *words, ready=0, **options)
        if ready:
            assert until(lambda: self.logged("listening on") >= ready or self.process.poll() is not None, 60), self.told()
            assert self.process.poll() is None, f"it ended at once: {self.told()}"

    def wait_alerts(self, count, seconds=30):
        return super().wait_alerts(count, seconds)

    def wait(self, seconds=60):
        return super().wait(seconds)


class Stage:
    """A tap and a far end with a cable between, a state directory and a configuration, in a folder of the case's own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.folder.chmod(0o755)
        self.taps, self.far = Space("taps"), Space("far")
        cable(self.taps, "tap0", self.far, "far0")
        self.agents = []
        self.configure()

    def configure(self, more="", **sections):
        lines = ["taps: [{interface: tap0, name: north}]", "state: {directory: state}"]
        self.write("t.yaml", "\n".join(lines) + "\n" + more)

    def agent(self, *words, **options):
        self.agents.append(Patient(self.taps, *(words or ("-c", "t.yaml")), folder=self.folder, **options))
        return self.agents[-1]

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)
        return self.folder / name

    @property
    def raw(self):
        return self.far.socket("far0")

    @property
    def path(self):
        return self.folder / "state" / "control.sock"

    def ask(self, *words, code=0, wrapper=()):
        """A command at the daemon: what it prints."""
        ran = subprocess.run([*wrapper, program, *map(str, words), "--socket", str(self.path)], text=True,
                             capture_output=True, timeout=60, cwd=self.folder)
        assert ran.returncode == code, f"{words}: exit {ran.returncode}, not {code}: {ran.stdout[-300:]}{ran.stderr}"
        return ran.stdout if code == 0 else ran.stderr

    def alerts(self, *words):
        return [json.loads(line) for line in self.ask("alerts", "list", "--format", "json", *words).splitlines()]

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(20)
        client.connect(str(self.path))
        return client

    def close(self):
        for agent in self.agents:
            if agent.process.poll() is None:
                agent.process.kill()
                agent.process.wait()
        for space in (self.taps, self.far):
            space.close()
        shutil.rmtree(self.folder, ignore_errors=True)


# --- the run -------------------------------------------------------------------------------------------------

def run_cases(make_stage=None):
    """Those that were asked for, each on a stage of its own; the exit status."""
    chosen = [one for one in cases if not sys.argv[1:] or one.__name__ in sys.argv[1:]]
    counts = {"ok": 0, "FAILED": 0, "skipped": 0}
    for run in chosen:
        begun, said, stage = time.monotonic(), "", None
        try:
            stage = (make_stage or Stage)()
            said = run(stage) or ""
            word = "ok"
        except Skip as skip:
            word, said = "skipped", str(skip)
        except Exception as error:  # a case that fails must not end the others
            word, last = "FAILED", traceback.extract_tb(error.__traceback__)[-1]
            said = f"{error} ({os.path.basename(last.filename)}:{last.lineno})"
            if not isinstance(error, AssertionError) or not str(error):
                said = traceback.format_exc()
        finally:
            if stage:
                stage.close()
        counts[word] += 1
        print(f"{word:8}{run.__name__}  {time.monotonic() - begun:.1f} s  {said}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAILED']} failed, {counts['skipped']} skipped")
    return 1 if counts["FAILED"] else 0
