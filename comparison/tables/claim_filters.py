"""The filters of the claims: one set for the browser of claims, its exports and the API."""

from collections.abc import Container
from difflib import get_close_matches
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelMultipleChoiceFilter, MultipleChoiceFilter

from comparison.evidence import Finding, Kind, Support
from comparison.models import Category, Claim, Criterion, FormerCriterion, Framework, Source, choices
from comparison.models.claims import ClaimQuerySet

SIDES = {"for": "For", "against": "Against", "neither": "Neither"}
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "framework": "By framework",
    "criterion": "By criterion",
    "source": "By place in the source",
}
ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": ("-id",),
    "oldest": ("id",),
    "framework": ("framework__slug", "id"),
    "criterion": ("criterion__slug", "id"),
    "source": ("source__slug", F("start").asc(nulls_last=True), "id"),
}


def given(data: QueryDict) -> QueryDict:
    """Without the empty values that a form sends for what nobody filled in."""
    kept = data.copy()
    for name in data:
        kept.setlist(name, [value for value in data.getlist(name) if value.strip()])
    return kept


def present(data: QueryDict, *names: str, known: Container[str] = ()) -> QueryDict:
    """With criteria that were merged under their present slugs; `known` are present ones, which need no look."""
    now = FormerCriterion.objects.present({slug for name in names for slug in data.getlist(name) if slug not in known})
    if not now:
        return data
    changed = data.copy()
    for name in names:
        if values := data.getlist(name):
            changed.setlist(name, [now.get(one, one) for one in values])
    return changed


class ClaimFilter(FilterSet):
    framework = ModelMultipleChoiceFilter("framework__slug", queryset=Framework.objects.all(), to_field_name="slug")
    criterion = ModelMultipleChoiceFilter("criterion__slug", queryset=Criterion.objects.all(), to_field_name="slug")
    category = ModelMultipleChoiceFilter(
        "criterion__category__slug", queryset=Category.objects.all(), to_field_name="slug"
    )
    source = ModelMultipleChoiceFilter("source__slug", queryset=Source.objects.defer("text"), to_field_name="slug")
    kind = MultipleChoiceFilter(choices=choices(Kind), field_name="criterion__kind")
    side = ChoiceFilter(choices=list(SIDES.items()), method="on_side")
    finding = MultipleChoiceFilter(choices=[*choices(Finding), ("none", "Not checked")], method="with_finding")
    q = CharFilter(method="search", label="Text", max_length=200)
    sort = ChoiceFilter(choices=list(SORTS.items()), method="in_order")

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: ClaimQuerySet) -> None:
        super().__init__(present(given(data), "criterion"), queryset=queryset.order_by("-id"))

    def on_side(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        wholly, lacking = [Support.BUILT_IN.value, Support.EXTENSION.value], Support.NONE.value
        if value == "for":
            return queryset.filter(Q(level__gt=0) | Q(support__in=wholly))
        if value == "against":
            return queryset.filter(Q(level__lt=0) | Q(support=lacking))
        return queryset.exclude(Q(level__gt=0) | Q(level__lt=0)).exclude(support__in=[*wholly, lacking])

    def with_finding(self, queryset: QuerySet[Claim], name: str, values: list[str]) -> QuerySet[Claim]:
        wanted = Q(checks__finding__in=values)
        if "none" in values:
            wanted |= Q(checks__isnull=True)
        return queryset.filter(wanted).distinct() if values else queryset

    def search(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        for word in value.split():
            queryset = queryset.saying(word)  # type: ignore[attr-defined]
        return queryset

    def in_order(self, queryset: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return queryset.order_by(*ORDERS[value])

    def problems(self) -> dict[str, str]:
        """What is wrong with the address, by field, naming the value; empty when all is well."""
        if self.is_valid():
            return {}
        return {name: self._problem(name, " ".join(errors)) for name, errors in self.errors.items()}

    def _problem(self, name: str, error: str) -> str:
        field = self.filters[name]
        given = self.data.getlist(name)
        if isinstance(field, ModelMultipleChoiceFilter):
            known = list(field.queryset.values_list("slug", flat=True))
        else:
            known = [value for value, _ in field.extra.get("choices", ())]
        if not known:
            return f"{name}={given[-1][:80]}: {error}" if given else f"{name}: {error}"
        wrong = [value for value in given if value not in known][:5]
        near = [one for value in wrong for one in get_close_matches(value, known, n=1)]
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known[:8])}"
        return f"{name}={', '.join(value[:80] for value in wrong)}: {hint}"
