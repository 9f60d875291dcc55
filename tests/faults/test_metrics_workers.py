"""Numbers of several workers, also of one that was killed."""

import os
import re
import signal

import pytest

from tests.faults.tally import TALLY
from tests.running_site import serving, wait_for

pytest.importorskip("prometheus_client")
COUNT = re.compile(r'^crosscheck_requests_total\{method="GET",route="about",status="200"\} ([0-9.]+)$', re.MULTILINE)


def test_all_workers_are_counted(stopped_site) -> None:
    stopped_site.environment["METRICS"] = "1"
    with serving(stopped_site, workers=3) as site:
        answered = sum(site.get("/about/").status == 200 for _ in range(60))
        os.kill(site.workers()[0], signal.SIGKILL)
        wait_for(lambda: len(site.workers()) == 3, 20)
        counted = COUNT.search(site.get("/metrics").body)
    assert counted
    TALLY.add("worker killed, requests counted", 60, 60 - answered, answered - int(float(counted[1])))
    assert float(counted[1]) == answered
