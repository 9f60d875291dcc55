import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.curation.annotated_text import (
    MAX_PASSAGE_LENGTH,
    PART_LENGTH,
    Article,
    InvalidPassage,
    annotate,
    longest_shared_run,
    ribbon,
)
from comparison.models import Claim

TEXT = """Learning

Flask is quick to learn. Django takes longer, “they say”.

## Speed
- Fast pages
| Django | 2.2 ms |
The end is near, it is
said."""


def claim(start: int, end: int, state: str = "published", pk: int = 1) -> Claim:
    return Claim(pk=pk, start=start, end=end, state=state)


def span_of(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def test_lines_have_offsets_and_headings_are_recognised() -> None:
    article = Article(TEXT)
    assert [line.number for line in article.lines if line.is_heading] == [1, 5]
    for line in article.lines:
        assert TEXT[line.start : line.end] == line.text
    assert article.line_at(TEXT.index("Fast")).number == 6
    assert article.line_at(len(TEXT)).number == 9


def test_the_section_is_the_path_of_headings_above() -> None:
    article = Article(TEXT)
    assert article.section_at(TEXT.index("Flask")) == "Learning"
    assert article.section_at(TEXT.index("Fast")) == "Speed"
    assert article.section_at(0) == ""


def test_section_names_used_by_claims_are_headings() -> None:
    article = Article(TEXT, ["Part › The end is near, it is"])
    assert article.section_at(len(TEXT) - 1) == "Speed › The end is near, it is"


def test_a_long_path_of_headings_loses_its_highest_ones() -> None:
    article = Article(f"# {'Long ' * 30}\n\n## {'Longer ' * 20}\n\n### Short\n\nIt is.")
    assert article.section_at(len(article.text) - 1) == f"{('Longer ' * 20).strip()} › Short"


def test_a_line_of_code_is_no_gap() -> None:
    article = Article("It is.\n\n```\n# run it\nrun()\n```\n\n| a | b |\n|:--|--:|\n| 1 | 2 |")
    lines = annotate(article, (1, len(article.lines)), (), (), None)
    assert [line.line.text for line in lines if line.is_gap] == ["It is.", "| a | b |", "| 1 | 2 |"]
    assert [article.text[start:end] for start, end in article.sentences] == ["It is.", "| a | b |", "| 1 | 2 |"]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("What is Django?", True),
        ("Flask vs. Django: which one", True),
        ("3. Core (the greatest part)", True),
        ("Django is fine. Flask is fine too. <script>alert(1)</script>", False),
        ("A spoon or a fork? Slippers or boots?", False),
        ("He said “no.” So did she", False),
    ],
)
def test_a_heading_is_one_short_sentence_at_most(line, heading) -> None:
    article = Article(f"Before.\n\n{line}\n\nAfter.")
    assert article.lines[2].is_heading is heading


def test_a_number_or_a_short_form_ends_no_sentence() -> None:
    article = Article("2. Caching. It is quick.\nIn short: Flask vs. Django.")
    sentences = [article.text[start:end] for start, end in article.sentences]
    assert sentences == ["2. Caching.", "It is quick.", "In short: Flask vs. Django."]


def test_sentences_leave_out_headings_and_stray_signs() -> None:
    article = Article(TEXT + " . …")
    sentences = [article.text[start:end] for start, end in article.sentences]
    assert sentences[:3] == ["Flask is quick to learn.", "Django takes longer, “they say”.", "- Fast pages"]
    assert "." not in sentences
    assert "…" not in sentences


def test_neighbouring_sentences() -> None:
    article = Article(TEXT)
    first, second = span_of("Flask is quick to learn."), span_of("Django takes longer, “they say”.")
    assert article.next_sentence(0) == first
    assert article.next_sentence(first[1]) == second
    assert article.previous_sentence(second[0]) == first
    assert article.previous_sentence(first[0]) is None
    assert article.next_sentence(len(TEXT)) is None


def test_the_next_open_sentence_passes_claims_and_silent_lines() -> None:
    article = Article(TEXT)
    claims = [claim(*span_of("quick")), claim(*span_of("longer"), state="retracted")]
    assert article.next_uncovered_sentence(0, claims, ()) == span_of("Django takes longer, “they say”.")
    assert article.next_uncovered_sentence(0, claims, {3}) == span_of("- Fast pages")
    assert Article("Title\n").next_uncovered_sentence(0, (), ()) is None


def test_blanks_around_a_passage_do_not_count() -> None:
    article = Article(TEXT)
    start, end = span_of("quick")
    assert article.trimmed_passage(start - 1, end + 1) == (start, end)


def test_a_selection_that_stops_within_a_word_takes_the_whole_word() -> None:
    article = Article(TEXT)
    start, end = span_of("quick to learn")
    assert article.expand_to_words(start + 2, end - 2) == (start, end)
    assert article.expand_to_words(start, end) == (start, end)
    assert article.expand_to_words(5, 9_999) == (5, 9_999)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (3, 3, "are no passage"),
        (5, 2, "are no passage"),
        (0, 10_000, f"the text has {len(TEXT)} characters"),
        (8, 10, "only blanks"),
    ],
)
def test_offsets_that_are_no_passage_are_refused(start, end, words) -> None:
    with pytest.raises(InvalidPassage, match=words):
        Article(TEXT).trimmed_passage(start, end)


def test_a_passage_too_long_for_a_claim_is_refused() -> None:
    with pytest.raises(InvalidPassage, match="select less"):
        Article("x" * 9_000).trimmed_passage(0, MAX_PASSAGE_LENGTH + 1)


def test_words_are_found_in_a_line_and_the_next_ones() -> None:
    article = Article(TEXT)
    assert article.find_words(3, "quick to learn") == span_of("quick to learn")
    assert article.find_words(3, "QUICK  to") == span_of("quick to")
    assert article.find_words(8, "near, it is said.") == span_of("near, it is\nsaid.")
    assert article.find_words(6, "") == span_of("- Fast pages")


@pytest.mark.parametrize(
    ("line", "words", "message"),
    [
        (3, "2.2 ms", "not in line 3, but in line 7"),
        (3, "nowhere at all", "stands nowhere in the text"),
        (99, "x", "the text has 9 lines"),
        (2, "", "Line 2 is empty"),
    ],
)
def test_words_that_are_not_there_are_refused(line, words, message) -> None:
    with pytest.raises(InvalidPassage, match=message):
        Article(TEXT).find_words(line, words)


def test_lines_are_marked_with_their_claims() -> None:
    article = Article(TEXT)
    first, inner = claim(*span_of("Flask is quick to learn."), pk=1), claim(*span_of("quick"), state="draft", pk=2)
    lines = annotate(article, (1, 9), [first, inner], {6}, span_of("Django takes"))
    third = lines[2]
    assert [(piece.text, piece.state, piece.is_overlap, piece.is_selected) for piece in third.pieces] == [
        ("Flask is ", "published", False, False),
        ("quick", "published", True, False),
        (" to learn.", "published", False, False),
        (" ", "", False, False),
        ("Django takes", "", False, True),
        (" longer, “they say”.", "", False, False),
    ]
    assert [[ending.pk for ending in piece.ending_claims] for piece in third.pieces] == [[], [2], [1], [], [], []]
    assert [starting.pk for starting in third.starting_claims] == [1, 2]
    assert [line.line.number for line in lines if line.is_gap] == [7, 8, 9]
    assert lines[5].is_silent


def test_a_claim_on_several_lines_marks_each() -> None:
    article = Article(TEXT)
    lines = annotate(article, (1, 9), [claim(*span_of("near, it is\nsaid."))], (), None)
    assert [line.line.number for line in lines if line.is_covered] == [8, 9]
    assert [line.line.number for line in lines if line.starting_claims] == [8]


def test_retracted_claims_are_not_marked() -> None:
    lines = annotate(Article(TEXT), (1, 9), [claim(*span_of("quick"), state="retracted")], (), None)
    assert not any(line.is_covered for line in lines)


@given(
    st.text(alphabet="ab .\n#é😀", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=6),
)
def test_the_pieces_of_all_lines_are_the_text(text, spans) -> None:
    article = Article(text)
    claims = [claim(start, min(start + size, len(text)), pk=pk) for pk, (start, size) in enumerate(spans)]
    claims = [made for made in claims if made.start < made.end]
    lines = annotate(article, (1, len(article.lines)), claims, (), None)
    assert "\n".join("".join(piece.text for piece in line.pieces) for line in lines) == text
    for made in claims:
        marked = sum(made in piece.ending_claims for line in lines for piece in line.pieces)
        assert marked <= 1


def test_the_parts_of_a_long_text_cover_it() -> None:
    article = Article("\n".join(["x" * 1_000] * 150))
    parts = article.parts()
    assert len(parts) == 3
    assert [first for first, _ in parts] == [1, *(last + 1 for _, last in parts[:-1])]
    assert parts[-1][1] == 150
    assert Article("").parts() == [(1, 1)]
    assert Article("y" * (PART_LENGTH + 1)).parts() == [(1, 1)]


def test_the_ribbon_shows_equal_marks_once() -> None:
    article = Article("x" * 1_000)
    claims = [claim(100, 200, pk=pk) for pk in range(50)] + [claim(150, 160, "draft")]
    assert ribbon(article, claims, (500, 501)) == [
        (150, 10, "draft"),
        (100, 100, "published"),
        (500, 3, "selected"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "run"),
    [
        ("It is quick to learn", "Flask is quick to pick up", "is quick to"),
        ("Don’t", "dont", "dont"),
        ("", "anything", ""),
        ("nothing", "in it", ""),
    ],
)
def test_the_longest_run_of_shared_words(ours, theirs, run) -> None:
    assert longest_shared_run(ours, theirs) == run
