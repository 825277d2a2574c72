# SPDX-License-Identifier: Apache-2.0
"""Sinks that are down, silent or behind a spool that is full: capture goes on, other outputs go on, nothing is lost that
there is room for, and what there is none for is inventory first, counted and said."""

import json
import shutil
import statistics
import time

from ends import File, Kafka, Silent, Syslog, Web
from fault_stage import PATIENCE, check_raised, given_up, health, kill, statuses, wait_for
from http_peers import answer
from stage import broadcast, case, huawei, innocent
from wires import Flood, until

GROWTH_MAX = 64 << 10  # KiB of memory that three outages may cost


class Traffic:
    """Frames of many devices, round and round, and among them new Huawei devices all the time."""

    def __init__(self, stage, rate, first, fresh):
        crowd = [broadcast(innocent(number)) for number in range(1000)]
        step = max(1, rate // fresh)
        self.fresh = 0

        def frames():
            number = first
            while True:
                for at, frame in enumerate(crowd):
                    if at % step == 0:
                        yield broadcast(huawei(number))
                        number += 1
                        self.fresh = number - first
                    yield frame

        self.flood = Flood(stage.raw, frames(), rate)

    def end(self):
        self.flood.end()
        return self.fresh


@case
def three_outputs_down(stage):
    paper = File(stage, kinds="[alert, health]")
    ends = [Web(stage), Syslog(stage), Kafka(stage)]
    for end in [paper, *ends]:
        end.start()
    stage.configure("")
    stage.outputs(paper, *ends, more="alerts: {stdout: false}\n")
    text = (stage.folder / "t.yaml").read_text()
    stage.write("t.yaml", text.replace("name: north}", "name: north, buffer: 64MiB}"))
    agent, alerts = stage.agent(), 0

    def tap():
        status = stage.status()["taps"][0]
        return status["dropped"], status["observations_dropped"]

    def run(rate, seconds):
        """What was dropped meanwhile."""
        nonlocal alerts
        before = tap()
        traffic = Traffic(stage, rate, alerts, 100)
        time.sleep(seconds)
        alerts += traffic.end()
        wait_for(lambda: len(paper.raised()) == alerts, lambda: f"{len(paper.raised())} of {alerts} alerts")
        after = tap()
        return after[0] - before[0], after[1] - before[1]

    rate = next((rate for rate in (10000, 5000, 2500, 1000, 500) if run(rate, 3) == (0, 0)), None)
    assert rate, "it loses frames however few there are"
    assert run(rate, 8) == (0, 0), "it loses frames with all outputs up"
    for end in (ends[0], ends[1]):
        wait_for(lambda end=end: len(end.raised()) == alerts, lambda end=end: f"{end.name}: {len(end.raised())} of {alerts}")
    before = agent.memory()
    down_from = alerts
    for end in ends:
        end.stop()
    lost = run(rate, 12)
    assert lost == (0, 0), f"with its outputs down it lost {lost} frames and observations"
    for end in ends:
        wait_for(lambda end=end: statuses(paper.records(), "output", end.name) == ["degraded"],
                 lambda end=end: f"{end.name}: {health(paper.records(), 'output', end.name)}")
    grown = agent.memory() - before
    assert grown < GROWTH_MAX, f"{grown} KiB more"
    assert len(ends[0].raised()) == down_from, "the web server was not down"
    for end in ends:
        end.start()
    for end in ends[:2]:
        wait_for(lambda end=end: len(end.raised()) == alerts, lambda end=end: f"{end.name}: {len(end.raised())} of {alerts}")
    for end in ends:
        wait_for(lambda end=end: statuses(paper.records(), "output", end.name) == ["degraded", "ok"],
                 lambda end=end: f"{end.name}: {health(paper.records(), 'output', end.name)}")
    assert run(rate, 3) == (0, 0), "it loses frames afterwards"
    ended = agent.end()
    assert ended.code == 0, ended
    wait_for(lambda: all(len(end.raised()) >= alerts for end in ends[:2]), "the last")
    for end in [paper, *ends[:2]]:
        check_raised(end.of("alert"), alerts, end.name)
    check_raised([one for one in ends[2].records(wanted=alerts) if one["kind"] == "alert"], alerts, "topic")
    return f"{rate} frames/s without loss, {alerts - down_from} of {alerts} alerts since they fell; {grown} KiB more"


@case
def silent_sink(stage):
    """Three outputs to servers that take a connection and never answer: web, syslog and Kafka."""
    paper, web, log = File(stage, kinds="[alert, health]"), Web(stage, answer_timeout="5s"), Syslog(stage, timeout="5s")
    mute = Silent(stage, 0)
    port = mute.listener.getsockname()[1]
    mutes = [mute, Silent(stage, log.port)]
    web.start(silent=True)
    stage.outputs(paper, web, log, more="alerts: {stdout: false}\n")
    with open(stage.folder / "t.yaml", "a") as file:
        file.write(f'  - {{type: kafka, name: topic, brokers: "127.0.0.1:{port}", topic: a, timeout: 5s}}\n')
    agent, delays = stage.agent(), []
    for number in range(40):
        begun = time.monotonic()
        stage.see([number])
        wait_for(lambda number=number: len(paper.raised()) == number + 1, "an alert at the output that works")
        delays.append(time.monotonic() - begun)
        time.sleep(0.1)
    typical = statistics.median(delays)
    assert typical < 2, f"with silent sinks beside it, an alert took {typical:.1f} s"
    for name in ("web", "log", "topic"):
        wait_for(lambda name=name: statuses(paper.records(), "output", name) == ["degraded"],
                 lambda name=name: f"{name}: {health(paper.records(), 'output', name)}")
    ended = agent.end()
    assert ended.code == 0 and ended.seconds < 2, f"it took {ended.seconds:.1f} s to end"
    assert not web.raised() and not log.raised(), "the silent ones were not silent"
    agent = stage.agent()
    stage.see(range(40, 60))
    wait_for(lambda: len(paper.raised()) == 60, "alerts of the second run")
    web.stop()
    for one in mutes:
        one.stop()
    web.start()
    log.start()
    for end in (web, log):
        wait_for(lambda end=end: len(end.raised()) == 60, lambda end=end: f"{end.name}: {len(end.raised())} of 60")
        check_raised(end.of("alert"), 60, end.name)
    wait_for(lambda: statuses(paper.records(), "output", "web")[-1] == "ok", lambda: health(paper.records(), "output", "web"))
    assert until(lambda: stage.settled(web, log), PATIENCE)
    for end in (web, log):
        again = len(end.of("alert")) - 60
        assert again == 0, f"{end.name}: {again} records came twice, though no attempt of the silent ones was read"
    return f"{typical * 1000:.0f} ms to an alert beside them; ended in {ended.seconds:.1f} s"


SNAPSHOTS = "alerts: {stdout: false}\nsnapshot: {interval: 1s}\n"


@case
def spool_at_its_bound(stage):
    """A sink that is down while the inventory is written again and again: devices make room for alerts."""
    paper = File(stage, kinds="[alert, health, summary]")
    web = Web(stage, kinds="[alert, device, health]", spool_size="1MiB", queue=200)
    stage.outputs(paper, web, more=SNAPSHOTS)
    agent, alerts = stage.agent(), 0
    stage.send_all([broadcast(innocent(number)) for number in range(400)], rate=2000)
    for _ in range(6):  # some of them before the bound is reached, some behind it
        stage.see(range(alerts, alerts + 25))
        alerts += 25
        time.sleep(1.5)
    wait_for(lambda: len(paper.raised()) == alerts, "the alerts")
    wait_for(lambda: given_up(paper, "web")[0] > 0, "inventory records given up")
    stage.see(range(alerts, alerts + 10))
    alerts += 10
    wait_for(lambda: len(paper.raised()) == alerts, "the last alerts")
    devices = given_up(paper, "web")[0]
    wait_for(lambda: given_up(paper, "web")[0] > devices, "more of them given up")
    devices = given_up(paper, "web")
    assert devices[1:] == (0, 0), devices
    size = sum(file.stat().st_size for file in (stage.folder / "state/spool/web").iterdir())
    assert size <= (1 << 20) * 9 // 8, f"the spool has {size} octets"
    kill(agent)
    agent = stage.agent()
    web.start()
    wait_for(lambda: len(web.raised()) == alerts, lambda: f"{len(web.raised())} of {alerts}")
    check_raised(web.of("alert"), alerts, "web")
    assert web.of("device"), "no inventory came at all"
    assert given_up(paper, "web")[1:] == (0, 0), given_up(paper, "web")
    return f"{devices[0]} inventory records given up, no alert of {alerts}"


@case
def spool_full_of_alerts(stage):
    """Nothing but alerts, and more than there is room for: the oldest go, each of them counted."""
    paper = File(stage, kinds="[alert, health, summary]")
    web = Web(stage, kinds="[alert]", spool_size="1MiB", queue=200)
    stage.outputs(paper, web, more=SNAPSHOTS)
    stage.agent()
    alerts = 1000
    stage.see(range(alerts), rate=1000)
    wait_for(lambda: len(paper.raised()) == alerts, lambda: f"{len(paper.raised())} of {alerts}")
    at = len(paper.of("summary"))
    wait_for(lambda: len(paper.of("summary")) > at + 1, "a summary of them")
    devices, others, lost = given_up(paper, "web")
    assert (devices, lost) == (0, 0) and 0 < others < alerts, (devices, others, lost)
    web.start()
    wait_for(lambda: len(web.raised()) == alerts - others, lambda: f"{len(web.raised())} of {alerts}, {others} given up")
    assert until(lambda: stage.settled(web), PATIENCE)
    assert len(web.raised()) == alerts - others and given_up(paper, "web") == (0, others, 0), given_up(paper, "web")
    raised = [one["id"] for one in paper.of("alert", "raised")]
    assert set(raised[-100:]) <= web.raised(), "new ones were given up for old ones"
    return f"{others} of {alerts} given up, all of them counted"


@case
def losses_are_told(stage):
    """The same to operators: in the status, also after a restart, and once in a word of the agent's health."""
    paper = File(stage, kinds="[alert, health, summary]")
    web = Web(stage, kinds="[alert, device]", spool_size="1MiB", queue=200)
    stage.outputs(paper, web, more=SNAPSHOTS)
    agent = stage.agent()
    stage.send_all([broadcast(innocent(number)) for number in range(400)], rate=2000)
    stage.see(range(10))
    wait_for(lambda: given_up(paper, "web")[0] > 0, "inventory records given up")
    wait_for(lambda: "degraded" in statuses(paper.records(), "spool", "web"), "a word of the losses")
    said = health(paper.records(), "spool", "web")
    assert len(said) == 1 and "inventory records" in said[0][1], said
    time.sleep(12)  # what became of records is written down every ten seconds
    kill(agent)
    stage.agent()
    told = stage.output("web")
    assert told["dropped_devices"] > 0 and told["dropped_alerts"] == told["lost"] == 0 < told["waiting"], told
    assert "lost" in next(line for line in stage.ask("status").splitlines() if "web" in line), stage.ask("status")
    web.start()
    wait_for(lambda: stage.output("web")["delivered"] > 0 and len(web.raised()) == 10, lambda: stage.output("web"))


class Moody(Web):
    """A web server that answers as a case says: a status for each request."""

    def __init__(self, stage, says, **more):
        super().__init__(stage, **more)
        self.says, self.refused = says, 0

    def take(self, request):
        status = self.says(request)
        if status == 200:
            return super().take(request)
        self.refused += 1
        return answer(status)


@case
def flapping_sink(stage):
    """One that answers 200 and 503 in turn is told of once: words about it are not what it fails by."""
    turns = []

    def says(_):
        turns.append(1)
        return 503 if len(turns) % 2 == 0 and len(turns) < 60 else 200

    paper, web = File(stage, kinds="[alert, health]"), Moody(stage, says, kinds="[alert, health]", batch=1)
    web.start()
    stage.outputs(paper, web, more="alerts: {stdout: false}\n")
    stage.agent()
    stage.see(range(20))
    wait_for(lambda: len(web.raised()) == 20, lambda: f"{len(web.raised())} of 20")
    assert web.refused >= 10, web.refused
    assert statuses(paper.records(), "output", "web") == ["degraded"], health(paper.records(), "output", "web")
    assert stage.output("web")["status"] == "degraded", stage.output("web")
    # What else comes of it comes once in ten seconds at most, and ever more seldom.
    time.sleep(25)
    told = statuses(paper.records(), "output", "web")
    assert told in (["degraded", "ok"], ["degraded", "ok", "degraded"]), health(paper.records(), "output", "web")
    return f"{len(told)} words of it in {len(turns)} requests"


@case
def one_record_has_batches_fail(stage):
    """The server fails at whatever batch has a certain record: the others get through, and that one is set aside."""
    bad = huawei(3)

    def says(request):
        return 500 if any(bad in one.get("device", {}).get("macs", []) for one in request.lines()) else 200

    paper = File(stage, kinds="[alert, health, summary]")
    web = Moody(stage, says, kinds="[alert]", attempts=3)
    web.start()
    stage.outputs(paper, web, more=SNAPSHOTS)
    agent = stage.agent()
    stage.see(range(50))
    wait_for(lambda: len(web.raised()) == 49, lambda: f"{len(web.raised())} of 49")
    seen = 50
    while not stage.output("web")["set_aside"]:
        assert seen < 150, "it is not set aside"
        stage.see([seen])
        seen += 1
        wait_for(lambda: len(web.raised()) == seen - 1, lambda: f"{len(web.raised())} of {seen - 1}")
    wait_for(lambda: "set aside" in health(paper.records(), "output", "web")[-1][1], lambda: health(paper.records(), "output"))
    (stands,) = [json.loads(line) for line in open(stage.folder / "state/spool/web/set-aside.jsonl")]
    assert bad in stands["record"]["device"]["macs"] and "500" in stands["error"], stands
    assert agent.end().code == 0
    check_raised(web.of("alert"), seen - 1, "web")
    return f"{web.refused} requests failed by it"


@case
def all_set_aside(stage):
    """A server that refuses all for good: that is told, by a word, in the log and in the status, and is no delivery."""
    paper, web = File(stage, kinds="[alert, health, summary]"), Moody(stage, lambda _: 400, kinds="[alert]")
    stage.outputs(paper, web, more=SNAPSHOTS)
    agent = stage.agent()
    stage.see(range(3))
    wait_for(lambda: statuses(paper.records(), "output", "web") == ["degraded"], lambda: health(paper.records(), "output"))
    web.start()
    wait_for(lambda: stage.output("web")["set_aside"] == 3, lambda: stage.output("web"))
    wait_for(lambda: len(health(paper.records(), "output", "web")) == 2, lambda: health(paper.records(), "output"))
    time.sleep(11)  # in which it would be said to be well
    told = health(paper.records(), "output", "web")
    assert [status for status, _ in told] == ["degraded"] * 2, told
    assert told[1][1].startswith("3 set aside and not delivered, the last of them: ") and "400" in told[1][1], told
    assert stage.output("web")["status"] == "degraded" and "3 set aside" in stage.ask("status"), stage.ask("status")
    assert agent.logged("error output web: 3 set aside and not delivered") == 1, agent.told()


@case
def orphaned_spools(stage):
    """An output that is renamed leaves what was not delivered: that is told, and shown, and delivered once it is called so again."""
    web = Web(stage, kinds="[alert]")
    stage.outputs(web, more="alerts: {stdout: false}\n")
    agent = stage.agent()
    stage.see(range(5))
    wait_for(lambda: stage.output("web").get("waiting") == 5, lambda: stage.output("web"))
    assert agent.end().code == 0
    paper = File(stage, kinds="[health]")
    stage.outputs(paper, more="alerts: {stdout: false}\n")
    agent = stage.agent()
    wait_for(lambda: statuses(paper.records(), "spool", "web") == ["degraded"], lambda: health(paper.records(), "spool"))
    assert "5 records wait" in health(paper.records(), "spool", "web")[0][1], health(paper.records(), "spool")
    assert stage.output("web")["waiting"] == 5 and stage.output("web")["status"] == "degraded", stage.output("web")
    assert "spool web: degraded, 5 records wait" in stage.ask("status"), stage.ask("status")
    assert agent.logged("spool web: 5 records wait") == 1, agent.told()
    agent.end()
    stage.outputs(more="alerts: {stdout: false}\n")
    agent = stage.agent()
    assert stage.output("web")["waiting"] == 5, stage.status()["outputs"]
    assert agent.logged("spool web: 5 records wait") == 1, agent.told()
    agent.end()
    web.start()
    stage.outputs(web, more="alerts: {stdout: false}\n")
    stage.agent()
    wait_for(lambda: len(web.raised()) == 5, lambda: f"{len(web.raised())} of 5")
    check_raised(web.of("alert"), 5, "web")


@case
def state_directory_removed(stage):
    """With all that is in it, while a sink is down: the spool is made again, and keeps what comes after that over a kill."""
    web = Web(stage, kinds="[alert]")
    stage.outputs(web, more="alerts: {stdout: false}\n")
    agent = stage.agent()
    stage.see(range(3))
    wait_for(lambda: stage.output("web")["waiting"] == 3, lambda: stage.output("web"))
    shutil.rmtree(stage.folder / "state/spool")
    stage.see(range(3, 8))
    wait_for(lambda: stage.output("web")["waiting"] == 8, lambda: stage.output("web"))
    kill(agent)
    stage.agent()
    web.start()
    wait_for(lambda: len(web.raised()) == 5, lambda: f"{len(web.raised())} of 5")
