"""The guided start: questions in plain words, and the weights that each choice sets."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from comparison.evidence import Kind
from comparison.models.editions import history
from comparison.models.readers.weight_lines import WeightLineError, read_weight_lines, write_weight_lines
from comparison.models.subjects import SLUG_HELP, Criterion, FormerCriterion
from comparison.recommend import Weights


class GuideQuestionQuerySet(models.QuerySet["GuideQuestion"]):
    def with_choices(self) -> Self:
        return self.prefetch_related("choices")


class GuideQuestion(models.Model):
    """A question that somebody who knows no criteria can answer."""

    slug = models.SlugField(max_length=50, unique=True, help_text=SLUG_HELP)
    text = models.CharField(max_length=120, unique=True, help_text="In plain words, for example “Who will build it?”")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place among the questions, lowest first.")

    history = history()
    objects = GuideQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question of the guided start"
        verbose_name_plural = "questions of the guided start"
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.text


class GuideChoice(models.Model):
    """An answer to choose, and what it sets. “I don’t know” is a choice of every question, and stored nowhere."""

    question = models.ForeignKey(GuideQuestion, on_delete=models.CASCADE, related_name="choices")
    slug = models.SlugField(max_length=50, help_text="Its name in addresses.")
    text = models.CharField(max_length=120, help_text="As a reader chooses it, for example “One person”.")
    because = models.CharField(
        max_length=200, help_text="What it says of the project, to follow “Because”: “one person builds it”."
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Place among the choices, lowest first.")
    sets = models.TextField(
        "weights",
        blank=True,  # refused by clean(), which says why
        help_text="One criterion a line: its slug, a weight from 1 (nice to have) to 3 (essential), and “must” if "
        "a framework that fails it is ruled out. For example: admin 3 must",
    )

    history = history()

    class Meta:
        verbose_name = "choice of the guided start"
        verbose_name_plural = "choices of the guided start"
        ordering = ["question", "order", "slug"]
        constraints = [
            models.UniqueConstraint(
                name="guide_choice_slug_once",
                fields=["question", "slug"],
                violation_error_message="The question has a choice with this slug already.",
            ),
            models.UniqueConstraint(
                name="guide_choice_text_once",
                fields=["question", "text"],
                violation_error_message="The question has a choice with this text already.",
            ),
            models.UniqueConstraint(
                name="guide_choice_weights_once",
                fields=["question", "sets"],
                violation_error_message="Another choice of the question sets the same weights.",
            ),
            models.CheckConstraint(
                name="guide_choice_has_effect",
                condition=~Q(sets=""),
                violation_error_message="A choice sets at least one weight.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def weights(self) -> Weights:
        """What it sets, by the criteria's slugs, which may have been merged or deleted since."""
        return read_weight_lines(self.sets)

    def clean(self) -> None:
        """Refuses what is no weight of a criterion; the lines are stored in one order, so that two alike are equal."""
        try:
            weights = self.weights
        except WeightLineError as problem:
            raise ValidationError({"sets": str(problem)}) from problem
        if not weights.weights:
            raise ValidationError({"sets": "A choice sets at least one weight."})
        self.sets = write_weight_lines(weights)
        slugs = list(weights.weights)
        kinds = dict(Criterion.objects.filter(slug__in=slugs).values_list("slug", "kind"))
        former = FormerCriterion.objects.current_slugs([slug for slug in slugs if slug not in kinds])
        problems = [f"There is no criterion {slug}." for slug in slugs if slug not in kinds and slug not in former]
        problems += [f"{slug} was merged into {former[slug]}: use that slug." for slug in slugs if slug in former]
        problems += [
            f"{slug} is a list. Lists are not ranked." for slug, kind in kinds.items() if kind == Kind.LIST.value
        ]
        if problems:
            raise ValidationError({"sets": problems})
