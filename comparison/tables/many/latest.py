"""The verdicts that changed last, for feeds. They are read as they are stored, however many claims they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from django.db.models import QuerySet

from comparison.evidence import Kind
from comparison.models import CellVerdict, Criterion, Edition, Framework
from comparison.models.editions import printable
from comparison.wording import label, verdict_word


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A cell, and the edition that last changed what it rests on. A cell that lost its last claim is not among them."""

    stored: CellVerdict
    edition: Edition

    @property
    def title(self) -> str:
        return printable(f"{self.stored.framework}, {self.stored.criterion}: {self.words}")

    @property
    def words(self) -> str:
        verdict, count = self.stored.verdict, self.stored.claim_count
        if verdict.is_known and verdict.kind is Kind.LIST:  # whose items are not stored
            return "1 claim" if count == 1 else f"{count} claims"
        unit = self.stored.criterion.unit
        return f"{verdict_word(verdict)} {unit}" if unit and verdict.is_known else verdict_word(verdict)

    @property
    def summary(self) -> str:
        verdict, count = self.stored.verdict, self.stored.claim_count
        claims = "1 claim" if count == 1 else f"{count} claims"
        since = f"as of edition {self.edition.number}"
        return printable(f"{label(verdict.state)}, {claims}, {since}: {self.stored.criterion.question}")

    @property
    def urn(self) -> str:
        """The same under every host and in every feed; another whenever the cell changes again."""
        cell_key = f"{self.stored.framework_id} {self.stored.criterion_id}"
        return uuid5(NAMESPACE_OID, f"{self.edition.urn} {cell_key}").urn


def latest_of_frameworks(frameworks: Sequence[Framework], limit: int) -> list[ChangedVerdict]:
    return _dated(CellVerdict.objects.filter(framework__in=list(frameworks)).latest_first()[:limit])


def latest_on(criterion: Criterion, limit: int) -> list[ChangedVerdict]:
    return _dated(CellVerdict.objects.filter(criterion=criterion).latest_first()[:limit])


def _dated(rows: QuerySet[CellVerdict]) -> list[ChangedVerdict]:
    """None where the rows are not those of the newest edition, so that no feed tells of what is not so any more."""
    if not CellVerdict.objects.are_current():
        return []
    editions = Edition.objects.in_bulk({row.edition for row in rows})
    return [ChangedVerdict(row, editions[row.edition]) for row in rows if row.edition in editions]
