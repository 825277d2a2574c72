# SPDX-License-Identifier: Apache-2.0
"""One device before two taps: one alert, whose absences, places and authorisations are those of both."""

import signal
import time

from ends import File
from fault_stage import kill, wait_for
from stage import broadcast, case, huawei
from wires import Flood, cable

NORTH = "  - {supplier: huawei, site: north, by: ada, reason: exhibits}\n"
SOUTH = "  - {supplier: huawei, site: south, by: bob, reason: exhibits}\n"


def two_taps(stage, more):
    cable(stage.taps, "tap1", stage.far, "far1")
    stage.south = stage.far.socket("far1")
    paper = File(stage, kinds="[alert]")
    stage.outputs(paper, more=more)
    text = (stage.folder / "t.yaml").read_text()
    stage.write("t.yaml", text.replace("name: north}", "name: north}, {interface: tap1, name: south}"))
    return paper


@case
def authorised_in_one_of_two_places(stage):
    """It is authorised where both are, and neither restarts, kills nor reloads make more of it."""
    stage.write("may.yaml", "authorisations:\n" + NORTH)
    paper = two_taps(stage, "alerts: {stdout: false, gather: 0s, authorisations: [may.yaml]}\n")
    agent = stage.agent(ready=2)

    def states():
        return sorted(alert["state"] for alert in stage.alerts())

    for number in range(3):
        stage.raw.send(broadcast(huawei(number)))
    wait_for(lambda: states() == ["authorised"] * 3, states)
    for number in range(3):
        stage.south.send(broadcast(huawei(number)))
    wait_for(lambda: states() == ["reopened"] * 3, states)

    def story():
        return sorted((one["event"], one["device"]["macs"][0]) for one in paper.of("alert"))

    def silent(expected):
        """Whatever is done without a word on the wire, nothing is told."""
        nonlocal agent
        for end in (lambda: agent.end(signal.SIGTERM), lambda: kill(agent), lambda: kill(agent)):
            end()
            agent = stage.agent(ready=2)
            stage.ask("reload")
            time.sleep(1.5)
            assert story() == expected, (story(), expected)

    told = sorted((event, huawei(number)) for event in ("raised", "authorised", "reopened") for number in range(3))
    wait_for(lambda: story() == told, story)
    silent(told)
    stage.write("may.yaml", "authorisations:\n" + NORTH + SOUTH)
    stage.ask("reload")
    told = sorted(told + [("authorised", huawei(number)) for number in range(3)])
    wait_for(lambda: story() == told, story)
    silent(told)
    assert states() == ["authorised"] * 3, states()


@case
def absent_from_two_taps(stage):
    paper = two_taps(stage, "alerts: {stdout: false, absence: 4s, gather: 0s}\nnovelty: {hold: 1s}\n")
    stage.agent(ready=2)

    def story(number):
        return [one["event"] for one in paper.of("alert") if one["device"]["macs"] == [huawei(number)]]

    gone, stays = broadcast(huawei(1)), broadcast(huawei(2))
    for frame in (gone, stays):
        stage.raw.send(frame)
        stage.south.send(frame)
    for number in (1, 2):
        wait_for(lambda number=number: len(story(number)) == 2, lambda number=number: story(number))
    north = Flood(stage.raw, [stays], rate=10)
    time.sleep(7)
    for tap in (stage.raw, stage.south):
        tap.send(gone)
        tap.send(stays)
    wait_for(lambda: len(story(1)) == 3, lambda: story(1))
    time.sleep(2.5)
    north.end()
    assert story(1) == ["raised", "updated", "returned"], story(1)
    assert story(2) == ["raised", "updated"], story(2)  # never gone from the north
