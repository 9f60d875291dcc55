"""Each page in a wide light and a narrow dark window: accessible, without complaints, not scrolling sideways."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from comparison.curation.attach_text import attach
from comparison.models import Claim, ClaimState, Profile, Report
from tests.browsing import check_windows, in_browser, log_in, open_page, scrolls_sideways
from tests.make import (
    fill,
    make_claim,
    make_criterion,
    make_framework,
    make_measurement,
    make_part,
    make_source,
    make_user,
)

pytestmark = in_browser
PAGES = ["/", "/compare/", "/compare/{pair}/", "/compare/{pair}/learning-curve/"]
PAGES += ["/compare/{pair}/?category=performance&show=disputed&open=speed&reference=flask", "/frameworks/django/"]
PAGES += ["/compare/{pair}/?view=compact", "/compare/?pick=django&view=compact"]
PAGES += ["/in-the-box/", "/in-the-box/flask/", "/in-the-box/{pair}/"]
PAGES += ["/claims/{claim}/", "/nothing/", "/frameworks/", "/criteria/", "/criteria/speed/", "/sources/"]
PAGES += ["/sources/flask-vs-django-whats-the-difference/", "/claims/?side=against", "/disputes/", "/methodology/"]
PAGES += ["/checks/", "/experiments/", "/experiments/json/", "/experiments/box-tools/"]
PAGES += ["/api/v1/", "/about/", "/changes/", "/search/?q=orm", "/search/?q=mappr"]
PAGES += [
    "/recommend/",
    "/recommend/?q.who=",
    "/recommend/prototype/?add=speedy",
    "/recommend/prototype/",
    "/recommend/shop/?w.orm=9",
    "/recommend/?w.learning-curve=2",
]
PAGES += [
    "/recommend/?w.learning-curve=0",
    "/recommend/prototype/?framework=flask",
    "/compare/{pair}/?profile=shop&category=security",  # few rows, which are marked up as all are
    "{kept}",
]
PAGES += ["/report/claim/{claim}/", "{report}"]
PAIR = "django-vs-flask"
ADMIN_PAGES = ["", "comparison/claim/queue/", "comparison/claim/drafts/", "comparison/claim/help/"]
ADMIN_PAGES += ["comparison/claim/findings/", "comparison/claim/findings/contradictions/", "comparison/claim/import/"]
ADMIN_PAGES += ["comparison/source/intake/", "comparison/batch/", "comparison/claim/{claim}/check/"]
ADMIN_PAGES += ["comparison/claim/merge/?keep={claim}&merge={other}", "comparison/criterion/{criterion}/merge/"]
ADMIN_PAGES += ["comparison/claim/", "comparison/claim/add/", "comparison/claim/{claim}/change/", "comparison/source/"]
ADMIN_PAGES += ["comparison/source/{source}/change/", "comparison/criterion/{criterion}/change/"]
ADMIN_PAGES += ["comparison/framework/{framework}/change/", "comparison/profile/{profile}/change/"]
ADMIN_PAGES += ["comparison/claim/{claim}/history/", "comparison/claim/{claim}/delete/", "second-step/"]
ADMIN_PAGES += ["comparison/snapshot/", "comparison/report/", "comparison/report/{report}/change/"]


@pytest.fixture(scope="session")
def window(browser) -> Iterator[Any]:
    """A page that opens all addresses: a new window takes as long as loading most of them."""
    page = open_page(browser, "about:blank")
    yield page
    page.context.close()


def check(page: Any, address: str, expected_complaints: int = 0) -> None:
    page.complaints.clear()
    page.goto(address)
    assert len(page.complaints) == expected_complaints, page.complaints
    check_windows(page)


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_accessible_quiet_and_never_scroll_sideways(window, sampled_site, address) -> None:
    claim = Claim.objects.published().first()
    kept = Client().post("/recommend/keep/?profile=prototype").headers["Location"]
    about = {"about": f"claim/{claim.pk}", "topic": "problem", "text": "It is otherwise."}
    report = Client().post("/report/", about).headers["Location"] if address == "{report}" else ""
    expected_complaints = 1 if address == "/nothing/" else 0  # the 404 itself
    check(
        window, sampled_site + address.format(pair=PAIR, claim=claim.pk, kept=kept, report=report), expected_complaints
    )


def test_a_category_of_the_whole_catalogue_is_accessible(window, site) -> None:
    check(window, f"{site}/compare/{PAIR}/?category=performance")


def test_no_page_of_the_whole_catalogue_scrolls_sideways(window, site) -> None:
    """Its own words are the longest."""
    claim = Claim.objects.published().first()
    for address in PAGES:
        if address not in ("{kept}", "{report}"):
            window.goto(site + address.format(pair=PAIR, claim=claim.pk))
            for width in (1440, 390):
                window.set_viewport_size({"width": width, "height": 900})
                assert not scrolls_sideways(window), (address, width)


def test_results_of_experiments_are_accessible(window, empty_site) -> None:
    """Invented ones, of every sort: measured, noisy, failed, and in a second run."""
    for title in ("Run", "Later run"):
        run = make_source(title, kind="measurement", run={"rounds": 3, "machine": {"cores": 2}})
        part = make_part(run, experiment="json")
        framework = make_framework()
        make_measurement(part=part, framework=framework, samples=[9, 10, 50])
        make_measurement(part=part, framework=framework, variant="new project", is_noisy=True)
        none = {"median": None, "low": None, "high": None, "samples": []}
        make_measurement(part=part, framework=framework, variant="same features", failure="did not start", **none)
    for address in ("/experiments/", "/experiments/json/", f"/sources/{run.slug}/"):
        check(window, empty_site + address)


def test_a_table_with_a_mistake_in_its_address_is_accessible(window, empty_site) -> None:
    """On invented rows: the shipped ones, all of them shown, take ten times as long and are looked at above."""
    names = "-vs-".join(sorted(framework.slug for framework in fill(2, 5)))
    check(window, f"{empty_site}/compare/{names}/?show=7")
    assert window.locator(".note.problem").is_visible()


@pytest.mark.parametrize("size", [10, 50])
def test_a_compact_table_of_many_columns_is_accessible(window, empty_site, size) -> None:
    names = "-vs-".join(sorted(framework.slug for framework in fill(size, 10)))
    check(window, f"{empty_site}/compare/{names}/?view=compact")
    check(window, f"{empty_site}/in-the-box/{names}/")


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_the_admin_is_accessible_quiet_and_never_scrolls_sideways(window, sampled_site, address) -> None:
    claim = Claim.objects.published().first()
    other = make_claim(framework=claim.framework, criterion=claim.criterion, level=1)
    claim.transition(ClaimState.SUBMITTED, reason="again")
    make_user("Editor", username="ed")
    keys = {"claim": claim.pk, "other": other.pk, "profile": Profile.objects.latest("pk").pk}
    keys |= {"criterion": claim.criterion_id, "source": claim.source_id, "framework": claim.framework_id}
    words = {"place_kind": "claim", "row_id": claim.pk, "about": f"claim/{claim.pk}", "title": str(claim)[:300]}
    keys["report"] = Report.objects.create(**words, text="It is otherwise. " * 40, email="r@example.org").pk
    log_in(window, sampled_site, "ed")
    check(window, f"{sampled_site}/admin/{address.format(**keys)}")
    window.context.clear_cookies()


READ = (
    "# One and two\n\n| | One | Two |\n|---|---|---|\n| Mapper | has one | none |\n\nOne has a mapper, unlike Three.\n"
)
PASTED = f"<!doctype html><h1>Two</h1><nav>Home</nav><div>{'<p>It is as fast, as they say, as light is.' * 9}</div>"


def test_adding_and_reading_a_source_are_accessible(window, empty_site) -> None:
    """With two readings of a page, a table of the article, and names that are missing."""
    for name in ("One", "Two"):
        make_framework(name)
    make_criterion("feature", name="Mapper")
    source = make_source("Article", wishes=[{"what": "framework", "name": "Three", "by": "con"}])
    attach(source, READ)
    log_in(window, empty_site, make_user("Editor", username="ed").username)
    for page in ("", "tables/", "names/", "proposals/", f"?start={READ.index('One has')}&end={len(READ) - 1}"):
        check(window, f"{empty_site}/admin/comparison/source/{source.pk}/read/{page}")
    window.goto(f"{empty_site}/admin/comparison/source/intake/")
    window.fill("#id_pasted", PASTED)
    window.click("[name=_look]")
    expect(window.locator(".readings h4")).to_have_count(2)
    check_windows(window)
    window.context.clear_cookies()


def test_logging_in_and_the_second_step_are_accessible(window, empty_site) -> None:
    """Too often, with the secret for the phone, with the backup codes, and after the end of a session."""
    user = make_user("Contributor")
    TOTPDevice.objects.create(user=make_user(), name="Phone")  # so that the login asks for a code
    check(window, f"{empty_site}/admin/login/")
    for _ in range(6):
        window.fill("#id_username", "somebody")
        window.fill("#id_password", "wrong")
        window.click("input[type=submit]")
    expect(window.locator(".errornote")).to_contain_text("Too many wrong tries")
    check_windows(window)
    log_in(window, empty_site, user.username)
    window.goto(f"{empty_site}/admin/second-step/")
    window.click("button[value=start]")
    check_windows(window)
    window.fill("#id_password", "x")
    window.fill("#id_code", f"{TOTP(TOTPDevice.objects.get(user=user).bin_key).token():06}")
    window.click("button[value=confirm]")
    expect(window.locator(".codes li")).to_have_count(10)
    check_windows(window)
    window.goto(f"{empty_site}/admin/second-step/")
    window.context.clear_cookies(name="sessionid")
    window.fill("#id_code", "123456")
    window.click("button[value=codes]")
    expect(window).to_have_title(re.compile("no longer logged in"))
    check_windows(window)
    window.context.clear_cookies()
