"""What the page of an answer and the page of a stored answer draw alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comparison.recommendation.answer import Answer
from comparison.recommendation.changes import Change
from comparison.recommendation.firmness import Bar, FirmnessView, basis_bar
from comparison.recommendation.ranking import MAX_COLUMNS, ContributionRow, RankedRow
from comparison.recommendation.reasons import PairReasons
from comparison.recommendation.sentences.missing import missing_words
from comparison.recommendation.snapshots import StoredAnswer


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A weighed criterion and what is missing on it, in words."""

    criterion: str
    url: str  # empty if the criterion is not linked
    text: str


@dataclass(frozen=True, slots=True)
class Caution:
    """When not to follow the answer, with a link to the row that shows why; without one both are empty."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Everything that the templates of both pages read, made from a live answer or from a stored one."""

    ending: str  # the name of an Ending in lower case
    headline: str
    standfirst: str
    must_haves: Sequence[str]  # sentences about those that are failed, doubtful or unknown
    rows: Sequence[RankedRow]
    musts: Sequence[tuple[str, str]]  # the names and URLs of the must-haves
    contributions: Sequence[ContributionRow]
    first_name: str
    pair_reasons: Sequence[PairReasons]
    firmness: FirmnessView | None
    basis: Bar | None  # the kinds of sources that the lead rests on
    changes: Sequence[Change]
    cautions: Sequence[Caution]
    missing_evidence: Sequence[MissingRow]

    @property
    def columns(self) -> Sequence[RankedRow]:
        """The frameworks in the table of contributions."""
        return self.rows[:MAX_COLUMNS]

    @property
    def shows_products(self) -> bool:
        """Whether positions and strengths are known: answers stored by the earlier rules have none."""
        return any(cell.product for row in self.contributions for cell in row.cells)

    @classmethod
    def from_answer(cls, answer: Answer) -> "AnswerPage":
        return cls(
            ending=answer.recommendation.ending.name.lower(),
            headline=answer.headline,
            standfirst=answer.standfirst,
            must_haves=answer.must_haves,
            rows=answer.ranking.rows(),
            musts=answer.ranking.musts(),
            contributions=answer.ranking.contributions(),
            first_name=answer.first_name,
            pair_reasons=answer.pair_reasons,
            firmness=answer.firmness_view(),
            basis=basis_bar(answer.lead.rests_on) if answer.lead else None,
            changes=answer.changes,
            cautions=_linked(
                answer.cautions,
                {
                    row.text: Caution(row.text, answer.row_url(row.related), answer.names.criteria[row.related])
                    for row in answer.contradictions
                },
            ),
            missing_evidence=[
                MissingRow(
                    answer.names.criteria[missing.criterion],
                    answer.loaded.criteria[missing.criterion].get_absolute_url(),
                    missing_words(missing, answer.names),
                )
                for missing in answer.missing_evidence()
            ],
        )

    @classmethod
    def from_stored(cls, stored: StoredAnswer) -> "AnswerPage":
        outcome = stored.data["outcome"]
        return cls(
            ending=stored.ending.name.lower(),
            headline=outcome["headline"],
            standfirst=outcome["standfirst"],
            must_haves=outcome["must_haves"],
            rows=stored.ranking.rows(),
            musts=stored.ranking.musts(),
            contributions=stored.ranking.contributions(),
            first_name=stored.first_name,
            pair_reasons=stored.pair_reasons(),
            firmness=stored.firmness_view(),
            basis=basis_bar(stored.rests_on),
            changes=[Change(change["what"], change["then"]) for change in stored.data["changes"]],
            cautions=_linked(
                stored.data["cautions"],
                {
                    row["caution"]: Caution(
                        row["caution"], stored.row_url(row["related"]), stored.names.criteria[row["related"]]
                    )
                    for row in stored.data["related"]
                },
            ),
            missing_evidence=[
                MissingRow(stored.names.criteria[missing.criterion], "", missing_words(missing, stored.names))
                for missing in stored.missing_evidence()
            ],
        )


def _linked(texts: Sequence[str], linked: Mapping[str, Caution]) -> list[Caution]:
    return [linked.get(text, Caution(text)) for text in texts]
