"""Curating in a real browser: from an empty article to published claims."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from comparison.curation.annotated_text import Article
from comparison.curation.attach_text import attach
from comparison.models import Check, Claim, ClaimState, Criterion, Profile, Source
from tests.browsing import check_windows, in_browser, log_in, open_admin
from tests.make import make_claim, make_criterion, make_source, make_user
from tests.source_texts import INVENTED

pytestmark = in_browser


# Presses where a passage begins, drags to where it ends, lets go: as a hand does.
EDGES = """([start, end, scroll]) => {
  const box = (offset, after) => {
    const line = [...document.querySelectorAll(".r-line")].reverse().find((one) => Number(one.dataset.start) <= offset);
    let rest = offset - Number(line.dataset.start);
    if (scroll && !after) line.scrollIntoView({ block: "center" });
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(".r-tag")) continue;
      const letters = [...node.data];
      if (rest < letters.length) {
        const range = document.createRange();
        const at = letters.slice(0, rest).join("").length;
        range.setStart(node, at);
        range.setEnd(node, at + letters[rest].length);
        const found = range.getBoundingClientRect();
        return [after ? found.right - 1 : found.left + 1, (found.top + found.bottom) / 2];
      }
      rest -= letters.length;
    }
  };
  return [box(start, false), box(end - 1, true)];
}"""


def select(page: Any, start: int, end: int) -> None:
    page.evaluate(EDGES, [start, end, True])  # brings it into view
    (left, top), (right, bottom) = page.evaluate(EDGES, [start, end, False])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


def write(page: Any, span: tuple[int, int], criterion: Criterion, number: int) -> int:
    """The so-manieth claim as a curator writes it; returns how many actions it took: selecting, choosing, typing."""
    actions = 0
    if f"start={span[0]}&end={span[1]}" not in page.url:
        select(page, *span)
        page.wait_for_url(f"**start={span[0]}&end={span[1]}")
        expect(page.locator("#f-head")).to_contain_text(f"characters {span[0]}–{span[1]}")
        actions += 1
    expect(page.locator(".r-form :focus")).to_have_count(1)
    if page.locator("#id_criterion").input_value() != str(criterion.pk):
        page.locator("#id_criterion").focus()
        page.select_option("#id_criterion", str(criterion.pk))
        actions += 1
    page.keyboard.type(f"4{number} times put in our own words")
    page.keyboard.press("Enter")
    expect(page.locator(".r-saved")).to_contain_text(f"{criterion}, submitted")
    expect(page.locator(".r-map")).to_have_attribute("aria-label", re.compile(rf"Where {number} claims? lie"))
    return actions + 1


def sentences(article: Article, most: int) -> list[tuple[int, int]]:
    """Those that name exactly one framework, as a curator would take them."""
    found = []
    for start, end in article.sentences:
        named = {name for name in ("Django", "Flask") if name in article.text[start:end]}
        if len(named) == 1 and end - start < 300:
            found.append((start, end))
    return found[:most]


def real_article() -> str:
    folder = Path(os.environ.get("ARTICLES") or Path(__file__).parents[3] / "shared" / "articles")
    found = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    if not found:
        pytest.skip("no articles here: set ARTICLES to the folder that holds their texts")
    return found[0].read_bytes().decode()


@pytest.mark.parametrize("text", ["invented", "real"])
def test_twenty_claims_in_a_row_take_three_actions_each_at_most(browser, site, text) -> None:
    said = INVENTED.read_text() if text == "invented" else real_article()
    source = make_source("Read in full")
    attach(source, said)
    learning = Criterion.objects.get(slug="learning-curve")
    make_user("Contributor", username="con")
    page = open_admin(browser, site, "con", f"comparison/source/{source.pk}/read/")
    article = Article(said)
    spans = sentences(article, 20)
    assert len(spans) == 20
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    counts = [write(page, span, learning, number) for number, span in enumerate(spans, 1)]
    assert max(counts) <= 3, counts
    assert not [url for url in asked if "statement=1" in url]  # words change nothing in the cell
    claims = list(Claim.objects.filter(source=source).order_by("start"))
    assert [(one.start, one.end, one.level, one.state) for one in claims] == [(*span, 1, "submitted") for span in spans]
    assert [one.statement for one in claims] == [f"{number} times put in our own words" for number in range(1, 21)]
    assert page.complaints == []
    page.locator(".r-text").focus()
    page.keyboard.press("u")
    expect(page.locator(".messagelist")).to_contain_text("Taken back")
    assert Claim.objects.filter(source=source).count() == 19
    expect(page.locator("#id_statement")).to_have_value("20 times put in our own words")
    expect(page.locator("#id_criterion")).to_have_value(str(learning.pk))
    page.context.close()


def test_the_room_works_by_keyboard_and_without_javascript(browser, site, article) -> None:
    page, source = article, article.source
    page.locator(".r-text").focus()
    page.keyboard.press("j")
    expect(page.locator(".r-passage")).to_contain_text("Published by nobody")
    page.keyboard.press("x")
    expect(page.locator(".r-passage")).to_contain_text("Django asks a newcomer")
    page.keyboard.press("J")
    expect(page.locator(".r-passage")).to_contain_text("within an afternoon")
    page.keyboard.press("K")
    expect(page.locator(".r-passage")).not_to_contain_text("within an afternoon")
    page.keyboard.press("n")
    expect(page.locator(".r-form :focus")).to_have_count(1)  # the first field that is still empty
    expect(page.locator("#id_statement")).not_to_be_focused()
    page.keyboard.press("Escape")
    page.locator(".r-text").focus()
    expect(page.locator(".r-text")).to_be_focused()
    assert page.complaints == []
    plain = open_admin(browser, site, "con", f"comparison/source/{source.pk}/read/", java_script_enabled=False)
    assert plain.get_by_role("checkbox", name="Single keys").count() == 0
    assert plain.locator(".r-steps").bounding_box()["width"] > 100
    plain.set_viewport_size({"width": 390, "height": 900})
    plain.fill("#find_line", "7")
    plain.fill("#find_words", "running page")
    plain.get_by_role("button", name="Find").click()
    expect(plain.locator("#f-head")).to_be_in_viewport()
    plain.select_option("#id_criterion", label="Ease of learning (rating)")
    plain.get_by_role("checkbox", name="Flask").check()
    plain.get_by_role("radio", name="+2 strong").check()
    plain.fill("#id_statement", "Something to see on the first day")
    plain.get_by_role("button", name="Submit, next passage").click()
    assert Claim.objects.get(source=source).level == 2
    plain.context.close()


@pytest.fixture
def article(browser, site) -> Iterator[Any]:
    """The invented article open in the reading room."""
    source = make_source("Read in full")
    attach(source, INVENTED.read_text())
    make_user("Contributor", username="con")
    page = open_admin(browser, site, "con", f"comparison/source/{source.pk}/read/")
    page.source = source
    yield page
    page.context.close()


def place(words: str) -> tuple[int, int]:
    start = INVENTED.read_text().index(words)
    return start, start + len(words)


def test_what_is_written_stays_when_the_passage_changes(article) -> None:
    page = article
    select(page, *place("Django asks a newcomer for patience"))
    expect(page.locator(".r-form :focus")).to_have_count(1)
    page.get_by_role("checkbox", name="Flask").check(force=True)
    page.select_option("#id_criterion", label="Ease of learning (rating)")
    page.locator("#id_criterion").press("2")
    page.keyboard.type("Slow at first")

    def kept() -> None:
        expect(page.locator("#id_statement")).to_have_value("Slow at first")
        expect(page.locator("#id_criterion option:checked")).to_have_text("Ease of learning (rating)")
        expect(page.get_by_role("radio", name="−1 weak")).to_be_checked()
        for name in ("Django", "Flask"):
            expect(page.get_by_role("checkbox", name=name)).to_be_checked()

    for key in ("J", "j"):
        page.keyboard.press("Escape")
        before = page.url
        page.keyboard.press(key)
        expect(page).not_to_have_url(before)
        kept()
    page.fill("#find_line", "3")
    page.fill("#find_words", "no such words")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".errornote")).to_contain_text("stands nowhere")
    expect(page.locator("#find_words")).to_have_value("no such words")
    select(page, *place("Testing is part of Django."))
    expect(page.locator(".r-passage")).to_have_text("Testing is part of Django.")
    kept()
    page.keyboard.press("Enter")
    expect(page.locator(".r-saved")).to_be_visible()
    expect(page.locator("#id_statement")).to_have_value("")
    expect(page.get_by_role("checkbox", name="Django")).not_to_be_checked()


def test_a_guess_may_change_where_nobody_has_chosen(article) -> None:
    page = article
    select(page, *place("Testing is part of Django."))
    expect(page.get_by_role("checkbox", name="Django")).to_be_checked()
    page.fill("#id_statement", "Comes with it")
    select(page, *place("Testing Flask takes a library or two."))
    expect(page.locator(".r-passage")).to_contain_text("Testing Flask")
    expect(page.get_by_role("checkbox", name="Flask")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Django")).not_to_be_checked()
    expect(page.locator("#id_statement")).to_have_value("Comes with it")


def test_letters_typed_at_the_value_go_to_the_statement(article) -> None:
    page = article
    select(page, *place("Django is built for scalability from the first day."))
    expect(page.locator(".r-form [type=radio]:focus")).to_have_count(1)
    page.keyboard.type("Rather stiff, 3 ways")
    expect(page.locator("#id_statement")).to_have_value("Rather stiff, 3 ways")
    assert page.locator(".v-level :checked").count() == 0


def test_a_drag_may_end_beside_the_text(article) -> None:
    page = article
    start, end = place("Testing Flask takes")
    page.evaluate(EDGES, [start, end, True])
    (left, top), _ = page.evaluate(EDGES, [start, end, False])
    side = page.locator(".r-side").bounding_box()
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(side["x"] + 50, top, steps=4)
    page.mouse.up()
    expect(page.locator(".r-passage")).to_contain_text("Testing Flask takes a library or two.")


def test_on_a_narrow_screen_the_form_comes_into_sight(article) -> None:
    page = article
    page.set_viewport_size({"width": 390, "height": 900})
    select(page, *place("Django asks a newcomer"))
    expect(page.locator(".r-form :focus")).to_be_in_viewport()
    expect(page.locator("#f-head")).to_be_in_viewport()


def test_a_held_key_acts_once_and_single_keys_can_be_turned_off(article) -> None:
    page = article
    page.locator(".r-text").focus()
    page.keyboard.down("j")
    page.keyboard.down("j")
    page.keyboard.up("j")
    expect(page.locator(".r-passage")).to_contain_text("Published by nobody")
    page.get_by_role("checkbox", name="Single keys act on this page").uncheck()
    page.reload()
    page.locator(".r-text").focus()
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.wait_for_timeout(300)
    expect(page.locator(".r-passage")).to_contain_text("Published by nobody")
    expect(page.locator(".r-text")).to_be_focused()
    page.get_by_role("checkbox", name="Single keys act on this page").check()
    page.locator(".r-text").focus()
    page.keyboard.press("j")
    expect(page.locator(".r-passage")).to_contain_text("Django asks a newcomer")


def let_two_claims_wait() -> None:
    """For their first publication: what was published before is not decided by one key."""
    for claim in Claim.objects.published()[:2]:
        claim.transition(ClaimState.SUBMITTED, reason="again")
    Claim.objects.filter(state=ClaimState.SUBMITTED).update(published_at=None)


def test_a_held_key_decides_one_claim(browser, site) -> None:
    let_two_claims_wait()
    make_user("Reviewer", username="rev")
    page = open_admin(browser, site, "rev", "comparison/claim/queue/")
    expect(page.locator(".q-head")).to_contain_text("1 of 2")
    page.keyboard.down("p")
    expect(page.locator(".q-head")).to_contain_text("1 of 1")
    page.wait_for_load_state()
    page.keyboard.down("p")
    page.wait_for_timeout(300)
    expect(page.locator(".q-head")).to_contain_text("1 of 1")
    page.keyboard.up("p")
    page.get_by_role("button", name="Publish").click(trial=True)
    page.keyboard.press("p")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    page.context.close()


def test_a_session_that_is_over_leads_to_the_login(article) -> None:
    page = article
    page.locator(".r-text").focus()
    page.keyboard.press("j")
    expect(page.locator(".r-passage")).to_contain_text("Published by nobody")
    page.fill("#id_statement", "Not lost")
    page.context.clear_cookies()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".r-lost")).to_contain_text("Save the claim")
    expect(page.locator("#id_statement")).to_have_value("Not lost")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_url("**/login/**")
    log_in(page, page.url.split("/admin/")[0], "con")
    page.goto(f"{page.url.split('/admin/')[0]}/admin/comparison/source/{page.source.pk}/read/")
    page.context.clear_cookies()
    page.locator(".r-text").focus()
    page.keyboard.press("j")
    page.wait_for_url("**/login/**")


def test_the_cell_shown_is_that_of_the_form(article) -> None:
    page = article
    select(page, *place("Django asks a newcomer for patience"))
    page.get_by_role("checkbox", name="Django").check(force=True)
    page.select_option("#id_criterion", label="Ease of learning (rating)")
    page.locator("#id_criterion").press("2")
    expect(page.locator("#c-head")).to_contain_text("Ease of learning, Django")
    page.keyboard.type("Slow at first")
    page.keyboard.press("Enter")
    expect(page.locator(".r-saved")).to_contain_text("Ease of learning, submitted")
    expect(page.locator("#id_statement")).to_have_value("")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    expect(page.locator("#c-head")).to_contain_text("The cell")


def test_tab_leads_from_the_text_to_the_form(article) -> None:
    page = article
    make_claim(source=page.source, start=60, end=80)
    page.reload()
    page.locator(".r-text").focus()
    page.keyboard.press("n")  # the first passage without a claim, and its first empty field
    expect(page.locator(".r-form :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator(".r-text").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".r-form :focus")).to_have_count(1)


def test_the_picker_finds_criteria_by_synonyms_and_questions(article) -> None:
    page = article
    select(page, *place("Testing is part of Django."))
    search = page.get_by_role("combobox", name="Search criteria")
    search.fill("entry barr")
    found = page.get_by_role("listbox", name="Criteria found")
    expect(found.get_by_role("option", name="Ease of learning (rating)")).to_be_visible()
    search.press("Enter")
    expect(page.locator("#id_criterion option:checked")).to_have_text("Ease of learning (rating)")
    expect(page.locator(".v-level")).to_be_visible()
    search.fill("tables to classes")
    found.get_by_text("Object-relational mapper").click()
    expect(page.locator("#id_criterion option:checked")).to_have_text("Object-relational mapper (feature)")
    search.fill("no such thing at all")
    expect(found).to_have_count(0)
    assert page.complaints == []


def test_leaving_with_unsaved_words_is_confirmed(article) -> None:
    page = article
    dialogs: list[str] = []

    def stay(dialog: Any) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    select(page, *place("Testing is part of Django."))
    page.locator("#id_statement").click()
    page.keyboard.type("Comes with it")
    page.get_by_role("link", name="Sources").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert dialogs == ["beforeunload"]
    expect(page.locator("#id_statement")).to_have_value("Comes with it")
    page.fill("#id_statement", " ")
    page.get_by_role("link", name="Sources").click()
    page.wait_for_url("**/source/")
    assert dialogs == ["beforeunload"]


def test_a_second_click_does_not_decide_on_the_next_claim_unread(browser, site) -> None:
    let_two_claims_wait()
    make_user("Reviewer", username="rev")
    page = open_admin(browser, site, "rev", "comparison/claim/queue/")
    box = page.get_by_role("button", name="Publish").bounding_box()
    animations = page.context.new_cdp_session(page)
    animations.send("Animation.enable")
    animations.send("Animation.setPlaybackRate", {"playbackRate": 0.001})  # the wait outlasts a slow machine
    for _ in range(2):
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        page.wait_for_url("**last=**")
        page.wait_for_load_state()
        box = page.get_by_role("button", name="Publish").bounding_box()
    page.keyboard.press("p")
    page.wait_for_timeout(300)
    expect(page.locator(".q-head")).to_contain_text("1 of 1")
    animations.send("Animation.setPlaybackRate", {"playbackRate": 1})
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    page.context.close()


def test_links_for_the_keys_show_when_they_are_reached(article) -> None:
    page = article
    link = page.get_by_role("link", name="Next sentence")
    assert page.locator(".r-steps").bounding_box()["width"] == 1
    link.focus()
    assert page.locator(".r-steps").bounding_box()["width"] > 100
    expect(link).to_be_in_viewport()


def test_the_room_is_accessible(browser, site) -> None:
    source = Source.objects.get(slug="flask-vs-django-whats-the-difference")
    source.claims.update(start=None, end=None)
    attach(source, INVENTED.read_text(), changed=True)
    claim = source.claims.first()
    Claim.objects.filter(pk=claim.pk).update(start=60, end=100)
    make_user("Editor", username="ed")
    page = open_admin(browser, site, "ed")
    address = f"/admin/comparison/source/{source.pk}/read/?line=7&words=Django&frameworks={claim.framework_id}"
    page.goto(f"{site}{address}&criterion={Criterion.objects.get(slug='learning-curve').pk}&level=1")
    expect(page.locator("#effect .r-after")).to_be_visible()
    assert page.complaints == []
    check_windows(page)
    page.context.close()


def test_an_article_goes_from_nothing_to_published_claims(browser, site) -> None:
    """An editor adds the article, a contributor reads it, a reviewer decides, and the public sees the verdicts."""
    Check.objects.all().delete()
    Claim.objects.all().delete()
    Source.objects.filter(part_of__isnull=False).delete()
    Source.objects.all().delete()
    learning = Criterion.objects.get(slug="learning-curve")
    for role, name in (("Editor", "ed"), ("Contributor", "con"), ("Reviewer", "rev")):
        make_user(role, username=name)
    page = open_admin(browser, site, "ed")
    page.get_by_role("link", name="Add a source").click()
    page.fill("#id_pasted", real_article() if os.environ.get("ARTICLES") else INVENTED.read_text())
    page.get_by_role("button", name="Look at it").click()
    page.fill("#id_title", "Read from nothing")
    page.fill("#id_slug", "read-from-nothing")
    page.select_option("#id_kind", "independent")
    page.get_by_role("button", name="Store the source and read it").click()
    expect(page.locator(".r-text")).to_be_visible()
    source = Source.objects.get(slug="read-from-nothing")
    page.context.close()
    page = open_admin(browser, site, "con")
    page.get_by_role("link", name="Read from nothing").click()
    page.wait_for_url("**/read/")  # its module has run
    spans = sentences(Article(source.text), 4)
    for number, span in enumerate(spans, 1):
        write(page, span, learning, number)
    page.context.close()
    page = open_admin(browser, site, "rev")
    page.get_by_role("link", name="4 claims in the queue").click()
    for left in (4, 3, 2):
        expect(page.locator(".q-head")).to_contain_text(f"of {left}")
        page.get_by_role("button", name="Publish").click(trial=True)  # it can be read
        page.keyboard.press("p")
    expect(page.locator(".q-head")).to_contain_text("1 of 1")
    page.wait_for_load_state()
    page.keyboard.press("r")
    page.keyboard.type("Says nothing of the kind")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    assert page.complaints == []
    page.goto(f"{site}/sources/read-from-nothing/")
    expect(page.get_by_text("1 times put in our own words")).to_be_visible()
    states = list(Claim.objects.filter(source=source).order_by("start").values_list("state", flat=True))
    assert states == ["published"] * 3 + ["rejected"]
    page.context.close()


def test_a_profile_shows_what_it_recommends_while_it_is_edited(browser, site) -> None:
    silent = make_criterion("rating", name="Unheard of")
    make_user("Editor", username="ed")
    page = open_admin(browser, site, "ed", f"comparison/profile/{Profile.objects.get(slug='shop').pk}/change/")
    expect(page.locator("#previewed")).to_contain_text("Django, fairly firm: it holds in 100 of 100 nearby weightings.")
    expect(page.locator("#previewed")).not_to_contain_text(silent.name)
    choose = "pk => django.jQuery('#id_weights-0-criterion').append(new Option('x', pk, true, true)).trigger('change')"
    page.evaluate(choose, silent.pk)  # as its combobox does
    expect(page.locator("#previewed")).to_contain_text(f"{silent.name} has a weight, and there is no evidence on it.")
    assert page.complaints == []
    page.context.close()


def test_proposals_are_decided_on_with_one_key_each(article) -> None:
    page = article
    page.locator(".r-text").focus()
    page.keyboard.press("p")
    head = page.locator("#p-head")
    expect(head).to_contain_text("1 of")
    total = int(re.search(r"of (\d+)", head.inner_text())[1])
    assert total > 3
    page.keyboard.press("x")
    expect(head).to_contain_text(f"of {total - 1}")
    page.keyboard.press("j")
    expect(head).to_contain_text("2 of")
    page.keyboard.press("k")
    expect(head).to_contain_text("1 of")
    while not page.locator(".r-values").count():
        page.keyboard.press("j")
        page.wait_for_timeout(200)
    page.keyboard.press("2")
    expect(page.locator(".r-saved")).to_contain_text("submitted")
    claim = Claim.objects.get(source=page.source)
    assert claim.level == -1 or claim.support == "extension"
    page.keyboard.press("c")
    expect(page.locator("#f-head")).to_contain_text("New claim")
    assert page.complaints == []
    page.goto(f"{page.url.split('/read/')[0]}/read/proposals/")
    expect(head).to_contain_text("1 of")
    check_windows(page)


def test_proposals_work_without_javascript(article, browser, site) -> None:
    page = open_admin(browser, site, "con", f"comparison/source/{article.source.pk}/read/", java_script_enabled=False)
    page.get_by_role("link", name="Proposed claims").click()
    head = page.locator("#p-head")
    before = head.inner_text()
    page.get_by_role("button", name="Not a claim").click()
    expect(head).not_to_have_text(before)
    page.get_by_role("link", name="Change", exact=True).click()
    expect(page.locator("#f-head")).to_contain_text("New claim")
    page.context.close()
