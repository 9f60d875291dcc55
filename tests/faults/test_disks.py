"""Disks that are full or can only be read: pages are read, edits get a sentence and the text back, nothing is lost."""

import os
import re

import pytest

from tests.faults.disks import fill, may_mount, read_only, small_disk
from tests.faults.tally import TALLY
from tests.running_site import Answer, Site, serving

PAGES = ["/", "/compare/django-vs-flask/", "/frameworks/django/", "/disputes/", "/experiments/", "/recommend/shop/"]
PAGES += ["/api/v1/frameworks/", "/changes/", "/search/?q=orm", "/admin/login/", "/healthz"]
TYPED = "what somebody has typed, which is to come back"
mounting = pytest.mark.skipif(not may_mount(), reason="mounting a small disk is not permitted here")


def write(site: Site, slug: str) -> Answer:
    return site.post("/admin/comparison/category/add/", slug=slug, name=f"{slug} {TYPED}", order="1")


def write_until_refused(site: Site, prefix: str, limit: int = 400) -> tuple[list[str], list[Answer]]:
    """Adds categories until three were refused; which were acknowledged, and the refusals."""
    acknowledged, refusals = [], []
    for number in range(limit):
        answer = write(site, slug := f"{prefix}-{number}")
        if answer.status == 302:
            acknowledged.append(slug)
        else:
            refusals.append(answer)
        if len(refusals) == 3:
            break
    return acknowledged, refusals


def check_refusals(refusals: list[Answer], words: str) -> None:
    assert len(refusals) == 3, refusals
    for refusal in refusals:
        assert (refusal.status, words in refusal.body, TYPED in refusal.body) == (503, True, True), text_of(
            refusal.body
        )


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL))


def unread(site: Site) -> dict[str, int]:
    statuses = {path: site.get(path).status for path in PAGES}
    return {path: status for path, status in statuses.items() if status != 200}


def lost(site: Site, acknowledged: list[str]) -> int:
    assert site.query("PRAGMA integrity_check") == [("ok",)]
    return len(set(acknowledged) - {slug for (slug,) in site.query("SELECT slug FROM comparison_category")})


@mounting
def test_a_full_disk_refuses_edits_in_a_sentence_and_loses_none(stopped_site) -> None:
    var = stopped_site.folder / "var"
    with small_disk(var, 16), serving(stopped_site) as site:
        before, _ = write_until_refused(site, "before", limit=3)
        filler = fill(var)
        acknowledged, refusals = write_until_refused(site, "full")
        not_read, ready = unread(site), site.get("/readyz")
        filler.unlink()
        after, refused = write_until_refused(site, "after", limit=3)
        missing = lost(site, [*before, *acknowledged, *after])
        tried = len(before) + len(acknowledged) + len(refusals) + len(after)
        TALLY.add("disk full: writes", tried, len(refusals), missing)
        TALLY.add("disk full: pages", len(PAGES), len(not_read), 0)
        check_refusals(refusals, "disk of the database")
        assert (not_read, missing, len(after), refused) == ({}, 0, 3, [])
        assert (ready.status, "The disk has 0.0 MB left." in ready.body) == (503, True), ready.body


def test_a_file_that_may_not_grow_refuses_edits_in_a_sentence(stopped_site) -> None:
    """A quota, which any user may set for a process."""
    blocks = (stopped_site.folder / "var" / "crosscheck.sqlite3").stat().st_size // 1024 + 200
    with serving(stopped_site, wrapper=("sh", "-c", f'ulimit -f {blocks * 2}; exec "$@"', "sh")) as site:
        acknowledged, refusals = write_until_refused(site, "quota")
        not_read, missing = unread(site), lost(site, acknowledged)
        TALLY.add("quota used up: writes", len(acknowledged) + 3, len(refusals), missing)
        TALLY.add("quota used up: pages", len(PAGES), len(not_read), 0)
        check_refusals(refusals, "disk of the database")
        assert (not_read, missing) == ({}, 0)


@pytest.mark.skipif(os.getuid() == 0 and not may_mount(), reason="root may write everywhere, and may not mount here")
@pytest.mark.parametrize("when", ["before the start", "under the running site"])
def test_a_folder_that_can_only_be_read_is_read(stopped_site, when) -> None:
    var, site = stopped_site.folder / "var", stopped_site
    if when == "before the start":
        with read_only(var), serving(site):
            check_read_only(site, when)
    else:
        with serving(site), read_only(var):
            check_read_only(site, when)


def check_read_only(site: Site, when: str) -> None:
    acknowledged, refusals = write_until_refused(site, "readonly", limit=3)
    not_read, ready = unread(site), site.get("/readyz")
    TALLY.add(f"folder read-only {when}: writes", 3, len(refusals), len(acknowledged))
    TALLY.add(f"folder read-only {when}: pages", len(PAGES), len(not_read), 0)
    check_refusals(refusals, "can only be read")
    assert not_read == {}
    assert (ready.status, "The database can only be read." in ready.body) == (503, True), ready.body


def test_a_database_file_that_can_only_be_read_is_read(stopped_site) -> None:
    database = stopped_site.folder / "var" / "crosscheck.sqlite3"
    if os.getuid() == 0:
        pytest.skip("root may write any file; the tests of folders that can only be read stand for this")
    database.chmod(0o444)
    with serving(stopped_site) as site:
        check_read_only(site, "file")
