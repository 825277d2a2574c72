# SPDX-License-Identifier: Apache-2.0
"""The pieces of packaging/soc as they lie there, but for ports and paths, each with the program that it is for: golden
records go in by the sink that the page names, and what is at the other end is looked at."""

import json
import pathlib
import re
import shutil
import tempfile

from http_peers import Sink
from http_stores_cases import ClickHouse
from peers import Certificates, Peer, accepts, differs, drive, free_port, program, until
from scans import TOP
from syslog_cases import Receiver, read_on, rsyslog_command, syslog_ng_command

SOC = TOP / "packaging" / "soc"
GOLDEN = TOP / "tests" / "deliver" / "golden"
DATE = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 123]\d \d\d:\d\d:\d\d"


def alerts(form="json"):
    """The golden alerts, as messages in that format."""
    lines = map(json.loads, (GOLDEN / "records.jsonl").read_text().splitlines())
    for one in lines:
        record = one["record"]
        if record["kind"] != "alert" or "event_id" not in record:
            continue
        whole = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
        text = whole if form == "json" else (GOLDEN / f"{one['name']}.{form}").read_text().rstrip("\n")
        yield {"kind": "alert", "id": record["event_id"], "key": record["device"]["id"], "severity": record["severity"], "text": text}


def placed(name, folder, certificates, port, **more):
    """A piece with paths and ports of this test in place of its own."""
    text = (SOC / name).read_text()
    more = {"6514": str(port), "/var/log/tapwarden.log": str(folder / "out"), "/var/spool/rsyslog": str(folder),
            "/etc/rsyslog.d/tls": str(certificates.folder), "/etc/syslog-ng/tls": str(certificates.folder), **more}
    for old, new in more.items():
        text = text.replace(old, new)
    config = folder / name
    config.write_text(text)
    return config


def lines_of(path, count):
    """The different lines of a file, once there are so many: what came twice was promised no better."""
    def lines():
        return sorted(set(path.read_text().splitlines())) if path.exists() else []
    until(lambda: len(lines()) >= count)
    return lines()


def settings(certificates, port, client="client"):
    return {"transport": "tls", "host": "localhost", "port": port, "hostname": "tap-hq-1", "authorities": certificates["authority"],
            "certificate": certificates[client], "key": certificates.key(client)}


def up(port):
    if not until(lambda: accepts(port)):
        raise RuntimeError("it does not listen")


def server_cases(cases, name, top, certificates, start):
    """Each alert is a line, as it was sent, also one of 60 kB; who is not let in delivers nothing."""
    folder, port = pathlib.Path(tempfile.mkdtemp(dir=top)), free_port()
    sent = [*alerts(), {"id": "long", "key": "long", "text": json.dumps({"long": "x" * 60000})}]
    with start(folder, placed(name, folder, certificates, port)):
        up(port)
        driven = drive(sent, "syslog", **settings(certificates, port))
        taken = lines_of(folder / "out", len(sent))
        cases(f"{name}: every alert is a line, as it was sent", differs("undelivered", driven.undelivered, 0)
              + differs("lines", taken, sorted(one["text"] for one in sent)))
        driven = drive(sent[:1], "syslog", **settings(certificates, port, "client-of-stranger"), deadline=1000)
        cases(f"{name}: a sender that it does not know is not let in", differs("undelivered", driven.undelivered, 1)
              + differs("lines", len(lines_of(folder / "out", 0)), len(sent)))


def rsyslog(folder, config):
    return Peer(rsyslog_command(folder, config), folder / "rsyslog.log")


def syslog_ng(folder, config):
    whole = folder / "whole.conf"
    whole.write_text(f'@version: 3.35\n@include "{config}"\n')
    command, environment = syslog_ng_command(folder, whole)
    return Peer(command, folder / "syslog-ng.log", environment)


def relay_cases(cases, top, certificates):
    for form in ("cef", "leef"):
        folder, port = pathlib.Path(tempfile.mkdtemp(dir=top)), free_port()
        sent = list(alerts(form))
        with Receiver(read_on) as siem:
            target = {"siem.example": "127.0.0.1", 'port="514"': f'port="{siem.port}"'}
            with rsyslog(folder, placed("rsyslog-relay.conf", folder, certificates, port, **target)):
                up(port)
                driven = drive(sent, "syslog", **settings(certificates, port))
                until(lambda: siem.octets.count(b"\n") >= len(sent))
            head = re.compile(rf"<13[0-7]>{DATE} tap-hq-1 ")
            lines = siem.octets.decode().splitlines()
            bare = [line[match.end():] if (match := head.match(line)) else f"no header: {line[:60]}" for line in lines]
            cases(f"rsyslog-relay.conf: {form}: a line for each alert, with the header of RFC 3164",
                  differs("undelivered", driven.undelivered, 0) + differs("lines", sorted(set(bare)), sorted(one["text"] for one in sent)))


def of_page(section, language):
    """The first block of that language in a section of the page."""
    page = (SOC / "README.md").read_text().partition(f"### {section}\n")[2]
    return re.search(rf"^( *)```{language}\n(.*?)^\1```$", page, re.M | re.S).group(2)


def kafka_cases(cases):
    """`tapwarden check` does not know librdkafka's properties; librdkafka does."""
    lines = of_page("Kafka", "yaml").partition("properties:\n")[2].splitlines()
    properties = dict(line.strip().split(": ") for line in lines)
    cases.check("kafka: the page's properties are there", "ssl.ca.location" in properties and len(properties) > 3, properties)
    properties["ssl.ca.location"] = "/etc/ssl/certs/ca-certificates.crt"
    for wrong in ("", "s"):
        named = {name.replace("sasl.username", "sasl.username" + wrong): value for name, value in properties.items()}
        with Sink(kind="kafka", brokers="127.0.0.1:9", topic="tapwarden", password="secret", properties=named) as sink:
            told = str(sink.first)
            cases.check(f"kafka: librdkafka {'refuses one that is misspelt' if wrong else 'takes them'}",
                        ("No such configuration property" in told) == bool(wrong) and ("error" in told) == bool(wrong), told)


def clickhouse_cases(cases, folder):
    if not shutil.which("clickhouse-server"):
        return cases.skip("clickhouse.sql", "clickhouse-server is not installed (Debian 13 has none)")
    server = ClickHouse(folder)
    try:
        server.query((SOC / "clickhouse.sql").read_text())
        sent = list(alerts())
        with Sink(template="clickhouse", url=f"http://127.0.0.1:{server.http}", user="default", password="secret",
                  table="tapwarden", column="record") as sink:
            for batch in (sent, sent[:4]):
                for i, one in enumerate(batch):
                    one["time"] = 1_764_000_000_000_000 + i  # all of one second, in the column and in the record
                    one["text"] = re.sub(r'"time":"[^"]*"', f'"time":"2025-11-24T16:00:00.{i:06}Z"', one["text"], count=1)
                told = sink.deliver(batch)
                cases.check("clickhouse.sql: the table takes alerts", {one["outcome"] for one in told.get("outcomes", [])} == {"delivered"},
                            told)
        rows = server.query("SELECT count(), uniqExact(id) FROM tapwarden FINAL")
        cases("clickhouse.sql: what was told twice is there once", differs("rows", rows, f"{len(sent)}\t{len(sent)}"))
        last = {}
        for one in sent:
            record = json.loads(one["text"])
            last[record["id"]] = (record["policy"]["entry"], record["state"])
        wanted = sorted(f"{supplier}\t{state}\t{list(last.values()).count((supplier, state))}"
                        for supplier, state in set(last.values()))
        cases("clickhouse.sql: the page's query tells how every alert stands",
              differs("rows", sorted(server.query(of_page("ClickHouse", "sql")).splitlines()), wanted))
    finally:
        server.stop()


def run(cases):
    with tempfile.TemporaryDirectory(prefix="tapwarden-soc-") as name:
        top = pathlib.Path(name)
        certificates = Certificates(top / "certificates")
        kafka_cases(cases)
        if program("rsyslogd"):
            server_cases(cases, "rsyslog.conf", top, certificates, rsyslog)
            relay_cases(cases, top, certificates)
        else:
            cases.skip("rsyslog.conf", "not installed")
        if program("syslog-ng"):
            server_cases(cases, "syslog-ng.conf", top, certificates, syslog_ng)
        else:
            cases.skip("syslog-ng.conf", "not installed")
        (top / "clickhouse").mkdir()
        clickhouse_cases(cases, top / "clickhouse")
