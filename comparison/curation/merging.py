"""Merges two claims that say the same, and two criteria that ask the same question. Nothing is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from comparison.models import (
    Batch,
    Claim,
    ClaimState,
    Criterion,
    Edition,
    FormerCriterion,
    NotApplicable,
    ProfileWeight,
    sign,
)
from comparison.models.claim_rules import NEEDS_REASON
from comparison.models.relations.change import note_relations
from comparison.models.subjects import one_per_line


def claims_obstacle(keep: Claim, gone: Claim) -> str:
    """Why two claims cannot be merged; empty if they can."""
    if keep.pk == gone.pk:
        return "A claim cannot be merged into itself."
    if (keep.framework_id, keep.criterion_id) != (gone.framework_id, gone.criterion_id):
        return "They speak of different cells. Change framework or criterion of one first."
    if keep.merged_into_id or gone.merged_into_id:
        merged = keep if keep.merged_into_id else gone
        return f"Claim {merged.pk} was merged into claim {merged.merged_into_id} already."
    if keep.state in (ClaimState.REJECTED, ClaimState.RETRACTED):
        return f"Claim {keep.pk} is {keep.state}. Keep the other one."
    return ""


def merge_claims(keep: Claim, gone: Claim, actor: User | None = None) -> None:
    """Moves the checks of `gone` to `keep` and withdraws `gone`. Raises ValidationError."""
    with Batch.objects.open(f"Claim {gone.pk} merged into claim {keep.pk}", actor):
        is_public = merge_without_edition(keep, gone, actor)
        if is_public:
            claims = Claim.objects.filter(pk__in=[keep.pk, gone.pk])
            claims.announce(f"Claim {gone.pk} merged into claim {keep.pk}: {keep.cell_name}", actor)


def merge_without_edition(keep: Claim, gone: Claim, actor: User | None) -> bool:
    """Merges two claims within the caller's batch. Returns whether the public sees a difference."""
    stored = Claim.objects.in_bulk([keep.pk, gone.pk])
    keep, gone = stored[keep.pk], stored[gone.pk]
    if obstacle := claims_obstacle(keep, gone):
        raise ValidationError(obstacle)
    return _withdraw(keep, gone, actor)


def _withdraw(keep: Claim, gone: Claim, actor: User | None) -> bool:
    """Merges claims without an obstacle; saves all other changes made to `gone` too."""
    existing = set(keep.checks.values_list("finding", "on", "evidence"))
    for check in gone.checks.all():
        if (check.finding, check.on, check.evidence) not in existing:
            check.claim = keep
            sign(check, actor, f"moved from claim {gone.pk}")
            check.save()
    was_public = gone.published
    if gone.state not in NEEDS_REASON:
        gone.state = (ClaimState.RETRACTED if was_public else ClaimState.REJECTED).value
    if gone.merged_into_id is None:
        gone.state_reason = f"Merged into claim {keep.pk}"
        gone.merged_into = keep
    sign(gone, actor, gone.state_reason)
    gone.save()
    return was_public or keep.published


@dataclass(frozen=True, slots=True)
class Collision:
    """Two claims of one source that a merge of criteria would put in one cell at the same offset.

    Without offsets, they collide if statement and quote are the same.
    """

    existing: Claim
    incoming: Claim

    @property
    def kept(self) -> Claim:
        """The existing claim, unless it is rejected or retracted and the incoming one is not."""
        incoming_first = self.existing.state in NEEDS_REASON and self.incoming.state not in NEEDS_REASON
        return self.incoming if incoming_first else self.existing

    @property
    def merged(self) -> Claim:
        return self.existing if self.kept is self.incoming else self.incoming

    @property
    def description(self) -> str:
        same = "says the same as" if self.incoming.start is None else "stands at the same place as"
        return f"Claim {self.merged.pk} {same} claim {self.kept.pk} and is merged into it"


@dataclass(frozen=True)
class CriterionMerge:
    """What a merge of one criterion into another moves."""

    keep: Criterion
    gone: Criterion
    claims: int
    collisions: list[Collision]
    weights: list[ProfileWeight]
    marks: list[NotApplicable]
    related: list[Criterion]

    @property
    def fingerprint(self) -> str:
        """Differs if what moves has changed since somebody looked."""
        rows: list[object] = [self.keep, self.keep.synonyms, self.gone, self.claims, *self.related]
        rows += [collision.description for collision in self.collisions]
        rows += [(row.profile_id, row.weight, row.must_have) for row in self.weights]
        rows += [(mark.framework_id, mark.reason) for mark in self.marks]
        return sha256(" ".join(map(str, rows)).encode()).hexdigest()[:16]

    @property
    def obstacle(self) -> str:
        if self.keep.pk == self.gone.pk:
            return "A criterion cannot be merged into itself."
        if self.keep.kind != self.gone.kind:
            return (
                f"{self.keep} is a {self.keep.kind}, {self.gone} a {self.gone.kind}: their claims carry other values."
            )
        if (self.keep.unit, self.keep.lower_is_better) != (self.gone.unit, self.gone.lower_is_better):
            return "Their figures have different units or directions."
        return ""


def plan_criterion_merge(keep: Criterion, gone: Criterion) -> CriterionMerge:
    existing = {_unique_key(claim): claim for claim in keep.claims.all()}
    claims = list(gone.claims.select_related("framework", "criterion"))
    collisions = [Collision(existing[key], claim) for claim in claims if (key := _unique_key(claim)) in existing]
    weights = list(gone.profile_weights.select_related("profile"))
    marks = list(gone.not_applicable.select_related("framework"))
    related = [criterion for criterion in gone.related.all() if criterion.pk != keep.pk]
    return CriterionMerge(keep, gone, len(claims), collisions, weights, marks, related)


def _unique_key(claim: Claim) -> tuple[object, ...]:
    """What two claims on one criterion cannot share: the offset, or without one the words."""
    words = (claim.statement, claim.quote) if claim.start is None else ()
    return claim.source_id, claim.framework_id, claim.start, *words


def merge_criteria(keep: Criterion, gone: Criterion, actor: User | None = None) -> Batch:
    """Moves everything from `gone` to `keep` and deletes `gone`, whose address redirects to `keep` from now on.

    All returns to it when the batch is undone.
    """
    with Batch.objects.open(f"Criterion {gone.slug} merged into {keep.slug}", actor) as batch:
        keep, gone = (Criterion.objects.get(pk=criterion.pk) for criterion in (keep, gone))
        plan = plan_criterion_merge(keep, gone)
        if plan.obstacle:
            raise ValidationError(plan.obstacle)
        _move_claims(
            gone.claims.all(), keep, {collision.incoming.pk: collision for collision in plan.collisions}, actor
        )
        _move_weights(plan.weights, keep, actor)
        _move_marks(plan.marks, keep, actor)
        keep.synonyms = one_per_line("\n".join(dict.fromkeys([*_synonyms(keep), gone.name, *_synonyms(gone)])))
        sign(keep, actor, f"{gone.slug} merged into it")
        keep.save()
        related = {keep.pk, *(criterion.pk for criterion in plan.related)}
        keep.related.add(*plan.related)
        slug = gone.slug
        for former in [*gone.former.all(), FormerCriterion(slug=slug)]:
            former.criterion = keep
            sign(former, actor, f"leads to {keep.slug}")
            former.save()
        sign(gone, actor, f"merged into {keep.slug}")
        gone.delete()
        note_relations(Criterion, related, actor, f"{slug} merged into {keep.slug}")
        Edition.objects.publish(f"Criterion {slug} merged into {keep.slug}", actor)
    return batch


def _synonyms(criterion: Criterion) -> list[str]:
    return criterion.synonyms.splitlines()


def _move_claims(
    claims: Iterable[Claim], keep: Criterion, collisions: dict[int, Collision], actor: User | None
) -> None:
    for claim in claims:
        collision = collisions.get(claim.pk)
        claim.criterion = keep
        if collision:
            merged = claim if collision.merged.pk == claim.pk else collision.existing
            merged.start = merged.end = None  # two claims of a cell never share an offset
            _withdraw(collision.kept, merged, actor)
        if not collision or merged is not claim:
            if claim.goes_back_to_review(actor):
                claim.state, claim.state_reason = ClaimState.SUBMITTED.value, f"Moved to the criterion {keep.slug}"
            sign(claim, actor, f"moved to {keep.slug}")
            claim.save()


def _move_weights(weights: Iterable[ProfileWeight], keep: Criterion, actor: User | None) -> None:
    """If a profile weighs both criteria, the higher weight stays."""
    existing = {weight.profile_id: weight for weight in keep.profile_weights.all()}
    for weight in weights:
        if other := existing.get(weight.profile_id):
            other.weight = max(other.weight, weight.weight)
            other.must_have = other.must_have or weight.must_have
            sign(other, actor, f"{weight.criterion.slug} merged into it")
            other.save()
            weight.delete()
        else:
            weight.criterion = keep
            sign(weight, actor, f"moved to {keep.slug}")
            weight.save()


def _move_marks(marks: Iterable[NotApplicable], keep: Criterion, actor: User | None) -> None:
    existing = set(keep.not_applicable.values_list("framework_id", flat=True))
    for mark in marks:
        if mark.framework_id in existing:
            mark.delete()
        else:
            mark.criterion = keep
            sign(mark, actor, f"moved to {keep.slug}")
            mark.save()
