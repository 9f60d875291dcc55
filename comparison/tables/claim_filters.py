"""The filters of claims: one set for their page, its files and the API."""

from collections.abc import Container
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_noop
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelMultipleChoiceFilter, MultipleChoiceFilter

from comparison.evidence import Finding, Kind, Support
from comparison.models import Category, Claim, Criterion, FormerCriterion, Framework, Source, choices
from comparison.models.claims import ClaimQuerySet
from comparison.models.verdicts.stored import published_claims
from comparison.tables.unknown_values import choice_hint

MAX_COUNTED = 1000  # claims with the words that somebody looks for
NOT_CHECKED = gettext_noop("Not checked")
SIDES = {"for": gettext_noop("For"), "against": gettext_noop("Against"), "neither": gettext_noop("Neither")}
SORTS = {
    "newest": gettext_noop("Newest first"),
    "oldest": gettext_noop("Oldest first"),
    "framework": gettext_noop("By framework"),
    "criterion": gettext_noop("By criterion"),
    "source": gettext_noop("By place in the source"),
}
ORDERS: dict[str, tuple[Any, ...]] = {
    "oldest": ("id",),
    "framework": ("framework__slug", "id"),
    "criterion": ("criterion__slug", "id"),
    "source": ("source__slug", F("start").asc(nulls_last=True), "id"),
}

BY_SLUG: dict[str, Any] = {"to_field_name": "slug", "distinct": False}  # a claim has one, so nothing comes twice


def without_empty(data: QueryDict) -> QueryDict:
    """The data without the empty values that a form sends for fields nobody filled in."""
    filled = data.copy()
    for name in data:
        filled.setlist(name, [value for value in data.getlist(name) if value.strip()])
    return filled


def with_present_slugs(data: QueryDict, *names: str, known: Container[str] = ()) -> QueryDict:
    """The data with the present slugs of merged criteria in the fields `names`; `known` slugs are not looked up."""
    slugs = {slug for name in names for slug in data.getlist(name) if slug not in known}
    present = FormerCriterion.objects.current_slugs(slugs)
    if not present:
        return data
    changed = data.copy()
    for name in names:
        if values := data.getlist(name):
            changed.setlist(name, [present.get(slug, slug) for slug in values])
    return changed


class ClaimFilter(FilterSet):
    framework = ModelMultipleChoiceFilter("framework__slug", queryset=Framework.objects.all(), **BY_SLUG)
    criterion = ModelMultipleChoiceFilter("criterion__slug", queryset=Criterion.objects.all(), **BY_SLUG)
    category = ModelMultipleChoiceFilter("criterion__category__slug", queryset=Category.objects.all(), **BY_SLUG)
    source = ModelMultipleChoiceFilter(
        queryset=Source.objects.public().defer("text"), to_field_name="slug", method="said_by", label="Source"
    )
    kind = MultipleChoiceFilter(choices=choices(Kind), field_name="criterion__kind", distinct=False)
    side = ChoiceFilter(choices=list(SIDES.items()), method="on_side")
    finding = MultipleChoiceFilter(choices=[*choices(Finding), ("none", NOT_CHECKED)], method="with_finding")
    q = CharFilter(method="search", label="Text", max_length=200)
    sort = ChoiceFilter(choices=list(SORTS.items()), method="in_order")

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: ClaimQuerySet) -> None:
        super().__init__(with_present_slugs(without_empty(data), "criterion"), queryset=queryset.order_by("-id"))

    def said_by(self, queryset: QuerySet[Claim], name: str, sources: list[Source]) -> QuerySet[Claim]:
        return queryset.said_by(*sources) if sources else queryset  # type: ignore[attr-defined]

    def on_side(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        supported, unsupported = [Support.BUILT_IN.value, Support.EXTENSION.value], Support.NONE.value
        if value == "for":
            return queryset.filter(Q(level__gt=0) | Q(support__in=supported))
        if value == "against":
            return queryset.filter(Q(level__lt=0) | Q(support=unsupported))
        return queryset.exclude(Q(level__gt=0) | Q(level__lt=0)).exclude(support__in=[*supported, unsupported])

    def with_finding(self, queryset: QuerySet[Claim], name: str, values: list[str]) -> QuerySet[Claim]:
        condition = Q(checks__finding__in=values)
        if "none" in values:
            condition |= Q(checks__isnull=True)
        return queryset.filter(condition).distinct() if values else queryset

    def search(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return queryset.containing(value)  # type: ignore[attr-defined]

    def in_order(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return queryset if value == "newest" else queryset.order_by(*ORDERS[value])  # they come newest first

    @property
    def known_count(self) -> int | None:
        """How many claims are listed where nothing filters them: a number that is stored. None else."""
        is_filtered = self.is_valid() and any(name in self.filters for name in self.data if name != "sort")
        return None if is_filtered else published_claims()

    @property
    def count_limit(self) -> int | None:
        """Where counting the matches stops: a common word may be in a million claims."""
        return MAX_COUNTED if self.data.get("q") else None

    def problems(self) -> dict[str, str]:
        """What is wrong with the address, by field; each message names the value."""
        if self.is_valid():
            return {}
        return {name: self._problem(name, " ".join(errors)) for name, errors in self.errors.items()}

    def _problem(self, name: str, error: str) -> str:
        field = self.filters[name]
        values = self.data.getlist(name)
        if isinstance(field, ModelMultipleChoiceFilter):
            known = list(field.queryset.values_list("slug", flat=True))
        else:
            known = [value for value, _ in field.extra.get("choices", ())]
        if not known:
            return f"{name}={values[-1][:80]}: {error}" if values else f"{name}: {error}"
        wrong = [value for value in values if value not in known][:5]
        return f"{name}={', '.join(value[:80] for value in wrong)}: {choice_hint(wrong, known)}"
