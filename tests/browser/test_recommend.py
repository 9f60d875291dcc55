"""Recommendations in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import in_browser, open_page

pytestmark = in_browser
ANSWER = "/recommend/first-web-app/"


@pytest.mark.parametrize("address", [ANSWER, "/recommend/?w.debugger=3", "/compare/django-vs-flask/?profile=shop"])
def test_nothing_scrolls_sideways_on_the_smallest_screen(browser, site, address) -> None:
    page = open_page(browser, site + address, 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.close()


def test_with_no_framework_ticked_all_are_considered_and_ticked(browser, site) -> None:
    page = open_page(browser, site + ANSWER)
    boxes = page.locator("#weights [name=framework]")
    frameworks = boxes.count()
    for at in range(frameworks):
        with page.expect_response("**/first-web-app/**"):
            boxes.nth(at).uncheck(force=True)
        if at == 0:  # the foot leads to what is shown now
            expect(page.locator(".languages a[hreflang=de]")).to_have_attribute("href", re.compile("framework="))
    expect(page.locator("#weights [name=framework]:checked")).to_have_count(frameworks)
    page.wait_for_url(f"**{ANSWER}")
    page.context.close()


def test_the_weights_can_be_jumped_to_by_keyboard_and_are_not_printed(browser, site) -> None:
    page = open_page(browser, site + ANSWER)
    jump = page.locator(".jump a")
    assert page.locator(".jump").evaluate("one => getComputedStyle(one).clipPath") != "none"
    jump.focus()
    assert page.locator(".jump").evaluate("one => getComputedStyle(one).clipPath") == "none"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#weights') !== null")
    page.emulate_media(media="print")
    expect(page.locator("#keep")).to_be_hidden()
    for part in (".weights", ".jump", "form.keep"):
        assert not page.locator(part).is_visible()
    page.context.close()
