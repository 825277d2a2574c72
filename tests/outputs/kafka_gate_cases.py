# SPDX-License-Identifier: Apache-2.0
"""The kafka sink before brokers that ask for TLS, certificates and passwords: all arrives behind the gate, each message
exactly once and in the order of its key, and nothing does where one of the two is not who it should be."""

import concurrent.futures
import ctypes
import functools
import pathlib
import tempfile

from http_peers import Certificates
from kafka_cases import Cluster, Locked, of_keys
from peers import until

USER, PASSWORD = "tapwarden", 'it, has=an "odd" face'
SCRAM = "SCRAM-SHA-512"
MECHANISMS = (SCRAM, "SCRAM-SHA-256", "PLAIN")
BRIEF = {"timeout": 2000, "brokers": 1, "partitions": 1}  # for what is to fail


def login(mechanism=SCRAM, **more):
    """A gate's side of a login and a sink's."""
    return {"mechanism": mechanism, "user": USER, "password": PASSWORD, **more}, {
        "security.protocol": "sasl_ssl", "sasl.mechanisms": mechanism, "sasl.username": USER}


class Gated(Cluster):
    def __init__(self, cases, title, made, gate, properties, certificate="good", asks=False, **settings):
        super().__init__(cases, f"gate: {title}", gate={"tls": made.server(certificate, asks), **gate}, **settings, properties={
            "ssl.ca.location": made.authority, "broker.address.family": "v4", "reconnect.backoff.max.ms": "200", **properties})

    def all_came_through(self):
        self.all_arrived()
        self.check("by the gate", self.gate.counts["produced"] > 0)
        self.nobody_was_refused()

    def nobody_was_refused(self):
        failed = self.gate.handshakes_failed()
        self.equal("handshakes that failed", failed, [])
        for what in ("refused", "unauthenticated"):
            self.equal(what, self.gate.counts[what], 0)
        if self.gate.mechanism:
            logged_in = until(lambda: self.gate.counts["admitted"] == self.gate.connections())
            self.check("each connection logged in", logged_in, (self.gate.counts, self.gate.connections()))

    def nothing_comes_through(self, batch, error=None):
        self.deliver(batch, "r" * len(batch), error)
        self.equal("produced", self.gate.counts["produced"], 0)


def right_password(mechanism, cases, made):
    for title, is_old in ((mechanism, False), (f"{mechanism}, brokers that know bare tokens alone", True)):
        with Gated(cases, title, made, *login(mechanism, is_old=is_old), password=PASSWORD) as cluster:
            for begin in range(0, 600, 200):
                cluster.deliver(of_keys(200, 20, begin), "d" * 200)
            cluster.all_came_through()


def wrong_password(mechanism, cases, made, absent=()):
    """Refused, named and kept; once the file is mended all arrives, with nobody's help."""
    title = f"{mechanism}, wrong password" + (" and a broker that is away" if absent else "")
    file = pathlib.Path(made.path(title))
    file.write_text("wrong\n")
    with Gated(cases, title, made, *login(mechanism, absent=absent), password_file=str(file), **BRIEF) as cluster:
        for _ in range(2):
            cluster.nothing_comes_through(of_keys(50, 5), "uthentication")
        cluster.check("refused", cluster.gate.counts["refused"] > 0)
        for what in ("admitted", "unauthenticated"):
            cluster.equal(what, cluster.gate.counts[what], 0)
        file.write_text(PASSWORD + "\n")
        cluster.deliver(of_keys(50, 5), "d" * 50)
        cluster.all_arrived()


def new_password(cases, made):
    """Changed on both sides and told by SIGHUP: nobody is refused."""
    file = pathlib.Path(made.path("new"))
    file.write_text(PASSWORD)
    with Gated(cases, "a new password", made, *login(), password_file=str(file)) as cluster:
        cluster.deliver(of_keys(50, 5), "d" * 50)
        before = cluster.gate.counts["admitted"]
        cluster.gate.password = "another"
        file.write_text("another")
        cluster.sink.ask(reopen=True)
        cluster.deliver(of_keys(50, 5, 50), "d" * 50)
        cluster.check("it was asked for", cluster.gate.counts["admitted"] > before, cluster.gate.counts)
        cluster.all_came_through()


def strict_nonce(cases, made):
    """Kafka 4 compares the whole nonce, and librdkafka before 2.6.1 says its own part twice."""
    is_right = ctypes.CDLL("librdkafka.so.1").rd_kafka_version() >= 0x020601ff
    with Gated(cases, "SCRAM, brokers that compare the whole nonce", made, *login(is_strict=True), password=PASSWORD,
               **BRIEF) as cluster:
        if is_right:
            cluster.deliver(of_keys(50, 5), "d" * 50)
            cluster.all_came_through()
        else:
            cluster.nothing_comes_through(of_keys(50, 5), "uthentication")


def other_logins(cases, made):
    with Gated(cases, "a broker that does not know the password", made, *login(is_honest=False), password=PASSWORD,
               **BRIEF) as cluster:
        cluster.nothing_comes_through(of_keys(5, 1), "ServerSignature mismatch")
    gate, _ = login()
    with Gated(cases, "a mechanism that is not offered", made, gate, login("PLAIN")[1], password=PASSWORD, **BRIEF) as cluster:
        cluster.nothing_comes_through(of_keys(5, 1), "mechanism")
        cluster.check("refused", cluster.gate.counts["refused"] > 0)
    with Gated(cases, "no login", made, gate, {"security.protocol": "ssl"}, **BRIEF) as cluster:
        cluster.nothing_comes_through(of_keys(5, 1))
        cluster.check("unauthenticated", cluster.gate.counts["unauthenticated"] > 0)


def certificates(cases, made):
    made.make("other", "authority", "DNS:elsewhere.example")
    made.make("client", "authority")
    made.make("stranger", None)
    made.make("foreign", "stranger")

    def of_client(name):
        return {"ssl.certificate.location": made.path(f"{name}.pem"), "ssl.key.location": made.path(f"{name}.key")}

    tls = {"security.protocol": "ssl"}
    for title, asks, more in (("TLS alone", False, {}), ("our certificate", True, of_client("client"))):
        with Gated(cases, title, made, {}, tls | more, asks=asks) as cluster:
            cluster.deliver(of_keys(200, 20), "d" * 200)
            cluster.all_came_through()
    for title, certificate, asks, more in (("no certificate of ours", "good", True, {}),
                                           ("our certificate by a stranger", "good", True, of_client("foreign")),
                                           ("the broker's of another name", "other", False, {}),
                                           ("the broker's by a stranger", "foreign", False, {})):
        with Gated(cases, title, made, {}, tls | more, certificate, asks, **BRIEF) as cluster:
            cluster.nothing_comes_through(of_keys(5, 1), "SSL")
            all_failed = until(lambda: len(cluster.gate.handshakes_failed()) == cluster.gate.connections())
            cluster.check("each handshake failed", all_failed, (cluster.gate.handshakes_failed(), cluster.gate.connections()))


def run(cases):
    """Nearly all of it is waiting, so that it is done at once."""
    cases = Locked(cases)
    parts = [functools.partial(part, mechanism) for part in (wrong_password, right_password) for mechanism in MECHANISMS]
    parts.append(functools.partial(wrong_password, SCRAM, absent=("localhost:1",)))
    with tempfile.TemporaryDirectory(prefix="tapwarden-kafka-") as folder, concurrent.futures.ThreadPoolExecutor(4) as pool:
        made = Certificates(folder)
        made.make("good", "authority")
        begun = [pool.submit(part, cases, made) for part in (certificates, other_logins, *parts, new_password, strict_nonce)]
        for part in begun:
            part.result()
