# SPDX-License-Identifier: Apache-2.0
"""Mail through a stand-in for sendmail that records what it was given and ends as it is told."""

import email
import email.policy
import os
import pathlib
import tempfile
import time

from peers import Drive, differs, drive, until

STAND_IN = """#!/bin/sh
# Records its arguments and its input; what it does after that stands in the file `behaviour`.
cd "{folder}"
cat >"mail.$$"
printf '%s\\n' "$@" >"arguments.$$"
. ./behaviour
mv "mail.$$" "taken.$$"
"""


class Sendmail:
    def __init__(self, top, behaviour=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=top))
        self.program = self.folder / "sendmail"
        self.program.write_text(STAND_IN.format(folder=self.folder))
        self.program.chmod(0o755)
        self.behave(behaviour)

    def behave(self, behaviour):
        (self.folder / "next").write_text(behaviour)
        os.replace(self.folder / "next", self.folder / "behaviour")

    def read(self, pattern):
        paths = sorted(self.folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    def taken(self):
        return self.read("taken.*")

    def refused(self):
        return self.read("mail.*")

    def arguments(self):
        return [path.read_text().splitlines() for path in self.folder.glob("arguments.*")]


def record(number, text=None, **more):
    text = f'{{"number":{number}}}' if text is None else text
    return {"id": f"event-{number}", "key": "device", "severity": "high", "text": text, **more}


def told(mails):
    """The texts of all these mails, as a reader sees them: each stands below its heading."""
    found = []
    for mail in mails:
        for part in mail.get_content().split("\n\n")[1:]:
            heading, _, text = part.strip("\n").partition("\n")
            found.append((heading.split(" ")[-1], text))
    return found


def pairs(records):
    return [(row["id"], row["text"]) for row in records]


def one_mail(cases, top):
    sendmail = Sendmail(top)
    sent = [record(0), record(1, severity="low"), record(2, kind="health"), record(3, "größe ✓ = " + "x" * 20000)]
    driven = drive(sent, "mail", program=sendmail.program, batch=4, linger=1, first=300)
    mails = sendmail.taken()
    cases("mail: many messages are one mail", differs("undelivered", driven.undelivered, 0) + differs("mails", len(mails), 1))
    if len(mails) != 1:
        return
    mail = mails[0]
    found = {name: mail[name] for name in ("From", "To", "Content-Type", "MIME-Version")}
    cases("mail: its headers", differs("headers", found, {
        "From": "tapwarden@sensor.example", "To": "soc@soc.example", "Content-Type": 'text/plain; charset="utf-8"',
        "MIME-Version": "1.0"}) + differs("subject", mail["Subject"].partition(" on ")[0],
                                          "[tapwarden] 3 alerts (2 high, 1 low), 1 health")
          + differs("age", abs(time.time() - mail["Date"].datetime.timestamp()) < 60, True)
          + differs("defects", [str(defect) for defect in mail.defects], []))
    cases("mail: its text", differs("texts", told(mails), pairs(sent)))
    cases("mail: its arguments", differs("arguments", sendmail.arguments(), [
        ["-i", "-f", "tapwarden@sensor.example", "--", "soc@soc.example"]]))


def hostile(cases, top):
    sendmail = Sendmail(top)
    sent = [record(0, ".\nFrom: x\n\nBcc: a@b\r\n"), record(1, "\x1b[2J\x00"), record(2, "=3D=\u2028"), record(3, ".")]
    drive(sent, "mail", program=sendmail.program, batch=4, linger=1, first=300)
    mails = sendmail.taken()
    names = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
             "Auto-Submitted"]
    raw = next(sendmail.folder.glob("taken.*")).read_bytes()
    cases("mail: hostile text stays text", differs("headers", mails[0].keys(), names)
          + differs("texts", told(mails), [("event-0", ".?From: x??Bcc: a@b??"), ("event-1", "?[2J?"), ("event-2", "=3D=\u2028"),
                                           ("event-3", ".")])
          + differs("octets", sorted(set(raw) - set(range(32, 127))), [10]) + differs(
              "a dot alone", [line for line in raw.splitlines() if line == b"."], []))


def digest(cases, top):
    sendmail = Sendmail(top)
    sent = [record(i) for i in range(60)]
    with Drive("mail", program=sendmail.program, linger=1, first=200, interval=1000) as driven:
        begun = time.monotonic()
        for row in sent:
            driven.send(row)
            time.sleep(0.04)
            if not sendmail.taken():
                first = time.monotonic() - begun
        undelivered = driven.finish()
    mails = sendmail.taken()
    cases("mail: a first one soon, then one in each interval", differs("undelivered", undelivered, 0)
          + differs("texts", told(mails), pairs(sent)) + ([] if 3 <= len(mails) <= 5 else [f"{len(mails)} mails"])
          + ([] if first < 0.8 else [f"the first after {first:.2f} s"]))


def statuses(cases, top):
    sent = [record(i) for i in range(5)]
    for status in (75, 67, 64, 1):
        sendmail = Sendmail(top, f'echo "because\nof $1" >&2; exit {status}')
        with Drive("mail", program=sendmail.program, linger=1, first=200, retry=50) as driven:
            driven.send(*sent)
            until(lambda: len(driven.answered("retry")) >= 10)
            before = len(driven.ids("delivered"))
            sendmail.behave("")
            undelivered = driven.finish()
        ids = {mail["Message-ID"] for mail in sendmail.taken() + sendmail.refused()}
        cases(f"mail: status {status} is tried again, as the same mail", differs("undelivered", undelivered, 0)
              + differs("delivered before", before, 0) + differs("texts", told(sendmail.taken()), pairs(sent))
              + differs("Message-IDs", len(ids), 1)
              + differs("errors", driven.errors(), [f"{sendmail.program}: status {status}: because of -i"]))

    sendmail = Sendmail(top, 'grep -q poison "mail.$$" && exit 65')
    sent = [record(i, "poison" if i == 13 else None) for i in range(40)]
    driven = drive(sent, "mail", program=sendmail.program, linger=1, first=200, retry=10)
    cases("mail: of a mail that is refused all but one message arrives in others", differs("undelivered", driven.undelivered, 0)
          + differs("poisoned", driven.ids("poisoned"), ["event-13"])
          + differs("texts", told(sendmail.taken()), [pair for pair in pairs(sent) if pair[1] != "poison"]))


def bad_programs(cases, top):
    def fails(name, program, error, seconds=3, **settings):
        begun = time.monotonic()
        driven = drive([record(0)], "mail", program=program, attempts=1, **settings)
        took = time.monotonic() - begun
        cases(name, differs("delivered", driven.ids("delivered"), []) + differs("errors", driven.errors(), [f"{program}: {error}"])
              + ([] if took < seconds else [f"took {took:.1f} s"]))

    sendmail = Sendmail(top, "sleep 60 & echo $! >child; sleep 60")
    fails("mail: a program that does not end is killed", sendmail.program, "has not ended after 500 ms", timeout=500)
    child = pathlib.Path("/proc") / (sendmail.folder / "child").read_text().strip()

    def is_gone():
        return not child.exists() or ") Z " in (child / "stat").read_text()
    cases("mail: and so is what it started", [] if until(is_gone, 3) else [f"{child} is still there"])
    fails("mail: a program that is killed", Sendmail(top, "kill -9 $$").program, "killed by signal 9")
    stray = top / "stray"
    stray.write_text("#!/nowhere\n")
    stray.chmod(0o755)
    fails("mail: a program that cannot be started", stray, "cannot be started: No such file or directory")
    noisy = Sendmail(top, "yes noise | head -c 100000 >&2; exit 75")
    fails("mail: a program that says too much", noisy.program, ("status 75: " + "noise " * 100)[:511])


def run(cases):
    with tempfile.TemporaryDirectory(prefix="tapwarden-outputs-") as name:
        top = pathlib.Path(name)
        one_mail(cases, top)
        hostile(cases, top)
        digest(cases, top)
        statuses(cases, top)
        bad_programs(cases, top)
