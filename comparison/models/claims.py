"""Claims, the life they lead from draft to retraction, and the checks of them."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from comparison.evidence import Finding, Kind, Support
from comparison.models.editions import Edition, choices, history, sign
from comparison.models.optimistic_lock import check_unchanged
from comparison.models.subjects import Criterion, Framework, Source


class ClaimState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"
    RETRACTED = "retracted"


# From which state to which, and the permission it takes beyond changing claims.
TRANSITIONS: dict[tuple[ClaimState, ClaimState], str] = {
    (ClaimState.DRAFT, ClaimState.SUBMITTED): "comparison.change_claim",
    (ClaimState.SUBMITTED, ClaimState.DRAFT): "comparison.change_claim",
    (ClaimState.REJECTED, ClaimState.DRAFT): "comparison.change_claim",
    (ClaimState.RETRACTED, ClaimState.DRAFT): "comparison.change_claim",
    (ClaimState.SUBMITTED, ClaimState.PUBLISHED): "comparison.publish_claim",
    (ClaimState.SUBMITTED, ClaimState.REJECTED): "comparison.publish_claim",
    (ClaimState.PUBLISHED, ClaimState.RETRACTED): "comparison.publish_claim",
    (ClaimState.PUBLISHED, ClaimState.SUBMITTED): "comparison.publish_claim",
}
MAX_QUOTE_LENGTH = 500  # characters
NEEDS_REASON = (ClaimState.REJECTED, ClaimState.RETRACTED)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def published(self) -> Self:
        return self.filter(state=ClaimState.PUBLISHED.value)

    def about(self, frameworks: Iterable[Framework]) -> Self:
        return self.filter(framework__in=list(frameworks))

    def for_table(self) -> Self:
        """Without what no table shows: who wrote and decided a claim, when and why. A tenth of a large table's time."""
        return self.defer("created_by", "created_at", "published_by", "published_at", "state_reason", "merged_into")

    def announce(self, summary: str, actor: User | None = None) -> Edition:
        """Publishes one edition for a change of these claims, and notes in them that it was the last."""
        edition = Edition.objects.publish(summary, actor)
        self.update(updated_edition=edition.number)
        return edition

    def saying(self, words: str) -> Self:
        """Claims with these words in statement, item or section."""
        places = ("statement", "item", "section")
        wanted = Q()
        for place in places:
            wanted |= Q(**{f"{place}__icontains": words})
        return self.filter(wanted)

    def with_names(self) -> Self:
        """Brings framework, criterion, category and source along (without the source's text)."""
        return self.select_related("framework", "criterion__category", "source").defer("source__text")


class Claim(models.Model):
    """One source says one thing about one framework on one criterion, at one place in its text."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="claims")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="claims")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claims")
    statement = models.CharField(max_length=300, help_text="What the source says, in our own words, without the name.")
    level = models.SmallIntegerField(
        null=True,
        blank=True,
        choices=[
            (2, "+2 very favourable"),
            (1, "+1 favourable"),
            (0, "0 neither"),
            (-1, "−1 unfavourable"),
            (-2, "−2 very unfavourable"),
        ],
        help_text="Ratings and fits: how favourable the source is.",
    )
    support = models.CharField(max_length=10, blank=True, choices=choices(Support), help_text="Features only.")
    low = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True, help_text="Figures: the number, or the low end."
    )
    high = models.DecimalField(
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Figures: the high end; the same when it is one number.",
    )
    item = models.CharField(max_length=100, blank=True, help_text="Lists: the one thing named.")
    section = models.CharField(max_length=200, blank=True, help_text="Heading under which it stands.")
    start = models.PositiveIntegerField(
        null=True, blank=True, help_text="First character, counted from 0 in code points."
    )
    end = models.PositiveIntegerField(null=True, blank=True, help_text="The character after the last.")
    quote = models.CharField(
        max_length=MAX_QUOTE_LENGTH, blank=True, help_text="The exact passage, if it may be shown."
    )
    version_range = models.CharField(
        max_length=50, blank=True, help_text="Versions it speaks of, for example >=4.2,<5."
    )
    state = models.CharField(max_length=10, choices=choices(ClaimState), default=ClaimState.DRAFT.value, editable=False)
    state_reason = models.CharField(max_length=300, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="claims_created",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="claims_published",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    updated_edition = models.PositiveIntegerField(null=True, blank=True, editable=False)  # the last to change it
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )

    objects = ClaimQuerySet.as_manager()
    history = history(without=["updated_edition"])

    findings: frozenset[Finding] = frozenset()  # filled in by whoever loads a table's claims and checks

    VALUES = ("level", "support", "low", "high", "item")
    EVIDENCE = (
        "framework",
        "criterion",
        "source",
        "statement",
        *VALUES,
        "section",
        "start",
        "end",
        "quote",
        "version_range",
    )

    class Meta:
        permissions = [("publish_claim", "Can publish, reject and retract claims")]
        indexes = [
            # With all that decides whether a cell may be disputed: the whole catalogue is asked that without its rows.
            models.Index(
                fields=["state", "framework", "criterion", "source", "level", "support", "low", "high"],
                name="claim_by_cell",
            ),
            models.Index(fields=["criterion", "state"], name="claim_by_criterion"),
            models.Index(fields=["state", "-id"], name="claim_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="claim_one_value",
                condition=Q(level__isnull=False, support="", low__isnull=True, high__isnull=True, item="")
                | (Q(level__isnull=True, low__isnull=True, high__isnull=True, item="") & ~Q(support=""))
                | Q(level__isnull=True, support="", low__isnull=False, high__isnull=False, item="")
                | (Q(level__isnull=True, support="", low__isnull=True, high__isnull=True) & ~Q(item="")),
                violation_error_message="Give exactly one kind of value: a level, a support, low and high, or an item.",
            ),
            models.CheckConstraint(
                name="claim_level_in_range",
                condition=Q(level__isnull=True) | Q(level__range=(-2, 2)),
                violation_error_message="A level lies between −2 and +2.",
            ),
            models.CheckConstraint(
                name="claim_support_known",
                condition=Q(support__in=["", *(support.value for support in Support)]),
                violation_error_message="The support is one of built-in, extension, partial, none.",
            ),
            models.CheckConstraint(
                name="claim_low_to_high",
                condition=Q(low__isnull=True) | Q(low__gte=0, low__lte=F("high")),
                violation_error_message="The low number may not be negative nor exceed the high one.",
            ),
            models.CheckConstraint(
                name="claim_start_before_end",
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, start__lt=F("end")),
                violation_error_message="Give both start and end or neither; the start comes before the end.",
            ),
            models.CheckConstraint(
                name="claim_quote_short",
                condition=LessThanOrEqual(Length("quote"), MAX_QUOTE_LENGTH),
                violation_error_message="A quote has at most 500 characters.",
            ),
            models.CheckConstraint(
                name="claim_says_something",
                condition=GreaterThan(Length("statement"), 0),
                violation_error_message="A claim needs a statement.",
            ),
            models.CheckConstraint(
                name="claim_state_known",
                condition=Q(state__in=[state.value for state in ClaimState]),
                violation_error_message="The state is one of draft, submitted, published, rejected, retracted.",
            ),
            models.CheckConstraint(
                name="claim_reason_given",
                condition=~Q(state__in=[state.value for state in NEEDS_REASON]) | ~Q(state_reason=""),
                violation_error_message="Rejecting and retracting need a reason.",
            ),
            models.UniqueConstraint(
                name="claim_once_per_place",
                fields=["source", "framework", "criterion", "start"],
                violation_error_message="This source already has a claim on this cell at this place.",
            ),
            models.UniqueConstraint(
                name="claim_once_without_place",
                fields=["source", "framework", "criterion", "statement", "quote"],
                condition=Q(start__isnull=True, merged_into__isnull=True),
                violation_error_message="This source already has this claim on this framework and criterion.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework}, {self.criterion}: {self.statement}"

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.pk])

    @property
    def cell(self) -> str:
        """Where it belongs, without what it says: editions are public for good, a claim may be taken back."""
        return f"{self.framework}, {self.criterion} (claim {self.pk})"

    @property
    def published(self) -> bool:
        return self.state == ClaimState.PUBLISHED.value

    def clean(self) -> None:
        wrong = value_errors(Kind(self.criterion.kind), self) if self.criterion_id else {}
        wrong |= place_errors(self.start, self.end, self.source.text_length if self.source_id else None)
        if self.low is not None and self.low < 0:
            wrong["low"] = "The low number may not be negative."
        if self.low is not None and self.high is not None and self.low > self.high:
            wrong["high"] = "The high number may not be below the low one."
        if self.state in NEEDS_REASON and not self.state_reason:
            wrong["state_reason"] = "Rejecting and retracting need a reason."
        if wrong:
            raise ValidationError(wrong)

    def validate_constraints(self, exclude: Any = None) -> None:
        """No form shows what a claim was merged into; Django leaves out constraints that speak of hidden fields."""
        super().validate_constraints(exclude=set(exclude or ()) - {"merged_into"})

    def transition(
        self,
        to: ClaimState,
        actor: User | None = None,
        reason: str = "",
        announce: bool = True,
        expected_version: int | None = None,
    ) -> bool:
        """Changes the state, writes history and, when the public sees a difference, a new edition; all or nothing.

        `by` is None for commands, which may do everything. Returns whether the public sees a difference; who moves
        many claims at once passes announce=False and publishes one edition for all of them. Raises ValidationError
        when the step does not exist or lacks its reason, PermissionDenied when `by` may not take it, ChangedSince
        when the claim has another version than the one `seen`, if that is given.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Claim.objects.select_for_update())
            if expected_version is not None:
                check_unchanged(self, expected_version)
            self.check_transition(ClaimState(self.state), to, actor, reason)
            return self._step(to, actor, reason, announce)

    def _step(self, to: ClaimState, actor: User | None, reason: str, announce: bool = True) -> bool:
        """Takes a step that is known to be allowed; the row is locked."""
        was = ClaimState(self.state)
        self.state, self.state_reason = to.value, reason.strip()
        if to is ClaimState.PUBLISHED:
            self.published_by, self.published_at = actor, timezone.now()
        sign(self, actor, f"{was} → {to}" + (f": {self.state_reason}" if self.state_reason else ""))
        self.save()
        public = ClaimState.PUBLISHED in (was, to)
        if public and announce:
            Claim.objects.filter(pk=self.pk).announce(f"Claim {to}: {self.cell}", actor)
        return public

    def check_transition(self, was: ClaimState, to: ClaimState, actor: User | None, reason: str) -> None:
        """Raises what transition() would raise for this step."""
        if self.merged_into_id:
            raise ValidationError(f"It was merged into claim {self.merged_into_id}; undo the merge to bring it back.")
        if (was, to) not in TRANSITIONS:
            ways = ", ".join(after for before, after in TRANSITIONS if before is was)
            raise ValidationError(f"A {was} claim cannot become {to}. It can become: {ways}.")
        if (to in NEEDS_REASON or was is ClaimState.PUBLISHED) and not reason.strip():
            raise ValidationError(f"Say why the claim is {to}.")
        if actor is None:
            return
        if not actor.has_perm(TRANSITIONS[was, to]):
            raise PermissionDenied(f"{actor} may not make a {was} claim {to}.")
        if to is ClaimState.PUBLISHED and self.needs_another(actor):
            raise PermissionDenied("Somebody else has to publish this claim: a second reviewer is required.")

    def needs_another(self, actor: User | None) -> bool:
        """Whether somebody else has to publish it."""
        return settings.REQUIRE_SECOND_REVIEWER and self.created_by == actor

    def revise(self, actor: User | None, announce: bool = True) -> bool:
        """Saves edited fields; state, author and dates stay what the database holds.

        A published claim whose evidence changed goes back to submitted, unless somebody who may publish it changed it.
        Returns whether the public sees a difference, as transition() does.
        """
        with transaction.atomic():
            kept = Claim.objects.select_for_update().get(pk=self.pk)
            changed = []
            for field in self._meta.concrete_fields:
                stored = getattr(kept, field.attname)
                if field.name not in self.EVIDENCE:
                    setattr(self, field.attname, stored)
                elif stored != getattr(self, field.attname):
                    changed.append(field.name)
            if not changed:
                return False
            sign(self, actor, "changed " + ", ".join(changed))
            self.save()
            if not self.published:
                return False
            if actor is not None and (self.needs_another(actor) or not actor.has_perm("comparison.publish_claim")):
                return self._step(
                    ClaimState.SUBMITTED, actor, f"Changed after publication: {', '.join(changed)}", announce
                )
            if announce:
                one = Claim.objects.filter(pk=self.pk)
                one.announce(f"Claim changed ({', '.join(changed)}): {self.cell}", actor)
            return True


def value_errors(kind: Kind, claim: Any) -> dict[str, str]:
    """Messages by field where the claim's value is not the one the criterion's kind asks for."""
    asked = {
        Kind.RATING: ("level",),
        Kind.FIT: ("level",),
        Kind.FEATURE: ("support",),
        Kind.FIGURE: ("low", "high"),
        Kind.LIST: ("item",),
    }[kind]
    wrong = {}
    for name in Claim.VALUES:
        given = getattr(claim, name) not in (None, "")
        if name in asked and not given:
            wrong[name] = f"A criterion of kind {kind} asks for this."
        if name not in asked and given:
            wrong[name] = f"A criterion of kind {kind} takes no {name}."
    return wrong


def place_errors(start: int | None, end: int | None, length: int | None) -> dict[str, str]:
    """Messages by field where two offsets are no place in a text of that length (None: not known)."""
    if start is None and end is None:
        return {}
    if start is None or end is None:
        missing = "start" if start is None else "end"
        return {missing: "Give both start and end, or neither."}
    if start >= end:
        return {"end": f"The passage must end after it starts (at {start})."}
    if length is not None and end > length:
        return {"end": f"The source's text has {length} characters; the passage cannot end at {end}."}
    return {}


class CheckQuerySet(models.QuerySet["Check"]):
    def by_claim(self, claims: Iterable[Claim]) -> dict[int, list["Check"]]:
        """The checks of some claims, with who made them, by the claim's id."""
        found: dict[int, list[Check]] = {}
        for check in self.filter(claim__in=list(claims)).select_related("by"):
            found.setdefault(check.claim_id, []).append(check)
        return found


class Check(models.Model):
    """A curator's finding on whether a claim is true, with evidence of its own."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="checks")
    finding = models.CharField(
        max_length=10,
        choices=choices(Finding),
        help_text="False and outdated claims no longer count; misleading ones count and wear the mark.",
    )
    note = models.CharField(max_length=500, help_text="What was found, in one or two sentences.")
    evidence = models.URLField(max_length=500, blank=True, help_text="Where anyone can see it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False)
    on = models.DateField(default=timezone.localdate)

    objects = CheckQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["claim", "on", "id"]
        constraints = [
            models.CheckConstraint(
                name="check_finding_known",
                condition=Q(finding__in=[finding.value for finding in Finding]),
                violation_error_message="The finding is one of confirmed, outdated, misleading, false.",
            ),
            models.UniqueConstraint(
                name="check_once_a_day",
                fields=["claim", "finding", "on", "evidence"],
                violation_error_message="The same finding with the same evidence was recorded on that day.",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim {self.claim_id}: {self.finding}"

    def clean(self) -> None:
        """A check lies between the day its source was published, where that is known, and today."""
        today, published = timezone.localdate(), self.claim.source.published if self.claim_id else None
        if self.on and self.on > today:
            raise ValidationError({"on": f"A check cannot lie in the future: today is {today}."})
        if self.on and published and self.on < published:
            raise ValidationError({"on": f"The source was published on {published}; it was not checked before."})
