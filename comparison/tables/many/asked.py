"""The comparisons that people ask for most, with what is known of their frameworks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comparison.models import AskedComparison


@dataclass(frozen=True, slots=True)
class Asked:
    comparison: AskedComparison
    claim_count: int  # about its frameworks
    without_evidence: Sequence[str]  # names of its frameworks on which no claim is published

    @property
    def is_sourced(self) -> bool:
        return not self.without_evidence


def asked_comparisons(frameworks: Iterable[Any]) -> list[Asked]:
    """Those of all frameworks, which come with their `claim_count`; none with a framework that is gone. One query."""
    known = {framework.slug: framework for framework in frameworks}
    rows = [row for row in AskedComparison.objects.all() if all(slug in known for slug in row.framework_slugs)]
    asked = []
    for row in rows:
        members = [known[slug] for slug in row.framework_slugs]
        silent = [framework.name for framework in members if not framework.claim_count]
        asked.append(Asked(row, sum(framework.claim_count for framework in members), silent))
    return asked
