"""The form of weights: what counts, and a search for what else may count."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from comparison.evidence import Kind
from comparison.models import Category, Criterion, Framework
from comparison.recommendation.asking.criterion_search import criterion_called, find_criteria
from comparison.recommendation.question import Question
from comparison.vocabulary import gettext as _

ADDED_WEIGHT = 2  # important
MAX_TEXT = 80
WEIGHT_LABELS = (gettext_noop("Ignore"), gettext_noop("Nice"), gettext_noop("Important"), gettext_noop("Essential"))
WeightRow = tuple[Criterion, int, bool]  # criterion, weight, whether it is a must-have
Group = tuple[Category | None, Sequence[WeightRow]]  # None: situations that may apply


@dataclass(frozen=True, slots=True)
class Addition:
    """A text in the field “add a criterion”, and what it leads to."""

    text: str = ""
    added: Criterion | None = None
    found: Sequence[Criterion] = ()

    @property
    def remaining_text(self) -> str:
        """What stays in the field."""
        return "" if self.added else self.text


@dataclass(frozen=True, slots=True)
class WeightsForm:
    counted: Sequence[Group]
    ignored: Sequence[Group]
    frameworks: Sequence[tuple[Framework, bool]]
    addition: Addition

    @property
    def words(self) -> list[tuple[int, str]]:
        return list(enumerate(map(_, WEIGHT_LABELS)))

    @property
    def addable_names(self) -> list[str]:
        """The names of the criteria without a weight, for the browser to suggest."""
        return sorted(row[0].name for _, rows in self.ignored for row in rows)


def with_addition(question: Question, text: str, criteria: Mapping[str, Criterion]) -> tuple[Question, Addition]:
    """Gives a criterion a weight if the text names one; else finds those that may be meant."""
    text = " ".join(text.split())[:MAX_TEXT]
    if not text:
        return question, Addition()
    called = criterion_called(text, criteria.values())
    if called is None:
        counted = question.weights.counted
        return question, Addition(
            text, None, find_criteria(text, [row for row in criteria.values() if row.slug not in counted])
        )
    if called.slug in question.weights.counted:
        return question, Addition(text, called)
    return question.with_weight(called.slug, ADDED_WEIGHT), Addition(text, called)


def weights_form(
    question: Question | None,
    criteria: Mapping[str, Criterion],
    frameworks: Sequence[Framework],
    addition: Addition = Addition(),
) -> WeightsForm:
    weights = question.weights.counted if question else {}
    musts = question.weights.must if question else frozenset()
    chosen: Collection[Framework] = question.frameworks if question else frameworks
    rows = [(row, weights.get(row.slug, 0), row.slug in musts) for row in criteria.values()]
    rows.sort(key=lambda row: (row[0].category.order, row[0].category.slug, row[0].order, row[0].slug))
    return WeightsForm(
        counted=_grouped(row for row in rows if row[1]),
        ignored=_grouped(row for row in rows if not row[1]),
        frameworks=[(framework, framework in chosen) for framework in frameworks],
        addition=addition,
    )


def _grouped(rows: Iterable[WeightRow]) -> list[Group]:
    """The situations first, then the other criteria by category."""
    groups: dict[Category | None, list[WeightRow]] = {None: []}
    for row in rows:
        criterion = row[0]
        groups.setdefault(None if criterion.kind == Kind.FIT.value else criterion.category, []).append(row)
    return [(category, members) for category, members in groups.items() if members]
