"""Bringing an article in, in a real browser."""

from tests.browsing import check_windows, in_browser, open_admin
from tests.make import make_user
from tests.source_texts import LONG, source_with_every_fate

pytestmark = in_browser


def test_an_article_that_is_known_becomes_a_new_capture(browser, empty_site) -> None:
    make_user("Editor", username="edna")
    source, _ = source_with_every_fate()
    page = open_admin(browser, empty_site, "edna", "comparison/source/intake/")
    page.fill("#id_pasted", LONG.replace("Line 30 says", "Line 30 said"))
    page.click("text=Look at it")
    assert page.complaints == []
    check_windows(page)
    page.click("text=Make it a new capture")  # though the form below asks for a kind
    page.wait_for_url(f"**/{source.pk}/text/")
    check_windows(page)
    page.click("text=Store the new capture")
    page.wait_for_url(f"**/{source.pk}/read/")
    source.refresh_from_db()
    assert "Line 30 said" in source.text
