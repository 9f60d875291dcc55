"""Comparisons that people ask for most: pages lead to them, and code knows none of their names."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from comparison.models.editions import history
from comparison.models.subjects import JOINER, Framework


class AskedComparison(models.Model):
    """Frameworks that people weigh against one another, and why they ask."""

    slug = models.SlugField(
        max_length=500,
        unique=True,
        help_text="Slugs of two or more frameworks in alphabetical order, joined by -vs-: the comparison’s address.",
    )
    title = models.CharField(max_length=200, help_text="As people ask for it, for example One vs Other.")
    reason = models.CharField(max_length=300, help_text="Why people ask, in one sentence.")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place among the comparisons, lowest first.")

    history = history()

    class Meta:
        verbose_name = "comparison"
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(
                name="asked_comparison_of_two_or_more",
                condition=Q(slug__contains=JOINER),
                violation_error_message="A comparison names two frameworks or more, joined by -vs-.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def framework_slugs(self) -> list[str]:
        return str(self.slug).split(JOINER)

    def clean(self) -> None:
        slugs = self.framework_slugs
        known = set(Framework.objects.named(slugs).values_list("slug", flat=True))
        if missing := [slug for slug in slugs if slug not in known]:
            raise ValidationError({"slug": f"There is no framework {', '.join(missing)}. Add it first, or correct it."})
        if slugs != sorted(known):
            raise ValidationError(
                {"slug": f"Each framework once, in alphabetical order: {JOINER.join(sorted(known))}."}
            )
