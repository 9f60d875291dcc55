import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.curation.annotated_text import MAX_PASSAGE_LENGTH, PART, Article, NoPassage, read, ribbon, shared_run
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


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def test_lines_know_their_place_and_which_are_headings() -> None:
    article = Article(TEXT)
    assert [line.number for line in article.lines if line.heading] == [1, 5]
    for line in article.lines:
        assert TEXT[line.start : line.end] == line.text
    assert article.line_at(TEXT.index("Fast")).number == 6
    assert article.line_at(len(TEXT)).number == 9


def test_the_section_is_the_nearest_heading_above() -> None:
    article = Article(TEXT)
    assert article.section_at(TEXT.index("Flask")) == "Learning"
    assert article.section_at(TEXT.index("Fast")) == "Speed"
    assert article.section_at(0) == ""


def test_names_that_claims_use_make_headings() -> None:
    article = Article(TEXT, ["Part › The end is near, it is"])
    assert article.section_at(len(TEXT) - 1) == "The end is near, it is"


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
    assert article.lines[2].heading is heading


def test_a_number_or_a_short_form_ends_no_sentence() -> None:
    article = Article("2. Caching. It is quick.\nIn short: Flask vs. Django.")
    said = [article.text[start:end] for start, end in article.sentences]
    assert said == ["2. Caching.", "It is quick.", "In short: Flask vs. Django."]


def test_sentences_leave_out_headings_and_stray_signs() -> None:
    article = Article(TEXT + " . …")
    said = [article.text[start:end] for start, end in article.sentences]
    assert said[:3] == ["Flask is quick to learn.", "Django takes longer, “they say”.", "- Fast pages"]
    assert "." not in said
    assert "…" not in said


def test_neighbouring_sentences() -> None:
    article = Article(TEXT)
    first, second = at("Flask is quick to learn."), at("Django takes longer, “they say”.")
    assert article.next_sentence(0) == first
    assert article.next_sentence(first[1]) == second
    assert article.sentence_before(second[0]) == first
    assert article.sentence_before(first[0]) is None
    assert article.next_sentence(len(TEXT)) is None


def test_the_next_open_sentence_passes_claims_and_silent_lines() -> None:
    article = Article(TEXT)
    claims = [claim(*at("quick")), claim(*at("longer"), state="retracted")]
    assert article.next_open(0, claims, ()) == at("Django takes longer, “they say”.")
    assert article.next_open(0, claims, {3}) == at("- Fast pages")
    assert Article("Title\n").next_open(0, (), ()) is None


def test_blanks_around_a_passage_do_not_count() -> None:
    article = Article(TEXT)
    start, end = at("quick")
    assert article.passage(start - 1, end + 1) == (start, end)


def test_a_hand_that_stops_within_a_word_takes_the_word() -> None:
    article = Article(TEXT)
    start, end = at("quick to learn")
    assert article.whole_words(start + 2, end - 2) == (start, end)
    assert article.whole_words(start, end) == (start, end)
    assert article.whole_words(5, 9_999) == (5, 9_999)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (3, 3, "are no passage"),
        (5, 2, "are no passage"),
        (0, 10_000, f"the text has {len(TEXT)} characters"),
        (8, 10, "only blanks"),
    ],
)
def test_two_numbers_that_are_no_passage_are_told(start, end, words) -> None:
    with pytest.raises(NoPassage, match=words):
        Article(TEXT).passage(start, end)


def test_a_passage_too_long_for_a_claim_is_told() -> None:
    with pytest.raises(NoPassage, match="select less"):
        Article("x" * 9_000).passage(0, MAX_PASSAGE_LENGTH + 1)


def test_words_are_found_from_a_line_on() -> None:
    article = Article(TEXT)
    assert article.find(3, "quick to learn") == at("quick to learn")
    assert article.find(3, "QUICK  to") == at("quick to")
    assert article.find(8, "near, it is said.") == at("near, it is\nsaid.")
    assert article.find(6, "") == at("- Fast pages")


@pytest.mark.parametrize(
    ("line", "words", "told"),
    [
        (3, "2.2 ms", "not in line 3, but in line 7"),
        (3, "nowhere at all", "stands nowhere in the text"),
        (99, "x", "the text has 9 lines"),
        (2, "", "Line 2 is empty"),
    ],
)
def test_words_that_are_not_there_are_told(line, words, told) -> None:
    with pytest.raises(NoPassage, match=told):
        Article(TEXT).find(line, words)


def test_lines_are_marked_where_claims_stand() -> None:
    article = Article(TEXT)
    first, inner = claim(*at("Flask is quick to learn."), pk=1), claim(*at("quick"), state="draft", pk=2)
    lines = read(article, (1, 9), [first, inner], {6}, at("Django takes"))
    third = lines[2]
    assert [(piece.text, piece.state, piece.several, piece.selected) for piece in third.pieces] == [
        ("Flask is ", "published", False, False),
        ("quick", "published", True, False),
        (" to learn.", "published", False, False),
        (" ", "", False, False),
        ("Django takes", "", False, True),
        (" longer, “they say”.", "", False, False),
    ]
    assert [[one.pk for one in piece.ends] for piece in third.pieces] == [[], [2], [1], [], [], []]
    assert [one.pk for one in third.notes] == [1, 2]
    assert [line.line.number for line in lines if line.gap] == [7, 8, 9]
    assert lines[5].silent


def test_a_claim_that_runs_over_lines_marks_each() -> None:
    article = Article(TEXT)
    lines = read(article, (1, 9), [claim(*at("near, it is\nsaid."))], (), None)
    assert [line.line.number for line in lines if line.covered] == [8, 9]
    assert [line.line.number for line in lines if line.notes] == [8]


def test_retracted_claims_leave_no_mark() -> None:
    lines = read(Article(TEXT), (1, 9), [claim(*at("quick"), state="retracted")], (), None)
    assert not any(line.covered for line in lines)


@given(
    st.text(alphabet="ab .\n#é😀", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=6),
)
def test_the_pieces_of_all_lines_are_the_text(text, spans) -> None:
    article = Article(text)
    claims = [claim(start, min(start + size, len(text)), pk=pk) for pk, (start, size) in enumerate(spans)]
    claims = [one for one in claims if one.start < one.end]
    lines = read(article, (1, len(article.lines)), claims, (), None)
    assert "\n".join("".join(piece.text for piece in line.pieces) for line in lines) == text
    for one in claims:
        marked = sum(one in piece.ends for line in lines for piece in line.pieces)
        assert marked <= 1


def test_long_texts_are_shown_in_parts_that_leave_nothing_out() -> None:
    article = Article("\n".join(["x" * 1_000] * 150))
    parts = article.parts()
    assert len(parts) == 3
    assert [first for first, _ in parts] == [1, *(last + 1 for _, last in parts[:-1])]
    assert parts[-1][1] == 150
    assert Article("").parts() == [(1, 1)]
    assert Article("y" * (PART + 1)).parts() == [(1, 1)]


def test_the_ribbon_shows_each_stretch_once() -> None:
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
    assert shared_run(ours, theirs) == run
