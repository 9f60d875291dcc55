"""The answer to a question: its ranking, reasons, firmness, cautions, and what the sources advise."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse

from comparison.evidence import strength
from comparison.leads import score_rests_on
from comparison.models import Criterion, Profile
from comparison.models.subjects import JOINER
from comparison.recommend import Contribution, MustStatus, recommend
from comparison.recommendation.cautions import Contradiction, cautions, contradictions, situation_cautions
from comparison.recommendation.changes import Change, NearestChange, answer_changes, nearest_changes
from comparison.recommendation.firmness import FirmnessView, answer_firmness, firmness_view
from comparison.recommendation.load import LoadedEvidence, considered_frameworks, load_evidence, rankable_criteria
from comparison.recommendation.question import Question, read_question
from comparison.recommendation.ranking import (
    MAX_COLUMNS,
    MISSING_WORDS,
    REPORTED,
    FrameworkScore,
    Ranking,
    ScorePart,
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
from comparison.recommendation.sentences import headlines
from comparison.recommendation.sentences.firmness import AnswerFirmness
from comparison.recommendation.sentences.leads import Lead, lead_of
from comparison.recommendation.sentences.missing import MissingEvidence, missing_evidence
from comparison.recommendation.sentences.must_haves import must_have_sentences, must_have_word
from comparison.recommendation.sentences.places import place_sentences
from comparison.sensitivity.changes import Sensitivity
from comparison.tables.citations import ReferenceView
from comparison.wording import Names


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
    def firmness(self) -> AnswerFirmness | None:
        return answer_firmness(self.recommendation, self.sensitivity, self.names)

    @cached_property
    def lead(self) -> Lead | None:
        return lead_of(self.recommendation)

    @property
    def about(self) -> str:
        return self.question.profile.name if self.question.profile else ""

    @property
    def one_sentence(self) -> str:
        return headlines.one_sentence(self.recommendation, self.firmness, self.lead, self.names)

    @property
    def eyebrow(self) -> str:
        return headlines.eyebrow(self.recommendation, self.about, self.lead)

    @property
    def headline(self) -> str:
        return headlines.headline(self.recommendation, self.names)

    @property
    def standfirst(self) -> str:
        return headlines.standfirst(self.recommendation, self.firmness, self.lead, self.names)

    @property
    def untested_reason(self) -> str:
        return headlines.untested_reason(self.recommendation, self.names)

    @property
    def must_haves(self) -> list[str]:
        """Which frameworks fail must-haves or leave them open, in sentences."""
        return must_have_sentences(self.recommendation, self.names)

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
                [(slug, status, self._must_word(row.framework, slug, status)) for slug, status in row.musts.items()],
                [self._part(row.framework, part) for part in row.contributions] if index < with_parts else (),
                score_rests_on(self.recommendation, row.framework) if row.framework in self.places else {},
                self.places.get(row.framework, ""),
            )
            for index, row in enumerate(self.recommendation.ranking)
        ]

    @cached_property
    def places(self) -> dict[str, str]:
        """Why each framework has its place, in a sentence; see place_sentences."""
        return place_sentences(self.recommendation, self.names)

    def _must_word(self, framework: str, slug: str, status: MustStatus) -> str:
        return must_have_word(status, self.matrix.verdicts[framework, slug])

    def _part(self, framework: str, part: Contribution) -> ScorePart:
        index, slug = self.matrix.frameworks.index(framework), part.criterion
        score = self.matrix.scores[slug][index]
        return ScorePart(
            slug,
            part.weight,
            part.contribution,
            part.state,
            "" if part.value is not None else MISSING_WORDS.get(part.state, REPORTED),
            self.matrix.positions[slug][index],
            strength(score.weight) if score else 0.0,
        )

    def row_url(self, slug: str) -> str:
        return reverse("row", args=[self.compared, slug])

    @property
    def compared(self) -> str:
        """The frameworks of the table's columns, as they are written in the URL of their comparison."""
        return JOINER.join(sorted(row.framework for row in self.recommendation.ranking[:MAX_COLUMNS]))

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

    @cached_property
    def nearest_changes(self) -> list[NearestChange]:
        return nearest_changes(self.recommendation, self.sensitivity, self.loaded, self.names)

    def missing_evidence(self) -> list[MissingEvidence]:
        return missing_evidence(self.recommendation)

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        return contradictions(self.recommendation, self.loaded, self.names)

    @cached_property
    def cautions(self) -> list[str]:
        """When not to follow the answer; in a tie, what to check about the tied frameworks."""
        reasons_for, reasons_against = leading_reasons(self.recommendation)
        return [
            *(contradiction.text for contradiction in self.contradictions),
            *situation_cautions(self.recommendation, self.loaded, self.names, self.situations),
            *cautions(self.recommendation, self.loaded, self.names, reasons_for, reasons_against),
        ]

    def reference_views(self) -> list[ReferenceView]:
        """The sources, with how many of their claims count for this answer."""
        claim_counts: Counter[int] = Counter()
        lone_cell_counts: Counter[int] = Counter()
        slugs = {*self.question.weights.counted, *situation_slugs(self.matrix)} & self.matrix.by_slug.keys()
        names = set(self.matrix.frameworks)
        for cell_key, entries in self.matrix.evidence.items():
            if cell_key[1] in slugs and cell_key[0] in names:
                claim_counts.update([entry.source for entry in entries])
                if lone_source := self.matrix.lone_source(cell_key):
                    lone_cell_counts[lone_source] += 1
        return [
            ReferenceView(reference, claim_counts[pk], 0, lone_cell_counts[pk], 0)
            for pk, reference in self.loaded.references.items()
            if claim_counts[pk]
        ]

    def firmness_view(self) -> FirmnessView | None:
        return firmness_view(self.firmness, self.names) if self.firmness else None


def answer_query(data: QueryDict, profile: Profile | None) -> Answer:
    """Answers the question in an address: a profile, the reader's own weights, or both."""
    criteria = rankable_criteria()
    return answer_question(read_question(data, profile, criteria, considered_frameworks()), criteria)


def answer_question(question: Question, criteria: Mapping[str, Criterion]) -> Answer:
    return Answer(load_evidence(question.frameworks, criteria, question.weights.counted), question)
