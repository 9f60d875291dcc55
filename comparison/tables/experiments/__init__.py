"""The definitions of experiments for pages and files: the only way from the site to the programs."""

from collections.abc import Mapping, Sequence
from functools import cache

from django.utils.translation import gettext_noop

from comparison.experiments import catalogue
from comparison.experiments.running.ratios import Difference, Ratio, differences
from comparison.experiments.running.results import MAX_SPREAD, readable
from comparison.experiments.spec import Experiment
from comparison.models import Framework, Measurement, Source

__all__ = ["MAX_SPREAD", "Difference", "Experiment", "Ratio", "all_experiments", "feeding", "find_definition"]
__all__ += ["definitions", "ratio_differences", "readable", "too_noisy"]

GROUP_LABELS: Mapping[str, str] = {
    "speed": gettext_noop("Speed"),
    "size": gettext_noop("Size"),
    "box": gettext_noop("In the box"),
    "attack": gettext_noop("Under attack"),
    "behaviour": gettext_noop("Behaviour"),
    "former": gettext_noop("No longer run"),
}
FORMER_METHOD = "Its program is no longer part of this software. What it gave is kept."


@cache
def definitions() -> Mapping[str, Experiment]:
    """By slug; they are code, so they change only with the software."""
    return {experiment.slug: experiment for experiment in catalogue()}


def all_experiments() -> list[Experiment]:
    """Those that are defined, and those that only earlier runs have, by group. One query."""
    titles = Source.objects.exclude(experiment="").order_by("slug").values_list("experiment", "title")
    former = [_former(slug, title) for slug, title in dict(titles).items() if slug not in definitions()]
    groups = list(GROUP_LABELS)
    return sorted((*definitions().values(), *former), key=lambda experiment: groups.index(experiment.group))


def find_definition(slug: str) -> Experiment | None:
    if (defined := definitions().get(slug)) is not None:
        return defined
    title = Source.objects.filter(experiment=slug).order_by("-slug").values_list("title", flat=True).first()
    return None if title is None or not slug else _former(slug, title)


def _former(slug: str, title: str) -> Experiment:
    return Experiment(slug=slug, title=title, question="", method=FORMER_METHOD, group="former", variants=())


def feeding(criterion: str) -> list[Experiment]:
    """The experiments whose results are claims on a criterion, by its slug."""
    return [experiment for experiment in definitions().values() if criterion in experiment.feeds]


def too_noisy(criterion: str, frameworks: Sequence[Framework]) -> list[Framework]:
    """Those that were measured for a criterion, but never steadily enough for a claim. One query, or none."""
    fed = {experiment.slug: experiment.feeds[criterion] for experiment in feeding(criterion)}
    if not fed:
        return []
    rows = Measurement.objects.filter(part__experiment__in=fed, framework__in=frameworks, median__isnull=False)
    steady: dict[int, bool] = {}
    for slug, variant, framework, is_noisy in rows.values_list("part__experiment", "variant", "framework", "is_noisy"):
        if fed[slug] == variant:
            steady[framework] = steady.get(framework, False) or not is_noisy
    return [framework for framework in frameworks if steady.get(framework.pk) is False]


def ratio_differences(here: Sequence[Measurement], there: Sequence[Measurement]) -> list[Difference]:
    """Where the ratios of two frameworks differ between two runs of an experiment by more than their spread."""
    return list(differences(_as_document(here), _as_document(there)))


def _as_document(rows: Sequence[Measurement]) -> Mapping[str, object]:
    """Results in the form in which their files hold them; the frameworks by name."""
    results = [
        {
            "variant": row.variant,
            "framework": row.framework.name,
            "median": row.median,
            "low": row.low,
            "high": row.high,
        }
        for row in rows
    ]
    return {"parts": [{"experiment": "", "results": results}]}
