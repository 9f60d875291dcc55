"""The filters of a comparison: read from an address once, for the page and for every export of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter, NumberFilter

from comparison.evidence import Kind
from comparison.models import Criterion, Framework, choices
from comparison.tables.claim_filters import given, present
from comparison.tables.table import Row, Table, TableData

SHOW = {
    "all": "All",
    "differences": "Differences",
    "disputed": "Disputed",
    "unknown": "Unknown",
}
SORT = {"category": "By category", "difference": "Widest difference first"}


def shown(row: Row, show: str) -> bool:
    match show:
        case "differences":
            return row.differs
        case "disputed":
            return row.disputed
        case "unknown":
            return row.unknown
    return True


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
        categories = {one.category.slug: one.category.name for one in table_data.criteria}
        names = [(one.slug, one.name) for one in table_data.frameworks]
        self.filters["order"].extra["choices"] = self.filters["reference"].extra["choices"] = names
        self.filters["open"].extra["choices"] = [(one.slug, one.name) for one in table_data.criteria]
        self.filters["criterion"].extra["choices"] = [(one.slug, one.name) for one in table_data.criteria]
        self.filters["category"].extra["choices"] = list(categories.items())
        self.filters["source"].extra["choices"] = [(one.slug, one.title) for one in table_data.cited]

    def on_verdicts(self, queryset: QuerySet[Criterion], name: str, value: Any) -> QuerySet[Criterion]:
        return queryset

    def search(self, queryset: QuerySet[Criterion], name: str, value: str) -> QuerySet[Criterion]:
        for word in value.split():
            anywhere = (Q(**{f"{place}__icontains": word}) for place in ("name", "question", "synonyms", "help_text"))
            wanted = Q(category__name__icontains=word)
            for one in anywhere:
                wanted |= one
            queryset = queryset.filter(wanted)
        return queryset

    def problems(self) -> list[str]:
        """What is wrong with the address, naming the field and the value; empty when all is well."""
        if self.is_valid():
            return []
        found = []
        for name, errors in self.errors.items():
            known = [str(value) for value, _ in getattr(self.form.fields[name], "choices", ())]
            for value in self.data.getlist(name):
                if known and value not in known:
                    near = get_close_matches(value, known, n=1)
                    hint = f"did you mean {near[0]}?" if near else "it is not one of the choices below."
                    found.append(f"{name}={value[:80]}: {hint}")
            if not known:
                found.extend(f"{name}={self.data.get(name, '')[:80]}: {error}" for error in errors)
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool
    count: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `earlier` is the address with the column one place to the left, empty for the first."""

    framework: Framework
    leads: int
    earlier: str
    compare: str
    is_reference: bool


class FilteredTable:
    """A table with the filters of an address applied, and what the filter form shows."""

    def __init__(self, table_data: TableData, data: QueryDict) -> None:
        data = present(given(data), "criterion", "open", known={one.slug for one in table_data.criteria})
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
        least = int(self.cleaned.get("min_sources") or 0)
        self.candidates = [
            row
            for row in self.table.rows
            if (chosen is None or row.criterion.pk in chosen) and row.source_count >= least
        ]
        self.show = self.cleaned.get("show") or "all"
        self.rows: Sequence[Row] = [row for row in self.candidates if shown(row, self.show)]
        if self.by_difference:
            self.rows = sorted(self.rows, key=lambda row: -row.spread)

    def _columns(self) -> list[Framework]:
        """The frameworks in the order asked for, the rest behind; the reference first where no order is given."""
        asked = list(self.cleaned.get("order", ())) or [self.reference]
        places = {slug: place for place, slug in reversed(list(enumerate(asked)))}
        return sorted(self.table_data.frameworks, key=lambda one: places.get(one.slug, len(asked)))

    def _chosen_criteria(self, filters: TableFilter) -> set[int] | None:
        if not any(self.cleaned.get(name) for name in ("criterion", "category", "kind", "q")):
            return None
        return set(filters.qs.values_list("pk", flat=True))

    @property
    def active(self) -> bool:
        return bool(self.chips())

    def choices(self) -> dict[str, list[Choice]]:
        """The choices of each field, with the rows (of sources: the claims) that each stands for."""
        rows, table_data = self.table.rows, self.table_data
        counts = {
            "category": Counter(row.criterion.category.slug for row in rows),
            "criterion": Counter(row.criterion.slug for row in rows),
            "kind": Counter(row.criterion.kind for row in rows),
            "source": Counter(table_data.sources[claim.source_id].slug for claim in table_data.claims),
            "sort": Counter(),
            "show": Counter(show for show in SHOW for row in self.candidates if shown(row, show)),
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

    def heads(self) -> list["Head"]:
        """The columns' heads, with the addresses that move them or make them the reference."""
        slugs = [one.slug for one in self.table.frameworks]
        found = []
        for place, framework in enumerate(self.table.frameworks):
            swapped = [*slugs]
            if place:
                swapped[place - 1 : place + 1] = [slugs[place], slugs[place - 1]]
            is_reference = framework.slug == self.reference
            found.append(
                Head(
                    framework,
                    len(self.table.led_by(framework)),
                    self.address(order=swapped) if place else "",
                    self.address(reference=[] if is_reference else [framework.slug]),
                    is_reference,
                )
            )
        return found

    def toggled(self, criterion: str) -> str:
        """The address with a row opened, or closed where it is open."""
        rest = [one for one in self.data.getlist("open") if one != criterion]
        return self.address(open=rest if criterion in self.opened else [*rest, criterion]) + f"#{criterion}"

    def address(self, **changed: list[str]) -> str:
        """The address with some parameters changed."""
        rest = self.data.copy()
        for name, values in changed.items():
            rest.setlist(name, values)
        query = rest.urlencode()
        return f"?{query}" if query else "."

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
            "category": {one.category.slug: one.category.name for one in self.table_data.criteria},
            "criterion": {one.slug: one.name for one in self.table_data.criteria},
            "source": {one.slug: one.title for one in self.table_data.cited},
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
        return self.address(**{name: [one for one in self.data.getlist(name) if one != value]})
