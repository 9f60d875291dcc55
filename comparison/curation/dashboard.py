"""What waits for whom: the counts of the dashboard, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q

from comparison.models import Claim, ClaimState, Edition, Source
from comparison.models.claims import ClaimQuerySet


@dataclass(frozen=True, slots=True)
class Waiting:
    """The numbers one person is shown. Those that their role has no use for are None."""

    drafts: int
    rejected: int
    submitted_own: int
    to_review: int | None
    without_text: int | None
    rooms: Sequence[Source]
    latest: Sequence[Edition]


def own_claims(actor: User | None) -> ClaimQuerySet:
    """What somebody wrote that is not public yet, or was rejected."""
    states = [ClaimState.DRAFT.value, ClaimState.REJECTED.value, ClaimState.SUBMITTED.value]
    return Claim.objects.filter(created_by=actor, state__in=states, merged_into=None)


def to_review(actor: User | None) -> ClaimQuerySet:
    """What waits for a reviewer: all that is submitted, but one's own where somebody else has to publish it."""
    found = Claim.objects.filter(state=ClaimState.SUBMITTED.value)
    return found.exclude(created_by=actor) if settings.REQUIRE_SECOND_REVIEWER else found


def waiting(user: Any) -> Waiting:
    own = own_claims(user).aggregate(
        drafts=Count("pk", filter=Q(state=ClaimState.DRAFT.value)),
        rejected=Count("pk", filter=Q(state=ClaimState.REJECTED.value)),
        submitted=Count("pk", filter=Q(state=ClaimState.SUBMITTED.value)),
    )
    editor = user.has_perm("comparison.change_source")
    held = Source.objects.exclude(text="").only("slug", "title").order_by("-pk")
    return Waiting(
        own["drafts"],
        own["rejected"],
        own["submitted"],
        to_review(user).count() if user.has_perm("comparison.publish_claim") else None,
        Source.objects.filter(text="").count() if editor else None,
        list(held[:8]),
        list(Edition.objects.filter(number__gt=0)[:5]) if user.has_perm("comparison.publish_claim") else [],
    )
