# SPDX-License-Identifier: Apache-2.0
"""Syslog to rsyslog (UDP, TCP with octet counting, TLS) and syslog-ng (TLS), with the right certificates and wrong ones,
through stops and starts; and to receivers of our own that do what real ones do only on bad days."""

import json
import os
import pathlib
import socket
import tempfile
import threading
import time

from peers import PEERS, Certificates, Drive, Peer, accepts, differs, drive, free_port, is_unpacked, program, until

HOSTILE = [
    '{"text":"one\\nline"}', "two\nlines\r\nand a third", "\x1b[31mred\x1b[0m", "a\x00b", "tab\there", "\\ \" ] [x y=\"z\"]",
    "<34>1 2003-10-11T22:14:15.003Z host app - - - forged", "22 <34>1 - - - - - - none", "größe ✓ \U0001f4f7", " blanks  ", "",
]


def record(number, text=None, **more):
    text = json.dumps({"kind": "alert", "number": number}) if text is None else text
    return {"id": f"event-{number}", "key": f"device-{number % 7}", "text": text, **more}


def rsyslog_command(folder, config):
    binary = program("rsyslogd")
    modules = PEERS / "usr/lib" / f"{os.uname().machine}-linux-gnu" / "rsyslog"
    return [binary, "-n", "-f", config, "-i", folder / "rsyslog.pid", *(["-M", modules] if is_unpacked(binary) else [])]


def syslog_ng_command(folder, config):
    """And its environment."""
    binary = program("syslog-ng")
    command = [binary, "-F", "--no-caps", "-f", config, "-R", folder / "ng.persist", "-p", folder / "ng.pid", "-c", folder / "ng.ctl"]
    if not is_unpacked(binary):
        return command, {}
    base = PEERS / "usr/lib/syslog-ng"
    modules = next(path for path in base.iterdir() if path.is_dir() and path.name[0].isdigit())
    return [*command, f"--module-path={modules}"], {"LD_LIBRARY_PATH": str(base)}


class Rsyslog(Peer):
    """Writes what it takes as JSON lines, field by field."""

    def __init__(self, folder, port, transport, certificates=None, server="server", client="authority"):
        self.output = folder / "rsyslog.out"
        lines = [f'global(workDirectory="{folder}" maxMessageSize="200k" parser.escapeControlCharactersOnReceive="off"']
        if transport == "tls":
            lines[0] += (f' defaultNetstreamDriverCAFile="{certificates[client]}"'
                         f' defaultNetstreamDriverCertFile="{certificates[server]}"'
                         f' defaultNetstreamDriverKeyFile="{certificates.key(server)}"')
        lines[0] += ")"
        options = {"udp": "", "tcp": "", "tls": 'streamDriver.name="ossl" streamDriver.mode="1" '
                                                'streamDriver.authMode="x509/certvalid"'}[transport]
        kind = "udp" if transport == "udp" else "tcp"
        fields = ("pri", "timereported", "hostname", "app-name", "procid", "msgid", "structured-data", "msg")
        date = ' dateFormat="rfc3339"'
        lines += [f'module(load="im{kind}" {options})',
                  'template(name="fields" type="list" option.jsonf="on") {' + " ".join(
                      f'property(outname="{name}" name="{name}" format="jsonf"{date if name == "timereported" else ""})'
                      for name in fields) + "}",
                  'ruleset(name="all") { action(type="omfile" file="%s" template="fields") }' % self.output,
                  f'input(type="im{kind}" port="{port}" address="127.0.0.1" ruleset="all")', ""]
        config = folder / "rsyslog.conf"
        config.write_text("\n".join(lines))
        super().__init__(rsyslog_command(folder, config), folder / "rsyslog.log")
        if kind == "udp":
            inode = f"{0x0100007F:08X}:{port:04X}"
            until(lambda: inode in pathlib.Path("/proc/net/udp").read_text())
        elif not until(lambda: accepts(port)):
            raise RuntimeError("rsyslogd: " + (folder / "rsyslog.log").read_text()[-2000:])

    def taken(self, count, seconds=10):
        """Its lines, once there are so many."""
        def lines():
            return self.output.read_text(errors="surrogateescape").splitlines() if self.output.exists() else []
        until(lambda: len(lines()) >= count, seconds)
        return [json.loads(line, strict=False) for line in lines()]


class SyslogNg(Peer):
    def __init__(self, folder, port, certificates, server="server"):
        self.output = folder / "syslog-ng.out"
        config = folder / "syslog-ng.conf"
        config.write_text(f"""@version: 3.35
options {{ keep-hostname(yes); stats-freq(0); log-msg-size(262144); }};
source tls {{ syslog(ip("127.0.0.1") port({port}) transport("tls")
  tls(key-file("{certificates.key(server)}") cert-file("{certificates[server]}") ca-file("{certificates['authority']}")
      peer-verify(required-trusted))); }};
destination out {{ file("{self.output}" template("$(format-json pri=$PRI hostname=$HOST app-name=$PROGRAM msgid=$MSGID sdata=$SDATA msg=$MSG)\\n")); }};
log {{ source(tls); destination(out); }};
""")
        command, environment = syslog_ng_command(folder, config)
        super().__init__(command, folder / "syslog-ng.log", environment)
        if not until(lambda: accepts(port)):
            raise RuntimeError("syslog-ng: " + (folder / "syslog-ng.log").read_text()[-2000:])

    taken = Rsyslog.taken


class Receiver:
    """A receiver of ours on a port of its own: `behave` is given each connection."""

    def __init__(self, behave):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # soon full
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.port = self.socket.getsockname()[1]
        self.connections = []
        self.octets = b""
        self.behave = behave
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.behave, args=(self, connection), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        for connection in self.connections:
            connection.close()


def read_on(receiver, connection):
    """Reads to the end and closes: a good receiver."""
    try:
        while octets := connection.recv(65536):
            receiver.octets += octets
    except OSError:
        return
    connection.close()


def texts(taken):
    return [line["msg"] for line in taken]


def fresh(top):
    return pathlib.Path(tempfile.mkdtemp(dir=top))


def expected(sent, **more):
    fields = {"pri": "133", "timereported": "2027-01-15T08:00:00.123456Z", "hostname": "sensor-1", "app-name": "tapwarden",
              "msgid": "alert", "structured-data": f'[tapwarden@32473 id="{sent["id"]}" key="{sent["key"]}"]', "msg": sent["text"]}
    return {**fields, **more}


def once(lines):
    """At least once is what was promised: what came again under its id is left out."""
    return list({line["structured-data"]: line for line in reversed(lines)}.values())[::-1]


def fields_cases(cases, folder, transport, certificates=None):
    settings = {"transport": transport, "hostname": "sensor-1", "facility": 16}
    if certificates:
        settings.update(authorities=certificates["authority"], certificate=certificates["client"], key=certificates.key("client"),
                        host="localhost")
    settings["port"] = port = free_port(socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM)
    sent = [record(0, severity="critical"), record(1, severity="high"), record(2, severity="medium"), record(3),
            record(4, kind="health"), record(5, kind="device"), record(6, kind="digest")]
    want = [expected(row) for row in sent]
    for row, priority, kind in zip(want, (130, 131, 132, 133, 133, 134, 133),
                                   ("alert", "alert", "alert", "alert", "health", "device", "digest"), strict=True):
        row.update({"pri": str(priority), "msgid": kind})
    with Rsyslog(folder, port, transport, certificates) as server:
        driven = drive(sent, "syslog", **settings)
        taken = once(server.taken(len(sent)))
        process = {line.pop("procid", None) for line in taken}
        cases(f"rsyslog, {transport}: every field, as it was sent", differs("undelivered", driven.undelivered, 0)
              + differs("lines", taken, want) + differs("processes", process, {str(driven.process.pid)})
              + differs("answers", driven.ids("delivered"), [row["id"] for row in sent]))

        hostile = [record(100 + i, text) for i, text in enumerate(HOSTILE)]
        driven = drive(hostile, "syslog", **settings)
        found = texts(once(server.taken(len(sent) + len(hostile))))[len(sent):]
        wanted = [text.replace("\x00", "#000") for text in HOSTILE]  # so rsyslog shows a NUL
        cases(f"rsyslog, {transport}: hostile text arrives, each as one message",
              differs("undelivered", driven.undelivered, 0) + differs("texts", found, wanted))
        large = record(200, "x" * 60000 + "✓" * 3000)
        driven = drive([large], "syslog", **settings)
        arrived = server.taken(len(sent) + len(hostile) + 1)[-1]
        if transport == "tcp":
            lines = [record(300 + i, text) for i, text in enumerate([*HOSTILE, "two\nlines"])]
            before = len(server.taken(0))
            driven = drive(lines, "syslog", **settings, framing="newline")
            found = texts(once(server.taken(before + len(lines))[before:]))
            wanted = [row["text"].replace("\x00", "#000").replace("\n", " ") for row in lines]
            cases("rsyslog, tcp, a line feed behind each: hostile text arrives, each as one message",
                  differs("undelivered", driven.undelivered, 0) + differs("texts", found, wanted))
        if transport == "udp":
            cases("rsyslog, udp: what no datagram holds is cut between characters and says so", differs(
                "undelivered", driven.undelivered, 0) + differs("data", arrived["structured-data"].rpartition(" ")[2], 'cut="69000"]')
                + ([] if large["text"].startswith(arrived["msg"]) and len(arrived["msg"].encode()) > 64800 else
                   [f"{len(arrived['msg'])} characters: {arrived['msg'][-20:]}"]))
        else:
            cases(f"rsyslog, {transport}: a text of more than 64 KiB arrives whole", differs("undelivered", driven.undelivered, 0)
                  + differs("text", arrived["msg"], large["text"]))
    return settings


def lost_nothing(driven, sent, taken, bound=0):
    """Every record is there, exactly as it was, under its id; twice is allowed, and counted elsewhere. Up to `bound`
    may be missing: what a receiver has read when it is stopped and not yet stored, no protocol of syslog tells."""
    wanted = {row["id"]: row["text"] for row in sent}
    faults = differs("undelivered", driven.undelivered, 0)
    faults += differs("answered", sorted(driven.ids("delivered")), sorted(wanted))
    found = {}
    for line in taken:
        found[line["structured-data"].split('"')[1]] = line["msg"]
    missing = sorted(set(wanted) - set(found))
    faults += [f"{len(missing)} of {len(wanted)} lost: {missing[:5]}"] if len(missing) > bound else []
    return faults + differs("texts", found, {key: wanted[key] for key in found if key in wanted})


def restart_cases(cases, folder, settings, certificates=None):
    """rsyslog is stopped and started again and again while alerts come."""
    transport, confirm = settings["transport"], settings["confirm"]
    rounds, chunk = (8, 250) if confirm == "read" else (6, 100)
    sent = [record(i, json.dumps({"number": i, "fill": "x" * (i * 37 % 900)})) for i in range(rounds * chunk)]
    with Drive("syslog", **settings, retry=20, deadline=30000, batch=25) as driven:
        for i in range(rounds):
            with Rsyslog(folder, settings["port"], transport, certificates) as server:
                driven.send(*sent[i * chunk:(i + 1) * chunk])
                until(lambda: len(driven.ids("delivered")) >= i * chunk + chunk // 3 + i, 5)
        with Rsyslog(folder, settings["port"], transport, certificates) as server:
            driven.undelivered = driven.finish()
        taken = server.taken(len(sent))
        cases(f"rsyslog, {transport}, confirm {confirm}: stopped {rounds} times under {len(sent)} alerts, none is lost"
              + (" that it had not read" if transport == "tls" else ""),
              lost_nothing(driven, sent, taken, rounds * 25 if transport == "tls" else 0) + ([] if driven.answered("retry") else ["nothing was tried again"]))
        print(f"        {len(taken) - len(sent)} came twice, {len(driven.answered('retry'))} answers to try again")


def down_then_up(cases, folder, settings, certificates=None):
    transport = settings["transport"]
    sent = [record(i) for i in range(200)]
    with Drive("syslog", **settings, retry=50) as driven:
        driven.send(*sent)
        until(lambda: len(driven.answered("retry")) >= 64)
        delivered = len(driven.ids("delivered"))
        with Rsyslog(folder, settings["port"], transport, certificates) as server:
            driven.undelivered = driven.finish()
            taken = server.taken(len(sent))
        cases(f"rsyslog, {transport}: down, then up: each once and in order", differs("delivered before it was up", delivered, 0)
              + lost_nothing(driven, sent, taken) + differs("lines", texts(taken), [row["text"] for row in sent])
              + differs("errors", [error.rpartition(": ")[2] for error in driven.errors()], ["Connection refused"]))


def refused_server(cases, folder, settings, certificates, server, why):
    """Nothing goes to a server that cannot prove its name; all of it to the right one in its place."""
    sent = [record(i) for i in range(20)]
    wrong_folder = fresh(folder)
    with Drive("syslog", **settings, retry=50) as driven:
        with Rsyslog(wrong_folder, settings["port"], "tls", certificates, server=server) as wrong:
            driven.send(*sent)
            until(lambda: len(driven.answered("retry")) >= 40)
            before = len(driven.ids("delivered")) + len(wrong.taken(0))
            errors = [error.partition("its certificate is refused: ")[2] for error in driven.errors()]
        with Rsyslog(fresh(folder), settings["port"], "tls", certificates) as right:
            driven.undelivered = driven.finish()
            taken = right.taken(len(sent))
        cases(f"rsyslog, tls: a server's certificate that is {server}: refused, and nothing lost",
              differs("delivered to it", before, 0) + differs("errors", errors, [why]) + lost_nothing(driven, sent, taken)
              + differs("lines", len(taken), len(sent)) + differs("lines of the wrong one", len(wrong.taken(0)), 0))


def refused_client(cases, name, server, settings, sent):
    """A server that wants a certificate takes nothing from who has none, or a stranger's; TLS 1.3 lets it say so late."""
    before = len(server.taken(0))
    driven = drive(sent, "syslog", **settings, attempts=10, retry=20)
    time.sleep(0.2)
    cases(name, differs("delivered", driven.ids("delivered"), [])
          + differs("lines", len(server.taken(0)), before) + ([] if driven.errors() else ["no error"]))
    print(f"        {driven.errors()}")


def each_once_cases(cases, name, server, settings):
    """One connection for each message: a server that is well is told nothing twice, however quick its answer is."""
    sent = [record(i) for i in range(5000, 5200)]
    before = len(server.taken(0))
    driven = drive(sent, "syslog", **settings, batch=1, retry=1)
    taken = server.taken(before + len(sent))[before:]
    cases(f"{name}, tls: 200 connections, nothing is told twice", differs("undelivered", driven.undelivered, 0)
          + differs("tried again", driven.errors(), []) + differs("lines", texts(taken), [row["text"] for row in sent]))


def tls_cases(cases, top, settings, certificates):
    for server, why in (("expired", "certificate has expired"), ("misnamed", "hostname mismatch"),
                        ("foreign", "unable to get local issuer certificate")):
        refused_server(cases, fresh(top), {**settings, "port": free_port()}, certificates, server, why)
    nobody = {key: value for key, value in settings.items() if key not in ("certificate", "key")}
    stranger = {**settings, "certificate": certificates["client-of-stranger"], "key": certificates.key("client-of-stranger")}
    sent = [record(i) for i in range(20)]
    port = free_port()
    with Rsyslog(fresh(top), port, "tls", certificates) as server:
        for confirm in ("read", "acknowledged"):
            for name, who in (("no client certificate", nobody), ("a stranger's client certificate", stranger)):
                refused_client(cases, f"rsyslog, tls, confirm {confirm}: {name}: refused", server,
                               {**who, "port": port, "confirm": confirm}, sent)
        driven = drive(sent, "syslog", **{**settings, "port": port})
        cases("rsyslog, tls: the right client certificate is taken after those", lost_nothing(driven, sent, server.taken(20)))
        by_address = drive([record(20)], "syslog", **{**settings, "port": port, "host": "127.0.0.1"})
        named = drive([record(21)], "syslog", **{**settings, "port": port, "name": "elsewhere.example"}, attempts=1)
        cases("rsyslog, tls: an address in the certificate does, another name that is wanted does not",
              differs("by address", by_address.undelivered, 0) + differs("by name", named.undelivered, 1))
        each_once_cases(cases, "rsyslog", server, {**settings, "port": port})


def syslog_ng_cases(cases, folder, settings, certificates):
    settings = {**settings, "port": free_port()}
    sent = [record(i, text) for i, text in enumerate(HOSTILE)] + [record(50, "y" * 65536)]
    nobody = {key: value for key, value in settings.items() if key not in ("certificate", "key")}
    with SyslogNg(folder, settings["port"], certificates) as server:
        refused_client(cases, "syslog-ng, tls: no client certificate: refused", server, nobody, sent)
        driven = drive(sent, "syslog", **settings)
        taken = server.taken(len(sent))
        taken = list({line["sdata"]: line for line in taken}.values())  # twice is allowed
        data = [line["sdata"] for line in taken]
        for row in sent:
            row["text"] = row["text"].replace("\x00", "\\x00")  # so syslog-ng's JSON shows a NUL
        cases("syslog-ng, tls: each text as one message, under its id",
              differs("undelivered", driven.undelivered, 0) + differs("texts", texts(taken), [
                  row["text"] for row in sent]) + differs("data", data, [
                      f'[tapwarden@32473 id="{row["id"]}" key="{row["key"]}"]' for row in sent])
              + differs("head", {(line["hostname"], line["app-name"], line["msgid"], line["pri"]) for line in taken},
                        {("sensor-1", "tapwarden", "alert", "133")}))
        burst = [record(i, "burst " + "z" * 300) for i in range(100, 2100)]
        driven = drive(burst, "syslog", **settings, retry=50)
        found = {line["sdata"] for line in server.taken(len(sent) + 2000)}
        cases("syslog-ng, tls: 2000 in a burst, each at least once", differs("undelivered", driven.undelivered, 0)
              + differs("lines", len(found), len(sent) + 2000))
        each_once_cases(cases, "syslog-ng", server, settings)


def bad_day(cases, name, behave, records, seconds, error, **settings):
    """Every answer is to try again, in time, and says why."""
    with Receiver(behave) as receiver:
        begun = time.monotonic()
        driven = drive(records, "syslog", transport="tcp", port=receiver.port, attempts=1, **settings)
        took = time.monotonic() - begun
        cases(name, differs("delivered", driven.ids("delivered"), []) + ([] if driven.errors() and all(text.endswith(error) for text in driven.errors()) else driven.errors())
              + ([] if took < seconds else [f"took {took:.1f} s"]))


def receiver_cases(cases):
    def never_read(_, __):
        pass

    def read_some_and_die(_, connection):
        connection.recv(10)
        time.sleep(0.1)
        connection.close()  # with octets unread: a reset

    def say_goodbye(_, connection):
        connection.shutdown(socket.SHUT_WR)
        time.sleep(1)
        connection.close()

    def close(_, connection):
        connection.close()

    def read_and_keep(receiver, connection):
        while octets := connection.recv(65536):
            receiver.octets += octets
        time.sleep(5)

    small, large = [record(1)], [record(i, "x" * 100000) for i in range(8)]
    late = "not done after 500 ms"
    bad_day(cases, "a receiver that never reads", never_read, small, 3, f"waiting to be read: {late}", timeout=500)
    bad_day(cases, "a receiver that never reads more than its buffers hold", never_read, large, 3, late, timeout=500)
    bad_day(cases, "a receiver that dies with something unread", read_some_and_die, small, 3,
            "waiting to be read: Connection reset by peer")
    bad_day(cases, "a receiver that ends its side first", say_goodbye, large, 3,
            "waiting to be read: the other side ended the connection")
    bad_day(cases, "a receiver that never ends its side", read_and_keep, small, 3, f"waiting to be read: {late}", timeout=500)
    bad_day(cases, "acknowledged: a receiver that never reads more than its buffers hold", never_read, large, 3,
            f"waiting to be acknowledged: {late}", timeout=500, confirm="acknowledged")
    bad_day(cases, "acknowledged: a receiver that dies soon after", read_some_and_die, small, 3,
            "waiting to be acknowledged: Connection reset by peer", confirm="acknowledged")
    with Receiver(close) as receiver:
        driven = drive(small, "syslog", transport="tcp", port=receiver.port, attempts=1)
        cases("a receiver that closes at once", differs("delivered", driven.ids("delivered"), [])
              + ([] if driven.errors() else ["no error"]))
    driven = drive(small, "syslog", transport="tcp", host="nowhere.invalid", port=1, attempts=1, timeout=3000)
    cases("a receiver whose name nobody knows", differs("undelivered", driven.undelivered, 1)
          + ([] if driven.errors() else ["no error"]))

    sent = [record(i) for i in range(20)]
    with Receiver(read_on) as receiver:
        driven = drive(sent, "syslog", transport="tcp", port=receiver.port, batch=5)
        cases("read: a connection for each batch", differs("undelivered", driven.undelivered, 0)
              + differs("connections", len(receiver.connections), 4) + differs("frames", receiver.octets.count(b"<133>1 "), 20))
    with Receiver(read_on) as receiver:
        driven = drive(sent, "syslog", transport="tcp", port=receiver.port, batch=5, confirm="acknowledged")
        cases("acknowledged: one connection for all", differs("undelivered", driven.undelivered, 0)
              + differs("connections", len(receiver.connections), 1) + differs("frames", receiver.octets.count(b"<133>1 "), 20))
    with Receiver(read_on) as receiver, Drive("syslog", transport="tcp", port=receiver.port, confirm="acknowledged") as driven:
        driven.send(sent[0])
        until(lambda: driven.ids("delivered"))
        receiver.connections[0].shutdown(socket.SHUT_RDWR)
        time.sleep(0.1)
        driven.send(sent[1])
        cases("acknowledged: a connection that the receiver ended meanwhile is not written to", differs(
            "undelivered", driven.finish(), 0) + differs("retries", driven.answered("retry"), [])
            + differs("connections", len(receiver.connections), 2))
    with Receiver(read_on) as receiver:
        drive([record(1, "text")], "syslog", transport="tcp", port=receiver.port, bom=1, hostname="h")
        size, _, frame = receiver.octets.partition(b" ")
        cases("the BOM where it is wanted, and the count of octets", differs("size", int(size), len(frame))
              + differs("end", frame[-10:], b'"] \xef\xbb\xbftext'))


def run(cases):
    with tempfile.TemporaryDirectory(prefix="tapwarden-outputs-") as name:
        top = pathlib.Path(name)
        certificates = Certificates(top / "certificates")
        client = {"transport": "tls", "hostname": "sensor-1", "host": "localhost", "authorities": certificates["authority"],
                  "certificate": certificates["client"], "key": certificates.key("client")}
        receiver_cases(cases)
        if program("rsyslogd"):
            for transport in ("udp", "tcp", "tls"):
                with_tls = certificates if transport == "tls" else None
                settings = fields_cases(cases, fresh(top), transport, with_tls)
                down_then_up(cases, fresh(top), settings, with_tls)
                if transport != "udp":
                    for confirm in ("read", "acknowledged"):
                        restart_cases(cases, fresh(top), {**settings, "confirm": confirm}, with_tls)
            tls_cases(cases, top, client, certificates)
        else:
            cases.skip("rsyslog", "not installed")
        if program("syslog-ng"):
            syslog_ng_cases(cases, fresh(top), client, certificates)
        else:
            cases.skip("syslog-ng", "not installed")
