"""Two claims that are one, and two criteria that ask the same question, made one. Nothing said is lost."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

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
from comparison.models.claims import NEEDS_REASON
from comparison.models.subjects import one_a_line


def claims_obstacle(keep: Claim, gone: Claim) -> str:
    """Why two claims cannot be merged; empty where they can."""
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
    """Moves the checks over and withdraws the other claim. Raises ValidationError."""
    with Batch.objects.of(f"Claim {gone.pk} merged into claim {keep.pk}", actor):
        public = merge_silently(keep, gone, actor)
        if public:
            touched = Claim.objects.filter(pk__in=[keep.pk, gone.pk])
            touched.announce(f"Claim {gone.pk} merged into claim {keep.pk}: {keep.cell}", actor)


def merge_silently(keep: Claim, gone: Claim, actor: User | None) -> bool:
    """Merges two claims within a batch that announces them itself. Returns whether the public sees a difference."""
    locked = Claim.objects.select_for_update().filter(pk__in=[keep.pk, gone.pk]).in_bulk()
    keep, gone = locked[keep.pk], locked[gone.pk]
    if why := claims_obstacle(keep, gone):
        raise ValidationError(why)
    return _withdraw(keep, gone, actor)


def _withdraw(keep: Claim, gone: Claim, actor: User | None) -> bool:
    """Merges claims that can be; saves whatever else was changed in the one that goes."""
    known = set(keep.checks.values_list("finding", "on", "evidence"))
    for check in gone.checks.all():
        if (check.finding, check.on, check.evidence) not in known:
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
    """Two claims of one source that would stand at one place of one cell, or say the same there without a place."""

    there: Claim
    comes: Claim

    @property
    def stays(self) -> Claim:
        """A living claim rather than a rejected or retracted one; else the one that was there."""
        return self.comes if self.there.state in NEEDS_REASON and self.comes.state not in NEEDS_REASON else self.there

    @property
    def goes(self) -> Claim:
        return self.there if self.stays is self.comes else self.comes

    @property
    def told(self) -> str:
        same = "says the same as" if self.comes.start is None else "stands at the same place as"
        return f"Claim {self.goes.pk} {same} claim {self.stays.pk} and is merged into it"


@dataclass(frozen=True)
class CriterionMerge:
    """What merging one criterion into another moves."""

    keep: Criterion
    gone: Criterion
    claims: int
    collisions: list[Collision]
    weights: list[ProfileWeight]
    marks: list[NotApplicable]

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


def plan(keep: Criterion, gone: Criterion) -> CriterionMerge:
    there = {_spot(one): one for one in keep.claims.all()}
    claims = list(gone.claims.select_related("framework", "criterion"))
    collisions = [Collision(there[_spot(one)], one) for one in claims if _spot(one) in there]
    weights = list(gone.profile_weights.select_related("profile"))
    marks = list(gone.not_applicable.select_related("framework"))
    return CriterionMerge(keep, gone, len(claims), collisions, weights, marks)


def _spot(claim: Claim) -> tuple[object, ...]:
    """What two claims of one cell cannot share: the place, or the words where there is none."""
    words = (claim.statement, claim.quote) if claim.start is None else ()
    return claim.source_id, claim.framework_id, claim.start, *words


@transaction.atomic
def merge_criteria(keep: Criterion, gone: Criterion, actor: User | None = None) -> Batch:
    """Moves everything to the criterion that stays; the other's address leads to it from now on."""
    keep, gone = (Criterion.objects.select_for_update().get(pk=one.pk) for one in (keep, gone))
    found = plan(keep, gone)
    if found.obstacle:
        raise ValidationError(found.obstacle)
    with Batch.objects.of(f"Criterion {gone.slug} merged into {keep.slug}", actor) as batch:
        _move_claims(gone.claims.all(), keep, {one.comes.pk: one for one in found.collisions}, actor)
        _move_weights(found.weights, keep, actor)
        _move_marks(found.marks, keep, actor)
        keep.synonyms = one_a_line("\n".join(dict.fromkeys([*_lines(keep), gone.name, *_lines(gone)])))
        sign(keep, actor, f"{gone.slug} merged into it")
        keep.save()
        slug = gone.slug
        for former in [*gone.former.all(), FormerCriterion(slug=slug)]:
            former.criterion = keep
            sign(former, actor, f"leads to {keep.slug}")
            former.save()
        sign(gone, actor, f"merged into {keep.slug}")
        gone.delete()
        Edition.objects.publish(f"Criterion {slug} merged into {keep.slug}", actor)
    return batch


def _lines(criterion: Criterion) -> list[str]:
    return criterion.synonyms.splitlines()


def _move_claims(claims: Iterable[Claim], keep: Criterion, collisions: dict[int, Collision], actor: User | None) -> None:
    for claim in claims:
        collision = collisions.get(claim.pk)
        claim.criterion = keep
        if collision:
            goes = claim if collision.goes.pk == claim.pk else collision.there
            goes.start = goes.end = None  # two claims of a cell never share a place
            _withdraw(collision.stays, goes, actor)
        if not collision or goes is not claim:
            sign(claim, actor, f"moved to {keep.slug}")
            claim.save()


def _move_weights(weights: Iterable[ProfileWeight], keep: Criterion, actor: User | None) -> None:
    """Where a profile weighs both, the higher weight stays."""
    kept = {one.profile_id: one for one in keep.profile_weights.all()}
    for weight in weights:
        if other := kept.get(weight.profile_id):
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
    kept = set(keep.not_applicable.values_list("framework_id", flat=True))
    for mark in marks:
        if mark.framework_id in kept:
            mark.delete()
        else:
            mark.criterion = keep
            sign(mark, actor, f"moved to {keep.slug}")
            mark.save()
