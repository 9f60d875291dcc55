"""Reviewing in a real browser: keys, the same without JavaScript, a lost session, accessibility."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from comparison.curation.attach_text import attach
from comparison.models import Claim
from tests.browsing import check_windows, in_browser, open_admin, violations
from tests.make import make_source, make_user
from tests.source_texts import INVENTED

pytestmark = in_browser

CLAIMS = "comparison/claim/"


def submitted(count: int) -> list[Claim]:
    """Claims of the shipped catalogue that wait for review, from a source whose text is held."""
    source = make_source("Read in full")
    attach(source, INVENTED.read_text())
    ids = list(Claim.objects.order_by("pk").values_list("pk", flat=True)[:count])
    for place, pk in enumerate(ids):
        Claim.objects.filter(pk=pk).update(
            state="submitted", published_at=None, source=source, start=60 + place, end=100, quote=""
        )
    return list(Claim.objects.filter(pk__in=ids).order_by("start"))


def open_queue(browser: Any, site: str, **options: Any) -> Any:
    make_user("Reviewer", username="rev")
    return open_admin(browser, site, "rev", f"{CLAIMS}queue/", **options)


def states(claims: list[Claim]) -> list[str]:
    return [Claim.objects.get(pk=one.pk).state for one in claims]


def press(page: Any, key: str) -> None:
    page.wait_for_load_state()  # keys work once the module has run
    page.keyboard.press(key)


def test_the_queue_by_keyboard(browser, site) -> None:
    claims = submitted(3)
    page = open_queue(browser, site)
    head = page.locator(".q-head")
    press(page, "j")
    expect(head).to_contain_text("2 of 3")
    press(page, "k")
    expect(head).to_contain_text("1 of 3")
    press(page, "p")
    expect(head).to_contain_text("1 of 2")
    expect(page.locator(".r-saved")).to_contain_text("is published")
    press(page, "u")
    expect(head).to_contain_text("1 of 3")
    assert states(claims) == ["submitted"] * 3
    press(page, "r")
    page.keyboard.type("It does not say up")
    page.keyboard.press("Enter")
    expect(page.locator(".r-saved")).to_contain_text("is rejected")
    assert states(claims) == ["rejected", "submitted", "submitted"]
    assert Claim.objects.get(pk=claims[0].pk).state_reason == "It does not say up"
    press(page, "e")
    page.wait_for_url(f"**/{claims[1].pk}/change/**")
    assert page.complaints == []
    page.context.close()


def test_the_queue_without_javascript(browser, site) -> None:
    claims = submitted(2)
    page = open_queue(browser, site, java_script_enabled=False)
    page.fill("#q-reason", "Not there")
    page.press("#q-reason", "Enter")
    assert states(claims) == ["rejected", "submitted"]
    page.get_by_role("button", name="Publish").click()
    assert states(claims) == ["rejected", "published"]
    page.get_by_role("button", name="Undo").click()
    assert states(claims) == ["rejected", "submitted"]
    page.context.close()


def test_what_was_typed_outlives_the_session(browser, site) -> None:
    make_user("Reviewer", username="rev")
    claim = Claim.objects.published().first()
    page = open_admin(browser, site, "rev", f"{CLAIMS}{claim.pk}/check/")
    page.get_by_label("Outdated").check()
    page.fill("#id_note", "Two lines\nof what was found, long enough to be shown")
    page.get_by_label("There is no address").check()
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    page.get_by_role("button", name="Record this check").click()
    expect(page.locator("h1")).to_have_text("You are no longer logged in")
    expect(page.get_by_label("Note")).to_have_value("Two lines\nof what was found, long enough to be shown")
    assert violations(page) == []
    page.get_by_label("Username").fill("rev")
    page.get_by_label("Password").fill("x")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Logged in again")
    assert violations(page) == []
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator(".messagelist")).to_contain_text("Check recorded")
    assert claim.checks.get().note.splitlines() == ["Two lines", "of what was found, long enough to be shown"]
    page.context.close()


def test_the_queue_and_the_page_that_confirms_an_action_are_accessible(browser, site) -> None:
    claims = submitted(2)
    page = open_queue(browser, site)
    assert page.complaints == []
    check_windows(page)
    page.goto(f"{site}/admin/{CLAIMS}?state__exact=submitted")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "reject")
    page.click("button[name=index]")
    expect(page.locator("h2").first).to_have_text(f"{len(claims)} claims will change")
    check_windows(page)
    page.context.close()
