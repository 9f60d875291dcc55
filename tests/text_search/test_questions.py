"""What a question names, and which subjects it is about."""

from comparison.text_search.questions import correct, read, words_of_query
from comparison.text_search.ranking import Subject, Subjects

NAMES = {"Gopher": "g", "Go": "go", "Fast Kite": "k", "c-3po": "c"}
SPEED = Subject("speed", "rating", "Speed", ["speed", "fast", "performance"], "How fast is it?", "Running", "")
PACE = Subject("pace", "rating", "Pace of work", ["rapid development"], "How fast does work go?", "Working", "")
PARTS = Subject("parts", "feature", "Parts", ["spare parts"], "Does it have parts?", "Contents", "No performance.")
USERS = Subject("users", "list", "Users", ["who uses it"], "Who is known to run it?", "People", "")
SUBJECTS = Subjects([PARTS, PACE, SPEED, USERS])


def reading(query: str) -> tuple[list[str], list[str]]:
    question = read(words_of_query(query), NAMES)
    return list(question.named), list(question.asked)


def ranked(query: str, found: dict[str, float] | None = None) -> list[str]:
    return [row.key for row in SUBJECTS.rank(words_of_query(query), found or {})]


def test_names_are_columns_and_the_other_words_what_is_asked() -> None:
    assert reading("is gopher fast") == (["g"], ["is", "fast"])
    assert reading("Go or GOPHER?") == (["go", "g"], ["or"])
    assert reading("fastkite or fast kite") == (["k"], ["or"])
    assert reading("C3PO speed") == (["c"], ["speed"])
    assert reading("going") == ([], ["going"])


def test_a_mistyped_word_is_read_as_the_nearest_name_or_known_word() -> None:
    question = read(words_of_query("does gohper have prats"), NAMES)
    corrected = correct(question, NAMES, SUBJECTS.vocabulary, SUBJECTS.knows)
    assert (corrected.named, corrected.asked) == (["g"], ["does", "have", "parts"])
    assert corrected.corrected == {"gohper": "gopher", "prats": "parts"}
    assert correct(corrected, NAMES, SUBJECTS.vocabulary, SUBJECTS.knows).asked == corrected.asked


def test_whole_names_and_synonyms_come_before_words_in_questions_and_help() -> None:
    assert ranked("which is faster")[:2] == ["speed", "pace"]
    assert ranked("performance")[:2] == ["speed", "parts"]
    assert ranked("rapid development")[0] == "pace"


def test_a_word_of_many_subjects_counts_less_and_any_word_is_enough() -> None:
    rows = SUBJECTS.rank(["spare", "zebra"], {})
    assert [row.key for row in rows] == ["parts"]
    assert 0 < rows[0].coverage < 1
    assert ranked("zebra") == []


def test_words_that_say_nothing_alone_count_where_a_synonym_holds_them_all() -> None:
    assert ranked("who uses it") == ["users"]
    assert ranked("should I use it") == []


def test_what_only_claims_know_counts_for_the_subjects_of_the_claims() -> None:
    assert ranked("zebra", {"parts": 0.2, "users": 0.8}) == ["users", "parts"]


def test_subjects_of_the_kind_asked_for_gain() -> None:
    first, second = (Subject(kind, kind, "Kite", [], "", "", "") for kind in ("fit", "feature"))
    subjects = Subjects([first, second])
    assert [row.key for row in subjects.rank(["does", "it", "have", "kite"], {})] == ["feature", "fit"]
    assert [row.key for row in subjects.rank(["should", "i", "for", "kite"], {})] == ["fit", "feature"]
