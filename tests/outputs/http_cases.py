# SPDX-License-Identifier: Apache-2.0
"""The http sink against a server of ours that answers well, badly and with malice: what arrived there and which
outcomes were told, both exactly."""

import email.utils
import pathlib
import shutil
import socket
import tempfile
import threading
import time

from http_peers import Certificates, Reset, Server, Silence, Sink, Told, answer, record, records


def bodies(cases):
    batch = [record("a", note='"\\\u00e9'), record("b"), record("c")]
    texts = [one["text"] for one in batch]
    with Told(cases, "array", Server()) as told:
        told.deliver(batch, "ddd")
        told.deliver([record("d")], "d")
        first = told.server.requests[0]
        told.equal("the body", first.body.decode(), f"[{','.join(texts)}]")
        told.equal("its type", first.fields["content-type"], "application/json")
        told.equal("the method and the path", (first.fields["method"], first.target), ("POST", "/"))
        told.equal("the host", first.fields["host"], f"127.0.0.1:{told.server.port}")
        told.equal("nothing to prove itself by", first.fields.get("authorization"), None)
        told.equal("connections for two batches", told.server.connections, 1)
        told.deliver([{**record("f"), "text": 'CEF:0|"x"'}], "d")
        told.equal("what is no JSON is a string", told.server.requests[-1].json(), ['CEF:0|"x"'])
        told.deliver([record("g"), {**record("h"), "text": "{}\n{}"}, record("i")], "dpd", "several lines")
        told.equal("and what would be two is not sent", [one.json()[0]["id"] for one in told.server.requests[-2:]], ["g", "i"])
    server = Server()
    with Told(cases, "lines and gzip", server, url=server.url("/in?x=1"), template="lines", gzip=1,
              headers={"X-Sensor": "tap 1"}) as told:
        told.deliver(batch, "ddd")
        first = server.requests[0]
        told.equal("the body", first.body.decode(), "".join(text + "\n" for text in texts))
        told.check("is compressed", first.fields["content-encoding"] == "gzip" and len(first.raw) != len(first.body))
        told.equal("its type", first.fields["content-type"], "application/x-ndjson")
        told.equal("the target", first.target, "/in?x=1")
        told.equal("the header", first.fields["x-sensor"], "tap 1")
    with Told(cases, "object", Server(), template="object") as told:
        answer_to_first = told.deliver(batch[:1], "d")
        told.equal("the body", told.server.requests[0].body.decode(), texts[0])
        told.equal("messages a batch", answer_to_first["batch_max"], 1)
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        return cases.skip("http: IPv6", "there is none here")
    server = Server()
    server.listener.close()
    server.listener, port = listener, listener.getsockname()[1]
    threading.Thread(target=server.accept, daemon=True).start()
    with Told(cases, "IPv6", server, url=f"http://[::1]:{port}/") as told:
        told.deliver(batch, "ddd")
        told.equal("the host", server.requests[0].fields["host"], f"[::1]:{port}")


def credentials(cases, folder):
    server = Server()
    with Told(cases, "basic", server, user="soc", password="a:b") as told:
        told.deliver(records(1), "d")
        told.equal("the field", server.requests[0].fields["authorization"], "Basic c29jOmE6Yg==")
    file = folder / "token"
    file.write_text("first\n")

    def wants(token):
        return lambda request: answer(200 if request.fields["authorization"] == token else 401)

    server = Server(otherwise=wants("Bearer first"))
    with Told(cases, "token file", server, token_file=str(file)) as told:
        told.deliver(records(2), "dd")
        server.otherwise = wants("Bearer second")
        told.deliver(records(2), "rr", "until credentials")
        file.write_text("second\n")
        told.deliver(records(2), "rr", "until credentials")
        told.deliver(records(2), "dd")
        file.write_text("third\n")
        server.otherwise = wants("Bearer third")
        told.sink.ask(reopen=True)
        told.deliver(records(2), "dd")
        file.unlink()
        told.sink.ask(reopen=True)
        told.deliver(records(2), "dd")
        server.otherwise = answer(403)
        told.deliver(records(2), "rr", f"{file}: No such file or directory")
    server = Server()
    with Told(cases, "another scheme", server, token="k", scheme="ApiKey") as told:
        told.deliver(records(1), "d")
        told.equal("the field", server.requests[0].fields["authorization"], "ApiKey k")


def refusals(cases):
    good = {"url": "http://localhost/"}
    for name, settings, error in (
            ("a user in the URL", {"url": "https://u:p@localhost/"}, "url: user and password have no place in a URL"),
            ("another scheme", {"url": "ftp://localhost/"}, "url: not a URL that begins with http:// or https://"),
            ("no port", {"url": "http://localhost:/"}, "url: the port is not a number from 1 to 65535"),
            ("bare IPv6", {"url": "http://fe80::1/"}, "url: the port is not a number from 1 to 65535"),
            ("a line end", {"url": "http://localhost/\r\nX: y"}, "url: holds blanks, control characters"),
            ("a header's line end", good | {"headers": {"X": "a\r\nY: b"}}, "headers: X: control characters"),
            ("a length of one's own", good | {"headers": {"Content-Length": "5"}}, "headers: Content-Length is ours"),
            ("two proofs", good | {"user": "a", "token": "b"}, "token: beside a user"),
            ("no token file", good | {"token_file": "/nowhere"}, "/nowhere: No such file or directory"),
            ("a token of two words", good | {"token": "a b"}, "the token holds blanks"),
            ("no authorities", {"url": "https://localhost/", "authorities": "/nowhere"}, "/nowhere: "),
            ("a batch of none", good | {"batch": 0}, "batch: out of range")):
        with Sink(**settings) as sink:
            told = sink.first.get("error", "")
            cases.check(f"http: settings with {name} are refused", told.startswith(error), told)


def statuses(cases):
    date = email.utils.formatdate(time.time() + 100, usegmt=True)
    server = Server(answer(429, b"slow down", "Retry-After: 7"), answer(503, b"", f"Retry-After: {date}"),
                    answer(503, b"", "Retry-After: 999999999999999999999"), answer(429, b"", "Retry-After: soon"),
                    answer(500), answer(408), answer(425), answer(404), answer(401), answer(301, b"", "Location: /other"),
                    answer(400), answer(204))
    with Told(cases, "statuses", server) as told:
        def pause(given):
            return given["outcomes"][0]["pause"]

        told.equal("Retry-After in seconds", pause(told.deliver(records(2), "rr", "answered 429 Reason: slow down")), 7000)
        told.check("Retry-After as a date", 95_000 <= pause(told.deliver(records(1), "r")) <= 100_000)
        told.equal("Retry-After without end is an hour", pause(told.deliver(records(1), "r")), 3_600_000)
        told.equal("Retry-After of no meaning", pause(told.deliver(records(1), "r")), 0)
        for error in ("500", "408", "425", "until the URL is mended", "until credentials",
                      "redirects are not followed, this one leads to /other"):
            told.deliver(records(1), "r", error)
        told.deliver(records(1), "p", "answered 400")
        told.deliver(records(1), "d")
        told.equal("requests, no redirect among them", len(server.requests), 12)
        told.equal("connections", server.connections, 1)
    hostile = answer(400, "\x1b[31mred\u202e\n2026 fake line".encode() + b"\xff" * 900)
    with Told(cases, "hostile words", Server(hostile)) as told:
        error = told.deliver(records(1), "p")["outcomes"][0]["error"]
        told.check("are cleaned and cut", error.isprintable() and len(error.encode()) < 300, repr(error))


def connections(cases):
    with Told(cases, "broken connections", Server(Reset, b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf",
                                                  b"HTTP/1.1 200 OK\r\nContent-Le", answer(), Reset)) as told:
        told.deliver(records(3), "rrr", "waiting for the answer")
        told.deliver(records(3), "rrr", "breaks off")
        told.deliver(records(3), "rrr", "breaks off")
        told.deliver(records(3), "ddd")
        told.deliver(records(3, 10), "ddd")  # the kept connection is reset: once more on a new one
        told.equal("requests", len(told.server.requests), 6)
        told.equal("the last two are the same", told.server.requests[4].body, told.server.requests[5].body)
    with Told(cases, "closed while idle", Server(answer() * 1)) as told:
        told.deliver(records(1), "d")
        told.deliver(records(1), "d")
    with Told(cases, "not kept", Server(otherwise=answer(keep=False))) as told:
        told.deliver(records(1), "d")
        told.deliver(records(1), "d")
        told.equal("connections", told.server.connections, 2)
    with Told(cases, "no answer", Server(Silence)) as told:
        given = told.deliver(records(2), "rr", "no answer in time")
        told.check("within its time", 900 <= given["ms"] < 2500, given["ms"])
        told.deliver(records(2), "dd")
    with Told(cases, "nobody reads", Server(reads=False), batch_size=32 << 20) as told:
        given = told.deliver([record("big", text="x" * (16 << 20))], "r", "no answer in time")
        told.check("within its time", given["ms"] < 4000, given["ms"])
    silent = Server(reads=False)
    with Told(cases, "no TLS behind https", silent, url=f"https://localhost:{silent.port}/") as told:
        given = told.deliver(records(1), "r", "no answer in time")
        told.check("within its time", 900 <= given["ms"] < 2500, given["ms"])
    closed = Server()
    closed.close()
    with Told(cases, "nobody there", closed) as told:
        told.deliver(records(2), "rr", "Connection refused")
    with Told(cases, "the sink goes", Server(Silence)) as told:
        given = told.sink.deliver(records(2), drop_after=200)
        told.check("and calls nothing any more", "outcomes" not in given and "broken" not in given and "ms" in given, given)
        told.sink.__exit__()
        told.equal("exit status", told.sink.process.returncode, 0)


def splitting(cases):
    def too_large(request):
        return answer(413 if len(request.body) > 2000 else 200)

    with Told(cases, "413", Server(otherwise=too_large)) as told:
        given = told.deliver(records(40, pad="x" * 100), "d" * 40)
        arrived = [one["id"] for request in told.server.requests if len(request.body) <= 2000 for one in request.json()]
        told.equal("each once and in order", arrived, [f"e{i}" for i in range(40)])
        told.check("smaller batches from then on", given["batch_size_max"] < 5000, given["batch_size_max"])
        told.deliver([record("big", pad="x" * 3000), record("a")], "pd", "answered 413")
        told.sink.ask(reopen=True)
        told.equal("until reopened", told.deliver(records(1), "d")["batch_size_max"], 1 << 20)

    def picky(request):
        return answer(422 if any("bad" in one for one in request.json()) else 200)

    for bad in ((0,), (7,), (3, 4), tuple(range(8)), (63,), (17, 40, 41)):
        count = 8 if max(bad) < 8 else 64
        batch = [record(f"e{i}", **({"bad": 1} if i in bad else {})) for i in range(count)]
        with Told(cases, f"poisoned {bad} of {count}", Server(otherwise=picky)) as told:
            told.deliver(batch, "".join("p" if i in bad else "d" for i in range(count)))
            arrived = [one["id"] for request in told.server.requests if picky(request)[9:12] == b"200"
                       for one in request.json()]
            told.equal("the others each once, in order", arrived, [f"e{i}" for i in range(count) if i not in bad])
            most = 2 * len(bad) * (count.bit_length() + 1)
            told.check("few requests", len(told.server.requests) <= most, len(told.server.requests))
    script = (answer(400), answer(200), answer(503, b"", "Retry-After: 3"))
    with Told(cases, "503 in the midst", Server(*script)) as told:
        given = told.deliver(records(8), "ddddrrrr", "answered 503")
        told.equal("the pause of each", {one["pause"] for one in given["outcomes"][4:]}, {3000})
        told.equal("nothing after it", len(told.server.requests), 3)

    def slow(request):
        time.sleep(0.45)
        return picky(request)

    with Told(cases, "a slow search", Server(otherwise=slow)) as told:
        batch = [record(f"e{i}", **({"bad": 1} if i == 0 else {})) for i in range(256)]
        given = told.deliver(batch, "r" * 256, "no time was left")
        told.check("ends in time", given["ms"] < 4500, given["ms"])
        told.equal("and begins smaller", given["batch_max"], 128)


def endless_head(_):
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: " + b"x" * 1000 + b"\r\n"


def endless_line(_):
    yield b"HTTP/1.1 200 OK\r\nX: "
    while True:
        yield b"x" * 10_000


def endless_body(_):
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"2000\r\n" + b"x" * 0x2000 + b"\r\n"


def body_until_closed(_):
    yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    while True:
        yield b"x" * 10_000


def endless_chunk_extension(_):
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"
    while True:
        yield b"x" * 10_000


def endless_trailer(_):
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    while True:
        yield b"X-More: " + b"x" * 1000 + b"\r\n"


def large_body(_):
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"
    for _ in range(100):
        yield b"x" * (1 << 20)


def endless_interim(_):
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"


def drip(_):
    for octet in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Slow: yes\r\n\r\n":
        yield bytes([octet])
        time.sleep(0.1)


def hostile(cases):
    for name, script, error in (
            ("endless head", endless_head, "longer than allowed"), ("endless line", endless_line, "longer than allowed"),
            ("endless body", endless_body, "longer than allowed"),
            ("body until closed", body_until_closed, "longer than allowed"),
            ("endless chunk extension", endless_chunk_extension, ""), ("endless trailer", endless_trailer, ""),
            ("100 MB", large_body, "longer than allowed"), ("endless interim answers", endless_interim, "only interim"),
            ("drip", drip, "no answer in time"),
            ("wrong chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", "not an answer"),
            ("negative chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n", "not an answer"),
            ("huge chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello", ""),
            ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "not an answer"),
            ("no HTTP", b"SSH-2.0-OpenSSH_9.2p1\r\n", "not an answer"), ("no status", b"HTTP/1.1 abc\r\n\r\n", "not an answer")):
        with Told(cases, f"hostile: {name}", Server(script)) as told:
            given = told.deliver(records(2), "rr", error)
            told.check("in time", given["ms"] < 2500, given["ms"])
            told.deliver(records(1), "d")
            told.check("little memory", told.sink.memory() < 64, f"{told.sink.memory()} MiB")
    ahead = answer() + answer(500)
    with Told(cases, "hostile: an answer ahead of its request", Server(ahead)) as told:
        told.deliver(records(1), "d")
        told.deliver(records(1), "d")
        told.equal("connections", told.server.connections, 2)
    with Told(cases, "interim answers", Server(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + answer())) as told:
        told.deliver(records(1), "d")


def tls(cases, folder):
    made = Certificates(folder)
    made.make("good", "authority")
    made.make("expired", "authority", days=-1)
    made.make("other", "authority", "DNS:elsewhere.example")
    made.make("client", "authority")
    made.make("stranger", None)
    trust = {"authorities": made.authority}

    def at(what, shown, expected, error=None, *, host="localhost", asks=False, **settings):
        server = Server(tls=made.server(shown, asks))
        with Told(cases, f"TLS: {what}", server, url=server.url(host=host), **settings) as told:
            told.deliver(records(2), "d" * 2 if expected else "rr", error)
            told.deliver(records(2, 2), "d" * 2 if expected else "rr", error)
            told.equal("requests", len(server.requests), 2 if expected else 0)
            if expected:
                told.equal("connections", server.connections, 1)

    at("a good certificate", "good", True, **trust)
    at("a good certificate for an address", "good", True, host="127.0.0.1", **trust)
    at("an expired certificate", "expired", False, "certificate has expired", **trust)
    at("one of another name", "other", False, "hostname mismatch", **trust)
    at("one of another name that is expected", "other", True, name="elsewhere.example", **trust)
    at("one that nobody vouches for", "stranger", False, "self-signed certificate", **trust)
    at("the system's authorities do not know it", "good", False, "unable to get local issuer certificate")
    ours = {"certificate": made.path("client.pem"), "certificate_key": made.path("client.key")}
    at("a client certificate", "good", True, asks=True, **trust, **ours)
    at("none where one is asked for", "good", False, "", asks=True, **trust)
    theirs = {"certificate": made.path("stranger.pem"), "certificate_key": made.path("stranger.key")}
    at("a client certificate that nobody vouches for", "good", False, "", asks=True, **trust, **theirs)

    mine, mine_key = folder / "mine.pem", folder / "mine.key"
    shutil.copy(made.path("stranger.pem"), mine)
    shutil.copy(made.path("stranger.key"), mine_key)
    server = Server(tls=made.server("good", True))
    with Told(cases, "TLS: a client certificate is renewed", server, url=server.url(host="localhost"), **trust,
              certificate=str(mine), certificate_key=str(mine_key)) as told:
        told.deliver(records(1), "r")
        shutil.copy(made.path("client.pem"), mine)
        shutil.copy(made.path("client.key"), mine_key)
        told.sink.ask(reopen=True)
        told.deliver(records(1), "d")
        mine.unlink()
        told.sink.ask(reopen=True)
        told.deliver(records(1), "d")


def run(cases):
    with tempfile.TemporaryDirectory(prefix="tapwarden-http-") as name:
        folder = pathlib.Path(name)
        for part in (bodies, refusals, statuses, connections, splitting, hostile):
            part(cases)
        credentials(cases, folder)
        tls(cases, folder)
