"""The first wording of a proposed claim: what the passage says, in words of our own."""

import pytest

from comparison.curation.proposals.drafts import Passage, draft_statement
from comparison.models import Criterion

LEARNING = Criterion(name="Ease of learning", kind="rating")
MAPPER = Criterion(name="Object-relational mapper", synonyms="ORM", kind="feature")
TIME = Criterion(name="Response time, as reported", kind="figure", unit="ms")
USERS = Criterion(name="Notable users", kind="list")
TEAM = Criterion(name="Large team", kind="fit")


@pytest.mark.parametrize(
    ("criterion", "value", "text", "draft"),
    [
        (LEARNING, {"level": "1"}, "Easy", "Does well on ease of learning"),
        (LEARNING, {"level": "2"}, "Perfect for newbies", "Does very well on ease of learning for beginners"),
        (
            LEARNING,
            {"level": "-1"},
            "Hard in big apps, in teams",
            "Does badly on ease of learning for large projects and in teams",
        ),
        (TEAM, {"level": "1"}, "Good in teams", "Is advised for this: large team"),
        (MAPPER, {"support": "built-in"}, "Has an ORM", "Includes object-relational mapper"),
        (
            MAPPER,
            {"support": "extension"},
            "Needs Two-SQLAlchemy or PonyMap",
            "Offers object-relational mapper by extension, such as Two-SQLAlchemy or PonyMap",
        ),
        (MAPPER, {"support": "none"}, "Has no PonyMap", "Does not include object-relational mapper"),
        (
            MAPPER,
            {"support": "built-in"},
            "It has one since version 2.1 on GitHub",
            "Includes object-relational mapper, from version 2.1 on",
        ),
        (TIME, {"low": "80", "high": "80"}, "It took around 80 ms", "Is said to have about 80 ms for response time"),
        (TIME, {"low": "1200"}, "more than 1,200 ms", "Is said to have at least 1200 ms for response time"),
        (TIME, {"low": "8", "high": "9"}, "8 to 9 ms", "Is said to have 8 to 9 ms for response time"),
        (USERS, {"item": "Pinterest"}, "Pinterest", "Counts Pinterest among its notable users"),
        (LEARNING, {}, "Easy", ""),
    ],
)
def test_a_draft_says_what_the_passage_adds_to_the_value(criterion, value, text, draft) -> None:
    assert draft_statement(criterion, value, Passage(text)) == draft


def test_a_comparison_names_the_other_framework() -> None:
    passage = Passage("One is easier than Two", ["one", "two"], ["Two"])
    assert draft_statement(LEARNING, {"level": "1"}, passage) == "Does better on ease of learning than Two"
    assert draft_statement(LEARNING, {"level": "-1"}, passage) == "Does worse on ease of learning than Two"
    assert draft_statement(LEARNING, {"level": "0"}, passage) == "Does neither well nor badly on ease of learning"


def test_names_of_frameworks_and_of_the_criterion_are_no_packages() -> None:
    text = "OneWeb has it via JavaScript and WebMapper"
    criterion = Criterion(name="Mapper", synonyms="WebMapper", kind="feature")
    assert (
        draft_statement(criterion, {"support": "extension"}, Passage(text, ["oneweb"])) == "Offers mapper by extension"
    )


def test_five_words_in_a_row_are_never_the_articles() -> None:
    text = "the tall blue house of Oslo"
    assert draft_statement(USERS, {"item": text}, Passage(text)) == "Has an entry under notable users"
    copied = Passage("includes object-relational mapper, such as it is")
    assert draft_statement(MAPPER, {"support": "built-in"}, copied) == "Includes object-relational mapper"
