"""What pages and files show of experiments: their results run by run, newest first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from comparison.evidence import Support
from comparison.models import Criterion, Framework, Measurement, Source
from comparison.tables.experiments import (
    GROUP_LABELS,
    MAX_SPREAD,
    Difference,
    Experiment,
    Ratio,
    all_experiments,
    ratio_differences,
    readable,
)
from comparison.tables.experiments.chart import Scale, draw, scale_of
from comparison.tables.svg import GLYPHS, glyph
from comparison.vocabulary import gettext as _
from comparison.wording import EN_DASH, label

MACHINE_LABELS = {
    "processor": gettext_noop("Processor"),
    "cores": gettext_noop("Processor cores"),
    "memory": gettext_noop("Memory"),
    "system": gettext_noop("System"),
    "python": gettext_noop("Python"),
    "yardstick": gettext_noop("Yardstick at its fastest"),
}


@dataclass(frozen=True, slots=True)
class ResultView:
    """What one framework gave in one variant, in words and drawn."""

    measurement: Measurement
    word: str  # 0.104 ms, Built in, Failed
    spread: str  # first to third quartile
    distance: str  # from the best of its variant
    is_best: bool
    glyph: SafeString  # of what was found out
    drawing: SafeString  # of what was measured
    beyond: int  # samples beyond the end of the scale

    @property
    def framework(self) -> Framework:
        return self.measurement.framework

    @property
    def in_a_line(self) -> str:
        """Without a table around it: “Alpha 0.104 ms”, “Beta Failed (did not start)”."""
        doubt = self.measurement.failure or (_("too noisy") if self.measurement.is_noisy else "")
        return f"{self.framework.name} {self.word}{f' ({doubt})' if doubt else ''}"


@dataclass(frozen=True, slots=True)
class VariantView:
    name: str
    criteria: Sequence[Criterion]  # that its results are claims on
    results: Sequence[ResultView]

    @property
    def figures(self) -> str:
        return ", ".join(result.in_a_line for result in self.results)

    @property
    def ratios(self) -> str:
        """Each framework beside the best: “Alpha 2.41 times Beta”."""
        shown = [row for row in self.results if row.distance and not row.is_best]
        return ", ".join(f"{row.framework.name} {row.distance}" for row in shown)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Where, when and with what a run took place."""

    source: Source  # the whole
    rounds: int | None
    machine: Mapping[str, str]
    versions: Sequence[str]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """The machine in words."""
        return [
            (_(MACHINE_LABELS.get(name, name.capitalize())), value) for name, value in self.machine.items() if value
        ]


@dataclass(frozen=True, slots=True)
class RunView:
    """One run of an experiment."""

    facts: RunFacts
    variants: Sequence[VariantView]
    scale: Scale | None
    differences: Sequence[str]  # from the newest run, a sentence for each ratio

    @property
    def results(self) -> list[ResultView]:
        return [result for variant in self.variants for result in variant.results]

    @property
    def failed(self) -> int:
        return sum(bool(result.measurement.failure) for result in self.results)

    @property
    def noisy(self) -> int:
        return sum(result.measurement.is_noisy for result in self.results)

    @property
    def has_numbers(self) -> bool:
        return any(result.measurement.median is not None for result in self.results)


@dataclass(frozen=True, slots=True)
class ExperimentPage:
    experiment: Experiment
    criteria: Sequence[tuple[Criterion, str]]  # each with the variant that feeds it
    runs: Sequence[RunView]  # newest first
    max_spread: int = round(100 * MAX_SPREAD)  # percent

    @property
    def newest(self) -> RunView | None:
        return self.runs[0] if self.runs else None

    @property
    def measurements(self) -> list[Measurement]:
        return [result.measurement for run in self.runs for result in run.results]


@dataclass(frozen=True, slots=True)
class ListRow:
    """An experiment with what its newest run gave: the frameworks' results in order, those without one as None."""

    experiment: Experiment
    cells: Sequence[tuple[Framework, Sequence[tuple[str, ResultView]]]]  # of each, variant and result


@dataclass(frozen=True, slots=True)
class ListGroup:
    name: str
    anchor: str
    rows: Sequence[ListRow]


@dataclass(frozen=True, slots=True)
class ExperimentList:
    groups: Sequence[ListGroup]
    frameworks: Sequence[Framework]
    runs: Sequence[Source]


def experiment_list() -> ExperimentList:
    """All experiments by group, each with the results of its newest run. Two queries."""
    by_experiment: defaultdict[str, list[Measurement]] = defaultdict(list)
    for row in all_measurements().defer("samples"):
        by_experiment[row.part.experiment].append(row)
    everything = [row for rows in by_experiment.values() for row in rows]
    frameworks = sorted({row.framework for row in everything}, key=lambda framework: framework.slug)
    rows: defaultdict[str, list[ListRow]] = defaultdict(list)
    for experiment in all_experiments():
        runs = _by_run(by_experiment[experiment.slug])
        rows[experiment.group].append(_list_row(experiment, runs[0][1] if runs else [], frameworks))
    groups = [ListGroup(_(name), group, rows[group]) for group, name in GROUP_LABELS.items() if rows[group]]
    return ExperimentList(groups, frameworks, [run for run, _ in _by_run(everything)])


def _list_row(experiment: Experiment, rows: Sequence[Measurement], frameworks: Sequence[Framework]) -> ListRow:
    variants = _variant_views(experiment, rows, [], None)
    main = [view for view in variants if view.name in experiment.variants] or variants  # without times on the clock
    cells = [
        (
            framework,
            [(view.name, result) for view in main for result in view.results if result.framework == framework],
        )
        for framework in frameworks
    ]
    return ListRow(experiment, cells)


def experiment_page(experiment: Experiment) -> ExperimentPage:
    """An experiment with all its runs. Two queries."""
    feeds = experiment.feeds
    criteria = list(Criterion.objects.filter(slug__in=feeds).order_by("slug"))
    runs = _by_run(all_measurements().filter(part__experiment=experiment.slug))
    pairs = [(criterion, feeds[criterion.slug]) for criterion in criteria]
    return ExperimentPage(experiment, pairs, [_run_view(experiment, run, rows, pairs, *runs[0]) for run, rows in runs])


def all_measurements() -> QuerySet[Measurement]:
    """The results of all runs with their frameworks, parts and runs, without texts."""
    rows = Measurement.objects.filter(part__part_of__isnull=False).select_related("framework", "part__part_of")
    return rows.defer(*Source.unread("part__"), *Source.unread("part__part_of__"))


def measured_runs() -> QuerySet[Source]:
    """The runs that have results, newest first."""
    runs = Source.objects.filter(pk__in=Measurement.objects.values("part__part_of")).defer(*Source.unread())
    return runs.order_by(F("published").desc(nulls_last=True), "-slug")


def _by_run(rows: Iterable[Measurement]) -> list[tuple[Source, list[Measurement]]]:
    """The results by the run they belong to, the newest run first."""
    runs: dict[int, tuple[Source, list[Measurement]]] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        whole = row.part.part_of or row.part
        runs.setdefault(whole.pk, (whole, []))[1].append(row)
    return sorted(runs.values(), key=lambda run: (run[0].published or date.min, run[0].slug), reverse=True)


def _run_view(
    experiment: Experiment,
    run: Source,
    rows: Sequence[Measurement],
    criteria: Sequence[tuple[Criterion, str]],
    newest: Source,
    newest_rows: Sequence[Measurement],
) -> RunView:
    scale = scale_of(rows)
    differing = [] if run == newest else ratio_differences(rows, newest_rows)
    sentences = [_difference_sentence(difference) for difference in differing]
    return RunView(run_facts(run), _variant_views(experiment, rows, criteria, scale), scale, sentences)


def _difference_sentence(difference: Difference) -> str:
    (more, less), here, there = difference.frameworks, difference.here, difference.there
    if there.value < 1:
        more, less, here, there = less, more, _inverse(here), _inverse(there)
    text = _(
        "{variant}: {more} takes {here} times what {less} takes, in the newest run {there}; "
        "they differ by more than the spread."
    )
    return text.format(variant=difference.variant, more=more, less=less, here=here, there=there)


def _inverse(ratio: Ratio) -> Ratio:
    return Ratio(1 / ratio.value, 1 / ratio.high, 1 / ratio.low)


def run_facts(run: Source) -> RunFacts:
    """What a run says of itself."""
    stored: Mapping[str, object] = run.run
    machine, versions = stored.get("machine"), stored.get("versions")
    rounds = stored.get("rounds")
    return RunFacts(
        run,
        rounds if isinstance(rounds, int) else None,
        {name: str(value) for name, value in _pairs(machine)},
        [str(version) for _, version in _pairs(versions)],
    )


def _pairs(stored: object) -> list[tuple[str, object]]:
    return list(stored.items()) if isinstance(stored, dict) else []


def _variant_views(
    experiment: Experiment,
    rows: Sequence[Measurement],
    criteria: Sequence[tuple[Criterion, str]],
    scale: Scale | None,
) -> list[VariantView]:
    """By variant as the experiment defines them, each followed by what was read beside it, such as the clock."""
    by_variant: defaultdict[str, list[Measurement]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.framework.slug):
        by_variant[row.variant].append(row)
    defined = list(experiment.variants)

    def order(name: str) -> tuple[int, str]:
        main = name.partition(",")[0]
        return defined.index(main) if main in defined else len(defined), name

    return [
        VariantView(
            name,
            [criterion for criterion, variant in criteria if variant == name],
            _result_views(by_variant[name], experiment.lower_is_better, scale),
        )
        for name in sorted(by_variant, key=order)
    ]


def _result_views(rows: Sequence[Measurement], lower_is_better: bool, scale: Scale | None) -> list[ResultView]:
    numbers = [row for row in rows if row.median is not None]
    pick = min if lower_is_better else max
    best = pick(numbers, key=lambda row: row.median or 0.0) if len(numbers) > 1 else None
    return [
        ResultView(
            row,
            _word(row),
            f"{readable(row.low)}{EN_DASH}{readable(row.high)}" if row.low is not None and row.high is not None else "",
            _distance(row, best, lower_is_better),
            best is not None and row.median == best.median,
            glyph(GLYPHS[Support(row.outcome)]) if row.outcome else SafeString(""),
            draw(row, scale) if scale else SafeString(""),
            scale.beyond(row) if scale else 0,
        )
        for row in rows
    ]


def _word(row: Measurement) -> str:
    if row.median is not None:
        return f"{readable(row.median)} {row.unit}".strip()
    return label(Support(row.outcome)) if row.outcome else _("Failed")


def _distance(row: Measurement, best: Measurement | None, lower_is_better: bool) -> str:
    """How many times the best it is."""
    if best is None or row.median is None or best.median is None:
        return ""
    if row.median == best.median:
        return _("lowest") if lower_is_better else _("highest")
    if not best.median:
        return ""
    text = _("{ratio} times {name}, within the spread") if _overlap(row, best) else _("{ratio} times {name}")
    return text.format(ratio=readable(row.median / best.median), name=best.framework.name)


def _overlap(row: Measurement, other: Measurement) -> bool:
    """Whether the quartiles of two results overlap, so that their medians may differ by chance."""
    return (row.low or 0.0) <= (other.high or 0.0) and (other.low or 0.0) <= (row.high or 0.0)
