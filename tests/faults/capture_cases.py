# SPDX-License-Identifier: Apache-2.0
"""More comes than can be read: what a tap loses is told, as it happens and when it is over."""

import re
import signal

from ends import File
from fault_stage import health, wait_for
from stage import broadcast, case, huawei


@case
def losses_of_a_tap(stage):
    paper = File(stage, kinds="[alert, health]")
    stage.outputs(paper, more="alerts: {stdout: false}\n")
    text = (stage.folder / "t.yaml").read_text()
    stage.write("t.yaml", text.replace("name: north}", "name: north, buffer: 64KiB}"))
    agent = stage.agent()
    stage.see(range(10))
    wait_for(lambda: len(paper.raised()) == 10, "alerts")
    assert not health(paper.records(), "capture"), health(paper.records(), "capture")
    agent.send_signal(signal.SIGSTOP)
    stage.send_often(broadcast(huawei(1)), 20000)
    agent.send_signal(signal.SIGCONT)
    wait_for(lambda: health(paper.records(), "capture", "north"), "that frames were lost")
    dropped = stage.status()["taps"][0]["dropped"]
    assert dropped > 10000, dropped
    wait_for(lambda: len(health(paper.records(), "capture")) == 2, "that it is over")
    (bad, told), (good, over) = health(paper.records(), "capture", "north")
    assert (bad, good) == ("degraded", "ok"), (bad, good)
    for message in (told, over):
        assert [int(number) for number in re.findall(r"\d+", message)] == [dropped, 0], (message, dropped)
    return f"{dropped} frames lost, and said so"
