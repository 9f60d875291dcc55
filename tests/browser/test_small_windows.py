"""At 320 × 256, a page of 1280 × 1024 at 400 %: what is focused is seen, and long words do not widen the page."""

from typing import Any

import pytest

from tests.browsing import in_browser, open_page, scrolls_sideways
from tests.make import fill, make_claim, make_criterion, make_framework, make_source

pytestmark = in_browser
# Whether any of nine points of what the window holds of the focused element shows it, and not what lies over it.
IS_SEEN = """() => {
  const element = document.activeElement;
  const label = element.labels?.[0];
  const points = (from, to, end) => {
    const [low, high] = [Math.max(from, 0), Math.min(to, end)];
    return low < high ? [0.1, 0.5, 0.9].map((part) => low + (high - low) * part) : [];
  };
  return [...element.getClientRects()].some((box) => points(box.left, box.right, innerWidth).some((x) =>
    points(box.top, box.bottom, innerHeight).some((y) => {
      const top = document.elementFromPoint(x, y);
      return element.contains(top) || label?.contains(top);
    })));
}"""


def covered(page: Any, key: str, count: int) -> list[str]:
    """What cannot be seen of the next elements that are focused."""
    hidden = []
    for _ in range(count):
        page.keyboard.press(key)
        if not page.evaluate(IS_SEEN):
            hidden.append(page.evaluate("document.activeElement.outerHTML")[:120])
    return hidden


@pytest.mark.parametrize(("width", "height", "query"), [(320, 256, ""), (320, 256, "view=compact"), (900, 600, "")])
def test_heads_that_stay_cover_nothing_that_is_focused(browser, empty_site, width, height, query) -> None:
    names = "-vs-".join(sorted(framework.slug for framework in fill(10, 6)))
    page = open_page(browser, f"{empty_site}/compare/{names}/?{query}", width)
    page.set_viewport_size({"width": width, "height": height})
    page.locator("main a").last.focus()
    assert covered(page, "Shift+Tab", 90) == []
    page.locator("#table").focus()
    assert covered(page, "Tab", 30) == []
    page.context.close()


def test_long_words_and_addresses_do_not_widen_a_page(browser, empty_site) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    framework, criterion = make_framework(word, slug="long"), make_criterion(name=word, slug="word", question=word)
    source = make_source(word, publisher=word, author=word, address=f"https://example.org/{'path-' * 30}")
    make_claim(framework=framework, criterion=criterion, source=source, statement=f"{word} {word}", section=word)
    other = make_framework("Other")
    make_claim(framework=other, criterion=criterion, source=source, statement="Short")
    addresses = ["/", "/compare/long-vs-other/", "/compare/long-vs-other/?view=compact", "/compare/long-vs-other/word/"]
    addresses += ["/frameworks/long/", "/criteria/word/", f"/sources/{source.slug}/", "/claims/", "/in-the-box/long/"]
    addresses += ["/recommend/?w.word=2", f"/search/?q={word}", "/criteria/", "/frameworks/"]
    page = open_page(browser, "about:blank", 320)
    page.set_viewport_size({"width": 320, "height": 256})
    wide = []
    for address in addresses:
        page.goto(empty_site + address)
        if scrolls_sideways(page):
            wide.append(address)
    assert wide == []
    page.context.close()


def test_cells_from_the_fourth_on_fold_what_they_rest_on_on_phones_alone(browser, empty_site) -> None:
    names = "-vs-".join(sorted(framework.slug for framework in fill(5, 2)))
    address = f"{empty_site}/compare/{names}/"
    page = open_page(browser, address, 390, java_script_enabled=False)
    row = page.locator("tbody tr:not(.group)").first
    seen = row.locator("td .gist").evaluate_all("lists => lists.map((list) => list.checkVisibility())")
    assert seen == [True, True, True, False, False]
    folded = row.locator("summary").first
    assert folded.bounding_box()["height"] >= 24
    folded.click()
    assert row.locator("td .gist").nth(3).is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert all(row.locator("td .gist").evaluate_all("lists => lists.map((list) => list.checkVisibility())"))
    assert not folded.is_visible()
    page.context.close()


def test_controls_are_large_enough_for_fingers(browser, empty_site) -> None:
    names = "-vs-".join(sorted(framework.slug for framework in fill(2, 3)))
    page = open_page(browser, f"{empty_site}/compare/{names}/", 390, has_touch=True, is_mobile=True)
    controls = page.locator(".filters :is(button, .pick > summary, .segments label)")
    assert controls.count() > 8
    assert min(controls.evaluate_all("found => found.map((each) => each.offsetHeight)")) >= 44
    links = page.locator("tbody :is(.criterion, .expand)")
    assert min(links.evaluate_all("found => found.map((each) => each.offsetHeight)")) >= 24
    page.context.close()
