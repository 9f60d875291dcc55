"""Checks: what curators found out about claims; and findings about the catalogue that curators dismissed."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from comparison.evidence import Finding
from comparison.models.claims import Claim
from comparison.models.editions import choices, history
from comparison.models.relations.history import RelationHistory

MAX_KEYS = 10_000  # of claims that a query names one by one


class CheckQuerySet(models.QuerySet["Check"]):
    def findings_on(
        self, claims: "models.QuerySet[Claim]", keys: Sequence[int] | None = None
    ) -> dict[int, frozenset[Finding]]:
        """What was found about some claims, by claim; claims without checks are left out.

        Give the `keys` of the claims where they are known and not all there are: told only how to choose the claims,
        PostgreSQL tends to read every claim in the order of the keys.
        """
        chosen = claims if keys is None or len(keys) > MAX_KEYS else keys
        findings: dict[int, set[Finding]] = {}
        for claim, finding in self.filter(claim__in=chosen).order_by().values_list("claim", "finding"):
            findings.setdefault(claim, set()).add(Finding(finding))
        return {claim: frozenset(values) for claim, values in findings.items()}

    def by_claim(self, claims: Iterable[Claim]) -> dict[int, list["Check"]]:
        """The checks of these claims and their authors, by the claim's id."""
        checks: dict[int, list[Check]] = {}
        for check in self.filter(claim__in=list(claims)).select_related("by"):
            checks.setdefault(check.claim_id, []).append(check)
        return checks


class Check(models.Model):
    """A curator's finding on whether a claim is true, with evidence of its own."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="checks")
    finding = models.CharField(
        max_length=10,
        choices=choices(Finding),
        help_text="Claims found false, outdated or misleading no longer count; they stay visible, struck through.",
    )
    note = models.CharField(max_length=500, help_text="What was found, in one or two sentences.")
    evidence = models.URLField(max_length=500, blank=True, help_text="Where anyone can see it.")
    decided_by = models.ManyToManyField(
        Claim,
        blank=True,
        related_name="decides",
        help_text="The claims of documentation, package metadata or measurements that decide it.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False)
    on = models.DateField(default=timezone.localdate)

    objects = CheckQuerySet.as_manager()
    history = history(base=RelationHistory)

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
        """A check is dated between its source's publication, if known, and today."""
        today, published = timezone.localdate(), self.claim.source.published if self.claim_id else None
        if self.on and self.on > today:
            raise ValidationError({"on": f"A check cannot lie in the future: today is {today}."})
        if self.on and published and self.on < published:
            raise ValidationError({"on": f"The source was published on {published}; it was not checked before."})


class Dismissal(models.Model):
    """A finding that is none, with the reason. It holds as long as what it is about has the same fingerprint."""

    listing = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # of what the finding is about
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="dismissal_once",
                fields=["listing", "key"],
                violation_error_message="This finding is dismissed already.",
            ),
            models.CheckConstraint(
                name="dismissal_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why it is none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"
