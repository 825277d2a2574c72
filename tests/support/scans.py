# SPDX-License-Identifier: Apache-2.0
"""What the suites that run the built agent share: one scan and what it printed, the policies as their files tell them
(read without the agent), and the counting of cases."""

import json
import os
import pathlib
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TAPWARDEN_BUILD", TOP / "build" / "debug"))
AGENT = BUILD / "tapwarden"
AS_OF = "2026-11-01"
GRADES = ("possible", "probable", "confirmed")


class Scan:
    """One run of `tapwarden scan`. With JSON, also its records by kind."""

    def __init__(self, files, *options, stdin=None, folder=None, limit=60, rules=TOP / "rules"):
        command = [AGENT, "scan", "--rules", rules, *options, "--", *files]
        begun = time.monotonic()
        try:
            done = subprocess.run([str(word) for word in command], input=stdin, capture_output=True, cwd=folder,
                                  timeout=limit, stdin=subprocess.DEVNULL if stdin is None else None)
            self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as late:
            self.code, self.out, self.err = "too late", late.stdout or b"", late.stderr or b""
        self.seconds = time.monotonic() - begun

    @property
    def complaints(self):
        return self.err.decode(errors="replace").splitlines()

    def records(self, kind):
        if not hasattr(self, "parsed"):
            self.parsed = [json.loads(line) for line in self.out.splitlines()]
        return [record for record in self.parsed if record["kind"] == kind]

    @property
    def summary(self):
        return self.records("summary")[-1]


def table(path):
    """A tab-separated file with a line of column names; lines that open with # are remarks."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]


def policies():
    """{policy: suppliers it names on AS_OF}, from the few keys of rules/policies that this needs."""
    found = {}
    for path in sorted((TOP / "rules" / "policies").glob("*.yaml")):
        entries = []
        for line in path.read_text().splitlines():
            key, _, value = line.strip().removeprefix("- ").partition(": ")
            if line.startswith("  - "):
                entries.append({})
            if line.startswith("  ") and key in ("supplier", "from", "until"):
                entries[-1][key] = value.strip()
        found[path.stem] = {entry["supplier"] for entry in entries
                            if entry.get("from", "") <= AS_OF <= entry.get("until", "9")}
    return found


def judged_by_all(grade=None):
    """The options that judge by every policy there is, on the day AS_OF."""
    options = ["--as-of", AS_OF]
    for policy in policies():
        options += ["--policy", policy]
    return options + (["--grade", grade] if grade else [])


def unreconciled(scan, devices=True):
    """What does not add up in the summary of a scan."""
    summary = scan.summary
    faults = []
    undecoded = sum(summary["undecoded"].values())
    if summary["packets"] != summary["decoded"] + undecoded:
        faults.append(f"{summary['packets']} packets, but {summary['decoded']} decoded + {undecoded} undecoded")
    if devices:
        printed = scan.records("device")
        flagged = [device for device in printed if device["policies"]]
        for word, count in (("devices", len(printed)), ("flagged", len(flagged)),
                            ("alerts", len(scan.records("alert")))):
            if summary[word] != count:
                faults.append(f"{summary[word]} {word} in the summary, {count} printed")
    return faults


class Cases:
    """Counts and prints cases; the last line is what tests/run reads."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def __call__(self, name, faults=()):
        faults = list(faults)
        self.failed += bool(faults)
        self.passed += not faults
        print(f"{'FAILED' if faults else 'ok':8}{name}", flush=True)
        for fault in faults[:40]:
            print(f"        {fault}")
        if len(faults) > 40:
            print(f"        and {len(faults) - 40} more")

    def check(self, name, holds, detail=""):
        self(name, [] if holds else [str(detail)])

    def skip(self, name, why):
        self.skipped += 1
        print(f"skipped {name}: {why}", flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0
