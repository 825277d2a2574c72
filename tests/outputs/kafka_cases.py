# SPDX-License-Identifier: Apache-2.0
"""The kafka sink against librdkafka's mock cluster: what a consumer reads back there, each message exactly once and in
the order of its key, through errors of brokers and their absence."""

import concurrent.futures
import threading
import time

from http_peers import BUILD, Program, Server, Sink, outcomes, record, records
from kafka_gate import Gate

PRODUCE, INIT_PRODUCER_ID = 0, 22
TOO_LARGE, NOT_LEADER, TIMED_OUT, NOT_ENOUGH_REPLICAS = 10, 6, 7, 19
NO_TOPIC_RIGHT, NO_CLUSTER_RIGHT, OUT_OF_ORDER, EPOCH, INVALID_RECORD = 29, 31, 45, 47, 87


class Cluster(Program):
    """One cluster, one topic, and a sink for it; with a gate of such settings between them."""

    def __init__(self, cases, title, brokers=3, partitions=4, errors=None, gate=None, **settings):
        super().__init__(BUILD / "tests" / "kafka_cluster", brokers, "alerts", partitions)
        self.cases, self.title = cases, title
        self.gate = Gate(self.first["brokers"], **gate) if gate else None
        if errors:
            self.errors(*errors)
        brokers = self.gate.brokers if self.gate else self.first["brokers"]
        self.sink = Sink(kind="kafka", topic="alerts", **{"brokers": brokers, "timeout": 5000} | settings)
        self.sent = []

    def __exit__(self, *_):
        begun = time.monotonic()
        self.sink.__exit__()
        self.check("the end does not wait", time.monotonic() - begun < 2.5, f"{time.monotonic() - begun:.1f} s")
        self.check("the loop never stood still", self.sink.longest_stall < 600, f"{self.sink.longest_stall} ms")
        if self.gate:
            self.gate.close()
        super().__exit__()

    def check(self, what, holds, detail=""):
        self.cases.check(f"kafka: {self.title}: {what}", holds, detail)

    def equal(self, what, found, expected):
        self.check(what, found == expected, f"{found!r:.600} instead of {expected!r:.600}")

    def deliver(self, batch, expected, error=None, **more):
        told = self.sink.deliver(batch, **more)
        found = outcomes(told)
        self.equal("outcomes", found, expected)
        self.sent += [one for one, outcome in zip(batch, found) if outcome == "d"]
        if error is not None:
            errors = {one["error"] for one in told.get("outcomes", []) if one["outcome"] != "delivered"}
            self.check(f"says '{error}'", errors and all(error in one for one in errors), errors)
        return told

    def errors(self, api, *codes):
        self.ask(errors={"api": api, "codes": codes})

    def arrived(self):
        return self.ask(consume=len(self.sent))["messages"]

    def all_arrived(self):
        """Exactly what was told to be delivered is there, once, and each key in its order."""
        found = self.arrived()
        self.equal("ids", sorted(one["id"] for one in found), sorted(one["id"] for one in self.sent))
        for key in {one["key"] for one in self.sent}:
            of_key = sorted((one for one in found if one["key"] == key), key=lambda one: (one["partition"], one["offset"]))
            if len({one["partition"] for one in of_key}) != 1:
                self.check(f"{key} has one partition", False, of_key)
            if [one["text"] for one in of_key] != [one["text"] for one in self.sent if one["key"] == key]:
                self.check(f"{key} is in its order", False, [one["id"] for one in of_key])
        return found


def of_keys(count, keys, begin=0):
    return [record(f"e{i}", f"device-{i % keys}", n=i) for i in range(begin, begin + count)]


def good(cases):
    with Cluster(cases, "good", properties={"compression.codec": "gzip"}) as cluster:
        for begin in range(0, 2000, 500):
            cluster.deliver(of_keys(500, 20, begin), "d" * 500)
        found = cluster.all_arrived()
        cluster.check("all partitions are used", len({one["partition"] for one in found}) == 4)
        cluster.equal("the kind is a header", {one["kind"] for one in found}, {"alert"})
        cluster.deliver([record("no key", ""), record("hostile", "\x00\n\u00e9" * 20)], "dd")
        cluster.deliver([record("big", text="x" * 1_100_000), record("small")], "pd", "Message size too large")
        cluster.sink.ask(reopen=True)
        cluster.deliver(of_keys(10, 3, 5000), "d" * 10)
        cluster.equal("ids", sorted(one["id"] for one in cluster.arrived()), sorted(one["id"] for one in cluster.sent))


def broker_errors(cases):
    with Cluster(cases, "errors that pass") as cluster:
        for code in (NOT_LEADER, TIMED_OUT, NOT_ENOUGH_REPLICAS):
            cluster.errors(PRODUCE, code, code)
            cluster.deliver(of_keys(100, 7, len(cluster.sent)), "d" * 100)
        cluster.all_arrived()
    with Cluster(cases, "a set that is too large", partitions=1) as cluster:
        cluster.errors(PRODUCE, TOO_LARGE)
        cluster.deliver(of_keys(20, 1), "d" * 20)
        cluster.equal("ids", sorted(one["id"] for one in cluster.arrived()), sorted(one["id"] for one in cluster.sent))
        cluster.errors(PRODUCE, TOO_LARGE)
        cluster.deliver([record("alone")], "p", "Message size too large")
        cluster.errors(PRODUCE, INVALID_RECORD)
        cluster.deliver([record("invalid")], "p", "record")
        cluster.deliver([record("after")], "d")
    with Cluster(cases, "rights", partitions=1) as cluster:
        cluster.errors(PRODUCE, NO_TOPIC_RIGHT)
        cluster.deliver(of_keys(5, 1), "r" * 5, "until topic, password or rights are mended")
        cluster.deliver(of_keys(5, 1), "d" * 5)
        cluster.all_arrived()
    with Cluster(cases, "fatal to the producer", partitions=1, errors=(INIT_PRODUCER_ID, NO_CLUSTER_RIGHT)) as cluster:
        cluster.deliver(of_keys(5, 1), "r" * 5, "luster authorization failed")
        cluster.deliver(of_keys(5, 1), "d" * 5)
        cluster.all_arrived()
    for code in (OUT_OF_ORDER, EPOCH):
        with Cluster(cases, f"error {code} of the sequence", partitions=1) as cluster:
            cluster.deliver(of_keys(5, 1), "d" * 5)
            cluster.errors(PRODUCE, code)
            batch = of_keys(5, 1, 5)
            for _ in range(5):
                told = cluster.sink.deliver(batch)
                if outcomes(told) == "ddddd":
                    break
            cluster.equal("delivered in the end", outcomes(told), "ddddd")
            cluster.sent += batch
            found = {one["id"] for one in cluster.arrived()}
            cluster.equal("each is there", found, {one["id"] for one in cluster.sent})


def outages(cases):
    with Cluster(cases, "brokers down and up", brokers=1, timeout=1500,
                 properties={"reconnect.backoff.max.ms": "200"}) as cluster:
        cluster.deliver(of_keys(50, 5), "d" * 50)
        cluster.ask(down=1)
        told = cluster.deliver(of_keys(50, 5, 50), "r" * 50)
        cluster.check("within its time", told["ms"] < 6000, told["ms"])
        later = threading.Timer(0.5, lambda: cluster.ask(up=1))
        later.start()
        told = cluster.sink.deliver(of_keys(50, 5, 50))
        later.join()
        if outcomes(told) != "d" * 50:
            told = cluster.sink.deliver(of_keys(50, 5, 50))
        cluster.equal("after their return", outcomes(told), "d" * 50)
        cluster.sent += of_keys(50, 5, 50)
        cluster.equal("each is there", sorted({one["id"] for one in cluster.arrived()}),
                      sorted({one["id"] for one in cluster.sent}))
    with Cluster(cases, "one broker of three falls", properties={"reconnect.backoff.max.ms": "200"}) as cluster:
        cluster.deliver(of_keys(100, 10), "d" * 100)
        cluster.ask(down=2)
        later = threading.Timer(0.5, lambda: cluster.ask(up=2))
        later.start()
        told = cluster.sink.deliver(of_keys(100, 10, 100))
        later.join()
        cluster.equal("outcomes", outcomes(told), "d" * 100)
        cluster.sent += of_keys(100, 10, 100)
        cluster.all_arrived()
    with Cluster(cases, "the sink goes") as cluster:
        cluster.ask(rtt=3000)
        begun = time.monotonic()
        told = cluster.sink.deliver(of_keys(50, 5), drop_after=300)
        cluster.check("and calls nothing any more", "outcomes" not in told and "broken" not in told and "ms" in told, told)
        cluster.check("and does not wait", time.monotonic() - begun < 4, f"{time.monotonic() - begun:.1f} s")
        cluster.sink.__exit__()
        cluster.equal("exit status", cluster.sink.process.returncode, 0)


def nobody(cases):
    for name, settings, error in (
            ("nobody there", {"brokers": "127.0.0.1:1"}, "Connection refused"),
            ("no such name", {"brokers": "no-such-host.invalid:9092"}, "Failed to resolve")):
        with Sink(kind="kafka", topic="alerts", timeout=1000, **settings) as sink:
            told = sink.deliver(records(3))
            cases.check(f"kafka: {name}: outcomes", outcomes(told) == "rrr", told)
            cases.check(f"kafka: {name}: the error", error in told["outcomes"][0]["error"], told)
            cases.check(f"kafka: {name}: within its time", told["ms"] < 5000, told["ms"])
    silent = Server(reads=False)
    with silent, Sink(kind="kafka", topic="alerts", timeout=1000, brokers=f"127.0.0.1:{silent.port}") as sink:
        told = sink.deliver(records(3))
        cases.check("kafka: a server that never answers: outcomes", outcomes(told) == "rrr", told)
        cases.check("kafka: a server that never answers: within its time", told["ms"] < 7000, told["ms"])
    wrong = Server(otherwise=b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with wrong, Sink(kind="kafka", topic="alerts", timeout=1000, brokers=f"127.0.0.1:{wrong.port}") as sink:
        told = sink.deliver(records(3))
        cases.check("kafka: no broker behind the port: outcomes", outcomes(told) == "rrr", told)


def settings_that_cannot_be(cases):
    good_ones = {"brokers": "127.0.0.1:9092", "topic": "alerts"}
    for name, settings, error in (
            ("no brokers", {"topic": "a", "brokers": ""}, "brokers: none"),
            ("no topic", {"brokers": "a", "topic": ""}, "topic: "),
            ("an unknown property", good_ones | {"properties": {"ssl.ca.place": "x"}},
             'properties: ssl.ca.place: No such configuration property: "ssl.ca.place"'),
            ("a value that is none", good_ones | {"properties": {"security.protocol": "tsl"}},
             'properties: security.protocol: Invalid value "tsl"'),
            ("an absent file", good_ones | {"properties": {"security.protocol": "ssl", "ssl.ca.location": "/nowhere"}},
             "properties: ssl.ca.location: /nowhere: No such file or directory"),
            ("the promise broken", good_ones | {"properties": {"acks": "0"}}, "properties: acks is ours to set"),
            ("two passwords", good_ones | {"password": "a", "properties": {"sasl.password": "b"}},
             "properties: sasl.password beside"),
            ("no password file", good_ones | {"password_file": "/nowhere"}, "/nowhere: No such file"),
            ("a timeout too short", good_ones | {"timeout": 10}, "timeout: out of range")):
        with Sink(kind="kafka", **settings) as sink:
            told = sink.first.get("error", "")
            cases.check(f"kafka: settings with {name} are refused", told.startswith(error), told)


class Locked:
    """The cases of several threads, counted one at a time."""

    def __init__(self, cases):
        self.cases, self.lock = cases, threading.Lock()

    def check(self, *words):
        with self.lock:
            self.cases.check(*words)


def run(cases):
    """Nearly all of it is waiting, so that it is done at once."""
    cases = Locked(cases)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        begun = [pool.submit(part, cases) for part in (good, broker_errors, outages, nobody, settings_that_cannot_be)]
        for part in begun:
            part.result()
