# SPDX-License-Identifier: Apache-2.0
"""The state lost in every way while the daemon runs or between two runs: it goes on in memory, says so, tells nothing a
second time that it still knows, and writes again as soon as it can."""

import contextlib
import json
import shutil
import signal
import sqlite3
import time

from ends import File, Web
from fault_stage import check_raised, fill, given_up, health, kill, statuses, wait_for
from stage import broadcast, case, huawei, innocent
from wires import until


def quiet(stage, agent, count):
    """Several rounds of frames of devices that are known bring nothing new."""
    before = len(agent.alerts())
    for _ in range(3):
        stage.see(range(count))
    time.sleep(1)
    assert len(agent.alerts()) == before, f"{len(agent.alerts()) - before} alerts more: {agent.alerts()[before:][:1]}"


def written(stage, agent, count):
    """Nothing more comes of these devices after a kill and a restart: the state knows them."""
    wait_for(lambda: stage.rows("SELECT count(*) FROM alerts")[0][0] == count, lambda: "the alerts in the state")
    kill(agent)
    agent = stage.agent()
    assert len(stage.alerts()) == count, len(stage.alerts())
    quiet(stage, agent, count)
    assert not agent.alerts(), agent.alerts()[:1]
    return agent


def begin(stage, count=30, more=""):
    """A daemon that knows so many flagged devices, in its state too, and tells health to a file outside of it."""
    paper = File(stage, kinds="[alert, health]")
    stage.outputs(paper, more=more)
    agent = stage.agent()
    stage.see(range(count))
    agent.wait_alerts(count, 60)
    wait_for(lambda: stage.rows("SELECT count(*) FROM alerts")[0][0] == count, "the alerts in the state")
    return paper, agent


@case
def disk_full(stage):
    """State and spools on a disk that is filled; the alerts' file and another output stand elsewhere."""
    disk = stage.small_disk("state", "24m")
    paper, web, down = File(stage, kinds="[alert, health]"), Web(stage), Web(stage, queue=1000)
    down.name = "down"
    web.start()
    stage.outputs(paper, web, down, more="alerts: {stdout: true, file: alerts.jsonl}\n")
    agent = stage.agent()
    stage.see(range(50))
    wait_for(lambda: all(len(end.raised()) == 50 for end in (paper, web)), "the alerts before")
    ballast = fill(disk)
    stage.see(range(50, 250), rate=200)
    wait_for(lambda: all(len(end.raised()) == 250 for end in (paper, web)),
             lambda: f"{[len(end.raised()) for end in (paper, web)]} of 250")
    agent.wait_alerts(250, 60)
    file = File(stage)
    file.lines.path = stage.folder / "alerts.jsonl"
    check_raised(file.of("alert"), 250, "alerts.file")
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded"], lambda: health(paper.records(), "state"))
    assert "full" in health(paper.records(), "state")[0][1], health(paper.records(), "state")
    for name in ("web", "down", "paper"):
        wait_for(lambda name=name: statuses(paper.records(), "spool", name)[-1:] == ["degraded"],
                 lambda name=name: f"{name}: {health(paper.records(), 'spool', name)}")
    assert stage.status()["state"]["status"] == "degraded", stage.status()["state"]
    quiet(stage, agent, 250)
    assert len(statuses(paper.records(), "state")) == 1, "it says so again and again"
    ballast.unlink()
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"], lambda: health(paper.records(), "state"))
    for name in ("web", "down", "paper"):
        wait_for(lambda name=name: statuses(paper.records(), "spool", name)[-1] == "ok",
                 lambda name=name: f"{name}: {health(paper.records(), 'spool', name)}")
    agent = written(stage, agent, 250)
    down.start()  # what only memory had, for want of a disk, is on the disk since
    wait_for(lambda: len(down.raised()) == 250, lambda: f"{len(down.raised())} of 250")
    for end in (paper, web, down):
        check_raised(end.of("alert"), 250, end.name)


@case
def disk_full_and_sink_down(stage):
    """Both at once, with more alerts than memory holds: it keeps the newest of them, and counts and says what it lost."""
    disk = stage.small_disk("state", "16m")
    paper, down = File(stage, kinds="[alert, health, summary]"), Web(stage, kinds="[alert]", queue=400)
    down.name = "down"
    stage.outputs(paper, down, more="alerts: {stdout: false}\nsnapshot: {interval: 1s}\n")
    agent, alerts, room = stage.agent(), 500, 200  # half of the queue is for what the disk refuses
    ballast = fill(disk)
    stage.see(range(alerts), rate=500)
    wait_for(lambda: len(paper.raised()) == alerts, lambda: f"{len(paper.raised())} of {alerts}")
    at = len(paper.of("summary"))
    wait_for(lambda: len(paper.of("summary")) > at + 1, "a summary of them")
    lost = given_up(paper, "down")[2]
    on_disk = alerts - room - lost
    assert lost > 0 and 0 <= on_disk < 100, (lost, on_disk)
    wait_for(lambda: [message.split(" ")[0] for _, message in health(paper.records(), "spool", "down")] == ["the", "lost"],
             lambda: health(paper.records(), "spool"))
    assert statuses(paper.records(), "spool", "down") == ["degraded"] * 2, health(paper.records(), "spool")
    assert stage.output("down")["failures"] > 0 and "writes refused by the disk" in stage.ask("status"), stage.ask("status")
    assert paper.of("summary")[-1]["bounds"]["output_down_writes_failed"] > 0, paper.of("summary")[-1]["bounds"]
    ballast.unlink()
    down.start()
    wait_for(lambda: len(down.raised()) == alerts - lost, lambda: f"{len(down.raised())} of {alerts}, {lost} lost")
    assert until(lambda: stage.settled(down), 60) and len(down.raised()) == alerts - lost, len(down.raised())
    raised = [one["id"] for one in paper.of("alert", "raised")]
    newest = raised[-(room * 7 // 8):]  # the others of the room are on their way already
    assert set(newest) <= down.raised(), f"{len(set(newest) - down.raised())} newer ones were given up for older ones"
    assert given_up(paper, "down") == (0, 0, lost), given_up(paper, "down")
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"], lambda: health(paper.records(), "state"))
    written(stage, agent, alerts)
    return f"{lost} of {alerts} lost, said and counted; {on_disk} had found room"


def firsts(stage):
    return dict(stage.rows("SELECT id, first_seen FROM devices"))


@case
def state_damaged(stage):
    """The file becomes garbage: between two runs, and under the daemon's feet."""
    paper, agent = begin(stage)
    before = firsts(stage)
    ids = {one["id"]: one["event_id"] for one in paper.of("alert")}
    state = stage.folder / "state" / "state.db"
    # While it runs: it has all of it in memory, so nothing is lost.
    state.write_bytes(b"garbage " * 4096)
    (stage.folder / "state" / "state.db-wal").write_bytes(b"garbage " * 8192)
    stage.see(range(30, 40))
    agent.wait_alerts(40, 60)
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"], lambda: health(paper.records(), "state"))
    assert "moved to" in health(paper.records(), "state")[0][1], health(paper.records(), "state")
    assert list(state.parent.glob("state.db.damaged-1")), sorted(state.parent.iterdir())
    quiet(stage, agent, 40)
    agent = written(stage, agent, 40)
    after = firsts(stage)
    assert all(after[one] == before[one] for one in before), "first_seen is lost"
    # Between two runs: what the state alone knew is lost, the alerts are told again under the same ids.
    kill(agent)
    for file in (state, state.with_name("state.db-wal")):
        file.write_bytes(b"garbage " * 4096)
    count = len(health(paper.records(), "state"))
    agent = stage.agent()
    wait_for(lambda: len(health(paper.records(), "state")) > count, "a word about the state")
    status, message = health(paper.records(), "state")[count]
    assert status == "degraded" and "moved to" in message and "damaged-2" in message, message
    stage.see(range(40))
    agent.wait_alerts(40, 60)
    quiet(stage, agent, 40)
    check_raised(paper.of("alert"), 40, "paper")
    assert {one["id"]: one["event_id"] for one in paper.of("alert")}.items() >= ids.items(), "known alerts have other ids"
    written(stage, agent, 40)


@contextlib.contextmanager
def locked(stage, mode="NORMAL"):
    """Somebody else writes to the state and does not end; EXCLUSIVE: nor lets anybody read."""
    with contextlib.closing(sqlite3.connect(stage.folder / "state" / "state.db", timeout=30, isolation_level=None)) as other:
        other.execute(f"PRAGMA locking_mode = {mode}")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@case
def state_locked(stage):
    paper, agent = begin(stage)
    before = firsts(stage)
    with locked(stage):
        stage.see(range(30, 40))
        agent.wait_alerts(40, 60)
        wait_for(lambda: statuses(paper.records(), "state") == ["degraded"], lambda: health(paper.records(), "state"))
        assert "locked" in health(paper.records(), "state")[0][1], health(paper.records(), "state")
        quiet(stage, agent, 40)
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"], lambda: health(paper.records(), "state"))
    agent = written(stage, agent, 40)
    one, other = [alert["id"] for alert in stage.alerts()][:2]
    stage.ask("alerts", "suppress", one, "--reason", "in the museum")
    kill(agent)
    # Locked at the start: what is in the state is taken up when the lock is gone, and nothing of it is overwritten.
    with locked(stage, "EXCLUSIVE"):
        agent = stage.agent()
        wait_for(lambda: len(statuses(paper.records(), "state")) == 3, lambda: health(paper.records(), "state"))
        stage.see(range(10, 50))
        agent.wait_alerts(40, 60)
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"] * 2, lambda: health(paper.records(), "state"))
    states = {alert["id"]: alert["state"] for alert in stage.alerts()}
    assert len(states) == 50 and states[one] == "suppressed" and states[other] in ("new", "open"), (len(states), states[one])
    quiet(stage, agent, 50)
    check_raised(paper.of("alert"), 50, "paper")
    written(stage, agent, 50)
    after = firsts(stage)
    assert all(after[device] == before[device] for device in before), "first_seen is lost"


@case
def state_locked_at_start(stage):
    """What an operator does before the state can be read is done to what the state knew, and stays done."""
    paper, agent = begin(stage)
    one, other = sorted(alert["id"] for alert in stage.alerts())[:2]
    stage.ask("alerts", "ack", other, "--reason", "ticket 1")
    kill(agent)
    with contextlib.closing(sqlite3.connect(stage.folder / "state" / "state.db")) as spoiler:
        spoiler.execute("INSERT OR REPLACE INTO meta VALUES('seed', 'nobody wrote this')")
        spoiler.commit()
    with locked(stage, "EXCLUSIVE"):
        agent = stage.agent()
        wait_for(lambda: statuses(paper.records(), "state") == ["degraded"], lambda: health(paper.records(), "state"))
        stage.see(range(30))
        agent.wait_alerts(30, 60)
        stage.ask("alerts", "suppress", one, "--reason", "in the museum")
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "degraded", "ok"],
             lambda: health(paper.records(), "state"))
    assert health(paper.records(), "state")[1][1].startswith("1 entries of the state cannot be read"), health(paper.records(), "state")
    suppressed = f"SELECT count(*) FROM timeline WHERE alert = '{one}' AND reason = 'in the museum'"
    wait_for(lambda: stage.rows(suppressed) == [(1,)], lambda: f"the state holds {stage.rows(suppressed)}")
    for _ in range(2):
        states = {alert["id"]: alert["state"] for alert in stage.alerts()}
        assert len(states) == 30 and states[one] == "suppressed" and states[other] == "acknowledged", states
        story = json.loads(stage.ask("alerts", "show", one, "--format", "json"))
        assert [event["event"] for event in story["timeline"]] == ["raised", "suppressed"], story["timeline"]
        kill(agent)
        agent = stage.agent()
    check_raised(paper.of("alert"), 30, "paper")


@case
def state_of_another(stage):
    """A second daemon with the same state says so before it touches a spool."""
    web = Web(stage, kinds="[alert]")
    stage.outputs(web)
    agent = stage.agent()
    stage.see(range(10))
    agent.wait_alerts(10, 60)
    wait_for(lambda: stage.output("web").get("waiting") == 10, lambda: stage.output("web"))
    code, told = stage.agent(ready=0).wait()
    assert code == 1 and told[-1].endswith("another agent keeps its state here"), (code, told)
    web.start()
    wait_for(lambda: len(web.raised()) == 10, lambda: f"{len(web.raised())} of 10")
    check_raised(web.of("alert"), 10, "web")


@case
def state_deleted(stage):
    """Somebody removes the files, then the whole directory, while the daemon runs."""
    paper, agent = begin(stage)
    before = firsts(stage)
    for file in (stage.folder / "state").glob("state.db*"):
        file.unlink()
    stage.see(range(30, 40))
    agent.wait_alerts(40, 60)
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"], lambda: health(paper.records(), "state"))
    quiet(stage, agent, 40)
    agent = written(stage, agent, 40)
    after = firsts(stage)
    assert all(after[one] == before[one] for one in before), "first_seen is lost"
    shutil.rmtree(stage.folder / "state")
    stage.see(range(40, 50))
    agent.wait_alerts(10, 60)
    wait_for(lambda: statuses(paper.records(), "state") == ["degraded", "ok"] * 2, lambda: health(paper.records(), "state"))
    wait_for(lambda: len(paper.raised()) == 50, "the alerts at the output whose spool is gone")
    ended = agent.end(signal.SIGTERM)
    assert ended.code == 0 and ended.seconds < 3, ended
    agent = stage.agent()
    assert len(stage.alerts()) == 50, len(stage.alerts())
    quiet(stage, agent, 50)
    check_raised(paper.of("alert"), 50, "paper")


@case
def inventory_full(stage):
    """Of flagged devices, for which none gives way: it is told once, and counted."""
    paper, agent = begin(stage, count=16, more="limits: {devices: 16}\n")
    for _ in range(3):
        stage.see(range(14, 20))
    wait_for(lambda: statuses(paper.records(), "bounds", "devices") == ["degraded"], lambda: health(paper.records(), "bounds"))
    bounds = stage.status()["bounds"]
    assert bounds["devices_refused"] == 4 and bounds["alerts_refused"] == 0, bounds
    assert "4 devices refused" in stage.ask("status"), stage.ask("status")
    written(stage, agent, 16)


@case
def inventory_without_state(stage):
    """No state directory at all is no fault: nothing is said of it."""
    stage.write("t.yaml", "taps: [{interface: tap0, name: north}]\npolicies: [us-ndaa-889]\n")
    agent = stage.agent()
    stage.send_all([broadcast(huawei(1)), broadcast(innocent(1))])
    agent.wait_alerts(1, 60)
    assert not agent.logged("state:"), agent.told()
