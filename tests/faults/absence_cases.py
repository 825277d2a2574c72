# SPDX-License-Identifier: Apache-2.0
"""Devices that go and come back, with the agent killed between: absence is the device's, not the agent's."""

import time

from ends import File
from fault_stage import kill, wait_for
from stage import broadcast, case, huawei
from wires import Flood


@case
def gone_and_back(stage):
    """Gone for longer than alerts.resolve_after is one resolved event, back is one returned event, and a kill between makes
    neither a second one nor the first one lost."""
    paper = File(stage, kinds="[alert]")
    stage.outputs(paper, more="alerts: {stdout: false, absence: 3s, resolve_after: 8s, gather: 0s}\n"
                  "novelty: {hold: 1s}\n")
    one, other = broadcast(huawei(1)), broadcast(huawei(2))

    def story(number=1):
        mac = huawei(number)
        return [event["event"] for event in paper.of("alert") if event["device"]["macs"] == [mac]]

    agent = stage.agent()
    stay = Flood(stage.raw, [other], rate=50)  # is there all the time: nothing of it is ever told but its beginning
    stage.raw.send(one)
    wait_for(lambda: story() == ["raised"], story)
    wait_for(lambda: story() == ["raised", "resolved"], story)
    stage.raw.send(one)
    wait_for(lambda: story() == ["raised", "resolved", "returned"], story)
    # Resolved, killed, back: what an earlier run ended is taken up once.
    wait_for(lambda: len(story()) == 4, story)
    kill(agent)
    agent = stage.agent()
    time.sleep(2)
    assert story() == ["raised", "resolved", "returned", "resolved"], story()
    stage.raw.send(one)
    wait_for(lambda: len(story()) == 5, story)
    # Gone, killed before it counts as gone: the time that nobody listened is no absence.
    time.sleep(1)
    kill(agent)
    time.sleep(5)
    agent = stage.agent()
    stage.raw.send(one)
    time.sleep(1.5)
    assert story() == ["raised", "resolved", "returned", "resolved", "returned"], story()
    # Absent for longer than alerts.absence, not yet resolved: it has returned, once.
    time.sleep(4.5)
    for _ in range(100):
        stage.raw.send(one)
    wait_for(lambda: len(story()) == 6, story)
    kill(agent)
    agent = stage.agent()
    for _ in range(100):
        stage.raw.send(one)
    time.sleep(1.5)
    stay.end()
    assert story() == ["raised", "resolved", "returned", "resolved", "returned", "returned"], story()
    assert story(2) == ["raised"], story(2)
    ids = [event["event_id"] for event in paper.of("alert")]
    assert len(set(ids)) == len(ids) == 7, ids
    states = [event["state"] for event in paper.of("alert") if event["device"]["macs"] == [huawei(1)]]
    assert states == ["new", "resolved", "reopened", "resolved", "reopened", "reopened"], states
    timeline = [row[0] for row in stage.rows(
        "SELECT timeline.id FROM timeline JOIN alerts ON alert = alerts.id ORDER BY alerts.raised, place")]
    assert sorted(timeline) == sorted(ids), (timeline, ids)
