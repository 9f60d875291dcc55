"""Profiles, which are kinds of project described by weights on criteria, and stored recommendations."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from comparison.evidence import Kind
from comparison.models.editions import history
from comparison.models.subjects import SLUG_HELP, Criterion, Framework, NamedRow


class ProfileQuerySet(models.QuerySet["Profile"]):
    def with_question(self) -> Self:
        """With what they ask: weights, must-haves, and the frameworks that they leave out."""
        return self.prefetch_related("weights__criterion", "exclusions__framework")


class Profile(NamedRow):
    """A kind of project, as weights on criteria."""

    slug = models.SlugField(unique=True, help_text=SLUG_HELP)
    description = models.CharField(max_length=300, help_text="Whose project it is, in one sentence.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place among the profiles, lowest first.")

    history = history(without=["name_key"])
    objects = ProfileQuerySet.as_manager()

    class Meta(NamedRow.Meta):
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.name


class ProfileWeight(models.Model):
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="weights")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="profile_weights")
    weight = models.PositiveSmallIntegerField(choices=[(1, "nice to have"), (2, "important"), (3, "essential")])
    must_have = models.BooleanField(default=False, help_text="A framework that fails this is ruled out.")

    history = history()

    class Meta:
        ordering = ["profile", "-weight", "criterion__slug"]
        constraints = [
            models.CheckConstraint(
                name="profile_weight_in_range",
                condition=Q(weight__range=(1, 3)),
                violation_error_message="A weight lies between 1 and 3.",
            ),
            models.UniqueConstraint(
                name="profile_weight_once",
                fields=["profile", "criterion"],
                violation_error_message="The profile weighs this criterion already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.weight}"

    def clean(self) -> None:
        if self.criterion_id and self.criterion.kind == Kind.LIST.value:
            raise ValidationError({"criterion": "Lists are not ranked, so they take no weight."})


class ProfileExclusion(models.Model):
    """A framework that makes no sense for a kind of project, whatever the evidence: it is considered only if asked."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="exclusions")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="profile_exclusions")
    reason = models.CharField(max_length=200, help_text="Why it is left out, as a sentence that readers see.")

    history = history()

    class Meta:
        verbose_name = "framework left out"
        verbose_name_plural = "frameworks left out"
        ordering = ["profile", "framework__slug"]
        constraints = [
            models.UniqueConstraint(
                name="profile_exclusion_once",
                fields=["profile", "framework"],
                violation_error_message="The profile leaves out this framework already.",
            ),
            models.CheckConstraint(
                name="profile_exclusion_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why the framework is left out.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework}: {self.reason}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def make_room(self, limit: int, batch: int) -> None:
        """Deletes answers when there are as many as the limit: of the days on which most were kept, the oldest first.

        So a flood pushes out itself, and what was kept on quiet days stays. Pinned answers always stay. Nobody knows
        which are read: reading writes nothing.
        """
        if self.count() < limit:
            return
        loose = self.filter(is_pinned=False)
        days = loose.annotate(day=TruncDate("at")).order_by().values("day").annotate(total=Count("pk"))
        total, doomed = 0, []
        for row in days.order_by("-total", "day"):
            doomed.append(row["day"])
            total += row["total"]
            if total >= batch:
                break
        oldest = loose.filter(at__date__in=doomed).order_by("at", "pk").values_list("pk", flat=True)[:batch]
        self.filter(pk__in=list(oldest)).delete()


class Snapshot(models.Model):
    """A recommendation as it was at one edition, stored under an address that never changes."""

    key = models.CharField(
        max_length=32, unique=True
    )  # derived from edition and address, so that each answer is stored once
    at = models.DateTimeField("kept at", default=timezone.now, db_index=True)
    edition = models.PositiveIntegerField()
    profile = models.CharField(max_length=50, blank=True)  # its slug; empty for the reader's own weights
    query = models.TextField(blank=True)  # of the address that asks for it
    answer = models.JSONField()
    is_pinned = models.BooleanField(
        "pinned",
        default=False,
        help_text="Stays whatever happens. Others make room for new ones when there are very many.",
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "kept answer"

    def __str__(self) -> str:
        return f"{self.profile or 'own weights'} at edition {self.edition}"
