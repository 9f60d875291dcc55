"""Bringing an article in, in a real browser."""

import pytest

from tests.browsing import in_browser, open_admin, scrolls_sideways, violations
from tests.make import make_user
from tests.source_texts import LONG, source_with_every_fate

pytestmark = in_browser


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_an_article_that_is_known_becomes_a_new_capture(browser, empty_site, width: int, scheme: str) -> None:
    make_user("Editor", username="edna")
    source, _ = source_with_every_fate()
    page = open_admin(browser, empty_site, "edna", width, scheme)
    page.goto(f"{empty_site}/admin/comparison/source/intake/")
    page.fill("#id_pasted", LONG.replace("Line 30 says", "Line 30 said"))
    page.click("text=Look at it")
    assert page.complaints == []
    assert violations(page) == []
    page.click("text=Make it a new capture")  # though the form below asks for a kind
    page.wait_for_url(f"**/{source.pk}/text/")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.click("text=Store the new capture")
    page.wait_for_url(f"**/{source.pk}/read/")
    source.refresh_from_db()
    assert "Line 30 said" in source.text
