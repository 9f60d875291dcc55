"""Finds criteria by words, as the search of the site knows them: by name, synonyms and what they ask."""

from collections.abc import Iterable, Sequence

from comparison.models import Criterion
from comparison.text_search.folding import fold
from comparison.text_search.questions import Question, correct, read, words_of_query
from comparison.text_search.ranking import Subject, Subjects

MIN_SHARE = 0.35  # of the first criterion's score that the others have
MAX_FOUND = 6


def subject_of(criterion: Criterion) -> Subject[int]:
    """A criterion as the search ranks it."""
    synonyms = [criterion.slug, *criterion.synonyms.splitlines()]
    texts = (criterion.question, criterion.category.name, criterion.help_text)
    return Subject(criterion.pk, criterion.kind, criterion.name, synonyms, *texts)


def find_criteria(text: str, criteria: Iterable[Criterion]) -> list[Criterion]:
    """The criteria that some words may mean, best first."""
    by_id = {criterion.pk: criterion for criterion in criteria}
    subjects = Subjects(map(subject_of, by_id.values()))
    question: Question[int] = correct(read(words_of_query(text), {}), {}, subjects.vocabulary, subjects.knows)
    ranked = subjects.rank(question.asked, {})
    close = [row.key for row in ranked if row.score >= MIN_SHARE * ranked[0].score]
    return [by_id[key] for key in close[:MAX_FOUND]]


def criterion_called(text: str, criteria: Iterable[Criterion]) -> Criterion | None:
    """The only criterion with this name, slug or synonym; names before synonyms."""
    wanted, rows = fold(text).strip(), list(criteria)
    for names_of in (_names, _synonyms):
        called = [row for row in rows if wanted in (fold(name).strip() for name in names_of(row))]
        if called:
            return called[0] if len(called) == 1 else None
    return None


def _names(criterion: Criterion) -> Sequence[str]:
    return criterion.name, criterion.slug


def _synonyms(criterion: Criterion) -> Sequence[str]:
    return criterion.synonyms.splitlines()
