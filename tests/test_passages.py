import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from comparison.models import Claim, Edition, Source
from comparison.passages import Anchors, AnotherText, Fate, attach
from tests.make import make_claim, make_criterion, make_framework, make_source

TEXT = "Title\n\nAlpha is quick to learn.\nAlpha needs no server.\n\nBeta is slow.\n"
ODD = "\ufeffcaf\xe9\r\nno\xa0break \u201c\u03d6\u20ac\u201d \U0001f600 e\u0301\r\n"


def claim_on(source: Source, passage: str, text: str = TEXT, **fields: object) -> Claim:
    start = text.index(passage)
    return make_claim(source=source, start=start, end=start + len(passage), **fields)


def with_text(text: str = TEXT) -> Source:
    source = make_source()
    source.keep_text(text)
    source.save()
    return source


def edition() -> int:
    return Edition.objects.current().number


@pytest.mark.django_db
def test_the_first_text_fills_quotes() -> None:
    source = make_source()
    claim = claim_on(source, "quick to learn")
    number = edition()
    assert [one.fate for one in attach(source, TEXT)] == [Fate.FOUND]
    claim.refresh_from_db()
    source.refresh_from_db()
    assert (claim.quote, claim.state, source.text) == ("quick to learn", "published", TEXT)
    assert claim.updated_edition == edition() == number + 1
    assert claim.history.first().history_change_reason == "attach_text: found"
    attach(source, TEXT)
    assert edition() == number + 1


@pytest.mark.django_db
def test_a_long_passage_leaves_the_quote_empty() -> None:
    text = "x" * 600
    source = make_source()
    claim = make_claim(source=source, start=0, end=600)
    attach(source, text)
    claim.refresh_from_db()
    assert (claim.quote, claim.end) == ("", 600)


@pytest.mark.django_db
def test_another_text_is_refused_and_nothing_changes() -> None:
    source = with_text()
    claim = claim_on(source, "quick to learn")
    with pytest.raises(AnotherText, match="--changed"):
        attach(source, TEXT.replace("quick", "fast"))
    source.refresh_from_db()
    claim.refresh_from_db()
    assert (source.text, claim.quote) == (TEXT, "")


MOVES = [
    ("A new line\n" + TEXT, "quick to learn", Fate.MOVED, "quick to learn"),
    (TEXT + "More\n", "quick to learn", Fate.FOUND, "quick to learn"),
    ("Beta is slow.\n\nTitle\n\nAlpha is quick to learn.\nAlpha needs no server.\n", "is slow", Fate.MOVED, "is slow"),
    (TEXT.replace("quick to learn", "quick to teach"), "quick to learn", Fate.CHANGED, "quick to teach"),
    (TEXT.replace("Alpha needs no server.\n", ""), "needs no server", Fate.GONE, ""),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "passage", "fate", "after"), MOVES)
def test_claims_move_along_with_their_text(text, passage, fate, after) -> None:
    source = with_text()
    claim = claim_on(source, passage)
    (found,) = attach(source, text, changed=True)
    claim.refresh_from_db()
    assert (found.fate, found.before) == (fate, passage)
    assert found.after.startswith(after)
    if fate is Fate.GONE:
        assert (claim.start, claim.end, claim.quote) == (None, None, passage)
    else:
        assert text[claim.start : claim.end] == claim.quote == found.after
    back = fate in (Fate.CHANGED, Fate.GONE)
    assert claim.state == ("submitted" if back else "published")
    assert (str(fate) in claim.state_reason) == back


@pytest.mark.django_db
def test_claims_of_one_cell_may_change_places() -> None:
    text = "First point here.\nOther point now.\n"
    source, framework, criterion = with_text(text), make_framework(), make_criterion()
    cell = {"framework": framework, "criterion": criterion}
    first = make_claim(source=source, start=0, end=17, **cell)
    second = make_claim(source=source, start=18, end=34, **cell)
    attach(source, "Other point now.\n\nFirst point here.\n", changed=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.start, second.start) == (18, 0)


@pytest.mark.django_db
def test_two_claims_of_one_cell_never_share_a_place() -> None:
    text = "It is light.\n\nOnce more: It is light.\n"
    source, cell = with_text(text), {"framework": make_framework(), "criterion": make_criterion()}
    first = make_claim(source=source, start=0, end=12, **cell)
    second = make_claim(source=source, start=25, end=37, **cell)
    fates = [one.fate for one in attach(source, "Well, It is light.\n", changed=True)]
    first.refresh_from_db()
    second.refresh_from_db()
    assert fates == [Fate.MOVED, Fate.GONE]
    assert (first.start, second.start, second.quote) == (6, None, "It is light.")


@pytest.mark.django_db
def test_one_edition_however_many_claims_move() -> None:
    source = with_text()
    claims = [claim_on(source, passage) for passage in ("quick to learn", "needs no server", "is slow")]
    number = edition()
    attach(source, "New\n" + TEXT.replace("slow", "sluggish"), changed=True)
    assert edition() == number + 1
    assert {Claim.objects.get(pk=claim.pk).updated_edition for claim in claims} == {number + 1}


@pytest.mark.django_db
def test_any_text_is_kept_code_point_by_code_point(tmp_path) -> None:
    source = make_source("Odd")
    claim = claim_on(source, "\xa0break \u201c\u03d6\u20ac\u201d \U0001f600", ODD)
    file = tmp_path / "odd.txt"
    file.write_bytes(ODD.encode())
    call_command("attach_text", "odd", file, stdout=StringIO())
    source.refresh_from_db()
    claim.refresh_from_db()
    assert source.text == ODD
    assert source.text_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert claim.quote == ODD[claim.start : claim.end]


@pytest.mark.django_db
def test_the_command_reports_each_passage(tmp_path) -> None:
    source = with_text()
    for passage in ("quick to learn", "needs no server", "is slow"):
        claim_on(source, passage)
    file = tmp_path / "new.txt"
    file.write_text(TEXT.replace("Alpha needs no server.\n", ""))
    out = StringIO()
    call_command("attach_text", source.slug, file, "--changed", stdout=out)
    assert "gone: claim" in out.getvalue()
    assert "before: needs no server" in out.getvalue()
    assert "1 found, 1 moved, 0 changed, 1 gone." in out.getvalue()


def refused(source: str, file: Path) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("attach_text", source, file, stdout=StringIO())
    return str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no text"), (b" \n", "no text"), (b"ab\xff", "byte 2 is not UTF-8"), (b"ab\0c", "character 2 is NUL")],
)
def test_a_file_that_is_no_text_is_refused(tmp_path, content, words) -> None:
    source = make_source()
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    assert words in refused(source.slug, file)
    assert Source.objects.get().text == ""


@pytest.mark.django_db
def test_what_is_missing_is_named(tmp_path) -> None:
    make_source("Known")
    file = tmp_path / "x.txt"
    file.write_text("x")
    assert "No source 'knwon'. Known: known" in refused("knwon", file)
    assert "No such file" in refused("known", tmp_path / "y.txt")
    assert "directory" in refused("known", tmp_path)


@given(st.lists(st.text("abc ", min_size=3, max_size=12), min_size=1, max_size=6), st.integers(0, 5), st.data())
def test_shared_lines_carry_their_passages_along(lines, where, data) -> None:
    """A line that no text holds yet, put anywhere, moves what follows by its length and nothing else."""
    old = [f"{place} {line}\n" for place, line in enumerate(lines)]
    at = min(where, len(old))
    new = [*old[:at], "inserted\n", *old[at:]]
    anchors = Anchors("".join(old), "".join(new))
    place = data.draw(st.integers(0, len(old) - 1))
    start = sum(len(line) for line in old[:place])
    passage = old[place].rstrip("\n")
    found = anchors.locate(passage, start)
    shift = len("inserted\n") if place >= at else 0
    assert (found.fate, found.start) == (Fate.MOVED if shift else Fate.FOUND, start + shift)
