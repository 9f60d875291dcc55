"""Files that change below a running site, and starts that meet."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.faults.tally import TALLY
from tests.running_site import Site, copy_project, free_port, wait_for

PAGES = ["/", "/compare/", "/compare/django-vs-flask/", "/compare/django-vs-flask/learning-curve/", "/criteria/"]
PAGES += [
    "/frameworks/django/",
    "/sources/",
    "/claims/?q=orm",
    "/disputes/",
    "/checks/",
    "/experiments/",
    "/search/?q=a",
]
PAGES += ["/experiments/json/", "/methodology/", "/recommend/", "/recommend/shop/", "/changes/", "/api/v1/claims/"]
PAGES += ["/admin/login/", "/nothing/", "/frameworks.csv", "/api/v1/openapi.json", "/changes/feed/"]


def test_a_changed_tree_does_not_matter_until_the_restart(site) -> None:
    """No page was asked for before the change."""
    for path in [path for part in ("comparison", "config", "templates") for path in (site.folder / part).rglob("*.*")]:
        change(path)
    os.kill(site.workers()[0], signal.SIGKILL)  # the worker in its place runs the old code too
    wait_for(lambda: len(site.workers()) == 2, 20)
    site.wait_until_it_answers()
    expected = {path: 404 if path == "/nothing/" else 200 for path in PAGES}
    statuses = {path: site.get(path).status for path in PAGES}
    admin = site.ask("GET", "/admin/comparison/claim/", "", 10, {"Cookie": f"sessionid={site.session}"}).status
    failed = sum(statuses[path] != expected[path] for path in PAGES) + (admin != 200)
    TALLY.add("git pull under a running site", len(PAGES) + 1, failed, 0)
    assert (statuses, admin) == (expected, 200), site.log.read_text()[-3000:]


def change(path: Path) -> None:
    match path.suffix:
        case ".py":
            path.write_text("raise RuntimeError('a newer version')\n")
        case ".html":
            path.write_text("{% newer_tag %}\n")
        case ".yaml":
            path.unlink()


def test_two_first_starts_at_once_prepare_one_site(tmp_path) -> None:
    site = Site(copy_project(tmp_path / "site"))
    starts = [
        subprocess.Popen(
            [sys.executable, "manage.py", "prepare"],
            cwd=site.folder,
            env={"PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    printed = [start.communicate(timeout=120)[0] for start in starts]
    codes = [start.returncode for start in starts]
    TALLY.add("starts that meet", len(starts), sum(map(bool, codes)), 0)
    assert codes == [0, 0, 0], printed
    assert sum("Administrator created" in text for text in printed) == 1
    assert sum("Waiting until it is done" in text for text in printed) == 2
    assert site.query("SELECT COUNT(*) FROM auth_user") == [(1,)]


def test_the_second_of_two_sites_on_one_port_is_told(site) -> None:
    done = site.manage("prepare", "--port", str(site.port))
    assert (done.returncode, f"Port {site.port} is in use" in done.stderr) == (1, True)
    assert site.manage("prepare", "--port", str(free_port())).returncode == 0
