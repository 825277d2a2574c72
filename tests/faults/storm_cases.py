# SPDX-License-Identifier: Apache-2.0
"""Much at once: a million packets are one alert, and under storm control every event is told by itself or stands in a
digest, none in both."""

import time

from ends import File
from fault_stage import PATIENCE, kill, wait_for
from stage import broadcast, case, huawei
from wires import until

DEVICES, BURST = 500, 20
POLICIES = {"us-ndaa-889", "us-fcc-covered-list"}


def by_policy(paper):
    """Of each policy: alerts that were raised one by one, and events in digests."""
    told = {policy: 0 for policy in POLICIES}
    held = dict(told)
    for one in paper.of("alert", "raised"):
        told[one["policy"]["id"]] += 1
    for digest in paper.of("digest"):
        for policy in digest["policies"]:
            held[policy["id"]] += policy["count"]
        assert digest["held_back"] == sum(policy["count"] for policy in digest["policies"]), digest
        assert len(digest["alerts"]) + digest["alerts_omitted"] == digest["held_back"], digest
    return told, held


def check_sums(paper, devices):
    told, held = by_policy(paper)
    assert {policy: told[policy] + held[policy] for policy in POLICIES} == dict.fromkeys(POLICIES, devices), (told, held)
    in_digests = [alert for digest in paper.of("digest") for alert in digest["alerts"]]
    assert len(set(in_digests)) == len(in_digests), "an alert stands in two digests"
    assert not set(in_digests) & paper.raised(), "an alert was told and stands in a digest too"
    assert len(set(in_digests) | paper.raised()) == devices * len(POLICIES)
    return told, held


@case
def storm_digest(stage):
    paper = File(stage, kinds="[alert, digest]")
    stage.outputs(paper, policies="", more="alerts: {stdout: false}\n",
                  storm=f"storm: {{policy_burst: {BURST}, policy_rate: 1, burst: 1000, rate: 1, digest: 5s}}\n")
    agent = stage.agent()
    stage.see(range(DEVICES))
    wait_for(lambda: stage.status()["flagged"] == DEVICES, "all devices")
    wait_for(lambda: sum(sum(part.values()) for part in by_policy(paper)) >= DEVICES * 2, lambda: by_policy(paper))
    told, held = check_sums(paper, DEVICES)
    assert all(BURST <= told[policy] <= BURST + 5 for policy in POLICIES), told
    # An operator's answer is told however great the storm, of an alert told and of one in a digest.
    ids = [paper.of("alert", "raised")[0]["id"], paper.of("digest")[0]["alerts"][0]]
    stage.ask("alerts", "ack", *ids, "--reason", "seen")
    wait_for(lambda: sorted(one["id"] for one in paper.of("alert", "acknowledged")) == sorted(ids), "the answers")
    # Held back and killed before the digest is due: it stands in the next run's.
    digests, more = len(paper.of("digest")), 40
    stage.see(range(DEVICES, DEVICES + more))
    wait_for(lambda: stage.status()["flagged"] == DEVICES + more, "more devices")
    wait_for(lambda: stage.rows("SELECT count(*) FROM alerts")[0][0] == 2 * (DEVICES + more), "all of them in the state")
    kill(agent)
    early = len(paper.of("digest")) - digests
    agent = stage.agent()
    wait_for(lambda: sum(sum(part.values()) for part in by_policy(paper)) >= (DEVICES + more) * 2, lambda: by_policy(paper))
    check_sums(paper, DEVICES + more)
    # And at its end it says at once what it holds.
    stage.see(range(DEVICES + more, DEVICES + 2 * more))
    wait_for(lambda: stage.status()["flagged"] == DEVICES + 2 * more, "still more devices")
    assert agent.end().code == 0
    check_sums(paper, DEVICES + 2 * more)
    count = len(paper.records())
    stage.agent()
    stage.see(range(DEVICES + 2 * more))
    time.sleep(7)
    assert len(paper.records()) == count, paper.records()[count:]
    assert stage.rows("SELECT count(*) FROM timeline WHERE held != 0") == [(0,)], "something counts as held for ever"
    return f"{told} told, {held} in digests; {'digest came early' if early else 'killed before the digest'}"


@case
def a_million_packets(stage):
    paper = File(stage, kinds="[alert, summary]")
    stage.outputs(paper, more="alerts: {stdout: false}\nsnapshot: {interval: 5s}\n", policies="")
    agent = stage.agent()
    one = broadcast(huawei(1))
    begun = time.monotonic()
    stage.send_often(one, 1000000)
    seconds = time.monotonic() - begun

    def numbers():
        return stage.status()["taps"][0]

    wait_for(lambda: numbers()["received"] >= 1000000, lambda: numbers())
    tap = numbers()
    assert tap["received"] == 1000000 == tap["packets"] + tap["dropped"], tap
    assert tap["observations_dropped"] == 0, tap
    assert until(lambda: stage.settled(paper), PATIENCE)
    events = sorted((one["policy"]["id"], one["event"]) for one in paper.of("alert"))
    assert events == [("us-fcc-covered-list", "raised"), ("us-ndaa-889", "raised")], events
    wait_for(lambda: any(one["received"] == 1000000 for one in paper.of("summary")), "a summary of them")
    summary = next(one for one in paper.of("summary") if one["received"] == 1000000)
    assert summary["received"] == summary["packets"] + summary["dropped"], summary
    assert summary["packets"] == summary["decoded"] + sum(summary["undecoded"].values()), summary
    assert (summary["devices"], summary["flagged"], summary["alerts"]) == (1, 1, 2), summary
    dropped = tap["dropped"]
    for _ in range(2):
        kill(agent)
        agent = stage.agent()
        stage.send_often(one, 10000)
        wait_for(lambda: numbers()["received"] == 10000, lambda: numbers())
    time.sleep(1)
    assert len(paper.of("alert")) == 2, paper.of("alert")[2:]
    assert [alert["state"] for alert in stage.alerts()] == ["new", "new"], stage.alerts()
    return f"{1000000 / seconds:.0f} frames/s, {dropped} dropped by the kernel"
