"""The head of a comparison: its first row is seen without scrolling, and its panels close."""

import pytest
from playwright.sync_api import expect

from tests.browsing import in_browser, open_page

pytestmark = in_browser
PAIR = "/compare/django-vs-flask/"
FIRST_ROW = "tbody tr:not(.group, .empty)"
DRAW_ALL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("tr, body .compare .cell { content-visibility: visible !important; }");
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize(("width", "height", "row_height"), [(1440, 900, 88), (390, 844, 300)])
def test_the_first_row_is_seen_without_scrolling_and_rows_are_low(browser, site, width, height, row_height) -> None:
    page = open_page(browser, f"{site}{PAIR}", width)
    page.set_viewport_size({"width": width, "height": height})
    box = page.locator(FIRST_ROW).first.locator("td").first.bounding_box()
    assert box is not None
    assert box["y"] + 40 < height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(DRAW_ALL)
    heights = page.locator(FIRST_ROW).evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert len(heights) > 100
    assert sum(heights) / len(heights) < row_height
    page.context.close()


def test_an_address_leads_to_its_row_on_a_phone(browser, site) -> None:
    """Cards out of sight have no height of their own yet. A click on a source loads nothing again."""
    page = open_page(browser, f"{site}{PAIR}#memory", 390)
    page.wait_for_function("Math.abs(document.getElementById('memory').getBoundingClientRect().top - 70) < 5")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("#memory a.cite").first.click()
    page.wait_for_function("document.querySelector('.refs :target').getBoundingClientRect().top < innerHeight")
    assert not [url for url in requests if "compare" in url]
    page.context.close()


@pytest.mark.parametrize("width", [800, 1440])
def test_an_address_leads_to_its_row_though_cells_out_of_sight_are_not_laid_out(browser, site, width) -> None:
    page = open_page(browser, f"{site}{PAIR}", width)
    last_cell = page.locator(".compare .cell").last
    assert last_cell.evaluate("cell => getComputedStyle(cell).contentVisibility") == "auto"
    page.goto(f"{site}{PAIR}#notable-users")
    page.wait_for_function("Math.abs(document.getElementById('notable-users').getBoundingClientRect().top - 70) < 5")
    page.context.close()


@pytest.mark.parametrize("language", ["", "/de"])
def test_no_column_of_a_wide_table_begins_under_the_heads_of_its_rows(browser, site, language) -> None:
    names = "aiohttp-vs-bottle-vs-django-vs-falcon-vs-fastapi-vs-flask-vs-pyramid-vs-tornado"
    page = open_page(browser, f"{site}{language}/compare/{names}/")
    window, row = page.locator(".wide"), page.locator(FIRST_ROW).first
    assert page.locator("thead tr").evaluate("head => head.offsetHeight") < 120
    for scrolled in (0, 240):  # it snaps to the column that begins nearby
        window.evaluate("(each, by) => { each.scrollLeft = by; }", scrolled)
        assert row.evaluate("""row => {
          const end = row.querySelector("th").getBoundingClientRect().right;
          return [...row.querySelectorAll("td")].some((each) => Math.abs(each.getBoundingClientRect().left - end) < 1);
        }""")
    page.context.close()


def test_columns_keep_their_width_when_a_long_table_is_scrolled(browser, site) -> None:
    names = "aiohttp-vs-bottle-vs-django-vs-falcon-vs-fastapi-vs-flask"
    page = open_page(browser, f"{site}/compare/{names}/")
    widths = page.locator("thead th").evaluate_all("heads => heads.map((head) => head.offsetWidth)")
    page.locator(FIRST_ROW).last.scroll_into_view_if_needed()
    assert page.locator("thead th").evaluate_all("heads => heads.map((head) => head.offsetWidth)") == widths
    page.context.close()


def test_panels_close_on_escape_and_on_clicks_elsewhere(browser, site) -> None:
    page = open_page(browser, f"{site}{PAIR}#%")  # the address names nothing that can be
    opened = page.locator("details.pick[open]")
    page.locator("summary", has_text="Category").click()
    expect(opened).to_have_count(1)
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Category"
    page.locator("summary", has_text="Source").first.click()
    page.locator("h1").click()
    expect(opened).to_have_count(0)
    page.context.close()


def test_panels_stay_in_the_window(browser, site) -> None:
    page = open_page(browser, f"{site}{PAIR}")
    for width in (390, 800, 1100, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for panel in page.locator("details.pick").all():
            panel.locator("summary").click()
            box = panel.locator(".panel").bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width, (width, panel.inner_text()[:20])
            page.keyboard.press("Escape")
    page.context.close()


def test_without_javascript_the_filters_lead_to_the_table(browser, site) -> None:
    page = open_page(browser, f"{site}{PAIR}", java_script_enabled=False)
    page.locator("#q").fill("orm")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=orm**")
    assert page.url.endswith("#table")
    expect(page.locator(f"{FIRST_ROW} .criterion").first).to_have_text("Object-relational mapper")
    page.context.close()


@pytest.mark.parametrize("path", ["/frameworks/django/", "/search/?q=sqlalchemy"])
def test_a_head_that_nobody_sees_takes_no_room(browser, site, path) -> None:
    page = open_page(browser, f"{site}{path}")
    table, row = page.locator("table.portrait").first, page.locator("table.portrait tbody tr").first
    assert row.bounding_box()["y"] - table.bounding_box()["y"] < 2
    page.context.close()
