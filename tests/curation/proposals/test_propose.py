"""What an article seems to say: whose, about what, in which passage."""

from time import process_time

import pytest

from comparison.curation.annotated_text import Article, Line, Span
from comparison.curation.proposals import units
from comparison.curation.proposals.outline import Outline
from comparison.curation.proposals.propose import ArticleReader, open_proposals
from comparison.curation.proposals.subjects import Subjects
from comparison.curation.proposals.tables import table_cells
from comparison.curation.proposals.terms import name_pattern, stem, terms_of
from comparison.curation.proposals.topics import Example, Topics
from comparison.curation.proposals.units import parts_of
from comparison.models import Criterion, Framework

ONE = Framework(pk=1, slug="one", name="One")
FASTER = Framework(pk=2, slug="faster", name="FasterAPI", aliases="Faster")
NAMES = name_pattern(["One", "FasterAPI", "Faster"])
SPEED = Criterion(pk=1, slug="speed", name="Speed", synonyms="fast", question="How fast is it?", kind="rating")
MAPPER = Criterion(pk=2, slug="mapper", name="Mapper", synonyms="ORM", question="Does it map tables?", kind="feature")
MAIL = Criterion(pk=3, slug="mail", name="Mail", synonyms="email", question="Does it send mail?", kind="feature")
TIME = Criterion(pk=4, slug="time", name="Response time", question="How long?", kind="figure", unit="ms")
BOTH = ["faster", "one"]
CRITERIA = [SPEED, MAPPER, MAIL, TIME]
EXAMPLES = [Example(2, "Maps models to rows of a database"), Example(1, "Answers quickly")]


def reader_of(text: str) -> ArticleReader:
    return ArticleReader(Article(text), [ONE, FASTER], Topics(CRITERIA, EXAMPLES, NAMES))


def proposed(text: str) -> list[tuple[str, str, str]]:
    reader = reader_of(text)
    return [
        (proposal.framework.slug, proposal.criterion.slug, text[proposal.start : proposal.end])
        for proposal in reader.proposals()
    ]


def frameworks_at(text: str, words: str) -> list[str]:
    start = text.index(words)
    frameworks, _ = reader_of(text).guess((start, start + len(words)))
    return sorted(framework.slug for framework in frameworks)


def test_forms_of_a_word_share_a_stem() -> None:
    for words in (
        "scalable scalability",
        "testing tests test",
        "routes routing router",
        "caching cache",
        "maps mapping",
    ):
        assert len({stem(word) for word in words.split()}) == 1, words


def test_pairs_are_written_as_one() -> None:
    assert set(terms_of("a micro-framework")) >= set(terms_of("microframework"))


def test_names_of_frameworks_are_no_words_of_a_criterion() -> None:
    topics = Topics(CRITERIA, [], NAMES)
    assert topics.rank({"FasterAPI": 1.0}, has_number=False) == []
    assert topics.rank({"FasterAPI has an ORM": 1.0}, has_number=False)[0].criterion == MAPPER


def test_words_of_published_claims_teach_and_are_named() -> None:
    (best, *_) = Topics(CRITERIA, EXAMPLES, NAMES).rank({"It maps your models": 1.0}, has_number=False)
    assert best.criterion == MAPPER
    assert "models" in " ".join(best.words)
    assert not Topics(CRITERIA, [], NAMES).rank({"It keeps your models": 1.0}, has_number=False)


def test_a_figure_needs_a_number() -> None:
    topics = Topics(CRITERIA, [], NAMES)
    assert topics.rank({"Its response time is 7 ms": 1.0}, has_number=True)[0].criterion == TIME
    assert TIME not in [topic.criterion for topic in topics.rank({"Its response time": 1.0}, has_number=False)]


def test_one_value_for_each_half_of_a_contrast() -> None:
    text = "One comes with an ORM, whereas FasterAPI has no ORM."
    assert proposed(text) == [
        ("one", "mapper", "One comes with an ORM"),
        ("faster", "mapper", "FasterAPI has no ORM"),
    ]
    assert [each.value.fields for each in reader_of(text).proposals()] == [{"support": "built-in"}, {"support": "none"}]


def test_the_items_of_an_enumeration_are_proposed_one_by_one() -> None:
    text = "One comes with an ORM, email, and caching."
    assert [(criterion, words) for _, criterion, words in proposed(text)] == [
        ("mapper", "One comes with an ORM"),
        ("mail", "email"),
    ]


def test_it_is_what_the_sentence_before_was_about_until_the_next_heading() -> None:
    text = "# Both\n\nOne is fast. It has an ORM.\n\n# Else\n\nIt sends email.\n"
    assert frameworks_at(text, "It has an ORM") == ["one"]
    assert frameworks_at(text, "It sends email") == []


def test_both_are_those_that_the_article_compares() -> None:
    text = "One is fast. FasterAPI is fast.\n\nBoth have an ORM.\n"
    assert frameworks_at(text, "Both have an ORM") == ["faster", "one"]


def test_a_comparison_speaks_of_both_and_a_contrast_of_its_subject() -> None:
    assert frameworks_at("One is more flexible than FasterAPI.", "more flexible than FasterAPI") == ["faster", "one"]
    assert frameworks_at("Compared to FasterAPI, One is small.", "Compared to FasterAPI, One is small") == ["one"]


def test_a_clause_without_a_name_speaks_of_what_the_clause_before_it_does() -> None:
    text = "One. FasterAPI.\nAn ORM is part of One as well, with email and maps, whereas FasterAPI leaves that to you."
    assert frameworks_at(text, "email") == ["one"]
    assert frameworks_at("One. FasterAPI.\nOne and FasterAPI are both small and have an ORM.", "ORM") == [
        "faster",
        "one",
    ]
    assert frameworks_at("One. FasterAPI.\nOne is as quick as FasterAPI.", "quick") == ["faster", "one"]


def test_list_items_belong_to_their_heading() -> None:
    text = "One Pros and Cons\n\nPros\n\n- Fast\n- Has email\n\nCons\n\n- No ORM\n\n"
    text += "FasterAPI Pros and Cons\n\nPros\n\n- An ORM\n"
    assert frameworks_at(text, "Has email") == ["one"]
    assert frameworks_at(text, "No ORM") == ["one"]
    assert frameworks_at(text, "An ORM") == ["faster"]


def test_numbered_headings_belong_where_their_series_began() -> None:
    text = "One in short\n\n1. Speed\n\nFast.\n\nFasterAPI speed\n\nFast too.\n\n2. Mail\n\nSent.\n"
    outline = Outline(Article(text), NAMES)
    titles = {line.text: [each.title for each in outline.path_at(line)] for line in Article(text).lines}
    assert titles["Fast too."] == ["FasterAPI speed"]
    assert titles["Sent."] == ["One in short", "2. Mail"]


def test_captions_of_names_alone_are_no_headings() -> None:
    text = "# About One\n\nSmall.\n\nOne vs FasterAPI\n\nQuick.\n"
    assert frameworks_at(text, "Quick") == ["one"]


@pytest.mark.parametrize(
    "text",
    [
        "| Basis | One | FasterAPI |\n|---|---|---|\n| Speed | fast | slow |\n| Mail | yes | by plugin |\n",
        "Basis\tOne\tFasterAPI\nSpeed\tfast\tslow\nMail\tyes\tby plugin\n",
        "| Name | Speed | Mail |\n| One | fast | yes |\n| FasterAPI | slow | by plugin |\n",
        "BasisOneFasterAPI\nSpeedVery fast.Slow.\nMailYes indeedBy plugin\n",
    ],
)
def test_a_cell_has_the_label_of_its_row_and_the_framework_of_its_column(text) -> None:
    cells = table_cells(Article(text), Subjects([ONE, FASTER], text))
    found = {(cell.label, cell.framework.slug): text[cell.start : cell.end].casefold() for cell in cells}
    assert sorted(found) == [("Mail", "faster"), ("Mail", "one"), ("Speed", "faster"), ("Speed", "one")]
    assert (found["Mail", "faster"], "fast" in found["Speed", "one"]) == ("by plugin", True)


def test_cells_are_proposed_with_the_criterion_of_their_row() -> None:
    text = "| Basis | One | FasterAPI |\n|---|---|---|\n| Email | yes | by plugin |\n"
    assert proposed(text) == [("one", "mail", "yes"), ("faster", "mail", "by plugin")]


def test_a_list_in_a_glued_table_ends_its_cell() -> None:
    text = "BasisOneFasterAPI\nParts:\n\n1. Mail\n2. Mapper\nDevelopment serverDebug toolsUnit testsSigned cookies\n"
    cells = table_cells(Article(text), Subjects([ONE, FASTER], text))
    assert [(cell.framework.slug, text[cell.start : cell.end]) for cell in cells][-4:] == [
        ("faster", "Development server"),
        ("faster", "Debug tools"),
        ("faster", "Unit tests"),
        ("faster", "Signed cookies"),
    ]


def test_clauses_of_a_sentence() -> None:
    text = "It is small, while the other is large; both are free."
    assert [text[start:end] for start, end in parts_of(text)] == ["It is small", "the other is large", "both are free"]


def test_what_a_claim_says_already_is_not_proposed() -> None:
    proposals = reader_of("One comes with an ORM.").proposals()
    assert open_proposals(proposals, [(1, 2, (0, 3))]) == []
    assert open_proposals(proposals, [(1, 1, (0, 3)), (1, 2, (30, 40))]) == proposals


def test_a_chosen_passage_names_its_subject_and_a_proposal_both_sides_of_a_comparison() -> None:
    text = "One is fast. FasterAPI is fast. One has a more flexible ORM."
    assert frameworks_at(text, "One has a more flexible ORM") == ["one"]
    assert [(framework, criterion) for framework, criterion, _ in proposed(text)][2:] == [
        ("one", "mapper"),
        ("faster", "mapper"),
    ]


def test_only_the_sentences_near_a_passage_are_read(monkeypatch) -> None:
    read: list[int] = []
    split = units.sentences_of

    def counted(line: Line) -> list[Span]:
        read.append(line.number)
        return split(line)

    monkeypatch.setattr(units, "sentences_of", counted)
    text = "\n\n".join(f"One is small, the {number}th time." for number in range(2_000))
    start = text.index("One is small, the 1000th")
    assert reader_of(text).units.within((start, start + 10))
    assert len(read) < 250


def test_fifty_thousand_characters_are_read_within_a_second_or_two() -> None:
    text = "One comes with an ORM, whereas FasterAPI sends email quickly, and maps models.\n" * 700
    started = process_time()
    assert len(reader_of(text[:50_000]).proposals()) > 1_000
    assert process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "rivals"),
    [
        ("One is quicker than FasterAPI", [["FasterAPI"], ["One"]]),
        ("One and FasterAPI are quick", [[], []]),
        ("Unlike FasterAPI, One is quick", [[], []]),
    ],
)
def test_a_passage_names_those_that_it_compares_a_framework_with(text, rivals) -> None:
    reader = reader_of(text)
    assert [reader.passage(framework, text).rivals for framework in (ONE, FASTER)] == rivals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One has a response time of 5 ms.", [("one", "time", "One has a response time of 5 ms")]),
        (
            "Its response time: One takes 5 milliseconds.",
            [("one", "time", "Its response time: One takes 5 milliseconds")],
        ),
        ("One has a response time good for 600 requests.", []),
    ],
)
def test_a_figure_is_proposed_where_its_unit_is_named(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [found for found in proposed(text) if found[1] == "time"] == expected


def test_a_list_is_proposed_where_an_item_is_named() -> None:
    users = Criterion(pk=5, slug="users", name="Notable users", question="Which companies run it?", kind="list")
    examples = [*EXAMPLES, Example(5, "Is run by a company", item="Example Corp")]
    topics = Topics([*CRITERIA, users], examples, NAMES)
    text = "One is run by notable users such as Example Corp. One has notable users who run companies of every size."
    (proposal,) = ArticleReader(Article(text), [ONE], topics).proposals()
    assert proposal.criterion == users
    assert proposal.value.fields == {"item": "Example Corp"}


def values_of(text: str) -> dict[str, str]:
    """The suggested level of speed for each framework."""
    return {
        proposal.framework.slug: proposal.value.fields.get("level", "")
        for proposal in reader_of(text).proposals()
        if proposal.criterion == SPEED
    }


def test_what_is_more_of_one_of_two_is_less_of_the_other() -> None:
    opening = "One and FasterAPI answer. "
    assert values_of(f"{opening}FasterAPI is the better choice: its speed is good.") == {"faster": "1", "one": "-1"}
    assert values_of(f"{opening}One has less speed, slower than FasterAPI.") == {"one": "-1", "faster": "1"}
    assert values_of(f"{opening}One has good speed.") == {"one": "1"}


def test_only_the_clause_that_compares_speaks_of_the_other_one() -> None:
    text = (
        "One and FasterAPI answer. FasterAPI has better speed; email is sent. One is slower than FasterAPI; email too."
    )
    assert [found[:2] for found in proposed(text) if found[1] == "mail"] == [("faster", "mail"), ("one", "mail")]


def test_a_marked_heading_may_be_a_name_alone() -> None:
    text = (
        "# One vs FasterAPI\n\nFasterAPI it is.\n\n## One\n\nA tool with a fast speed.\n\n## FasterAPI\n\nSends email."
    )
    assert [found[:2] for found in proposed(text)] == [("one", "speed"), ("faster", "mail")]
