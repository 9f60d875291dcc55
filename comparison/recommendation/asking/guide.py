"""The guided start: reads the answers in an address, and says which weights they set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from comparison.files import json_types
from comparison.models import Criterion, FormerCriterion, GuideChoice, GuideQuestion
from comparison.recommend import Weights
from comparison.recommendation.load import rankable_criteria
from comparison.recommendation.question import PREFIX as WEIGHT_PREFIX
from comparison.recommendation.question import weights_data
from comparison.tables.unknown_values import no_such
from comparison.vocabulary import gettext as _

PREFIX = "q."  # of an answer's parameter: q.<question>=<choice>


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its choices, and the one that was chosen; None if the reader does not know."""

    question: GuideQuestion
    choices: Sequence[GuideChoice]
    chosen: GuideChoice | None

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.question.slug}"


@dataclass(frozen=True)
class Guide:
    questions: Sequence[Asked]
    problems: Sequence[str]
    criteria: Mapping[str, Criterion]
    former_slugs: Mapping[str, str]  # of criteria that were merged since the choices were written

    @cached_property
    def chosen(self) -> list[tuple[GuideChoice, Weights]]:
        """The answers with what they set."""
        return [(asked.chosen, self.current(asked.chosen.weights)) for asked in self.questions if asked.chosen]

    def current(self, weights: Weights) -> Weights:
        """Without criteria that exist no more."""
        slugs = {slug: self.former_slugs.get(slug, slug) for slug in weights.weights}
        known = {slugs[slug]: weight for slug, weight in weights.weights.items() if slugs[slug] in self.criteria}
        return Weights(known, frozenset(slugs[slug] for slug in weights.must) & known.keys())

    @cached_property
    def weights(self) -> Weights:
        """What all answers set together; of two weights for one criterion the heavier."""
        return combined([weights for _choice, weights in self.chosen])

    @property
    def has_overlaps(self) -> bool:
        """Whether two answers weigh the same criterion differently."""
        heaviest = self.weights.weights
        rows = (row for _choice, weights in self.chosen for row in weights.weights.items())
        return any(weight != heaviest[slug] for slug, weight in rows)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The parameters of the answers that were chosen."""
        return [(asked.name, asked.chosen.slug) for asked in self.questions if asked.chosen]

    @property
    def query(self) -> str:
        return urlencode(self.answers)

    @property
    def sentences(self) -> list[str]:
        """What each answer sets."""
        return [self._sentence(choice.because, weights) for choice, weights in self.chosen]

    def _sentence(self, because: str, weights: Weights) -> str:
        parts = [self._part(slug, weight, slug in weights.must) for slug, weight in weights.weights.items()]
        return _("Because {reason}: {weights}.").format(reason=because, weights=", ".join(parts))

    def _part(self, slug: str, weight: int, is_must: bool) -> str:
        text = _("“{criterion}” counts {weight} and is a must-have") if is_must else _("“{criterion}” counts {weight}")
        return text.format(criterion=self.criteria[slug].name, weight=weight)


def combined(parts: Sequence[Weights]) -> Weights:
    """Weights that do all justice: the heaviest of each criterion, and every must-have."""
    weights: dict[str, int] = {}
    for part in parts:
        for slug, weight in part.weights.items():
            weights[slug] = max(weight, weights.get(slug, 0))
    return Weights(weights, frozenset().union(*(part.must for part in parts)))


def read_guide(data: QueryDict, criteria: Mapping[str, Criterion]) -> Guide:
    """The questions with the answers in an address; those that name nothing are left out and listed as problems."""
    questions = list(GuideQuestion.objects.with_choices())
    given = {name.removeprefix(PREFIX): values[-1] for name, values in data.lists() if name.startswith(PREFIX)}
    known = {question.slug: question for question in questions}
    unknown = sorted(slug for slug, answer in given.items() if answer and slug not in known)
    problems = [no_such("question", f"{PREFIX}{slug[:60]}", slug, known) for slug in unknown]
    asked = []
    for question in questions:
        choices, answer = {choice.slug: choice for choice in question.choices.all()}, given.get(question.slug)
        if answer and answer not in choices:
            problems.append(no_such("answer", f"{PREFIX}{question.slug}={answer[:60]}", answer, choices))
        asked.append(Asked(question, list(choices.values()), choices.get(answer or "")))
    return Guide(asked, problems, criteria, _former_slugs(asked, criteria))


def _former_slugs(asked: Sequence[Asked], criteria: Mapping[str, Criterion]) -> dict[str, str]:
    every = [choice.weights for row in asked for choice in row.choices]
    missing = [slug for weights in every for slug in weights.weights if slug not in criteria]
    return FormerCriterion.objects.current_slugs(missing) if missing else {}


def guided_query(data: QueryDict, guide: Guide) -> str:
    """The query of the answer: the weights that the answers set, the answers, and the frameworks of the address."""
    result = weights_data(guide.weights)
    result.setlist("framework", data.getlist("framework"))
    return f"{result.urlencode()}&{guide.query}"


def is_guided(data: QueryDict) -> bool:
    """Whether an address answers questions of the guided start."""
    return any(name.startswith(PREFIX) for name in data)


def with_answered(data: QueryDict) -> tuple[QueryDict, Sequence[str]]:
    """What an address asks, with the weights that its answers set in their place, and what is wrong with it."""
    if not is_guided(data):
        return data, ()
    own = next((name for name in data if name.startswith(WEIGHT_PREFIX) or name == "must"), None)
    if own:
        return data, [f"{own}: answers to questions set the weights and must-haves; give either these or those."]
    guide = read_guide(data, rankable_criteria())
    return QueryDict(guided_query(data, guide)), guide.problems


def question_dict(asked: Asked, guide: Guide) -> json_types.GuideQuestion:
    return {
        "slug": asked.question.slug,
        "text": asked.question.text,
        "answers": [_answer_dict(choice, guide.current(choice.weights)) for choice in asked.choices],
    }


def _answer_dict(choice: GuideChoice, weights: Weights) -> json_types.GuideAnswer:
    return {
        "slug": choice.slug,
        "text": choice.text,
        "because": choice.because,
        "weights": [
            {"criterion": slug, "weight": weight, "must_have": slug in weights.must}
            for slug, weight in weights.weights.items()
        ],
    }
