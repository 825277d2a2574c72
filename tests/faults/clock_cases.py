# SPDX-License-Identifier: Apache-2.0
"""The clock set back and forward under the daemon, by libfaketime and stamps.cpp beside it: nobody becomes absent by it and nobody returns."""

import datetime
import glob
import time

from agent import snapshot
from ends import BUILD, File, Web
from fault_stage import check_raised, health, kill, wait_for
from stage import Skip, case, huawei

DAY = 86400
STEPS = ((-DAY, "back"), (2 * DAY, "forward"), (-DAY, "back"))


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@case
def clock_steps(stage):
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        raise Skip("needs libfaketime")
    fake = stage.write("faketime", "+0\n")
    wrapper = ["env", f"LD_PRELOAD={found[0]}:{BUILD / 'tests' / 'libstamps.so'}", f"FAKETIME_TIMESTAMP_FILE={fake}", "FAKETIME_CACHE_DURATION=1",
               "DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
    paper, web = File(stage, kinds="[alert, health]"), Web(stage, kinds="[alert]")
    stage.outputs(paper, web, more="alerts: {stdout: false, absence: 1h, resolve_after: 12h, gather: 0s}\n"
                                   "novelty: {hold: 1s}\nsnapshot: {file: snapshot.jsonl, interval: 2s}\n")
    agent = stage.agent(wrapper=wrapper)
    # Some fall silent for good, some are heard before and after each step.
    stage.see(range(40))
    wait_for(lambda: len(paper.raised()) == 40, "the alerts")
    offset = 0
    for number, (step, word) in enumerate(STEPS, 1):
        offset += step
        stage.write("faketime", f"{offset:+d}\n")
        wait_for(lambda number=number: len(health(paper.records(), "clock")) == number,
                 lambda: f"{health(paper.records(), 'clock')}; {agent.told()[-400:]}")
        status, message = health(paper.records(), "clock")[-1]
        assert status == "ok" and f"set {word} by" in message, message
        assert abs(int(message.split()[-2]) - abs(step)) <= 2, message
        stage.see(range(20))
        stage.see([100 + number])
        wait_for(lambda number=number: len(paper.raised()) == 40 + number, "an alert after the step")
        told = seconds(paper.of("alert")[-1]["time"])
        assert abs(told - time.time() - offset) < 60, f"the record's time is {told - time.time():.0f} s off, not {offset}"
        mac = huawei(100 + number)
        whole = stage.folder / "snapshot.jsonl"
        wait_for(lambda mac=mac: whole.exists() and any(device["macs"] == [mac] for device in snapshot(whole)[0]),
                 "a snapshot after the step")
        last = next(device for device in snapshot(whole)[0] if device["macs"] == [mac])["last_seen"]
        assert abs(seconds(last) - time.time() - offset) < 60, f"the snapshot's time is {last}"
        time.sleep(11 if step > 0 else 2)  # what time brings about is looked for every ten seconds
    events = {one["event"] for one in paper.of("alert")}
    assert events == {"raised"} and len(paper.of("alert")) == 43, events
    assert len(health(paper.records(), "clock")) == len(STEPS), health(paper.records(), "clock")
    web.start()  # its spool has gone through all of it
    wait_for(lambda: len(web.raised()) == 43, lambda: f"{len(web.raised())} of 43")
    for end in (paper, web):
        check_raised(end.of("alert"), 43, end.name)
    # Set while nobody ran: forward is time without a listener, back is nothing at all.
    for offset in (2 * DAY, -DAY):
        kill(agent)
        stage.write("faketime", f"{offset:+d}\n")
        agent = stage.agent(wrapper=wrapper)
        stage.see(range(40))
        time.sleep(3)  # the first look is right at the start
        assert len(paper.of("alert")) == 43, paper.of("alert")[43:][:2]
