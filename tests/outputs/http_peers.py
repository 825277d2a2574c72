# SPDX-License-Identifier: Apache-2.0
"""What http_cases and kafka_cases share: the driver of one sink, an HTTP server that answers by a script, well or badly,
and certificates."""

import gzip
import json
import os
import pathlib
import select
import socket
import ssl
import struct
import subprocess
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TAPWARDEN_BUILD", TOP / "build" / "debug"))


class Program:
    """A program that answers each line with one line; ended however the test ends."""

    def __init__(self, *words, limit=30):
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.limit = limit
        self.first = self.answer()

    def answer(self):
        if not select.select([self.process.stdout], [], [], self.limit)[0]:
            self.process.kill()
            raise TimeoutError(f"no answer in {self.limit} s")
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": f"ended with {self.process.wait(10)}"}

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        return self.answer()

    def __enter__(self):
        return self

    def memory(self):
        """The most that it had, in MiB; 0 with sanitizers, whose own most of it is."""
        if BUILD.name == "sanitize":
            return 0
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


class Sink(Program):
    def __init__(self, **settings):
        super().__init__(BUILD / "tests" / "drive_http", json.dumps(settings))
        self.longest_stall = 0

    def deliver(self, batch, **more):
        told = self.ask(batch=batch, **more)
        self.longest_stall = max(self.longest_stall, told.get("stall", 0))
        return told


def records(count, begin=0, **more):
    return [record(f"e{i}", n=i, **more) for i in range(begin, begin + count)]


def record(name, key="device", **fields):
    return {"id": name, "key": key, "time": 1_764_000_000_123_456, "text": json.dumps({"kind": "alert", "id": name, **fields})}


def outcomes(told):
    """One letter for each message: d(elivered), r(etry), p(oisoned)."""
    return "".join(one["outcome"][0] for one in told.get("outcomes", [])) or str(told)


HASTE = {"connect_timeout": 1000, "write_timeout": 1000, "answer_timeout": 1000}


class Told:
    """One sink and one server; what a batch led to is asserted in one line."""

    def __init__(self, cases, title, server, **settings):
        self.cases, self.title, self.server = cases, title, server
        if server:
            settings.setdefault("url", server.url())
        self.sink = Sink(**HASTE | settings)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sink.__exit__()
        if self.server:
            self.server.close()
        self.check("the loop never stood still", self.sink.longest_stall < 600, f"{self.sink.longest_stall} ms")

    def check(self, what, holds, detail=""):
        self.cases.check(f"http: {self.title}: {what}", holds, detail)

    def equal(self, what, found, expected):
        self.check(what, found == expected, f"{found!r:.600} instead of {expected!r:.600}")

    def deliver(self, batch, expected, error=None, **more):
        told = self.sink.deliver(batch, **more)
        self.equal("outcomes", outcomes(told), expected)
        if error is not None:
            errors = {one["error"] for one in told.get("outcomes", []) if one["outcome"] != "delivered"}
            self.check(f"says '{error}'", errors and all(error in one for one in errors), errors)
        return told


class Request:
    def __init__(self, target, fields, body, connection):
        self.target, self.fields, self.raw, self.connection = target, fields, body, connection
        self.body = gzip.decompress(body) if fields.get("content-encoding") == "gzip" else body

    def json(self):
        return json.loads(self.body)

    def lines(self):
        return [json.loads(line) for line in self.body.splitlines()]


def answer(status=200, body=b"", *fields, keep=True):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    head = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", *fields] + ([] if keep else ["Connection: close"])
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class Reset:
    """Instead of an answer: the connection is torn down."""


class Silence:
    """Instead of an answer: nothing, and the connection stays."""


class Server:
    """Answers the requests in turn by the script and then as `otherwise` says: octets, a function of the request that
    returns octets or yields them, Reset or Silence. What is not kept by its own words is closed."""

    def __init__(self, *script, otherwise=None, tls=None, reads=True, port=0):
        self.script, self.otherwise, self.tls, self.reads = list(script), otherwise or answer(), tls, reads
        self.requests, self.connections, self.handshakes_failed = [], 0, []
        self.open = set()
        self.octets_sent = 0
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, target="", host="127.0.0.1"):
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{target}"

    def close(self):
        self.over.set()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def accept(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection, self.connections), daemon=True).start()

    def serve(self, connection, number):
        self.open.add(plain := connection)
        try:
            connection.settimeout(20)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                try:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                except (ssl.SSLError, OSError) as error:
                    self.handshakes_failed.append(str(error))
                    return
            if not self.reads:
                self.over.wait(20)
                return
            self.talk(connection, number)
        except (OSError, ValueError):
            pass
        finally:
            self.open.discard(plain)
            connection.close()

    def talk(self, connection, number):
        stream = connection.makefile("rb")
        while (request := self.read(stream, number)) and self.respond(connection, request):
            pass

    def read(self, stream, number):
        first = stream.readline()
        if not first:
            return None
        fields = {}
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            fields[name.lower()] = value.strip()
        body = stream.read(int(fields.get("content-length", 0)))
        request = Request(first.split()[1].decode(), {"method": first.split()[0].decode(), **fields}, body, number)
        with self.lock:
            self.requests.append(request)
        return request

    def respond(self, connection, request):
        with self.lock:
            step = self.script.pop(0) if self.script else self.otherwise
        if callable(step) and step not in (Reset, Silence):
            step = step(request)
        if step is Silence:
            self.over.wait(20)
            return False
        if step is Reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if isinstance(step, bytes):
            connection.sendall(step)
            return b"Content-Length" in step and b"Connection: close" not in step
        for octets in step:
            connection.sendall(octets)
            self.octets_sent += len(octets)
            if self.over.is_set():
                break
        return False


class Certificates:
    """An authority and what it has signed, made by openssl in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.authority = self.make("authority", None)

    def path(self, name):
        return str(self.folder / name)

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=self.folder, timeout=20)

    def make(self, name, signed_by, subject="DNS:localhost,IP:127.0.0.1", days=2):
        """A key and a certificate, NAME.key and NAME.pem; returns the path of the latter."""
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]
        if signed_by is None:
            self.openssl("req", "-x509", *key, "-out", f"{name}.pem", "-days", str(days), "-subj", f"/CN={name}")
            return self.path(f"{name}.pem")
        self.openssl("req", *key, "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={subject}\n")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{signed_by}.pem", "-CAkey", f"{signed_by}.key",
                     "-set_serial", str(time.time_ns()), "-days", str(days), "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self.path(f"{name}.pem")

    def server(self, name, asks=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.authority)
        return context
