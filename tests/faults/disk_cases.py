# SPDX-License-Identifier: Apache-2.0
"""A disk that takes its time, by slow_disk.cpp: who waits for it is who asked that something be kept, and nobody else."""

import statistics
import time

from ends import BUILD, File, Web
from fault_stage import check_order, check_raised, kill, wait_for
from stage import case

SECONDS = 2  # for each file that is forced to the disk


@case
def slow_disk(stage):
    paper, web = File(stage, kinds="[alert, health]"), Web(stage, kinds="[alert]")
    web.start()
    stage.outputs(paper, web, more="alerts: {stdout: false, gather: 0s}\n")
    slow = ["env", f"LD_PRELOAD={BUILD / 'tests' / 'libslow_disk.so'}", f"SLOW_DISK_SECONDS={SECONDS}"]
    agent = stage.agent(wrapper=slow)
    delays, answers = [], []
    for number in range(12):
        begun = time.monotonic()
        stage.see([number])
        wait_for(lambda number=number: len(web.raised()) == number + 1, "an alert")
        delays.append(time.monotonic() - begun)
        begun = time.monotonic()
        stage.status()
        answers.append(time.monotonic() - begun)
    alert, answer = statistics.median(delays), statistics.median(answers)
    assert alert < SECONDS / 2, f"an alert took {alert:.1f} s: it waited for the disk"
    assert answer < SECONDS / 2, f"the status took {answer:.1f} s: it waited for the disk"
    # What is said to be done is on the disk.
    begun = time.monotonic()
    stage.ask("alerts", "ack", next(iter(web.raised())))
    acknowledged = time.monotonic() - begun
    assert acknowledged >= SECONDS, f"acknowledged after {acknowledged:.1f} s, which no disk had seen"
    # A burst meanwhile loses nothing, nor does a kill in the midst of it.
    stage.see(range(12, 2012), rate=1000)
    wait_for(lambda: len(web.raised()) == 2012, lambda: f"{len(web.raised())} of 2012 alerts")
    tap = stage.status()["taps"][0]
    assert (tap["dropped"], tap["observations_dropped"]) == (0, 0), tap
    kill(agent)
    agent = stage.agent()
    stage.see(range(2012), rate=1000)
    wait_for(lambda: stage.status()["flagged"] == 2012, "all of them again")
    assert stage.settled(paper, web)
    for end in (paper, web):
        check_raised(end.of("alert"), 2012, end.name)
        check_order(end.records(), end.name)
    assert [one["event"] for one in web.of("alert") if one["event"] != "raised"] == ["acknowledged"]
    return f"{alert * 1000:.0f} ms to an alert, {answer * 1000:.0f} ms to a status, {acknowledged:.1f} s to a word that is kept"
