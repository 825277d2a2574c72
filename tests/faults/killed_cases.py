# SPDX-License-Identifier: Apache-2.0
"""The daemon killed without warning, again and again, while alerts are under way: each of them arrives, and under one id
however often."""

import os
import random
import time

from ends import File, Syslog, Web
from fault_stage import PATIENCE, check_order, check_raised, kill, wait_for
from stage import broadcast, case, huawei, sadp
from wires import Flood, until

ALERTS, KILLS, TALKERS = 10000, 50, 500


def camera(number):
    return "44:19:b6:" + number.to_bytes(3, "big").hex(":")


@case
def killed_at_random_points(stage):
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    dice = random.Random(seed)
    ends = [File(stage, kinds="[alert]"), Web(stage, kinds="[alert]"), Syslog(stage, kinds="[alert]")]
    for end in ends:
        end.start()
    stage.outputs(*ends, more="alerts: {stdout: false, gather: 0s}\n")
    # Cameras also talk: a second event in the life of their alerts.
    crowd = [broadcast(huawei(number)) for number in range(ALERTS - TALKERS)]
    crowd += [broadcast(camera(number)) for number in range(TALKERS)]
    talk = [sadp(camera(number), f"10.20.{number // 250}.{number % 250 + 1}", f"DS-2CD2143G2-I20210422AAWRF{number:08}") for number in range(TALKERS)]
    everything = crowd + talk
    dice.shuffle(everything)
    flood = Flood(stage.raw, everything, rate=300)
    restoring, raised_at_half = 0, 0
    for number in range(KILLS):
        agent = stage.agent(ready=0)
        stage.agents.remove(agent)
        if number % 3:
            assert until(lambda agent=agent: agent.logged("listening on") or agent.process.poll() is not None, PATIENCE)
            time.sleep(dice.uniform(0, 1.6))
        else:
            time.sleep(dice.uniform(0, 0.8))
        assert agent.process.poll() is None, f"seed {seed}: it ended by itself: {agent.told()}"
        restoring += not agent.logged("listening on")
        kill(agent)
        if number == KILLS // 2:
            raised_at_half = len(ends[0].raised())
    flood.end()
    before = len(ends[0].raised())
    agent = stage.agent()
    for _ in range(3):
        stage.send_all(crowd)
        if until(lambda: stage.status()["flagged"] == ALERTS, 10, pause=0.5):
            break
    stage.send_all(talk)
    wait_for(lambda: all(len(end.raised()) == ALERTS for end in ends),
             lambda: f"seed {seed}: of {ALERTS} alerts began {[len(end.raised()) for end in ends]}; {agent.told()[-500:]}")
    told = {(row[0], row[1]) for row in stage.rows("SELECT alert, id FROM timeline WHERE told = 1")}

    def arrived(end):
        return {(one["id"], one["event_id"]) for one in end.of("alert")}

    assert until(lambda: stage.settled(*ends), PATIENCE), [len(end.records()) for end in ends]
    told = {(row[0], row[1]) for row in stage.rows("SELECT alert, id FROM timeline WHERE told = 1")}
    for end in ends:
        records = end.of("alert")
        where = f"seed {seed}: {end.name}"
        check_raised(records, ALERTS, where)
        check_order(records, where)
        found = arrived(end)
        assert found >= told, f"{where}: {len(told - found)} events of the timeline never arrived"
        assert {one["event"] for one in records} == {"raised", "updated"}, f"{where}: {set(one['event'] for one in records)}"
    assert len(told) > ALERTS, "no camera's talk was an event"
    assert 0 < raised_at_half < before, f"nothing was under way: {raised_at_half} at half, {before} at the end"
    assert ends[0].torn <= KILLS, f"{ends[0].torn} lines of the file are no JSON, of {KILLS} kills"
    twice = [len(end.of("alert", "raised")) - ALERTS for end in ends]
    # Once more, with all of them seen again: nothing more is told.
    counts = [len(end.records()) for end in ends]
    kill(agent)
    agent = stage.agent()
    stage.send_all(crowd + talk)
    wait_for(lambda: stage.status()["taps"][0]["received"] >= len(crowd + talk), "all frames")
    assert stage.status()["flagged"] == ALERTS, stage.status()
    time.sleep(1)
    assert [len(end.records()) for end in ends] == counts, \
        f"seed {seed}: {[len(end.records()) for end in ends]} records after one more start, {counts} before"
    return (f"seed {seed}: {KILLS} kills, {restoring} of them while it started; {before} alerts had arrived by then; "
            f"told again {twice}; {ends[0].torn} lines torn")
