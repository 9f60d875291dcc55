"""The answer to a question: its ranking, reasons, firmness, cautions, and what the sources advise."""

from collections import Counter
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse

from comparison.evidence import State
from comparison.models import Criterion, Framework, Profile
from comparison.recommend import Ending, recommend
from comparison.recommendation import sentences
from comparison.recommendation.cautions import cautions
from comparison.recommendation.changes import Change, answer_changes
from comparison.recommendation.load import LoadedEvidence, considered_frameworks, load_evidence, rankable_criteria
from comparison.recommendation.question import Question, read_question
from comparison.recommendation.ranking import (
    MAX_COLUMNS,
    FirmnessView,
    FrameworkScore,
    Ranking,
    ScorePart,
    firmness_view,
)
from comparison.recommendation.reasons import (
    MAX_REASONS,
    CitedCells,
    PairReasons,
    ReasonSide,
    Situation,
    leading_reasons,
    pair_reasons,
    ranked_slugs,
    reason_sides,
    side_behind,
    situation_sides,
    situation_slugs,
    situations,
)
from comparison.sensitivity import Firmness, Sensitivity
from comparison.tables.citations import ReferenceView
from comparison.wording import Names, verdict_word


class Answer:
    """A question answered from the evidence that was loaded for it. Everything beyond the ranking is lazy."""

    def __init__(self, loaded: LoadedEvidence, question: Question) -> None:
        self.loaded, self.question = loaded, question
        self.matrix = loaded.matrix
        self.recommendation = recommend(self.matrix, question.weights)
        self.sensitivity = Sensitivity(self.recommendation)
        self.names = Names(
            {slug: framework.name for slug, framework in loaded.frameworks.items()},
            {slug: criterion.name for slug, criterion in loaded.criteria.items()},
            {slug: spec.kind for slug, spec in self.matrix.by_slug.items()},
        )

    @cached_property
    def firmness(self) -> Firmness | None:
        return self.sensitivity.firmness() if self.sensitivity.has_rivals else None

    @property
    def about(self) -> str:
        return self.question.profile.name if self.question.profile else ""

    @property
    def one_sentence(self) -> str:
        return sentences.one_sentence(self.recommendation, self.firmness, self.names)

    @property
    def headline(self) -> str:
        return sentences.headline(self.recommendation, self.names)

    @property
    def standfirst(self) -> str:
        return sentences.standfirst(self.recommendation, self.firmness, self.names)

    @property
    def untested_reason(self) -> str:
        return sentences.untested_reason(self.recommendation, self.names)

    @cached_property
    def first_name(self) -> str:
        """The name of the framework ranked first; empty if the evidence does not rank them."""
        slugs = ranked_slugs(self.recommendation)
        return self.names.frameworks[slugs[0]] if slugs else ""

    @cached_property
    def cited(self) -> CitedCells:
        reasons = [reason for side in leading_reasons(self.recommendation) for reason in side[:MAX_REASONS]]
        behind_reasons = [side_behind(reason, self.matrix) for reason in reasons]
        return CitedCells(self.loaded, [*behind_reasons, *situation_sides(self.matrix)])

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(
            self.scores(with_parts=MAX_COLUMNS),
            self.recommendation.ending,
            self.recommendation.leader,
            self.names,
            lambda slug: self.loaded.frameworks[slug].get_absolute_url(),
            self.row_url,
        )

    def scores(self, with_parts: int) -> list[FrameworkScore]:
        """The ranking as data; only the first `with_parts` frameworks get what each criterion adds."""
        return [
            FrameworkScore(
                row.framework,
                row.score,
                row.coverage,
                bool(row.failed_musts),
                [(slug, status, self._must_word(row.framework, slug)) for slug, status in row.musts.items()],
                [ScorePart(part.criterion, part.weight, part.contribution, part.state) for part in row.contributions]
                if index < with_parts
                else (),
            )
            for index, row in enumerate(self.recommendation.ranking)
        ]

    def _must_word(self, framework: str, slug: str) -> str:
        verdict = self.matrix.verdicts[framework, slug]
        if verdict.state is State.NOT_APPLICABLE:
            return "not applicable"
        word = verdict_word(verdict).lower() if verdict.is_known else "not known"
        return word + (", disputed" if verdict.state is State.DISPUTED else "")

    def row_url(self, slug: str) -> str:
        return reverse("row", args=[self.compared, slug])

    @property
    def compared(self) -> str:
        """The frameworks of the table's columns, as they are written in the URL of their comparison."""
        return "-vs-".join(sorted(row.framework for row in self.recommendation.ranking[:MAX_COLUMNS]))

    @cached_property
    def sides(self) -> list[ReasonSide]:
        return reason_sides(self.recommendation, self.cited, self.names)

    @cached_property
    def pair_reasons(self) -> list[PairReasons]:
        return pair_reasons(self.recommendation, self.names, self.row_url)

    @cached_property
    def situations(self) -> list[Situation]:
        return situations(self.question.weights, self.cited)

    @cached_property
    def changes(self) -> list[Change]:
        return answer_changes(self.recommendation, self.sensitivity, self.loaded, self.names)

    def missing_evidence(self) -> list[tuple[Criterion, list[Framework]]]:
        """The weighed criteria, each with the frameworks on which there is no evidence."""
        result = []
        for slug in sorted(self.question.weights.counted.keys() & self.matrix.values.keys()):
            cells = zip(self.matrix.frameworks, self.matrix.values[slug], strict=True)
            unknown = [
                name for name, value in cells if value is None and (name, slug) not in self.matrix.not_applicable
            ]
            if unknown:
                result.append((self.loaded.criteria[slug], [self.loaded.frameworks[name] for name in unknown]))
        return result

    @cached_property
    def cautions(self) -> list[str]:
        """When not to follow the answer; in a tie, what to check about the tied frameworks."""
        is_tie = self.recommendation.ending is Ending.CLOSE
        tied = [row.framework for row in self.recommendation.tied] if is_tie else []
        named = tied or ranked_slugs(self.recommendation)[:1]
        situation_cautions = [
            f"Your situation is “{situation.criterion.name}”: "
            f"sources advise against {self.names.frameworks[slug]} there."
            for situation in self.situations
            for slug in named
            if situation.is_against(slug)
        ]
        reasons_for, reasons_against = leading_reasons(self.recommendation)
        return cautions(self.recommendation, self.loaded, self.names, reasons_for, reasons_against, situation_cautions)

    def reference_views(self) -> list[ReferenceView]:
        """The sources, with how many of their claims count for this answer."""
        claim_counts: Counter[int] = Counter()
        lone_cell_counts: Counter[int] = Counter()
        slugs = {*self.question.weights.counted, *situation_slugs(self.matrix)} & self.matrix.by_slug.keys()
        for cell_key in ((name, slug) for slug in slugs for name in self.matrix.frameworks):
            claim_counts.update(evidence.source for evidence in self.matrix.evidence.get(cell_key, ()))
            if lone_source := self.matrix.lone_source(cell_key):
                lone_cell_counts[lone_source] += 1
        return [
            ReferenceView(reference, claim_counts[pk], 0, lone_cell_counts[pk], 0)
            for pk, reference in self.loaded.references.items()
            if claim_counts[pk]
        ]

    def firmness_view(self) -> FirmnessView | None:
        if self.firmness is None or self.untested_reason:
            return None
        return firmness_view(self.firmness, self.recommendation.qualified[0].framework, self.names)


def answer_query(data: QueryDict, profile: Profile | None) -> Answer:
    """Answers the question in an address: a profile, the reader's own weights, or both."""
    question = read_question(data, profile, rankable_criteria(), considered_frameworks())
    return Answer(load_evidence(question.frameworks), question)
