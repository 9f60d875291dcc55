"""What the page of an answer and the page of a stored answer draw alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.recommendation.answer import Answer
from comparison.recommendation.changes import Change
from comparison.recommendation.ranking import MAX_COLUMNS, ContributionRow, FirmnessView, RankedRow
from comparison.recommendation.reasons import PairReasons
from comparison.recommendation.snapshots import StoredAnswer


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """A weighed criterion and the names of the frameworks on which there is no evidence."""

    criterion: str
    url: str  # empty if the criterion is not linked
    frameworks: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Everything that the templates of both pages read, made from a live answer or from a stored one."""

    ending: str  # the name of an Ending in lower case
    headline: str
    standfirst: str
    untested_reason: str  # why there is no firmness to show; otherwise empty
    rows: Sequence[RankedRow]
    contributions: Sequence[ContributionRow]
    first_name: str
    pair_reasons: Sequence[PairReasons]
    firmness: FirmnessView | None
    changes: Sequence[Change]
    cautions: Sequence[str]
    missing_evidence: Sequence[MissingEvidence]

    @property
    def columns(self) -> Sequence[RankedRow]:
        """The frameworks in the table of contributions."""
        return self.rows[:MAX_COLUMNS]

    @classmethod
    def from_answer(cls, answer: Answer) -> "AnswerPage":
        return cls(
            ending=answer.recommendation.ending.name.lower(),
            headline=answer.headline,
            standfirst=answer.standfirst,
            untested_reason=answer.untested_reason,
            rows=answer.ranking.rows(),
            contributions=answer.ranking.contributions(),
            first_name=answer.first_name,
            pair_reasons=answer.pair_reasons,
            firmness=answer.firmness_view(),
            changes=answer.changes,
            cautions=answer.cautions,
            missing_evidence=[
                MissingEvidence(criterion.name, criterion.get_absolute_url(), [row.name for row in frameworks])
                for criterion, frameworks in answer.missing_evidence()
            ],
        )

    @classmethod
    def from_stored(cls, stored: StoredAnswer) -> "AnswerPage":
        outcome = stored.data["outcome"]
        return cls(
            ending=stored.ending.name.lower(),
            headline=outcome["headline"],
            standfirst=outcome["standfirst"],
            untested_reason=outcome["untested"],
            rows=stored.ranking.rows(),
            contributions=stored.ranking.contributions(),
            first_name=stored.first_name,
            pair_reasons=stored.pair_reasons(),
            firmness=stored.firmness_view(),
            changes=[Change(change["what"], change["then"]) for change in stored.data["changes"]],
            cautions=stored.data["cautions"],
            missing_evidence=[
                MissingEvidence(criterion, "", frameworks) for criterion, frameworks in stored.missing_evidence()
            ],
        )
