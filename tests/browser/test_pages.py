"""The public pages in a real browser."""

import re

from playwright.sync_api import expect

from comparison.models import Claim
from tests.browsing import check_windows, in_browser, open_page
from tests.make import fill, make_user

pytestmark = in_browser
PAIR = "django-vs-flask"
ROWS = "tbody tr:not(.group, .empty)"


def test_filtering_by_keyboard_without_javascript(browser, site) -> None:
    page = open_page(browser, f"{site}/compare/{PAIR}/", java_script_enabled=False)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.locator("input[name=show][value=all]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator("summary", has_text="Category").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=category][value=performance]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**show=disputed**")
    assert "category=performance" in page.url
    expect(page.locator("th[scope=row] .criterion")).to_have_text(["Speed, as reported"])
    page.context.close()


def number_of_rows(page, site: str, query: str) -> int:
    """As the table's file has them."""
    return len(page.request.get(f"{site}/compare/{PAIR}.json{query}").json()["rows"])


def test_filters_swap_the_table_in_place(browser, site) -> None:
    page = open_page(browser, f"{site}/compare/{PAIR}/")
    every, differing = (number_of_rows(page, site, query) for query in ("", "?show=differences"))
    page.evaluate("window.kept = true")
    page.locator("input[name=show][value=all]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/?show=differences")
    expect(page.locator("#swapped")).to_have_text(f"{differing} rows shown")
    assert page.evaluate("window.kept")
    assert page.evaluate("document.activeElement.value") == "differences"
    german = page.locator(".languages a[hreflang=de]")
    expect(german).to_have_attribute("href", f"/de/compare/{PAIR}/?show=differences")
    page.locator("#lightness a.expand").click()
    page.wait_for_url("**open=lightness**")
    page.wait_for_selector("#lightness .in-place")
    page.locator(".chips a", has_text="Differences").click()
    expect(page.locator(ROWS)).to_have_count(every)
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(differing)
    assert page.evaluate("window.kept")
    assert page.complaints == []
    page.context.close()


def test_a_shared_address_shows_the_same_table(browser, site) -> None:
    page = open_page(browser, f"{site}/compare/{PAIR}/")
    page.locator("summary", has_text="Category").click()
    page.locator("input[name=category][value=security]").check()
    page.wait_for_url("**category=security**")
    expect(page.locator(ROWS)).to_have_count(12)
    again = open_page(browser, page.url)
    names = again.locator("th[scope=row] .criterion").all_inner_texts()
    assert names == page.locator("th[scope=row] .criterion").all_inner_texts()
    again.context.close()
    page.context.close()


def test_a_cell_opens_down_to_its_claim(browser, site) -> None:
    page = open_page(browser, f"{site}/compare/{PAIR}/")
    page.locator("#learning-curve td a.state").first.click()
    page.wait_for_url("**/learning-curve/#django")
    page.locator("article.claim a").first.click()
    expect(page.locator("h2#where")).to_have_text("Where it is said")
    page.context.close()


def test_many_frameworks_stay_in_their_window(browser, empty_site) -> None:
    names = "-vs-".join(sorted(one.slug for one in fill(12, 5)))
    page = open_page(browser, f"{empty_site}/compare/{names}/")
    check_windows(page)
    page.context.close()


def test_a_table_of_many_columns_is_printed_across_on_the_page_of_its_title(browser, empty_site) -> None:
    names = "-vs-".join(sorted(framework.slug for framework in fill(10, 6)))
    page = open_page(browser, f"{empty_site}/compare/{names}/?view=compact")
    printed = page.pdf(prefer_css_page_size=True)
    (box,) = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert float(box[0]) > float(box[1])
    page.context.close()


def test_print_hides_the_controls_and_keeps_the_sources(browser, site) -> None:
    page = open_page(browser, f"{site}/compare/{PAIR}/")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator("#sources").is_visible()
    assert page.locator(".print-only").is_visible()
    page.context.close()


def test_the_admin_keeps_to_the_content_policy(browser, site) -> None:
    admin = make_user(username="root", password="secret", is_superuser=True)
    claim = Claim.objects.first()
    assert claim is not None
    page = open_page(browser, f"{site}/admin/")
    page.fill("input[name=username]", admin.username)
    page.fill("input[name=password]", "secret")
    page.click("input[type=submit]")
    base = "/admin/comparison/claim/"
    for address in ("/admin/", base, f"{base}add/", f"{base}{claim.pk}/change/", f"{base}{claim.pk}/history/"):
        page.goto(site + address)
    assert page.complaints == []
    page.context.close()


def test_from_the_front_page_to_a_kept_decision_by_keyboard_alone(browser, site) -> None:
    page = open_page(browser, f"{site}/")

    def go_to(text: str, role: str = "link") -> None:
        for _ in range(200):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.textContent.trim()")
            if focused.startswith(text):
                return
        raise AssertionError(f"no way by Tab to {text}")

    go_to("A shop")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommend/shop/")
    expect(page.locator(".headline")).to_have_text("Django")
    page.locator("input[name='w.email'][value='0']").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**w.email=3**")
    expect(page.locator("#adds + div")).to_contain_text("Email")
    assert page.evaluate("document.activeElement.name") == "w.email"
    page.locator(".headline").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    go_to("Keep this answer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommend/kept/**")
    expect(page.get_by_text("This is still the newest edition")).to_be_visible()
    assert page.complaints == []
    page.context.close()


def test_what_the_profile_weighs_can_be_ignored_at_once(browser, site) -> None:
    page = open_page(browser, f"{site}/recommend/shop/")
    page.locator("fieldset", has=page.locator("input[name='w.shop']")).get_by_label("Ignore").check()
    page.wait_for_url("**w.shop=0**")
    expect(page.locator(".contributions th[scope=row]", has_text="A shop")).to_have_count(0)
    assert "development-cost" not in page.url  # the shortest address of the same answer
    answer = page.locator("#answered").inner_text()
    page.reload()
    assert page.locator("#answered").inner_text() == answer
    page.context.close()


def test_weights_work_without_javascript(browser, site) -> None:
    page = open_page(browser, f"{site}/recommend/shop/", java_script_enabled=False)
    page.locator("input[name='w.orm'][value='3']").evaluate(
        "one => one.closest('details') && (one.closest('details').open = true)"
    )
    page.locator("fieldset", has=page.locator("input[name='w.shop']")).get_by_label("Ignore").check()
    page.get_by_role("button", name="Work it out").click()
    page.wait_for_url("**w.shop=0**")
    expect(page.get_by_text("Back to the profile’s weights")).to_be_visible()
    page.context.close()
