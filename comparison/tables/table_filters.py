"""The filters of a comparison, for its page, its files and the API."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict
from django.utils.translation import gettext_noop
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter, NumberFilter

from comparison.evidence import Kind
from comparison.models import Criterion, Framework, choices
from comparison.models.subjects import JOINER
from comparison.row_outcomes import differ
from comparison.tables.claim_filters import with_present_slugs, without_empty
from comparison.tables.many.columns import MIN_FOR_COMPACT, Columns, Head, PrintGroup, heads, print_groups
from comparison.tables.table import Row, Table, TableData
from comparison.tables.unknown_values import choice_hint
from comparison.text_search.folding import holds
from comparison.text_search.questions import words_of_query
from comparison.text_search.words import word_starts
from comparison.vocabulary import gettext as _
from comparison.wording import in_words, join_names, label

SHOW = {
    "all": gettext_noop("All"),
    "differences": gettext_noop("Differences"),
    "disputed": gettext_noop("Disputed"),
    "unknown": gettext_noop("Unknown"),
}
VIEWS = {"full": gettext_noop("Full"), "compact": gettext_noop("Compact")}
COLUMN_FILTERS = ("order", "reference", "differ")  # whose values are columns
SORT = {"category": gettext_noop("By category"), "difference": gettext_noop("Widest difference first")}


quoted = lru_cache(maxsize=1000)(quote_plus)


def query_of(params: Mapping[str, Sequence[str]]) -> str:
    """The query of some parameters. The heads of fifty columns repeat some thousand slugs."""
    pairs = [(name, value) for name, values in params.items() for value in values]
    return urlencode(pairs, quote_via=quoted)


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
    """`criterion`, `category`, `kind`, `q` choose criteria; `source`, `show`, `min_sources`, `differ` ask verdicts."""

    criterion = MultipleChoiceFilter(field_name="slug", label="Criterion")
    category = MultipleChoiceFilter(field_name="category__slug", label="Category")
    source = MultipleChoiceFilter(label="Source")
    kind = MultipleChoiceFilter(choices=choices(Kind), label="Kind of criterion")
    show = ChoiceFilter(choices=list(SHOW.items()), label="Show")
    min_sources = NumberFilter(label="Sources at least", min_value=1, max_value=1000, decimal_places=0)
    differ = MultipleChoiceFilter(label="Only where these differ")
    sort = ChoiceFilter(choices=list(SORT.items()), label="Order of rows")
    order = MultipleChoiceFilter(label="Order of columns")
    view = ChoiceFilter(choices=list(VIEWS.items()), label="Form of the table")
    reference = ChoiceFilter(label="Column to compare with")
    open = MultipleChoiceFilter(label="Rows opened")
    q = CharFilter(label="Search the rows", max_length=200)

    class Meta:
        model = Criterion
        fields: list[str] = []

    def __init__(self, data: QueryDict, table_data: TableData) -> None:
        super().__init__(data, queryset=Criterion.objects.none())
        self.table_data = table_data
        frameworks = [(framework.slug, framework.name) for framework in table_data.frameworks]
        criteria = [(criterion.slug, criterion.name) for criterion in table_data.criteria]
        categories = {criterion.category.slug: criterion.category.name for criterion in table_data.criteria}
        choices = {
            "order": frameworks,
            "differ": frameworks,
            "reference": frameworks,
            "open": criteria,
            "criterion": criteria,
            "category": list(categories.items()),
            "source": list(table_data.titles.items()),
        }
        for name, options in choices.items():
            self.filters[name].extra["choices"] = options

    def criterion_tests(self) -> dict[str, Callable[[Criterion], bool]]:
        """What each filter in force demands of a criterion, by its name."""
        values = self.form.cleaned_data
        slugs, categories, kinds, text = (values.get(name) for name in ("criterion", "category", "kind", "q"))
        wanted = word_starts(words_of_query(text or ""))
        tests: dict[str, Callable[[Criterion], bool]] = {}
        if slugs:
            tests["criterion"] = lambda row: row.slug in slugs
        if categories:
            tests["category"] = lambda row: row.category.slug in categories
        if kinds:
            tests["kind"] = lambda row: row.kind in kinds
        if text:
            tests["q"] = lambda row: bool(wanted) and holds(searched_texts(row), wanted)
        return tests

    def problems(self) -> list[str]:
        """What is wrong with the address; each message names the field and the value."""
        if self.is_valid():
            return []
        problems: list[str] = []
        for name, errors in self.errors.items():
            known = [str(value) for value, _text in getattr(self.form.fields[name], "choices", ())]
            if known:
                wrong = [value for value in self.data.getlist(name) if value not in known]
                problems.extend(f"{name}={value[:80]}: {choice_hint([value], known)}" for value in wrong)
            else:
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

    name: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Emptying:
    """A filter that leaves no row, the URL without it, and how many rows would be left then."""

    label: str
    without: str
    rows: int


class FilteredTable:
    """A table with the filters of an address applied, and what the filter form shows."""

    def __init__(self, table_data: TableData, data: QueryDict) -> None:
        known = {criterion.slug for criterion in table_data.criteria}
        data = with_present_slugs(without_empty(data), "criterion", "open", known=known)
        filters = TableFilter(data, table_data)
        self.problems = filters.problems()
        self.is_compact = data.get("view") == "compact"
        without_filters = QueryDict("view=compact" if self.is_compact else "", mutable=True)
        self.data = without_filters if self.problems else data
        self.cleaned: dict[str, Any] = {} if self.problems else filters.form.cleaned_data
        self.table_data = table_data
        self.reference: str = self.cleaned.get("reference") or ""
        self.table: Table = table_data.table(self.cleaned.get("source") or (), self._columns())
        self.opened: set[str] = set(self.cleaned.get("open") or ())
        self.differing: list[str] = list(dict.fromkeys(self.cleaned.get("differ") or ()))
        self.by_difference = self.cleaned.get("sort") == "difference"
        self.show = self.cleaned.get("show") or "all"
        self.min_sources = int(self.cleaned.get("min_sources") or 0)
        self.criterion_tests = {} if self.problems else filters.criterion_tests()
        self.candidates = self.rows_without("show")
        self.rows: Sequence[Row] = [row for row in self.candidates if is_shown(row, self.show)]
        self.uncited: Sequence[Criterion] = [
            criterion
            for criterion in self.table.uncited
            if self._passes(criterion)
            and not self.min_sources
            and len(self.differing) < 2
            and self.show in ("all", "unknown")
        ]
        if self.by_difference:
            self.rows = sorted(self.rows, key=lambda row: -row.spread)

    def _columns(self) -> list[Framework]:
        """The frameworks in the order of `order`, then the others; without `order` the reference comes first."""
        first = list(self.cleaned.get("order", ())) or [self.reference]
        ranks = {slug: rank for rank, slug in reversed(list(enumerate(first)))}
        return sorted(self.table_data.frameworks, key=lambda framework: ranks.get(framework.slug, len(first)))

    def _passes(self, criterion: Criterion, without: str = "") -> bool:
        return all(test(criterion) for name, test in self.criterion_tests.items() if name != without)

    def rows_without(self, name: str) -> list[Row]:
        """The rows that pass all filters but one."""
        return [
            row
            for row in self.table.rows
            if self._passes(row.criterion, name)
            and (name == "min_sources" or not self.min_sources or row.source_count >= self.min_sources)
            and (name == "differ" or self._is_different(row))
            and (name == "show" or is_shown(row, self.show))
        ]

    @cached_property
    def shown(self) -> Table:
        """The table of the rows shown alone, and the sources that speak in them, for what the page counts."""
        if not self.chips:
            return self.table
        spoken = {claim.speaker_id for row in self.rows for cell in row.cells for claim in cell.claims.values()}
        references = {pk: reference for pk, reference in self.table.references.items() if pk in spoken}
        return replace(self.table, rows=self.rows, references=references)

    @cached_property
    def emptied_by(self) -> list[Emptying]:
        """Where no row is shown: the filters without any one of which there would be some; none if it takes several."""
        labels: dict[str, list[str]] = {}
        for chip in self.chips:
            labels.setdefault(chip.name, []).append(_("“{name}”").format(name=chip.label.strip("“”„«»")))
        if self.rows:
            return []
        left = {name: len(self.rows_without(name)) for name in labels}
        return [
            Emptying(join_names(names, "or"), self.url(**{name: []}), left[name])
            for name, names in labels.items()
            if left[name]
        ]

    def _is_different(self, row: Row) -> bool:
        """Whether the columns that are to differ do; one column alone cannot."""
        if len(self.differing) < 2:
            return True
        return differ(cell.verdict for cell in row.cells if cell.framework.slug in self.differing)

    @property
    def query(self) -> str:
        return self.data.urlencode()

    @property
    def choose_query(self) -> str:
        """The query of the picker: these columns, and what it hands on."""
        data = self.data.copy()
        data.setlist("pick", [framework.slug for framework in self.table.frameworks])
        return data.urlencode()

    @property
    def recommend_query(self) -> str:
        """The query of a recommendation between these columns."""
        return urlencode([("framework", framework.slug) for framework in self.table.frameworks])

    @property
    def here(self) -> str:
        """The URL of this view, relative to itself."""
        return self.url()

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the filter form sends along unseen, as (name, value)."""
        return [(name, value) for name in ("order", "open", "profile", "view") for value in self.data.getlist(name)]

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """The choices of each field, with how many rows each stands for; a source with how many claims."""
        rows, table_data = self.table.rows, self.table_data
        counts = {
            "category": Counter(row.criterion.category.slug for row in self.rows_without("category")),
            "criterion": Counter(row.criterion.slug for row in rows),
            "kind": Counter(row.criterion.kind for row in self.rows_without("kind")),
            "source": self._claims_by_source(),
            "sort": Counter(),
            "differ": Counter(),
            "show": Counter(show for show in SHOW for row in self.candidates if is_shown(row, show)),
        }
        kinds = {row.criterion.kind for row in rows}
        labels: dict[str, dict[str, str]] = {
            "category": {row.criterion.category.slug: row.criterion.category.name for row in rows},
            "criterion": {row.criterion.slug: row.criterion.name for row in rows},
            "kind": {kind.value: label(kind) for kind in Kind if kind.value in kinds},
            "source": {source.slug: source.title for source in table_data.cited},
            "show": in_words(SHOW),
            "sort": in_words(SORT),
            "differ": {framework.slug: framework.name for framework in self.table.frameworks},
        }
        return {
            name: [
                Choice(value, text, self._is_chosen(name, value), counts[name][value]) for value, text in texts.items()
            ]
            for name, texts in labels.items()
        }

    def _claims_by_source(self) -> Mapping[str, int]:
        """How many claims each source makes on the criteria that are asked for."""
        if not self.criterion_tests or not self.table_data.claims:
            return self.table_data.counts_by_source
        asked = {row.criterion.pk for row in self.table.rows if self._passes(row.criterion)}
        asked |= {criterion.pk for criterion in self.table.uncited if self._passes(criterion)}
        sources = self.table_data.sources
        return Counter(sources[row.speaker_id].slug for row in self.table_data.claims if row.criterion_id in asked)

    def _is_chosen(self, name: str, value: str) -> bool:
        if name == "sort":
            return value == ("difference" if self.by_difference else "category")
        return value == self.show if name == "show" else value in self.data.getlist(name)

    @cached_property
    def heads(self) -> list[Head]:
        slugs = [framework.slug for framework in self.table.frameworks]
        columns = Columns(slugs, [framework.slug for framework in self.table_data.frameworks], self.reference)
        leads = Counter(row.leader.slug for row in self.rows if row.leader)
        shares = Counter(framework.slug for row in self.rows for framework in row.together)
        return heads(self.table.frameworks, leads, shares, columns, self.url, self.url_without)

    @cached_property
    def view_urls(self) -> list[tuple[str, str, bool]]:
        """The name and URL of each form of the table, and whether it is this one."""
        now = "compact" if self.is_compact else "full"
        names = in_words(VIEWS)
        return [(name, self.url(view=[] if view == "full" else [view]), view == now) for view, name in names.items()]

    @cached_property
    def compact_url(self) -> str:
        """The URL of the compact form of a full table of many columns; else empty."""
        is_long = len(self.table.frameworks) >= MIN_FOR_COMPACT and not self.is_compact
        return self.url(view=["compact"]) if is_long else ""

    @cached_property
    def print_groups(self) -> list[PrintGroup]:
        return print_groups(self.table.frameworks, self.is_compact, self.url_of)

    def url_without(self, framework: str) -> str:
        """The URL of the table without one of its columns, with the same filters."""
        return self.url_of([other.slug for other in self.table_data.frameworks if other.slug != framework])

    def url_of(self, columns: list[str]) -> str:
        """The URL of the table of some of its columns, with the same filters."""
        kept = {name: [slug for slug in self.data.getlist(name) if slug in columns] for name in COLUMN_FILTERS}
        query = query_of({**dict(self.data.lists()), **kept})
        return f"../{JOINER.join(sorted(columns))}/" + (f"?{query}" if query else "")

    def toggle_url(self, criterion: str) -> str:
        """The URL that opens a row, or closes it if it is open."""
        others = [slug for slug in self.data.getlist("open") if slug != criterion]
        return self.url(open=others if criterion in self.opened else [*others, criterion]) + f"#{criterion}"

    def url(self, **changed: list[str]) -> str:
        """The table's URL, relative to itself, with some parameters changed."""
        query = query_of({**dict(self.data.lists()), **changed})
        return f"?{query}" if query else "."

    @cached_property
    def chips(self) -> list[Chip]:
        names = ("show", "category", "criterion", "kind", "source", "min_sources", "differ", "q")
        in_force = [(name, value) for name in names for value in dict.fromkeys(self.data.getlist(name)) if value]
        labels = self._labels()
        return [
            Chip(name, self._chip_label(name, labels.get(name, {}).get(value, value)), self._without(name, value))
            for name, value in in_force
            if (name, value) != ("show", "all")
        ]

    def _labels(self) -> dict[str, dict[str, str]]:
        return {
            "category": {criterion.category.slug: criterion.category.name for criterion in self.table_data.criteria},
            "criterion": {criterion.slug: criterion.name for criterion in self.table_data.criteria},
            "source": self.table_data.titles,
            "show": in_words(SHOW),
            "differ": {framework.slug: framework.name for framework in self.table.frameworks},
            "kind": dict(choices(Kind)),
        }

    def _chip_label(self, name: str, text: str) -> str:
        match name:
            case "min_sources":
                return _("At least 1 source") if text == "1" else _("At least {count} sources").format(count=text)
            case "q":
                return _("“{name}”").format(name=text)
            case "source":
                return _("Only {source}").format(source=text)
            case "differ":
                return _("Differ: {frameworks}").format(frameworks=text)
        return text

    def _without(self, name: str, value: str) -> str:
        return self.url(**{name: [other for other in self.data.getlist(name) if other != value]})
