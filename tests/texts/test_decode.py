import codecs
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.texts.decode import (
    TextFormat,
    Unreadable,
    decode,
    detect_format,
    extract_text,
    repair_pieces,
    repair_text,
    repairs,
)
from comparison.texts.html_article import read_page
from comparison.texts.line_diff import shared_blocks
from comparison.texts.similarity import MIN_SIMILARITY, SKETCH_SIZE, most_similar, runs, similarity, sketch
from comparison.wording import words_of
from tests.source_texts import ARTICLE, PAGE


def test_a_page_is_reduced_to_its_article() -> None:
    page = read_page(PAGE)
    assert page.article == ARTICLE
    assert 0 < page.dropped_share < 0.6
    for words in ("The site", "Home", "We use cookies", "Buy now", "Nice one", "Imprint"):
        assert words in page.everything
    assert "alert(2)" not in page.everything
    assert page.facts == {
        "title": "One & two",
        "author": "A. Writer",
        "published": "2024-03-02T10:00:00Z",
        "address": "https://example.org/x",
        "language": "en",
    }


def test_a_page_without_an_article_keeps_its_body() -> None:
    assert read_page("<p>One<p>Two</div></b><p>Three").article == "One\n\nTwo\n\nThree\n"
    assert read_page("<title>T</title>").article == ""


HEADED = "# T\n\nBody.\n"


@pytest.mark.parametrize(
    ("markup", "article"),
    [
        ("<div class='with-sidebar'><h1>T</h1><p>Body.</div><div class=sidebar>Side</div>", HEADED),
        ("<form><h1>T</h1><p>Body.</p></form>", HEADED),
        ("<form><p>Body.</p></form><h1>T</h1>", "# T\n"),
        ("<div class=menu>Lead<h1>T</h1><p>Body.</div>", "Lead\n\n" + HEADED),
        ("<nav><div class=ad><h1>Ad</h1></div></nav><h1>T</h1><p>Body.", HEADED),
        ("<h1>T</h1><p class=ad>Buy<p>Body.", HEADED),
        ("<h1>T</h1><p>Body.<ul><li class=share>Tweet</ul>", HEADED),
        ("<main><h1>T</h1><article><p>Body it is now.</article>More</main>", "# T\n\nBody it is now.\n"),
        ("<h1>T</h1><article>Body.</article><div id=comments><article>Long words of others</article></div>", HEADED),
        ("<div class='post social'><p>Body.</div>", "Body.\n"),
        ("<table><tr><td><th>A<tr><td>x<td>y<br>z</table>", "|  | A |\n| x | y z |\n"),
        ("<table><tr><td><h1>T</h1><p>Body.</table>", HEADED),
        ("<table><tr><td>x <span class=share>Tweet</span><td>y</table>", "| x | y |\n"),
        ("<table><tr><td><table><tr><td>a<td>b</table></table>", "| a | b |\n"),
    ],
)
def test_page_chrome_is_dropped_but_not_what_wraps_the_article(markup, article) -> None:
    assert read_page(markup).article == article


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "said" + "</div>" * 100_000,
        "said" + "<!--" * 250_000,
        "<p>said" + "<" * 500_000,
        "said" + "</x" * 250_000,
        "<p>said" + "<table><tr><td>" * 50_000,
        "<ul><li>" * 50_000 + "said",
        "<div class=ad>said<h1>" * 20_000,
        "<p>said<table><tr><td><p>" * 20_000,
        "<div><h3>Related posts</h3><p>said</p>" * 20_000,
        "<header><article>said " * 20_000,
    ],
)
def test_hostile_markup_is_read(markup) -> None:
    assert "said" in read_page(markup).article


@given(st.text(alphabet='<>/ab="p!-& \n', max_size=200))
def test_no_markup_breaks_the_reader(markup) -> None:
    page = read_page(markup)
    assert len(page.article) <= len(page.everything) or not page.article


@pytest.mark.parametrize(
    ("data", "encoding", "text", "used_encoding"),
    [
        (b"caf\xc3\xa9", "", "café", "utf-8"),
        (codecs.BOM_UTF8 + b"caf\xc3\xa9\r\n", "", "café\n", "utf-8"),
        ("café".encode("utf-16"), "", "café", "utf-16"),
        ("café".encode("utf-16"), "windows-1252", "café", "utf-16"),
        (b"caf\xe9 \x93x\x94", "windows-1252", "café “x”", "windows-1252"),
        ("Привет".encode("cp1251"), "windows-1251", "Привет", "windows-1251"),
        (b"a\rb", "", "a\nb", "utf-8"),
    ],
)
def test_encodings(data, encoding, text, used_encoding) -> None:
    assert decode(data, encoding) == (text, used_encoding)


@pytest.mark.parametrize(
    ("data", "encoding", "words"),
    [
        (b"\x89PNG\r\n", "", "a PNG picture"),
        ("caf\xe9".encode("utf-16-le"), "", "NUL bytes|not UTF-8"),
        (b"%PDF-1.7", "", "a PDF document"),
        (b"PK\x03\x04", "", "a ZIP archive"),
        (b"caf\xe9", "", "Byte 4 is not UTF-8"),
        (b"a\0b", "", "NUL bytes"),
        (b"x", "klingon", "encoding klingon is not known"),
        (b"x" * 8_000_001, "", "at most 8,000,000"),
    ],
)
def test_other_files_are_refused_by_name(data, encoding, words) -> None:
    with pytest.raises(Unreadable, match=words):
        decode(data, encoding)


@pytest.mark.parametrize("raw", ["", "  \n", "\ufeff"])
def test_an_empty_text_is_refused(raw) -> None:
    with pytest.raises(Unreadable, match="no text in it"):
        extract_text(raw.strip("\ufeff"), TextFormat.TEXT)


def test_the_format_is_detected_by_file_name_or_beginning() -> None:
    assert detect_format("a.HTM", "x") is TextFormat.HTML
    assert detect_format("a.md", "<p>") is TextFormat.MARKDOWN
    assert detect_format("a.txt", "<html>") is TextFormat.TEXT
    assert detect_format("", " <!DOCTYPE html>") is TextFormat.HTML
    assert detect_format("", "Words") is TextFormat.TEXT


def test_a_text_is_taken_as_it_is() -> None:
    odd = "  “Ünïcode” \t\n\n\n# x\n"
    assert extract_text(odd, TextFormat.TEXT).text == odd
    assert extract_text(odd, TextFormat.MARKDOWN).text == odd
    assert extract_text(PAGE, TextFormat.HTML, keep_everything=True).text.startswith("The site")


@pytest.mark.parametrize("sound", ["café", "naïve “q”", "Привет, мир", "日本語", "🤔 👥", "ελληνικά", "½ – −"])
def test_garbled_letters_are_repaired_and_sound_ones_unchanged(sound) -> None:
    assert repair_text(sound) == sound
    garbled = "".join(bytes([byte]).decode("cp1252", "replace") for byte in sound.encode())
    if "\ufffd" not in garbled:
        assert repair_text(garbled) == sound


def test_repairs_are_shown_around_what_differs() -> None:
    (repair,) = repairs("x" * 5000 + " caf\u00c3\u00a9 " + "y" * 5000)
    pieces = repair_pieces(repair)
    assert ("\u00c3\u00a9", "é") in pieces
    assert sum(len(before) for before, _ in pieces) < 500


def test_repairs_name_their_lines() -> None:
    text = "fine\ncafÃ© here\nfine “too”"
    (repair,) = repairs(text)
    assert (repair.number, repair.before, repair.after) == (2, "cafÃ© here", "café here")
    assert extract_text(text, TextFormat.TEXT).text == text
    assert extract_text(text, TextFormat.TEXT, repair=True).text == text.replace("Ã©", "é")


WORDS = [f"word{number}" for number in range(400)]


def test_equal_texts_have_similarity_1_and_unrelated_ones_0() -> None:
    text = " ".join(WORDS)
    assert similarity(sketch(text), sketch(text)) == 1
    assert similarity(sketch(text), sketch(" ".join(WORDS[::-1]))) == 0
    assert similarity(sketch(""), sketch(text)) == 0
    assert len(sketch(text)) == SKETCH_SIZE


@given(st.text("aB’'_-é„Δ2 ß\n\ud800", max_size=60))
def test_a_sketch_is_of_the_words_that_searches_know(text) -> None:
    words = words_of(text)
    expected = {" ".join(words[start : start + 5]) for start in range(max(len(words) - 4, 1))} - {""}
    assert runs(text) == {crc32(run.encode()) for run in expected}


def test_a_text_with_a_few_changed_words_is_similar() -> None:
    changed = list(WORDS)
    changed[50] = changed[200] = changed[350] = "other"
    similar = most_similar(
        " ".join(changed), [(1, sketch(" ".join(WORDS))), (2, sketch("something else entirely, at length"))]
    )
    assert [pk for pk, _ in similar] == [1]
    assert similar[0][1] > 0.8 > MIN_SIMILARITY


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.lists(st.sampled_from("abcdef"), max_size=30))
def test_shared_blocks_are_equal_and_in_order(old, new) -> None:
    old_end, new_end = 0, 0
    for old_index, new_index, size in shared_blocks(old, new):
        assert size > 0
        assert old[old_index : old_index + size] == new[new_index : new_index + size]
        assert old_index >= old_end
        assert new_index >= new_end
        old_end, new_end = old_index + size, new_index + size


@given(st.lists(st.sampled_from("abcdef"), max_size=30))
def test_equal_texts_share_one_block(lines) -> None:
    assert shared_blocks(lines, lines) == ([(0, 0, len(lines))] if lines else [])


@pytest.mark.parametrize("sound", ["„Das macht Spaß“", "ÉTÉ—", "NESTLÉ®", "ΑΒΓ άλφα", "ПРИВЕТ Мир", "‘œuvre’…"])
def test_sound_letters_beside_signs_need_no_repair(sound) -> None:
    assert repairs(sound) == []


def test_repairing_has_a_time_limit_and_says_the_way_out(monkeypatch) -> None:
    monkeypatch.setattr("comparison.texts.decode.MAX_REPAIR_SECONDS", -1)
    with pytest.raises(Unreadable, match=r"too many garbled letters .* Choose another encoding"):
        repair_text("caf\u00c3\u00a9")
    with pytest.raises(Unreadable):
        extract_text("caf\u00c3\u00a9", TextFormat.TEXT, repair=True)
    assert repairs("caf\u00c3\u00a9") == []
    assert repair_text("only ASCII") == "only ASCII"


def test_a_run_is_decoded_once_however_often_it_occurs(monkeypatch) -> None:
    calls = []
    monkeypatch.setattr("comparison.texts.decode._decoded", lambda run: calls.append(run) or iter(()))
    repair_text("\u00c3\u00b8\u20ac " * 1000)
    assert calls == ["\u00c3\u00b8\u20ac"]


def test_a_very_long_run_is_repaired_in_parts() -> None:
    sound = "\u00e9" * 15_000
    assert repair_text(sound.encode().decode("latin-1")) == sound


def test_many_gaps_of_few_lines_are_not_compared_for_ever(monkeypatch) -> None:
    """Each gap alone is small enough to be compared; all of them together would take minutes."""
    lines = [line for number in range(9) for line in ("a", "b", "a", f"pin {number}")]
    others = [line for number in range(9) for line in ("b", "a", "b", "a", f"pin {number}")]
    assert sum(size for _, _, size in shared_blocks(lines, others)) == 36
    monkeypatch.setattr("comparison.texts.line_diff.MAX_TOTAL_PRODUCT", 30)
    assert sum(size for _, _, size in shared_blocks(lines, others)) == 9 + 2 * 3
