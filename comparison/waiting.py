"""What waits for whom: the counts of the dashboard, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from comparison.models import Claim, ClaimState, Edition, Source


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


def waiting(user: Any) -> Waiting:
    own = Q(created_by=user)
    others = ~own if settings.REQUIRE_SECOND_REVIEWER else Q()
    counts = Claim.objects.aggregate(
        drafts=Count("pk", filter=own & Q(state=ClaimState.DRAFT.value)),
        rejected=Count("pk", filter=own & Q(state=ClaimState.REJECTED.value)),
        submitted=Count("pk", filter=own & Q(state=ClaimState.SUBMITTED.value)),
        to_review=Count("pk", filter=others & Q(state=ClaimState.SUBMITTED.value)),
    )
    editor = user.has_perm("comparison.change_source")
    held = Source.objects.exclude(text="").only("slug", "title").order_by("-pk")
    return Waiting(
        counts["drafts"],
        counts["rejected"],
        counts["submitted"],
        counts["to_review"] if user.has_perm("comparison.publish_claim") else None,
        Source.objects.filter(text="").count() if editor else None,
        list(held[:8]),
        list(Edition.objects.filter(number__gt=0)[:5]) if user.has_perm("comparison.publish_claim") else [],
    )
