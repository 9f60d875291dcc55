"""The filters of a comparison, for its page, its files and the API."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter, NumberFilter

from comparison.evidence import Kind
from comparison.models import Criterion, Framework, choices
from comparison.tables.claim_filters import with_present_slugs, without_empty
from comparison.tables.table import Row, Table, TableData
from comparison.text_search.folding import holds, needles

SHOW = {
    "all": "All",
    "differences": "Differences",
    "disputed": "Disputed",
    "unknown": "Unknown",
}
SORT = {"category": "By category", "difference": "Widest difference first"}


def is_shown(row: Row, show: str) -> bool:
    match show:
        case "differences":
            return row.differs
        case "disputed":
            return row.disputed
        case "unknown":
            return row.unknown
    return True


def searched_texts(criterion: Criterion) -> tuple[str, ...]:
    return (criterion.name, criterion.question, criterion.synonyms, criterion.help_text, criterion.category.name)


class TableFilter(FilterSet):
    """`criterion`, `category`, `kind`, `q` choose criteria; `source`, `show`, `min_sources` act on the verdicts."""

    criterion = MultipleChoiceFilter(field_name="slug", label="Criterion")
    category = MultipleChoiceFilter(field_name="category__slug", label="Category")
    source = MultipleChoiceFilter(method="on_verdicts", label="Source")
    kind = MultipleChoiceFilter(choices=choices(Kind), label="Kind of criterion")
    show = ChoiceFilter(choices=list(SHOW.items()), method="on_verdicts", label="Show")
    min_sources = NumberFilter(
        method="on_verdicts", label="Sources at least", min_value=1, max_value=1000, decimal_places=0
    )
    sort = ChoiceFilter(choices=list(SORT.items()), method="on_verdicts", label="Order of rows")
    order = MultipleChoiceFilter(method="on_verdicts", label="Order of columns")
    reference = ChoiceFilter(method="on_verdicts", label="Column to compare with")
    open = MultipleChoiceFilter(method="on_verdicts", label="Rows opened")
    q = CharFilter(method="search", label="Search the rows", max_length=200)

    class Meta:
        model = Criterion
        fields: list[str] = []

    def __init__(self, data: QueryDict, table_data: TableData) -> None:
        super().__init__(data, queryset=Criterion.objects.order_by())
        self.table_data = table_data
        frameworks = [(framework.slug, framework.name) for framework in table_data.frameworks]
        criteria = [(criterion.slug, criterion.name) for criterion in table_data.criteria]
        categories = {criterion.category.slug: criterion.category.name for criterion in table_data.criteria}
        choices = {
            "order": frameworks,
            "reference": frameworks,
            "open": criteria,
            "criterion": criteria,
            "category": list(categories.items()),
            "source": list(table_data.titles.items()),
        }
        for name, options in choices.items():
            self.filters[name].extra["choices"] = options

    def on_verdicts(self, queryset: QuerySet[Criterion], name: str, value: Any) -> QuerySet[Criterion]:
        return queryset

    def search(self, queryset: QuerySet[Criterion], name: str, value: str) -> QuerySet[Criterion]:
        wanted = needles(value)
        criteria = self.table_data.criteria if wanted else ()
        return queryset.filter(pk__in=[row.pk for row in criteria if holds(searched_texts(row), wanted)])

    def problems(self) -> list[str]:
        """What is wrong with the address; each message names the field and the value."""
        if self.is_valid():
            return []
        problems = []
        for name, errors in self.errors.items():
            known = [str(value) for value, _ in getattr(self.form.fields[name], "choices", ())]
            for value in self.data.getlist(name):
                if known and value not in known:
                    near = get_close_matches(value, known, n=1)
                    hint = f"did you mean {near[0]}?" if near else "it is not one of the choices below."
                    problems.append(f"{name}={value[:80]}: {hint}")
            if not known:
                problems.extend(f"{name}={self.data.get(name, '')[:80]}: {error}" for error in errors)
        return problems


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool
    count: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the URL without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head, with the URLs that change the columns."""

    framework: Framework
    leads: int  # rows
    move_left_url: str  # empty for the first column
    reference_url: str  # makes it the reference, or no longer
    is_reference: bool


class FilteredTable:
    """A table with the filters of an address applied, and what the filter form shows."""

    def __init__(self, table_data: TableData, data: QueryDict) -> None:
        known = {criterion.slug for criterion in table_data.criteria}
        data = with_present_slugs(without_empty(data), "criterion", "open", known=known)
        filters = TableFilter(data, table_data)
        self.problems = filters.problems()
        self.data = QueryDict(mutable=True) if self.problems else data
        self.cleaned: dict[str, Any] = {} if self.problems else filters.form.cleaned_data
        self.table_data = table_data
        self.reference: str = self.cleaned.get("reference") or ""
        self.table: Table = table_data.table(self.cleaned.get("source") or (), self._columns())
        self.opened: set[str] = set(self.cleaned.get("open") or ())
        self.by_difference = self.cleaned.get("sort") == "difference"
        chosen = self._chosen_criteria(filters)
        min_sources = int(self.cleaned.get("min_sources") or 0)
        self.candidates = [
            row
            for row in self.table.rows
            if (chosen is None or row.criterion.pk in chosen) and row.source_count >= min_sources
        ]
        self.show = self.cleaned.get("show") or "all"
        self.rows: Sequence[Row] = [row for row in self.candidates if is_shown(row, self.show)]
        self.uncited: Sequence[Criterion] = [
            criterion
            for criterion in self.table.uncited
            if (chosen is None or criterion.pk in chosen) and not min_sources and self.show in ("all", "unknown")
        ]
        if self.by_difference:
            self.rows = sorted(self.rows, key=lambda row: -row.spread)

    def _columns(self) -> list[Framework]:
        """The frameworks in the order of `order`, then the others; without `order` the reference comes first."""
        first = list(self.cleaned.get("order", ())) or [self.reference]
        ranks = {slug: rank for rank, slug in reversed(list(enumerate(first)))}
        return sorted(self.table_data.frameworks, key=lambda framework: ranks.get(framework.slug, len(first)))

    def _chosen_criteria(self, filters: TableFilter) -> set[int] | None:
        if not any(self.cleaned.get(name) for name in ("criterion", "category", "kind", "q")):
            return None
        return set(filters.qs.values_list("pk", flat=True))

    @property
    def query(self) -> str:
        return self.data.urlencode()

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the filter form sends along unseen, as (name, value)."""
        return [(name, value) for name in ("order", "open", "profile") for value in self.data.getlist(name)]

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """The choices of each field, with how many rows each stands for; a source with how many claims."""
        rows, table_data = self.table.rows, self.table_data
        counts = {
            "category": Counter(row.criterion.category.slug for row in rows),
            "criterion": Counter(row.criterion.slug for row in rows),
            "kind": Counter(row.criterion.kind for row in rows),
            "source": Counter(table_data.sources[claim.speaker_id].slug for claim in table_data.claims),
            "sort": Counter(),
            "show": Counter(show for show in SHOW for row in self.candidates if is_shown(row, show)),
        }
        labels: dict[str, dict[str, str]] = {
            "category": {row.criterion.category.slug: row.criterion.category.name for row in rows},
            "criterion": {row.criterion.slug: row.criterion.name for row in rows},
            "kind": {kind.value: str(kind).capitalize() for kind in Kind if counts["kind"][kind.value]},
            "source": {source.slug: source.title for source in table_data.cited},
            "show": SHOW,
            "sort": SORT,
        }
        return {
            name: [
                Choice(value, text, self._is_chosen(name, value), counts[name][value]) for value, text in texts.items()
            ]
            for name, texts in labels.items()
        }

    def _is_chosen(self, name: str, value: str) -> bool:
        if name == "sort":
            return value == ("difference" if self.by_difference else "category")
        return value == self.show if name == "show" else value in self.data.getlist(name)

    @cached_property
    def heads(self) -> list[Head]:
        slugs = [framework.slug for framework in self.table.frameworks]
        heads = []
        for index, framework in enumerate(self.table.frameworks):
            moved = [*slugs]
            if index:
                moved[index - 1 : index + 1] = [slugs[index], slugs[index - 1]]
            is_reference = framework.slug == self.reference
            heads.append(
                Head(
                    framework,
                    leads=len(self.table.led_by(framework)),
                    move_left_url=self.url(order=moved) if index else "",
                    reference_url=self.url(reference=[] if is_reference else [framework.slug]),
                    is_reference=is_reference,
                )
            )
        return heads

    def toggle_url(self, criterion: str) -> str:
        """The URL that opens a row, or closes it if it is open."""
        others = [slug for slug in self.data.getlist("open") if slug != criterion]
        return self.url(open=others if criterion in self.opened else [*others, criterion]) + f"#{criterion}"

    def url(self, **changed: list[str]) -> str:
        """The table's URL, relative to itself, with some parameters changed."""
        data = self.data.copy()
        for name, values in changed.items():
            data.setlist(name, values)
        query = data.urlencode()
        return f"?{query}" if query else "."

    @cached_property
    def chips(self) -> list[Chip]:
        names = ("show", "category", "criterion", "kind", "source", "min_sources", "q")
        in_force = [(name, value) for name in names for value in dict.fromkeys(self.data.getlist(name)) if value]
        labels = self._labels()
        return [
            Chip(self._chip_label(name, labels.get(name, {}).get(value, value)), self._without(name, value))
            for name, value in in_force
            if (name, value) != ("show", "all")
        ]

    def _labels(self) -> dict[str, dict[str, str]]:
        return {
            "category": {criterion.category.slug: criterion.category.name for criterion in self.table_data.criteria},
            "criterion": {criterion.slug: criterion.name for criterion in self.table_data.criteria},
            "source": self.table_data.titles,
            "show": SHOW,
            "kind": {kind.value: str(kind).capitalize() for kind in Kind},
        }

    def _chip_label(self, name: str, text: str) -> str:
        return {
            "min_sources": f"At least {text} source{'s' * (text != '1')}",
            "q": f"“{text}”",
            "source": f"Only {text}",
        }.get(name, text)

    def _without(self, name: str, value: str) -> str:
        return self.url(**{name: [other for other in self.data.getlist(name) if other != value]})
