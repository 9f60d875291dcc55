"""Claims, and their life cycle from draft to retraction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelState
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from comparison.evidence import Finding, Kind, Support
from comparison.models.claim_rules import (
    MAX_QUOTE_LENGTH,
    NEEDS_REASON,
    TAKEN_BACK,
    TRANSITIONS,
    VALUE_FIELDS,
    ClaimState,
    offset_errors,
    value_errors,
)
from comparison.models.editions import Edition, EvidenceHistory, choices, history, sign, writing
from comparison.models.optimistic_lock import check_unchanged
from comparison.models.sources import Source
from comparison.models.subjects import Criterion, Framework
from comparison.text_search.claim_text import ClaimText
from comparison.text_search.folding import holds, needles
from comparison.wording import words_of

EDITED = "changed "  # how the history entries of revise() begin


class ClaimQuerySet(models.QuerySet["Claim"]):
    def published(self) -> Self:
        return self.filter(state=ClaimState.PUBLISHED.value)

    def came_back(self) -> Self:
        """Those that were published and wait for a reviewer again; see Claim.came_back."""
        waiting = self.filter(state=ClaimState.SUBMITTED.value, published_at__isnull=False)
        return waiting.exclude(state_reason=TAKEN_BACK)

    def about(self, frameworks: Iterable[Framework]) -> Self:
        return self.filter(framework__in=list(frameworks))

    def in_cells(self, keys: Iterable[tuple[int, int]]) -> Self:
        """Those about one of these pairs of a framework and a criterion, by id."""
        criteria: defaultdict[int, set[int]] = defaultdict(set)
        for framework, criterion in keys:
            criteria[framework].add(criterion)
        frameworks: defaultdict[frozenset[int], list[int]] = defaultdict(list)
        for framework, ids in criteria.items():
            frameworks[frozenset(ids)].append(framework)
        cells = [Q(framework__in=group, criterion__in=ids) for ids, group in frameworks.items()]
        # Any of these frameworks and criteria: with OR alone SQLite reads every claim there is.
        around = Q(framework__in=list(criteria), criterion__in=set().union(*frameworks))
        return self.filter(around, reduce(or_, cells)) if cells else self.none()

    def for_table(self) -> Self:
        """Skips what no table shows (who wrote and decided a claim, when, why), a tenth of a large table's time."""
        return self.defer("created_by", "created_at", "published_by", "published_at", "state_reason", "merged_into")

    def announce(self, summary: str, actor: User | None = None) -> Edition:
        """Publishes one edition for a change of these claims and stores its number in them."""
        edition = Edition.objects.publish(summary, actor)
        self.update(updated_edition=edition.number)
        return edition

    def containing(self, query: str) -> Self:
        """Claims with all words of the query in statement, item or section, newest first; none if it has no words.

        The order is that of the index. Sorting by anything else reads all matches first.
        """
        return self.holding(needles(query))

    def holding(self, wanted: Sequence[str], *, every: bool = True) -> Self:
        """Claims with every needle (see folding) in statement, item or section, or with any of them, newest first."""
        condition = {f"claim_text__text__holds{'' if every else '_any'}": wanted}
        matches = self.filter(**condition) if wanted else self.none()
        return matches.order_by("-claim_text__claim_id")

    def containing_anywhere(self, query: str) -> Self:
        """Claims with all words of the query also in quotes and in the names of their criteria, for curators."""
        wanted = needles(query)
        names = Criterion.objects.values_list("pk", "name") if wanted else ()
        matches = self if wanted else self.none()
        for needle in wanted:
            texts, quotes = (ClaimText.objects.filter(**{f"{name}__holds": [needle]}) for name in ("text", "quote"))
            criteria = [pk for pk, name in names if holds([name], [needle])]
            matches = matches.filter(Q(pk__in=texts) | Q(pk__in=quotes) | Q(criterion__in=criteria))
        return matches

    def with_names(self) -> Self:
        """Loads framework, criterion, category and source too (without the source's text)."""
        named = self.select_related("framework", "criterion__category", "source__part_of")
        return named.defer(*Source.unread("source__"), *Source.unread("source__part_of__"))

    def with_names_and_checks(self) -> Self:
        return self.with_names().prefetch_related("checks")

    def said_by(self, *sources: Source) -> Self:
        """What these sources and their parts say."""
        keys = [source.pk for source in sources]
        spoken = Source.objects.filter(Q(pk__in=keys) | Q(part_of__in=keys)).order_by().values_list("pk", flat=True)
        return self.filter(source__in=list(spoken))  # by id: an OR over two tables would read every claim


class Claim(models.Model):
    """What a source says about a framework on a criterion, at one point in its text."""

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

    updated_edition = models.PositiveIntegerField(null=True, blank=True, editable=False)  # the last that changed it
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )

    objects = ClaimQuerySet.as_manager()
    history = history(without=["updated_edition"], base=EvidenceHistory)

    findings: frozenset[Finding] = frozenset()  # set by the code that loads a table's claims and checks

    VALUES = VALUE_FIELDS
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
    PASSAGE = ("start", "end", "quote")  # follows the source's text when that is replaced, whoever replaces it
    STATE = ("state", "state_reason", "published_by", "published_at")

    class Meta:
        permissions = [("publish_claim", "Can publish, reject and retract claims")]
        indexes = [
            # Covers every column that decides whether a cell may be disputed: the query over all claims reads no rows.
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

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], *, fetch_mode: Any = None
    ) -> Self:
        """As Django's, without its search for deferred fields and its signals: tables read thousands of claims."""
        claim = cls.__new__(cls)
        claim.__dict__ = dict(zip(field_names, values, strict=True))
        claim._state = ModelState()
        claim._state.adding, claim._state.db = False, db
        if fetch_mode is not None:  # from Django 6.1 on
            claim._state.fetch_mode = fetch_mode
        return claim

    @property
    def cell_name(self) -> str:
        """The claim's cell, without its statement: editions are public for good, but a claim may be retracted."""
        return f"{self.framework}, {self.criterion} (claim {self.pk})"

    @cached_property
    def speaker_id(self) -> int:
        """The source whose opinion it is: the whole that its source is part of, or the source."""
        return self.source.speaker_id

    @property
    def published(self) -> bool:
        return self.state == ClaimState.PUBLISHED.value

    @property
    def came_back(self) -> bool:
        """Whether it was published, and waits for a reviewer again because of more than a slip of the hand."""
        waits = self.state == ClaimState.SUBMITTED.value
        return waits and self.published_at is not None and self.state_reason != TAKEN_BACK

    @property
    def shown_quote(self) -> str:
        """The quote where the licence of the source's text lets it be shown."""
        return self.quote if self.source.may_be_quoted else ""

    def clean(self) -> None:
        errors = value_errors(Kind(self.criterion.kind), self) if self.criterion_id else {}
        errors |= offset_errors(self.start, self.end, self.source.text_length if self.source_id else None)
        if self.low is not None and self.low < 0:
            errors["low"] = "The low number may not be negative."
        if self.low is not None and self.high is not None and self.low > self.high:
            errors["high"] = "The high number may not be below the low one."
        if self.quote and self.source_id and not self.source.may_be_quoted:
            licence = self.source.text_licence
            errors["quote"] = f"The text is under {licence}, so its words may not be shown. Empty the quote."
        if self.state in NEEDS_REASON and not self.state_reason:
            errors["state_reason"] = "Rejecting and retracting need a reason."
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Checks constraints on `merged_into` too; Django skips those because no form shows the field."""
        super().validate_constraints(exclude=set(exclude or ()) - {"merged_into"})

    def transition(
        self,
        to: ClaimState,
        actor: User | None = None,
        reason: str = "",
        announce: bool = True,
        expected_version: int | None = None,
    ) -> bool:
        """Changes the state, writes history and, if the public sees a difference, a new edition; all or nothing.

        `actor` is None for commands, which may do everything. Returns whether the public sees a difference; callers
        that change many claims pass announce=False and publish one edition for all of them.

        Raises ValidationError if the transition does not exist or lacks its reason, PermissionDenied if `actor` may
        not make it, and StaleVersion if `expected_version` is given and is not the claim's version.
        """
        with writing():
            self.refresh_from_db()
            self.__dict__.pop("last_editor_id", None)
            if expected_version is not None:
                check_unchanged(self, expected_version)
            self.check_transition(ClaimState(self.state), to, actor, reason)
            return self._change_state(to, actor, reason, announce)

    def _change_state(self, to: ClaimState, actor: User | None, reason: str, announce: bool = True) -> bool:
        """Makes a transition that is known to be allowed."""
        old_state = ClaimState(self.state)
        self.state, self.state_reason = to.value, reason.strip()
        if to is ClaimState.PUBLISHED:
            self.published_by, self.published_at = actor, timezone.now()
        sign(self, actor, f"{old_state} → {to}" + (f": {self.state_reason}" if self.state_reason else ""))
        self.save(update_fields=self.STATE)
        is_public = ClaimState.PUBLISHED in (old_state, to)
        if is_public and announce:
            Claim.objects.filter(pk=self.pk).announce(f"Claim {to}: {self.cell_name}", actor)
        return is_public

    def check_transition(self, old_state: ClaimState, to: ClaimState, actor: User | None, reason: str) -> None:
        """Raises ValidationError or PermissionDenied as transition() would."""
        if self.merged_into_id:
            raise ValidationError(f"It was merged into claim {self.merged_into_id}; undo the merge to bring it back.")
        if (old_state, to) not in TRANSITIONS:
            options = ", ".join(after for before, after in TRANSITIONS if before is old_state)
            raise ValidationError(f"A {old_state} claim cannot become {to}. It can become: {options}.")
        if (to in NEEDS_REASON or old_state is ClaimState.PUBLISHED) and not reason.strip():
            raise ValidationError(f"Say why the claim is {to}.")
        if actor is None:
            return
        if not actor.has_perm(TRANSITIONS[old_state, to]):
            raise PermissionDenied(f"{actor} may not make a {old_state} claim {to}.")
        if to is ClaimState.PUBLISHED and self.needs_other_publisher(actor):
            raise PermissionDenied(
                "Somebody else has to publish this claim: you wrote it or changed it last, and a second reviewer is "
                "required."
            )

    @cached_property
    def last_editor_id(self) -> int | None:
        return last_editors([self.pk]).get(self.pk)

    def needs_other_publisher(self, actor: User) -> bool:
        """Whether a second reviewer is required and the actor wrote the claim or changed last what it says."""
        return settings.REQUIRE_SECOND_REVIEWER and actor.pk in (self.created_by_id, self.last_editor_id)

    def goes_back_to_review(self, actor: User | None) -> bool:
        """Whether the claim is published and may not stay so when the actor changes what it says."""
        if actor is None or not self.published:
            return False
        return settings.REQUIRE_SECOND_REVIEWER or not actor.has_perm("comparison.publish_claim")

    def revise(self, actor: User | None, announce: bool = True) -> bool:
        """Saves edited evidence fields; state, author and dates stay as stored.

        A published claim whose evidence changed goes back to submitted, unless the actor may publish it alone. Returns
        whether the public sees a difference, as transition() does.
        """
        with writing():
            changed = self._changed_evidence(Claim.objects.get(pk=self.pk))
            if not changed:
                return False
            names = ", ".join(changed)
            sign(self, actor, EDITED + names)
            self.save(update_fields=changed)
            if not self.published:
                return False
            if self.goes_back_to_review(actor):
                return self._change_state(ClaimState.SUBMITTED, actor, f"Changed after publication: {names}", announce)
            if announce:
                Claim.objects.filter(pk=self.pk).announce(f"Claim changed ({names}): {self.cell_name}", actor)
            return True

    def _changed_evidence(self, stored: "Claim") -> list[str]:
        """The names of edited evidence fields; every other field is reset to its stored value."""
        changed = []
        for field in self._meta.concrete_fields:
            value = getattr(stored, field.attname)
            if field.name not in self.EVIDENCE:
                setattr(self, field.attname, value)
            elif value != getattr(self, field.attname):
                changed.append(field.name)
        return changed


def last_editors(ids: Iterable[int]) -> dict[int, int | None]:
    """By claim, the id of the user who last changed what it says; None for a command or a former user.

    Reads the history, which every way of changing a claim writes. A passage that moved along with its source's text
    still says the same: unless somebody edited the claim itself, only other words in its quote are a change.
    """
    said = [name for name in Claim.EVIDENCE if name not in Claim.PASSAGE]
    columns = ("id", "history_user_id", "history_change_reason", "start", "end", "quote", *said)
    entries = Claim.history.filter(id__in=list(ids)).exclude(history_type="-").order_by("history_id")
    editors: dict[int, int | None] = {}
    before: dict[int, tuple[tuple[Any, ...], list[Any]]] = {}
    for pk, user, reason, start, end, quote, *values in entries.values_list(*columns):
        passage = (start, end, quote)
        old_passage, old_values = before.get(pk, (passage, None))
        is_edited = passage != old_passage and (reason or "").startswith(EDITED)
        if values != old_values or is_edited or _says_otherwise(old_passage[2], quote):
            editors[pk] = user
        before[pk] = (passage, values)
    return editors


def _says_otherwise(old_quote: str, quote: str) -> bool:
    return bool(old_quote and quote) and old_quote != quote and words_of(old_quote) != words_of(quote)
