# SPDX-License-Identifier: Apache-2.0
"""The templates of the http sink: bulk answers and codes as Elasticsearch and Splunk give them, from a server of ours,
and ClickHouse itself, asked afterwards what it has."""

import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from http_peers import Server, Told, answer, record, records


def elastic(cases):
    def items(*statuses):
        return answer(200, {"errors": any(one > 299 for one in statuses), "items": [
            {"create": {"status": one, **({"error": {"type": "t", "reason": f"because\n{one}"}} if one > 299 else {})}}
            for one in statuses]})

    with Told(cases, "elastic", Server(answer(200, {"errors": False}), items(201, 409, 429, 400, 503, 200), items(201),
                                       items(403, 404, 401, 408)), template="elastic", index="tw") as told:
        told.deliver([record("a"), {**record("x"), "id": ""}], "dd")
        first = told.server.requests[0]
        told.equal("the target", first.target,
                   "/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason")
        told.equal("the type", first.fields["content-type"], "application/x-ndjson")
        told.equal("the lines", [line for line in first.lines()],
                   [{"create": {"_index": "tw", "_id": "a"}}, {"kind": "alert", "id": "a"},
                    {"create": {"_index": "tw"}}, {"kind": "alert", "id": "x"}])
        given = told.deliver(records(6), "ddrprd")
        told.equal("the error of one", given["outcomes"][3]["error"], "item answered 400: t: because 400")
        told.deliver(records(2), "rr", "a bulk answer on 1 items to 2")
        told.deliver(records(4), "rrrr", "item answered 40")
        told.deliver([{**record("c"), "text": "CEF:0|"}, record("d")], "pr")
    told_not = "that is no answer of _bulk"
    bomb = b'{"errors":true,"items":' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    wide = b'{"errors":true,"items":[' + b"0," * 500_000 + b"0]}"
    strange = {"errors": True, "items": [[], {"create": 5}, {"create": {"status": "201"}}, {"create": {"status": -1}}, {}, 7]}
    with Told(cases, "elastic: strange answers", Server(
            answer(200, b"<html>sign in</html>"), answer(200, bomb), answer(200, wide), answer(200, {"errors": "no"}),
            answer(200, b""), answer(200, strange)), template="elastic") as told:
        for error in (told_not, told_not, "a bulk answer on 500001 items to 6", told_not, told_not, "has no status"):
            told.deliver(records(6), "rrrrrr", error)
        told.check("little memory", told.sink.memory() < 96, f"{told.sink.memory()} MiB")

    # A store that knows ids: what is sent again after a lost answer is there once.
    store = {}

    def bulk(request):
        lines, found = request.lines(), []
        for action, document in zip(lines[::2], lines[1::2]):
            name = action["create"]["_id"]
            found.append({"create": {"status": 409 if name in store else 201}})
            store.setdefault(name, document)
        return answer(200, {"errors": any(one["create"]["status"] == 409 for one in found), "items": found})

    server = Server(bulk, lambda request: bulk(request)[:20], otherwise=bulk)
    with Told(cases, "elastic: an answer is lost", server, template="elastic") as told:
        told.deliver(records(3), "ddd")
        told.deliver(records(5, 3), "rrrrr", "breaks off")
        told.deliver(records(5, 3), "ddddd")
        told.equal("documents", sorted(store), sorted(f"e{i}" for i in range(8)))


def splunk(cases):
    def says(status, code, **more):
        return answer(status, {"text": "word", "code": code, **more})

    with Told(cases, "splunk", Server(says(200, 0)), template="splunk", token="0000-11", host="sensor", index="net") as told:
        told.deliver([record("a"), {**record("b"), "text": "CEF:0|x"}], "dd")
        first = told.server.requests[0]
        told.equal("the target", first.target, "/services/collector/event")
        told.equal("the token", first.fields["authorization"], "Splunk 0000-11")
        told.equal("the events", first.body.decode().splitlines()[1],
                   '{"time":1764000000.123456,"host":"sensor","source":"tapwarden","sourcetype":"tapwarden","index":"net",'
                   '"event":"CEF:0|x"}')
        told.equal("the event", first.lines()[0]["event"], {"kind": "alert", "id": "a"})
    server = Server(says(503, 9), says(403, 4), says(400, 7, **{"invalid-event-number": 1}), says(400, 10), answer(200, b"ok"),
                    says(200, 6), says(400, 6), answer(400, b"{}"), says(500, 8), answer(429, {"code": 26}, "Retry-After: 2"))
    with Told(cases, "splunk: codes", server, template="splunk", token="t") as told:
        told.deliver(records(2), "rr", "answered 503")
        told.deliver(records(2), "rr", "until credentials")
        told.deliver(records(2), "rr", "until the settings are mended")
        told.deliver(records(2), "rr", "until the settings are mended")
        told.deliver(records(1), "r", "no answer of an Event Collector")
        told.deliver(records(1), "r", "no answer of an Event Collector")
        told.deliver(records(1), "p", "answered 400")
        told.deliver(records(1), "p", "answered 400")
        told.deliver(records(1), "r", "answered 500")
        told.equal("the pause", told.deliver(records(1), "r", "answered 429")["outcomes"][0]["pause"], 2000)

    def collector(shift):
        def take(request):
            events = [line["event"] for line in request.lines()]
            for i, event in enumerate(events):
                if "bad" in event:
                    return says(400, 12, **{"invalid-event-number": i + shift})
            stored.extend(event["id"] for event in events)
            return says(200, 0)
        return take

    for shift in (0, 1, -1, 1000):
        stored = []
        batch = [record(f"e{i}", **({"bad": 1} if i in (5, 11) else {})) for i in range(16)]
        with Told(cases, f"splunk: event numbers {shift} off", Server(otherwise=collector(shift)), template="splunk",
                  token="t") as told:
            told.deliver(batch, "dddddpdddddpdddd")
            told.equal("the others each once, in order", stored, [f"e{i}" for i in range(16) if i not in (5, 11)])
            told.check("few requests", len(told.server.requests) < 24, len(told.server.requests))


class ClickHouse:
    def __init__(self, folder):
        self.folder = folder
        self.http, self.native = free_port(), free_port()
        (folder / "config.xml").write_text(f"""<yandex><logger><level>warning</level><log>{folder}/log</log>
<errorlog>{folder}/errors</errorlog></logger><http_port>{self.http}</http_port><tcp_port>{self.native}</tcp_port>
<listen_host>127.0.0.1</listen_host><max_concurrent_queries>20</max_concurrent_queries><keep_alive_timeout>3</keep_alive_timeout>
<mark_cache_size>5242880</mark_cache_size><path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path>
<users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<timezone>UTC</timezone></yandex>""")
        (folder / "users.xml").write_text("""<yandex><profiles><default/></profiles><users><default><password>secret</password>
<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
<quotas><default/></quotas></yandex>""")
        self.start()

    def start(self):
        with open(self.folder / "output", "ab") as output:
            self.process = subprocess.Popen(["clickhouse-server", f"--config-file={self.folder}/config.xml"], cwd=self.folder,
                                            stdout=output, stderr=output)
        for _ in range(150):
            try:
                if self.query("SELECT 1") == "1":
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("ClickHouse does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def query(self, text):
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}/?user=default&password=secret", text.encode())
        return urllib.request.urlopen(request, timeout=10).read().decode().strip()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def clickhouse(cases, folder):
    if not shutil.which("clickhouse-server"):
        return cases.skip("http: clickhouse", "clickhouse-server is not installed (Debian 13 has none)")
    server = ClickHouse(folder)
    url = f"http://127.0.0.1:{server.http}"

    try:
        settings = {"url": url, "template": "clickhouse", "user": "default", "answer_timeout": 10_000, "write_timeout": 10_000}
        password = folder / "password"
        password.write_text("wrong\n")
        with Told(cases, "clickhouse", None, **settings, password_file=str(password), table="alerts", gzip=1) as told:
            told.deliver(records(2), "rr", "answered 401")
            password.write_text("secret\n")
            told.deliver(records(2), "rr", "answered 401")
            told.deliver(records(2), "rr", "doesn't exist")
            server.query("CREATE TABLE alerts (id String, n UInt32, time DateTime, `a``b` String) ENGINE=MergeTree ORDER BY id")
            batch = [record(f"e{i}", n=i, time="2026-11-24T01:02:03.123456Z", device={"macs": ["x"]}, **{"a`b": "\n|'"})
                     for i in range(400)]
            told.deliver(batch, "d" * 400)
            told.equal("rows", server.query("SELECT count(), uniqExact(id), sum(n), min(time), any(`a``b`) FROM alerts"),
                       "400\t400\t79800\t2026-11-24 01:02:03\t\\n|\\'")
            batch = [record(f"f{i}", n="no number" if i == 77 else i, time="never" if i == 200 else "2026-11-24T01:02:03Z")
                     for i in range(256)]
            told.deliver(batch, "".join("p" if i in (77, 200) else "d" for i in range(256)), "while read the value of key")
            told.equal("all but the two that it refuses", server.query(
                "SELECT count(), uniqExact(id), sum(n) FROM alerts WHERE id LIKE 'f%'"), f"254\t254\t{255 * 128 - 77 - 200}")
            server.stop()
            told.deliver(records(2), "rr", "")
            server.start()
            told.deliver([record(f"g{i}", n=i) for i in range(2)], "dd")
            told.equal("after its return", server.query("SELECT count() FROM alerts"), "656")
        server.query("CREATE TABLE texts (id String, key String, kind String, severity String, time DateTime, `a\\`b` String) "
                     "ENGINE=MergeTree ORDER BY id")
        with Told(cases, "clickhouse: one column", None, **settings, password="secret", database="default", table="texts",
                  column="a`b") as told:
            told.deliver([{**record("x", "dev"), "text": "CEF:0|\"\\|"}, record("y", "dev")], "dd")
            told.equal("the rows", server.query("SELECT * FROM texts FORMAT JSONCompact").count('"low"'), 2)
            told.equal("the text", server.query("SELECT `a\\`b`, time FROM texts WHERE id='x' FORMAT TSVRaw"),
                       "CEF:0|\"\\|\t2025-11-24 16:00:00")
        with Told(cases, "clickhouse: an unknown setting", None, **settings, password="secret", table="texts",
                  settings={"no_such_setting": "1"}) as told:
            told.deliver(records(3), "rrr", "no_such_setting")
    finally:
        server.stop()


def run(cases):
    elastic(cases)
    splunk(cases)
    with tempfile.TemporaryDirectory(prefix="tapwarden-clickhouse-") as folder:
        clickhouse(cases, pathlib.Path(folder))
