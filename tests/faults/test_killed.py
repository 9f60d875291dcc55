"""Processes that end without warning."""

import os
import signal
import threading
from dataclasses import dataclass, field

from tests.faults.tally import TALLY
from tests.running_site import Site, serving, wait_for

MAX_PORT_SECONDS = 8  # in which another start may take the port again


@dataclass
class Writer:
    """Adds categories through the admin, one after the other, and remembers which were acknowledged."""

    site: Site
    name: str
    acknowledged: list[str] = field(default_factory=list)
    tried: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        while not self.stopping.is_set():
            self.tried += 1
            slug = f"{self.name}-{self.tried}"
            answer = self.site.post("/admin/comparison/category/add/", slug=slug, name=slug, order="1")
            if answer.status == 302:
                self.acknowledged.append(slug)
            if answer.status == 0:
                self.stopping.wait(0.05)  # nobody answers; ask again, but not in a busy loop


def write_while(site: Site, fault: str, break_it) -> int:
    """Writes while something breaks; returns how many acknowledged writes were lost."""
    writers = [Writer(site, f"writer-{number}") for number in range(3)]
    threads = [threading.Thread(target=writer) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: all(len(writer.acknowledged) > 2 for writer in writers), 30)
        break_it()
    finally:
        for writer in writers:
            writer.stopping.set()
        for thread in threads:
            thread.join()
    stored = {slug for (slug,) in site.query("SELECT slug FROM comparison_category")}
    acknowledged = {slug for writer in writers for slug in writer.acknowledged}
    tried = sum(writer.tried for writer in writers)
    TALLY.add(fault, tried, tried - len(acknowledged), len(acknowledged - stored))
    assert site.query("PRAGMA integrity_check") == [("ok",)]
    return len(acknowledged - stored)


def test_no_acknowledged_write_is_lost_when_workers_are_killed(site) -> None:
    def kill_workers() -> None:
        for _ in range(4):
            victim = site.workers()[0]
            os.kill(victim, signal.SIGKILL)
            wait_for(lambda victim=victim: victim not in site.workers() and len(site.workers()) == 2, 20)

    assert write_while(site, "worker killed", kill_workers) == 0
    site.wait_until_it_answers()


def test_a_killed_master_frees_its_port_and_loses_nothing(stopped_site) -> None:
    def kill_master() -> None:
        site.kill()
        wait_for(lambda: not any(map(is_running, workers)), MAX_PORT_SECONDS)  # though clients go on asking

    with serving(stopped_site) as site:
        workers = site.workers()
        assert write_while(site, "master killed", kill_master) == 0
    site.start()
    assert site.get("/").status == 200


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
