"""Frameworks and the criteria they are compared by."""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse

from comparison.evidence import Kind
from comparison.models.editions import EvidenceHistory, choices, history
from comparison.models.relations.history import RelationHistory
from comparison.text_search.name_keys import name_key

EMBEDDED = "embed"  # stands where criteria do in addresses of comparisons: no slug of a criterion
JOINER = "-vs-"  # between the slugs of frameworks, in the address of their comparison
SLUG_HELP = "Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page."
PUBLISHED_CLAIMS = Q(claims__state="published")


def one_per_line(text: str) -> str:
    """Normalises a list of names: one per line, without blank lines or surrounding blanks."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


Row = TypeVar("Row", bound=models.Model)


class CitedQuerySet(models.QuerySet[Row]):
    """For models that claims refer to."""

    def with_claim_count(self) -> Self:
        """Adds `claim_count`, the number of published claims, from stored verdicts if they are current."""
        verdicts = apps.get_model("comparison", "CellVerdict").objects  # by name: verdicts rest on this module
        if not verdicts.are_current():
            return self.annotate(claim_count=models.Count("claims", filter=PUBLISHED_CLAIMS))
        name = str(self.model._meta.model_name)
        counts = verdicts.filter(**{name: OuterRef("pk")}).order_by().values(name)
        total = Subquery(counts.annotate(total=models.Sum("claim_count")).values("total"))
        return self.annotate(claim_count=Coalesce(total, 0))

    def most_cited(self) -> Self:
        """Ordered by number of published claims, highest first."""
        return self.with_claim_count().order_by("-claim_count", "slug")


class NamedRow(models.Model):
    """A row whose name and slug nobody can take for those of another of its kind.

    `name_key` is what names that look alike have in common; see text_search.name_keys.
    """

    MAX_KEY_LENGTH = 300

    name = models.CharField(max_length=100, unique=True)
    name_key = models.CharField(max_length=MAX_KEY_LENGTH, default="", editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_name_once",
                fields=["name_key"],
                violation_error_message="Another one has a name that looks the same.",
            ),
            models.CheckConstraint(
                name="%(class)s_name_shows",
                condition=~Q(name_key=""),
                violation_error_message="The name shows nothing.",
            ),
            models.UniqueConstraint(
                Lower("slug"),
                name="%(class)s_slug_once",
                violation_error_message="Another one has this slug; capitals make no difference.",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = self._key()
        super().save(*args, **kwargs)

    def _key(self) -> str:
        return name_key(self.name)[: self.MAX_KEY_LENGTH]

    def validate_constraints(self, exclude: Any = None) -> None:
        """Says which other row has the name; no form shows the field that the constraint is about."""
        excluded = set(exclude or ())
        errors: dict[str, Any] = {}
        self.name_key = self._key()
        try:
            super().validate_constraints(exclude=excluded | {"name_key"})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if "name" not in excluded and (problem := self._name_problem()):
            errors.setdefault("name", []).append(ValidationError(problem))
        if errors:
            raise ValidationError(errors)

    def _name_problem(self) -> str:
        if not self.name_key:
            return "The name shows nothing to a reader."
        other = type(self)._default_manager.filter(name_key=self.name_key).exclude(pk=self.pk).first()
        return "" if other is None else f"Readers cannot tell it from “{other}”, which exists already."


class FrameworkQuerySet(CitedQuerySet["Framework"]):
    def named(self, slugs: Iterable[str]) -> Self:
        return self.filter(slug__in=list(slugs))

    def with_claims_on(self, criterion: "Criterion") -> Self:
        """Those with a published claim on this criterion."""
        return self.filter(PUBLISHED_CLAIMS, claims__criterion=criterion).distinct()


class Framework(NamedRow):
    """A framework to compare."""

    slug = models.SlugField(unique=True, help_text=SLUG_HELP + " It may not contain -vs-, which joins names.")
    tagline = models.CharField(max_length=200, blank=True, help_text="One line that says what it is, in our own words.")
    homepage = models.URLField(blank=True)
    repository = models.URLField(blank=True, help_text="Where its source code is kept.")
    licence = models.CharField(max_length=50, blank=True, help_text="SPDX identifier, for example BSD-3-Clause.")
    first_release_year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    aliases = models.TextField(blank=True, help_text="Other names people use for it, one a line. Used by search.")

    objects = FrameworkQuerySet.as_manager()
    history = history(without=["name_key"])

    class Meta:
        ordering = ["name"]
        constraints = [
            *NamedRow.Meta.constraints,
            models.CheckConstraint(
                name="framework_slug_splits",
                condition=~Q(slug__contains=JOINER) & ~Q(slug__startswith="vs-") & ~Q(slug__endswith="-vs"),
                violation_error_message="The slug may not contain -vs-, nor start with vs- or end with -vs.",
            ),
            models.CheckConstraint(
                name="framework_year_plausible",
                condition=Q(first_release_year__isnull=True) | Q(first_release_year__range=(1950, 2100)),
                violation_error_message="The year of the first release lies between 1950 and 2100.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.aliases = one_per_line(self.aliases)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("framework", args=[self.slug])


class Category(NamedRow):
    """A group of criteria."""

    slug = models.SlugField(unique=True, help_text=SLUG_HELP)
    order = models.PositiveSmallIntegerField(default=0, help_text="Place among the categories, lowest first.")

    history = history(without=["name_key"])

    class Meta(NamedRow.Meta):
        ordering = ["order", "slug"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Criterion(NamedRow):
    """A question that is asked about every framework."""

    slug = models.SlugField(unique=True, help_text=SLUG_HELP)
    question = models.CharField(max_length=200, help_text="As a reader would ask it, ending in a question mark.")
    help_text = models.TextField(blank=True, help_text="What belongs here, for curators and readers.")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="criteria")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place within its category, lowest first.")
    synonyms = models.TextField(blank=True, help_text="Other words for it, one a line. Used by search.")
    kind = models.CharField(
        max_length=10,
        choices=choices(Kind),
        help_text="Decides which value a claim carries. It cannot change while claims exist.",
    )
    unit = models.CharField(max_length=30, blank=True, help_text="Figures only, for example ms.")
    lower_is_better = models.BooleanField(null=True, blank=True, help_text="Figures only.")
    related = models.ManyToManyField("self", blank=True, help_text="Criteria that ask the same thing another way.")

    objects = CitedQuerySet["Criterion"].as_manager()
    history = history(without=["name_key"], base=RelationHistory)

    class Meta:
        ordering = ["category__order", "category__slug", "order", "slug"]
        verbose_name_plural = "criteria"
        constraints = [
            *NamedRow.Meta.constraints,
            models.CheckConstraint(
                name="criterion_kind_known",
                condition=Q(kind__in=[kind.value for kind in Kind]),
                violation_error_message="The kind is one of rating, feature, figure, list, fit.",
            ),
            models.CheckConstraint(
                name="criterion_unit_with_figure",
                condition=(Q(kind=Kind.FIGURE.value) & ~Q(unit="") & Q(lower_is_better__isnull=False))
                | (~Q(kind=Kind.FIGURE.value) & Q(unit="") & Q(lower_is_better__isnull=True)),
                violation_error_message="A figure needs a unit and whether lower is better; other kinds have neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.synonyms = one_per_line(self.synonyms)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("criterion", args=[self.slug])

    def clean(self) -> None:
        if self.slug.lower() == EMBEDDED:
            raise ValidationError({"slug": "This is the address of a comparison’s frame. Choose another slug."})
        former = FormerCriterion.objects.filter(slug__iexact=self.slug).select_related("criterion").first()
        if former is not None:
            raise ValidationError({"slug": f"This address leads to {former.criterion}, into which it was merged."})
        if self.pk and self.claims.exclude(criterion__kind=self.kind).exists():
            raise ValidationError({"kind": "Claims of another kind exist. Move or retract them first."})


class FormerCriterionManager(models.Manager["FormerCriterion"]):
    def current_slug(self, slug: str) -> str | None:
        """The slug of the criterion into which a former one was merged, or None."""
        return self.current_slugs([slug]).get(slug)

    def current_slugs(self, slugs: Iterable[str] | None = None) -> dict[str, str]:
        """Maps former slugs to current ones; all of them, or only those among `slugs`."""
        rows = self.all() if slugs is None else self.filter(slug__in=list(slugs))
        return dict(rows.values_list("slug", "criterion__slug"))


class FormerCriterion(models.Model):
    """The slug of a criterion that was merged into another; its address redirects there."""

    slug = models.SlugField(unique=True)
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="former")

    objects = FormerCriterionManager()
    history = history()

    class Meta:
        verbose_name = "former address of a criterion"
        verbose_name_plural = "former addresses of criteria"

    def __str__(self) -> str:
        return f"{self.slug} → {self.criterion}"

    def clean(self) -> None:
        if self.criterion_id and Criterion.objects.filter(slug__iexact=self.slug).exists():
            message = f"{self.slug!r} is a criterion still: merge it into {self.criterion.slug!r}, or delete it, first."
            raise ValidationError({"slug": message})


class NotApplicable(models.Model):
    """A criterion that does not apply to a framework, with the reason."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="not_applicable")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="not_applicable")
    reason = models.CharField(max_length=200)

    history = history(base=EvidenceHistory)

    class Meta:
        verbose_name_plural = "not applicable"
        constraints = [
            models.UniqueConstraint(
                name="not_applicable_once",
                fields=["framework", "criterion"],
                violation_error_message="This criterion is marked not applicable to this framework already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} does not apply to {self.framework}"
