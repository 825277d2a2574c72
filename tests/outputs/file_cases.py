# SPDX-License-Identifier: Apache-2.0
"""Files and standard output from outside: compressed rotations are read by the tools that operators have."""

import pathlib
import shutil
import subprocess
import tempfile

from peers import DRIVER, Drive, differs, drive, until


def record(number, size=200):
    return {"id": f"event-{number}", "key": "device", "text": f"{number} " + "x" * size}


def lines_of(path):
    tool = {".zst": ["zstd", "-dcq"], ".gz": ["gzip", "-dc"]}.get(path.suffix, ["cat"])
    return subprocess.run([*tool, str(path)], capture_output=True, check=True, timeout=20).stdout.decode().splitlines()


def rotation(cases, top, compression, suffix):
    folder = top / compression
    folder.mkdir()
    sent = [record(i) for i in range(2000)]
    driven = drive(sent, "file", path=folder / "alerts.json", size_max=20000, keep=1000, compression=compression, batch=10)
    begun = drive([record(2000, 20000)], "file", path=folder / "alerts.json", size_max=20000, keep=1000, compression=compression,
                  deadline=3000)
    with Drive("file", path=folder / "alerts.json", size_max=20000, keep=1000, compression=compression) as last:
        until(lambda: not [path for path in folder.iterdir() if path.suffix not in (suffix, ".json")], 10)
        last.finish()
    rotated = sorted((path for path in folder.iterdir() if path.name != "alerts.json"), key=lambda path: int(path.name.split(".")[2]))
    found = [line for path in rotated for line in lines_of(path)] + lines_of(folder / "alerts.json")
    cases(f"file: rotated and compressed with {compression}, every line is there once and in order",
          differs("undelivered", [driven.undelivered, begun.undelivered], [0, 0])
          + differs("suffixes", {path.suffix for path in rotated}, {suffix}) + differs(
              "lines", found, [row["text"] for row in [*sent, record(2000, 20000)]])
          + ([] if len(rotated) > 15 else [f"{len(rotated)} files"]))


def standard_output(cases):
    """The driver's own answers come on the same stream, as JSON objects; texts are not."""
    driven = subprocess.run([str(DRIVER), "file", "path=-"], input=b'{"id":"1","text":"one"}\n{"id":"2","text":"two"}\n',
                            capture_output=True, timeout=20, check=False)
    texts = [line for line in driven.stdout.decode().splitlines() if not line.startswith("{")]
    cases("file: standard output", differs("lines", texts, ["one", "two"]) + differs("status", driven.returncode, 0))


def run(cases):
    with tempfile.TemporaryDirectory(prefix="tapwarden-outputs-") as name:
        top = pathlib.Path(name)
        for compression, suffix, tool in (("zstd", ".zst", "zstd"), ("gzip", ".gz", "gzip")):
            if shutil.which(tool):
                rotation(cases, top, compression, suffix)
            else:
                cases.skip(f"file: rotated and compressed with {compression}", f"{tool} is not installed")
        standard_output(cases)
