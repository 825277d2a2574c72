# SPDX-License-Identifier: Apache-2.0
"""Where the outputs of the daemon end in these cases, each of them stopped and started as the case wants: a file, an HTTP
server of ours, rsyslog over TCP, librdkafka's mock cluster. What arrived at each is a list of records."""

import json
import socket

from http_peers import BUILD, Program, Server, answer
from peers import free_port, program
from stage import Skip
from syslog_cases import Rsyslog

HASTE = "retry_min: 50ms, retry_max: 500ms"


def yaml_of(words):
    return "{" + ", ".join(f"{name}: {value}" for name, value in words.items()) + "}"


class End:
    """One output: `settings` is its entry in the configuration."""

    kind, name = "", ""

    def __init__(self, stage, **more):
        self.stage, self.more, self.is_up = stage, more, False

    def entry(self):
        return "  - {type: %s, name: %s, %s, %s}\n" % (
            self.kind, self.name, HASTE, ", ".join(f"{key}: {value}" for key, value in (self.where() | self.more).items()))

    def start(self):
        self.is_up = True
        return self

    def stop(self):
        self.is_up = False

    def of(self, kind, event=None):
        return [one for one in self.records() if one["kind"] == kind and event in (None, one.get("event"))]

    def raised(self):
        """The ids of the alerts whose beginning arrived."""
        return {one["id"] for one in self.of("alert", "raised")}


class Lines:
    """A file that grows by whole lines: each of them is read once."""

    def __init__(self, path, read=json.loads):
        self.path, self.read, self.at, self.rest, self.found = path, read, 0, b"", []

    def records(self):
        if self.path.exists():
            with open(self.path, "rb") as file:
                file.seek(self.at)
                data = file.read()
            self.at += len(data)
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.found += [self.read(line) for line in lines]
        return self.found


class File(End):
    kind, name = "file", "paper"

    def __init__(self, stage, **more):
        super().__init__(stage, **more)
        self.path = stage.folder / "paper.jsonl"
        self.lines, self.torn = Lines(self.path, self.read), 0

    def where(self):
        return {"path": self.path, "rotate_size": "0B"}

    def read(self, line):
        """None for what an agent that was killed in the midst of it has left of a line."""
        try:
            return json.loads(line)
        except ValueError:
            self.torn += 1
            return None

    def records(self):
        return [one for one in self.lines.records() if one is not None]


class Web(End):
    kind, name = "http", "web"

    def __init__(self, stage, **more):
        super().__init__(stage, **more)
        with stage.taps.entered():
            self.port = free_port()
        self.server, self.found, self.requests = None, [], 0

    def where(self):
        return {"url": f'"http://127.0.0.1:{self.port}/"', "body": "lines", "batch": 200, "connect_timeout": "2s",
                "answer_timeout": "2s"}

    def start(self, silent=False):
        with self.stage.taps.entered():
            self.server = Server(otherwise=self.take, port=self.port, reads=not silent)
        return super().start()

    def take(self, request):
        records = request.lines()
        self.requests += 1
        self.found += records
        request.body = request.raw = b""
        return answer()

    def stop(self):
        if self.server:
            self.server.close()
            self.server = None
        super().stop()

    def records(self):
        return list(self.found)


class Syslog(End):
    kind, name = "syslog", "log"

    def __init__(self, stage, **more):
        super().__init__(stage, **more)
        if not program("rsyslogd"):
            raise Skip("needs rsyslogd")
        self.folder = stage.folder / "rsyslog"
        self.folder.mkdir()
        with stage.taps.entered():
            self.port = free_port()
        self.peer = None
        self.lines = Lines(self.folder / "rsyslog.out",
                           lambda line: json.loads(json.loads(line.decode(errors="surrogateescape"), strict=False)["msg"]))

    def where(self):
        return {"transport": "tcp", "host": "127.0.0.1", "port": self.port}

    def start(self):
        with self.stage.taps.entered():
            self.peer = Rsyslog(self.folder, self.port, "tcp")
        return super().start()

    def stop(self):
        if self.peer:
            self.peer.stop()
            self.peer = None
        super().stop()

    def records(self):
        return self.lines.records()


class Kafka(End):
    kind, name = "kafka", "topic"

    def __init__(self, stage, **more):
        super().__init__(stage, **more)
        with stage.taps.entered():
            self.cluster = Program(BUILD / "tests" / "kafka_cluster", 1, "alerts", 4, limit=60)
        self.is_up, self.found = True, []

    def where(self):
        return {"brokers": f'"{self.cluster.first["brokers"]}"', "topic": "alerts", "timeout": "2s",
                "properties": '{reconnect.backoff.max.ms: "200"}'}

    def start(self):
        if not self.is_up:
            self.cluster.ask(up=1)
        return super().start()

    def stop(self):
        if self.is_up:
            self.cluster.ask(down=1)
        super().stop()

    def records(self, wanted=0):
        """All that is there: a consumer reads it from its beginning."""
        messages = self.cluster.ask(consume=wanted)["messages"]
        messages.sort(key=lambda one: (one["partition"], one["offset"]))
        return [json.loads(one["text"]) for one in messages]

    def close(self):
        self.cluster.__exit__()


class Silent:
    """Takes connections in the tap's namespace and never says a word."""

    def __init__(self, stage, port):
        with stage.taps.entered():
            self.listener = socket.create_server(("127.0.0.1", port), backlog=64)

    def stop(self):
        self.listener.close()
