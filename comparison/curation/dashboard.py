"""The numbers and lists of the admin's front page, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q

from comparison.curation.review.progress import Progress, load_progress
from comparison.evidence import ARTICLES
from comparison.models import Claim, ClaimState, Edition, Report, Source
from comparison.models.claims import ClaimQuerySet, last_editors

MAX_RECENT_SOURCES = 8
MAX_MEASURED_LENGTH = 400_000  # characters; of a longer text the progress takes too long to work out for a list
MAX_LATEST_EDITIONS = 5


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What one user is shown; None where the user's role has no use for a number."""

    drafts: int
    rejected: int
    submitted_own: int
    to_review: int | None
    came_back: int | None
    new_reports: int | None
    without_text: int | None
    recent_sources: Sequence[tuple[Source, Progress | None]]
    latest_editions: Sequence[Edition]


def own_claims(actor: User | None) -> ClaimQuerySet:
    """The claims a user wrote that are rejected or not public yet."""
    states = [ClaimState.DRAFT.value, ClaimState.REJECTED.value, ClaimState.SUBMITTED.value]
    return Claim.objects.filter(created_by=actor, state__in=states, merged_into=None)


def claims_to_review(actor: User | None) -> ClaimQuerySet:
    """All submitted claims; without those that somebody other than the reviewer has to publish."""
    claims = Claim.objects.filter(state=ClaimState.SUBMITTED.value)
    if not settings.REQUIRE_SECOND_REVIEWER or actor is None:
        return claims
    by_others = claims.exclude(created_by=actor)
    touched = Claim.history.filter(history_user=actor, id__in=by_others.values("pk")).values_list("id", flat=True)
    changed_last = [pk for pk, editor in last_editors(set(touched)).items() if editor == actor.pk]
    return by_others.exclude(pk__in=changed_last)


def recent_sources() -> list[tuple[Source, Progress | None]]:
    """The newest sources whose texts are held, each with how far it is read."""
    names = ("slug", "title", "kind", "text_length")
    newest = list(Source.objects.exclude(text="").only(*names).order_by("-pk")[:MAX_RECENT_SOURCES])
    short = [row.pk for row in newest if (row.text_length or 0) <= MAX_MEASURED_LENGTH and row.kind in ARTICLES]
    measured = Source.objects.filter(pk__in=short).only(*names, "text", "silent")
    by_source = {source.pk: progress for source, progress in load_progress(measured)}
    return [(source, by_source.get(source.pk)) for source in newest]


def load_dashboard(user: Any) -> Dashboard:
    own = own_claims(user).aggregate(
        drafts=Count("pk", filter=Q(state=ClaimState.DRAFT.value)),
        rejected=Count("pk", filter=Q(state=ClaimState.REJECTED.value)),
        submitted=Count("pk", filter=Q(state=ClaimState.SUBMITTED.value)),
    )
    is_editor, is_reviewer = user.has_perm("comparison.change_source"), user.has_perm("comparison.publish_claim")
    waiting = claims_to_review(user) if is_reviewer else None
    return Dashboard(
        own["drafts"],
        own["rejected"],
        own["submitted"],
        None if waiting is None else waiting.count(),
        None if waiting is None else waiting.came_back().count(),
        Report.objects.waiting().count() if user.has_perm("comparison.view_report") else None,
        Source.objects.filter(text="").count() if is_editor else None,
        recent_sources(),
        list(Edition.objects.filter(number__gt=0)[:MAX_LATEST_EDITIONS]) if is_reviewer else [],
    )
