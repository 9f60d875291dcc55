"""Attaching texts to sources by the command, and relocating passages from an old text to a new one."""

import hashlib
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import assume, given
from hypothesis import strategies as st

from comparison.curation.attach_text import Fate, Location, PassageFinder, attach, preview
from comparison.curation.undo import undo
from comparison.models import Batch, Claim, ClaimState, Edition, Source
from comparison.texts.similarity import sketch
from comparison.texts.typography import folded_text
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number, page
from tests.source_texts import (
    APPENDED,
    CHANGED,
    GONE,
    MOVED,
    OLD,
    PASSAGE,
    cited_passage,
    claims_on,
    reloaded,
    source_with,
)

pytestmark = pytest.mark.django_db


FATES = [(APPENDED, "found"), (MOVED, "moved"), (CHANGED, "changed"), (GONE, "gone")]
# fmt: off
VERSIONS = [  # a new text, the fate of the passage in it, and its new words
    (OLD, "found", PASSAGE), (APPENDED, "found", PASSAGE), (OLD.replace("Omega", "Sigma"), "found", PASSAGE),
    (OLD.replace("learn.", "learn, they say."), "found", PASSAGE), (MOVED, "moved", PASSAGE),
    (OLD.replace("Intro.\n", ""), "moved", PASSAGE), (OLD.replace("Alpha", "Well, Alpha"), "moved", PASSAGE),
    (OLD.replace("\n", "\r\n"), "moved", PASSAGE), (f"{GONE}{PASSAGE}.\n", "moved", PASSAGE),
    (f"{PASSAGE}.\n{GONE}", "moved", PASSAGE), (CHANGED, "changed", "Alpha is slow to learn"),
    ("New.\n" + CHANGED, "changed", "Alpha is slow to learn"),
    (OLD.replace("is quick", "is really quick"), "changed", "Alpha is really quick to learn"),
    (f"{GONE}Alpha is slow to learn.\n", "changed", "Alpha is slow to learn"),
    (OLD.replace("learn", "teach"), "changed", "Alpha is quick to teach"),
    (OLD.replace("Alpha", "Beta"), "changed", "Beta is quick to learn"),
    (GONE, "gone", ""), (OLD.replace(PASSAGE, "Nobody is able to tell"), "gone", ""), ("Nothing.\n", "gone", ""),
]
COLLAPSES = [
    ("Same words.\nBetween.\nSame words.\n", "Same words.\nBetween.\n", "found"),
    ("Yes: Same words.\nNo: Same words.\n", "Well: Same words.\n", "moved"),
]
NEAREST = [  # a passage that is there twice, a new text, and where it stands now
    ("End", "Intro.\nEnd: Alpha is quick to learn.\nOmega takes some weeks.\nThe End.\n", 65),
    ("o", OLD.replace("Intro.\n", ""), None),
]
REPORTS = [
    (MOVED, ["moved: claim {pk}, now at 27–50: Alpha is quick to learn"]),
    (CHANGED, ["changed: claim {pk} ({cell})", f"  before: {PASSAGE}", "  after:  Alpha is slow to learn"]),
    (GONE, ["gone: claim {pk} ({cell})", f"  before: {PASSAGE}", "  after:  (none)"]),
]
STRANGE = [
    "\u00a0no\u00a0break\u202f", "difference?πŸ€”", "a\r\n\r\nb", "a\rb", "\ufeffmark", "👩🏽\u200d💻",
    "e\u0301 or \u00e9", "a\x85b\u2028c\x0bd\x0ce", "\u200bzero\u2060", "\t ends blank \n", "\ufffd\ufffe", "﷽𝔘",
]
IMPROPER = [
    (b"", "holds no text"), (b" \r\n\t\n", "holds no text"), ("\u00a0\n".encode(), "holds no text"),
    (b"abc\xff", "byte 3 is not UTF-8"), ("café au lait".encode("latin-1"), "byte 3 is not UTF-8"),
    ("é".encode()[:1], "byte 0 is not UTF-8"), (b"\xed\xa0\x80", "byte 0 is not UTF-8"),
    ("\ufeffab".encode("utf-16-le"), "byte 0 is not UTF-8"), ("é\0b".encode(), "character 1 is NUL"),
]
UNKNOWN = [
    (["Flask vs Django", "Rails"], "flask-vs-djagno", "Known: flask-vs-django."),
    (["Flask vs Django", "Rails"], "Q", "Known: flask-vs-django, rails."),
    ([], "flask-vs-django", "Known: none yet."),
]
# fmt: on


def claim_in_old(**fields: Any) -> Claim:
    return claims_on(source_with(OLD), PASSAGE, **fields)[0]


def cell() -> dict[str, Any]:
    return {"framework": make_framework(), "criterion": make_criterion()}


def run(source: Source, text: str | bytes, folder: Path, *options: str) -> str:
    """Attaches a text by the command and returns its output."""
    out, file = StringIO(), folder / "text.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command("attach_text", source.slug, file, *options, stdout=out)
    return out.getvalue()


def counts(printed: str) -> dict[str, int]:
    """The counts of the last line by fate, without zeros."""
    match = re.fullmatch(r"(\d+) found, (\d+) moved, (\d+) changed, (\d+) gone\.", printed.splitlines()[-1])
    return {fate.value: int(number) for fate, number in zip(Fate, match.groups(), strict=True) if number != "0"}


def stored() -> list[list[dict[str, Any]]]:
    managers = (Source.objects, Source.history, Claim.objects, Claim.history, Edition.objects)
    return [list(manager.order_by("pk").values()) for manager in managers]


@pytest.mark.parametrize("length", [1, 499, 500, 501, 3000])
def test_the_same_text_fills_quotes_of_up_to_500_characters_from_offsets(length: int, tmp_path) -> None:
    passage = ("Words " * 500)[:length]
    (claim,) = claims_on(source_with(f"Before. {passage}", keep=False), passage, quote="")
    before = edition_number()
    assert counts(run(claim.source, f"Before. {passage}", tmp_path)) == {"found": 1}
    claim = reloaded(claim)
    assert (claim.start, claim.end, claim.quote) == (8, 8 + length, passage if length <= 500 else "")
    assert claim.source.text == f"Before. {passage}"
    assert edition_number() == before + (length <= 500)


@pytest.mark.parametrize("keep", [True, False])
def test_another_text_is_refused_and_changes_nothing(keep: bool, tmp_path) -> None:
    source = source_with(OLD, keep)
    claims_on(source, PASSAGE)
    before = stored()
    with pytest.raises(CommandError) as error:
        run(source, MOVED, tmp_path)
    for text in (OLD, MOVED):
        assert hashlib.sha256(text.encode()).hexdigest()[:12] in str(error.value)
    assert f"of {source.slug} " in str(error.value)
    assert "--changed" in str(error.value)
    assert stored() == before


def test_the_first_text_of_a_source_without_a_digest_is_accepted(tmp_path) -> None:
    source = make_source()
    claim = make_claim(source=source, start=7, end=30)
    assert counts(run(source, OLD, tmp_path)) == {"found": 1}
    assert reloaded(claim).quote == PASSAGE
    assert Source.objects.get().text_sha256 == hashlib.sha256(OLD.encode()).hexdigest()


@pytest.mark.parametrize(("start", "end"), [(5, 100), (50, 100)])
def test_offsets_beyond_a_first_text_are_not_found(start: int, end: int, tmp_path) -> None:
    source = make_source()
    make_claim(source=source, start=start, end=end)
    assert "found" not in counts(run(source, "A little text.", tmp_path))


def test_a_claim_without_offsets_is_unchanged(tmp_path) -> None:
    source = source_with(OLD)
    make_claim(source=source, quote=PASSAGE)
    before = list(Claim.objects.values())
    assert counts(run(source, GONE, tmp_path, "--changed")) == {}
    assert list(Claim.objects.values()) == before


@pytest.mark.parametrize(("new", "fate", "after"), VERSIONS)
def test_a_claim_moves_along_to_a_new_version(new: str, fate: str, after: str, tmp_path) -> None:
    claim = claim_in_old()
    assert counts(run(claim.source, new, tmp_path, "--changed")) == {fate: 1}
    claim = reloaded(claim)
    if after:
        assert (new[claim.start : claim.end], claim.quote) == (after, after)
    else:
        assert (claim.start, claim.end, claim.quote) == (None, None, PASSAGE)
    assert Source.objects.get().text == new


def test_a_new_version_is_searched_for_quotes_where_the_old_text_is_not_known(tmp_path) -> None:
    source = source_with(OLD, keep=False)
    (claim,) = claims_on(source, PASSAGE)
    assert counts(run(source, MOVED, tmp_path, "--changed")) == {"moved": 1}
    assert cited_passage(claim, MOVED) == PASSAGE


def test_repeated_lines_do_not_mislead(tmp_path) -> None:
    same = "Same.\n\n" * 200
    old = f"Intro.\n{same}{PASSAGE}.\n{same}"
    claims = claims_on(source_with(old), "Same", PASSAGE, "Same")
    run(claims[0].source, "A line that is new.\n" + old, tmp_path, "--changed")
    assert [reloaded(claim).start - claim.start for claim in claims] == [20, 20, 20]


@pytest.mark.parametrize(("new", "lines"), REPORTS)
def test_the_report_shows_the_fate_of_a_passage(new: str, lines: list[str], tmp_path) -> None:
    claim = claim_in_old()
    names = {"pk": claim.pk, "cell": f"{claim.framework}, {claim.criterion}"}
    assert run(claim.source, new, tmp_path, "--changed").splitlines()[:-1] == [line.format(**names) for line in lines]


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_claims_of_one_cell_can_swap_offsets(order: tuple[int, ...], tmp_path) -> None:
    lines = ["Aaa is one.\n", "Bbb is two.\n", "Ccc is six.\n"]
    source = source_with("".join(lines))
    claims = claims_on(source, "Aaa is one", "Bbb is two", "Ccc is six", **cell())
    new = "".join(lines[index] for index in order)
    assert counts(run(source, new, tmp_path, "--changed")).keys() <= {"found", "moved"}
    assert [cited_passage(claim, new) for claim in claims] == ["Aaa is one", "Bbb is two", "Ccc is six"]


@pytest.mark.parametrize(("old", "new", "fate"), COLLAPSES)
def test_the_second_of_two_passages_that_became_one_is_gone(old: str, new: str, fate: str, tmp_path) -> None:
    source = source_with(old)
    first, second = claims_on(source, "Same words", "Same words", **cell())
    assert counts(run(source, new, tmp_path, "--changed")) == {fate: 1, "gone": 1}
    assert cited_passage(first, new) == "Same words"
    assert (reloaded(second).start, reloaded(second).end, reloaded(second).quote) == (None, None, "Same words")


@pytest.mark.parametrize(("passage", "new", "start"), NEAREST)
def test_a_passage_goes_to_the_nearest_line_that_is_new(passage: str, new: str, start: int | None, tmp_path) -> None:
    (claim,) = claims_on(source_with(OLD), passage)
    run(claim.source, new, tmp_path, "--changed")
    assert reloaded(claim).start == start


def test_equal_passages_of_one_cell_that_are_still_two_stay_two(tmp_path) -> None:
    source = source_with("Yes: Same words.\nNo: Same words.\n")
    claims_on(source, "Same words", "Same words", **cell())
    new = "A line of some length that is new.\nYea: Same words.\nNay: Same words.\n"
    assert counts(run(source, new, tmp_path, "--changed")) == {"moved": 2}


def test_two_claims_with_the_same_statement_can_both_lose_their_passage(tmp_path) -> None:
    source = source_with(OLD)
    claims_on(source, PASSAGE, "Omega takes some weeks", statement="So they say", **cell())
    assert counts(run(source, "Intro.\nEnd.\n", tmp_path, "--changed")) == {"gone": 2}


DUPLICATES = [  # the states of equal claims, and their states after their sentence is gone
    (["published", "published"], ["submitted", "retracted"]),
    (["draft", "published", "submitted"], ["rejected", "submitted", "rejected"]),
    (["retracted", "draft"], [None, "draft"]),
    (["rejected", "rejected"], ["rejected", "rejected"]),
]


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize(("states", "after"), DUPLICATES)
def test_claims_that_would_be_equal_without_offsets_are_merged(states, after, earlier) -> None:
    """Also if the first one lost its offsets earlier."""
    source, same = source_with("So it is.\n" * 3 + "End.\n"), {"statement": "It is", "quote": "So it is", **cell()}
    offsets = [(None, None) if earlier and number == 0 else (number * 10, number * 10 + 8) for number in range(3)]
    claims = [
        make_claim(ClaimState(state), source=source, start=start, end=end, **same)
        for state, (start, end) in zip(states, offsets, strict=False)
    ]
    check = make_check(claims[0])
    rows = Claim.objects.order_by("pk").values("start", "quote", "state", "state_reason", "merged_into")
    before, number = list(rows), edition_number()
    targets = {change.claim.pk: change.merge_target for change in preview(source, "End.\n")}
    assert list(rows) == before
    attach(source, "End.\n", changed=True, actor=make_user("Editor"))
    (keep,) = Claim.objects.filter(merged_into=None)
    for claim, was, state in zip(claims, states, after, strict=True):
        claim.refresh_from_db()
        assert (claim.start, claim.quote) == (None, "So it is")
        assert claim.merged_into == (None if claim == keep else keep)
        assert targets.get(claim.pk) == claim.merged_into
        kept_without_place = earlier and claim == keep == claims[0]
        assert claim.state == (was if kept_without_place else state or claim.state)
        assert (claim.history.first().state, claim.history.first().merged_into) == (claim.state, claim.merged_into)
    check.refresh_from_db()
    assert check.claim == (keep if states[1] != "rejected" else claims[0])
    assert edition_number() == number + 1
    undo(Batch.objects.get())
    assert list(rows.all()) == before


def test_the_report_says_what_was_merged(tmp_path) -> None:
    first, second = claims_on(
        source_with("So it is.\nSo it is.\nEnd.\n"), "So it is", "So it is", statement="x", **cell()
    )
    printed = run(first.source, "End.\n", tmp_path, "--changed")
    assert f"  merged into claim {first.pk}, which says the same" in printed
    assert counts(printed) == {"gone": 2}
    assert reloaded(second).merged_into == first


def test_a_changed_passage_longer_than_a_quote_goes_back_to_review(tmp_path) -> None:
    old = "word " * 70 + "quick " + "word " * 70
    (claim,) = claims_on(source_with(old), old)
    assert counts(run(claim.source, old.replace("quick", "never"), tmp_path, "--changed")) == {"changed": 1}
    assert reloaded(claim).state == ClaimState.SUBMITTED


@pytest.mark.parametrize("state", ClaimState)
@pytest.mark.parametrize(("new", "fate"), FATES)
def test_published_claims_that_changed_or_are_gone_go_back_to_review(
    state: ClaimState, new: str, fate: str, tmp_path
) -> None:
    claim = claim_in_old(state=state)
    run(claim.source, new, tmp_path, "--changed")
    after = reloaded(claim)
    if state is ClaimState.PUBLISHED and fate in ("changed", "gone"):
        assert after.state == ClaimState.SUBMITTED
        assert f"is {fate}" in after.state_reason
    else:
        assert (after.state, after.state_reason) == (state, claim.state_reason)


def test_an_attach_that_changed_claims_makes_one_edition(tmp_path) -> None:
    source = source_with(OLD)
    claims = claims_on(source, "Intro", PASSAGE, "Omega takes some weeks", "End")
    before = edition_number()
    printed = run(source, CHANGED.replace("Intro", "An opening").replace("End.\n", ""), tmp_path, "--changed")
    assert counts(printed) == {"moved": 1, "changed": 1, "gone": 2}
    assert edition_number() == before + 1
    assert source.slug in Edition.objects.current().summary
    assert {reloaded(claim).updated_edition for claim in claims} == {before + 1}


def test_another_digest_makes_an_edition_because_pages_show_it(client, tmp_path) -> None:
    claim = claim_in_old()
    before = edition_number()
    page(client, f"/claims/{claim.pk}/")
    run(claim.source, APPENDED, tmp_path, "--changed")
    assert edition_number() == before + 1
    assert Source.objects.get().text_sha256 in page(client, f"/claims/{claim.pk}/")


@pytest.mark.parametrize("options", [[], ["--changed"]])
def test_the_same_text_again_makes_no_edition_and_no_history_of_claims(options: list[str], tmp_path) -> None:
    claim = claim_in_old()
    before, entries = edition_number(), claim.history.count()
    assert counts(run(claim.source, OLD, tmp_path, *options)) == {"found": 1}
    assert (edition_number(), claim.history.count()) == (before, entries)


def test_a_capture_in_other_typography_leaves_claims_published(tmp_path) -> None:
    old = 'Intro.\nAlpha - they say - isn\'t "slow" to learn in some weeks.\nEnd.\n'
    (claim,) = claims_on(source_with(old), 'Alpha - they say - isn\'t "slow" to learn in some weeks')
    new = "Intro.\nAlpha — they say — isn’t\n“slow” to le\u00adarn in some\u00a0weeks.\nEnd.\n"
    assert counts(run(claim.source, new, tmp_path, "--changed")).keys() <= {"found", "moved"}
    after = reloaded(claim)
    assert (after.state, after.quote) == (ClaimState.PUBLISHED, new[7:-7])
    assert cited_passage(claim, new) == after.quote


@pytest.mark.parametrize(("new", "fate"), FATES)
def test_history_names_the_command_and_the_fate_of_the_passage(new: str, fate: str, tmp_path) -> None:
    claim = claim_in_old()
    entries = claim.history.count()
    run(claim.source, new, tmp_path, "--changed")
    added = claim.history.all()[: claim.history.count() - entries]
    sent_back = [f"published → submitted: Its passage in the source is {fate}."] * (fate in ("changed", "gone"))
    expected = [*sent_back, f"attach_text: {fate}"] if fate != "found" else []
    assert [entry.history_change_reason for entry in added] == expected
    assert claim.source.history.first().history_change_reason == "attach_text"


def test_history_and_edition_name_who_attached_a_text() -> None:
    claim, editor = claim_in_old(), make_user("Editor", username="edna")
    attach(claim.source, GONE, changed=True, actor=editor)
    assert {claim.history.first().history_author, claim.source.history.first().history_author} == {"edna"}
    assert Edition.objects.current().by == editor


def test_a_user_without_the_right_changes_nothing() -> None:
    source, nobody = source_with(OLD), make_user()
    claims_on(source, "Intro", PASSAGE)
    before = stored()
    with pytest.raises(PermissionDenied):
        attach(source, "New.\n" + CHANGED, changed=True, actor=nobody)
    assert stored() == before


@pytest.mark.parametrize("held", [OLD, ""])
def test_attaching_is_undone_as_a_whole(held: str) -> None:
    source = source_with(OLD)
    claims_on(source, "Intro", PASSAGE)
    source.sketch, source.text, source.silent = sketch(held), held, [1]
    source.save()
    claims = Claim.objects.order_by("pk").values_list("start", "end", "quote", "state", "published_at")
    before = [*Source.objects.values(), *claims]
    attach(source, "New.\n" + CHANGED, changed=True, actor=make_user("Editor"))
    changed = [*Source.objects.values(), *claims.all()]
    assert all(old != new for old, new in zip(before, changed, strict=True))
    undo(Batch.objects.get(), make_user("Editor", username="later"))
    assert [*Source.objects.values(), *claims.all()] == before


@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_text_is_stored_unchanged(strange: str, tmp_path) -> None:
    text = f"{strange}Django{strange}"
    source = make_source()
    claims = [make_claim(source=source, start=start, end=start + len("Django")) for start in (0, len(strange))]
    assert counts(run(source, text, tmp_path)) == {"found": 2}
    stored_source = Source.objects.get()
    assert (stored_source.text, stored_source.text_length) == (text, len(text))
    assert stored_source.text_sha256 == hashlib.sha256((tmp_path / "text.txt").read_bytes()).hexdigest()
    assert [reloaded(claim).quote for claim in claims] == [text[: len("Django")], "Django"]


@pytest.mark.parametrize(("content", "message"), IMPROPER)
def test_a_file_without_a_proper_text_is_refused(content: bytes, message: str, tmp_path) -> None:
    source = make_source()
    make_claim(source=source, start=0, end=1)
    before = stored()
    with pytest.raises(CommandError) as error:
        run(source, content, tmp_path, "--changed")
    assert message in str(error.value)
    assert str(tmp_path / "text.txt") in str(error.value)
    assert stored() == before


@pytest.mark.parametrize(("name", "message"), [("none.txt", "No such file"), (".", "Is a directory")])
def test_a_missing_file_is_refused(name: str, message: str, tmp_path) -> None:
    with pytest.raises(CommandError, match=message) as error:
        call_command("attach_text", make_source().slug, tmp_path / name)
    assert str(tmp_path / name) in str(error.value)


@pytest.mark.parametrize(("titles", "slug", "message"), UNKNOWN)
def test_an_unknown_source_is_refused_with_the_nearest_slugs(
    titles: list[str], slug: str, message: str, tmp_path
) -> None:
    for title in titles:
        make_source(title)
    with pytest.raises(CommandError) as error:
        run(Source(slug=slug), OLD, tmp_path)
    assert str(error.value) == f"No source {slug!r}. {message}"


texts = st.text(min_size=1) | st.lists(st.sampled_from(OLD.splitlines(keepends=True)), min_size=1).map("".join)


@given(texts, st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), st.data())
def test_a_passage_of_lines_that_stayed_moves_with_them(text: str, prefix: str, data: st.DataObject) -> None:
    prefix += "\n"
    assume(prefix not in text.splitlines(keepends=True))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert PassageFinder(text, text).locate(text[start:end], start) == Location(Fate.FOUND, start, end)
    moved = Location(Fate.MOVED, start + len(prefix), end + len(prefix))
    assert PassageFinder(text, prefix + text).locate(text[start:end], start) == moved


@given(texts, texts, st.data())
def test_a_location_is_in_the_new_text_and_fits_its_fate(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    passage = old[start : data.draw(st.integers(start + 1, len(old)))]
    location = PassageFinder(old, new).locate(passage, start)
    if location.fate is Fate.GONE:
        assert (location.start, location.end) == (None, None)
    else:
        assert 0 <= location.start < location.end <= len(new)
        words = new[location.start : location.end]
        has_same_words = words == passage or folded_text(words) == folded_text(passage) != ""
        assert has_same_words == (location.fate is not Fate.CHANGED)
        assert location.fate is Fate.CHANGED or (location.start == start) == (location.fate is Fate.FOUND)
