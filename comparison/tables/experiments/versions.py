"""Whether what a source says is of an older version of a framework than the one that was measured."""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import zip_longest

from comparison.evidence import SourceKind
from comparison.models import Claim, Framework, Source
from comparison.tables.table import Table
from comparison.vocabulary import gettext as _

Versions = Mapping[int, str]  # the newest version measured, by the framework's id

_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_UPPER_BOUND = re.compile(r"(<=?|==)\s*(\d+(?:\.\d+)*)")


def load_measured_versions(frameworks: Collection[Framework]) -> Versions:
    """Those that all runs measured, in one query."""
    runs = Source.objects.wholes().filter(kind=SourceKind.MEASUREMENT.value).order_by()
    return measured_versions(frameworks, runs.values_list("run", flat=True)) if frameworks else {}


def cited_runs(table: Table) -> list[Mapping[str, object]]:
    """What the runs among the sources of a table say of themselves."""
    return [row.source.run for row in table.references.values() if row.kind is SourceKind.MEASUREMENT]


def is_documented(table: Table) -> bool:
    """Whether the documentation of one of its frameworks is among the sources."""
    own = {framework.pk for framework in table.frameworks}
    return any(
        row.kind is SourceKind.DOCUMENTATION and row.source.framework_id in own for row in table.references.values()
    )


def measured_versions(frameworks: Iterable[Framework], runs: Iterable[Mapping[str, object]]) -> Versions:
    """The newest version of each framework. A run names it after the framework's name, as in "One 5.2.1"."""
    measured: dict[str, str] = {}
    for run in runs:
        versions = run.get("versions")
        for slug, text in versions.items() if isinstance(versions, dict) else ():
            version = str(text).rpartition(" ")[2]
            if _parts(version) and _is_before(measured.get(slug, "0"), version):
                measured[slug] = version
    return {framework.pk: measured[framework.slug] for framework in frameworks if framework.slug in measured}


def source_note(source: Source, measured: Versions) -> str:
    """What to say of documentation or metadata that describes an older version than was measured; else empty."""
    version = source.framework_version or (source.part_of.framework_version if source.part_of else "")
    newest = measured.get(source.framework_id or 0, "")
    return _note(version, newest) if newest and _is_series_before(version, newest) else ""


def claim_note(claim: Claim, measured: Versions) -> str:
    """The same of a claim: by the versions that it names itself, else by those of its source."""
    newest = measured.get(claim.framework_id, "")
    if not claim.version_range or not newest:
        return "" if claim.source.framework_id != claim.framework_id else source_note(claim.source, measured)
    bounds = _UPPER_BOUND.findall(claim.version_range)
    is_behind = any(
        _is_before(version, newest) or (sign == "<" and _parts(version) == _parts(newest)) for sign, version in bounds
    )
    return _note(claim.version_range, newest) if is_behind else ""


def _note(said: str, newest: str) -> str:
    return _("says {said}; measured {newest}").format(said=said, newest=newest)


def _parts(version: str) -> list[int]:
    """The numbers of a release: [5, 2, 1] for 5.2.1rc1."""
    number = _NUMBER.match(version.lstrip("v"))
    return [int(part) for part in number[0].split(".")] if number else []


def _is_before(version: str, other: str) -> bool:
    pairs = zip_longest(_parts(version), _parts(other), fillvalue=0)
    return next((first < second for first, second in pairs if first != second), False)


def _is_series_before(version: str, newest: str) -> bool:
    """Whether a version, or all of a series such as 5.2, is before the newest one."""
    parts = _parts(version)
    return bool(parts) and parts < _parts(newest)[: len(parts)]
