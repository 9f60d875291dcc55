"""What the front page shows of the catalogue itself: a dispute, an article's error and an answer.

Each is chosen by a rule from what is stored, so that it is the same on every load of an edition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from comparison.evidence import ARTICLES, SET_ASIDE_FINDINGS
from comparison.models import CellVerdict, Check, Criterion, Framework, Profile
from comparison.models.claim_rules import ClaimState
from comparison.recommendation.answer import answer_question
from comparison.recommendation.firmness import FirmnessView
from comparison.recommendation.load import considered_frameworks, rankable_criteria
from comparison.recommendation.question import read_question
from comparison.tables.cells.rows import RowView, row_view
from comparison.tables.checks import CheckedClaim, checked_claims, read_deciding
from comparison.tables.citations import ReferenceView, reference_views
from comparison.tables.many.asked import Asked
from comparison.tables.table import load_data_of_cells
from comparison.web.addresses import page_url
from comparison.web.lookups import joined_slugs

MAX_CANDIDATES = 20  # checked claims of which the one that would change most is shown


@dataclass(frozen=True, slots=True)
class ShownDispute:
    """A row with a disputed cell and, beside it, another framework's."""

    criterion: Criterion
    frameworks: Sequence[Framework]
    row: RowView
    url: str
    references: Sequence[ReferenceView]


def shown_dispute(
    widest: Sequence[CellVerdict], asked: Sequence[Asked], known: Sequence[Framework]
) -> ShownDispute | None:
    """The widest dispute, beside the framework that people weigh its own against. `known` are all, most cited first."""
    if not widest:
        return None
    framework, criterion = widest[0].framework, widest[0].criterion
    rivals = _rivals(framework, asked, known)
    frameworks = sorted([framework, *rivals[:1]], key=lambda row: str(row.slug))
    data = load_data_of_cells([(row, criterion) for row in frameworks])
    table = data.about([criterion]).table(columns=frameworks)
    url = page_url("row", joined_slugs(frameworks), criterion.slug)
    cited = [view for view in reference_views(table) if view.claims]
    return ShownDispute(criterion, frameworks, row_view(table.rows[0], table), url, cited)


def _rivals(framework: Framework, asked: Sequence[Asked], known: Sequence[Framework]) -> list[Framework]:
    """The other frameworks: first those of the first comparison that people ask for, then the most cited."""
    comparisons = [row.comparison.framework_slugs for row in asked]
    slugs = next((slugs for slugs in comparisons if framework.slug in slugs), [])
    others = [row for row in known if row.pk != framework.pk]
    return sorted(others, key=lambda row: row.slug not in slugs)


def shown_error() -> CheckedClaim | None:
    """Of the first articles' claims that other claims decide against, the one that would move its cell furthest."""
    against = Check.objects.filter(
        finding__in=[str(finding) for finding in SET_ASIDE_FINDINGS],
        claim__state=ClaimState.PUBLISHED.value,
        claim__source__kind__in=[str(kind) for kind in ARTICLES],
        decided_by__state=ClaimState.PUBLISHED.value,
    )
    candidates = list(against.order_by("claim").values_list("claim", flat=True).distinct()[:MAX_CANDIDATES])
    rows = checked_claims(candidates)[:1]
    read_deciding(rows)
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What the evidence recommends for a kind of project."""

    profile: Profile
    eyebrow: str
    headline: str
    sentence: str
    firmness: FirmnessView | None


def shown_answer() -> ShownAnswer | None:
    """The answer for the first kind of project; None where none is described."""
    profile = Profile.objects.with_question().first()
    return answer_for(profile) if profile else None


def answer_for(profile: Profile) -> ShownAnswer:
    """From what the profile weighs alone: the rest is needed only to see what other wishes would change."""
    criteria = rankable_criteria()
    question = read_question(QueryDict(), profile, criteria, considered_frameworks())
    weighed = {slug: criteria[slug] for slug in question.weights.counted if slug in criteria}
    answer = answer_question(question, weighed)
    return ShownAnswer(profile, answer.eyebrow, answer.headline, answer.standfirst, answer.firmness_view())
