"""Claims as the arithmetic of verdicts sees them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from comparison.evidence import Evidence, SourceKind, Support, Verdict
from comparison.models.claims import Claim
from comparison.models.sources import Source

SUPPORTS = {"": None, **{support.value: support for support in Support}}


def origins_of(sources: Mapping[int, Source]) -> dict[int, tuple[int, int]]:
    """For each source the one that it repeats in the end, and how many steps away that is; itself at 0 steps.

    A part's is its whole.
    """
    origins = {}
    for pk, source in sources.items():
        origin, depth, visited = source.speaker_id, 0, {pk}
        while origin in sources and (repeated := sources[origin].repeats_id) is not None and repeated not in visited:
            origin, depth = repeated, depth + 1
            visited.add(origin)
        origins[pk] = (origin, depth)
    return origins


def is_own(source: Source, framework: int) -> bool:
    """Whether documentation or metadata is about this framework's own work; where it names none, it is."""
    return source.framework_id in (None, framework)


class Voice(NamedTuple):
    """What evidence says of its source."""

    speaker: int
    origin: int
    depth: int
    kind: SourceKind
    owner: int | None  # the framework that it documents


def voices_of(sources: Mapping[int, Source]) -> dict[int, Voice]:
    """The voice of each source, looked up once for all its claims."""
    origins = origins_of(sources)
    return {
        pk: Voice(source.speaker_id, *origins[pk], SourceKind(source.kind), source.framework_id)
        for pk, source in sources.items()
    }


def evidence_of(claims: Iterable[Claim], voices: Mapping[int, Voice]) -> list[Evidence]:
    """Claims with their findings as evidence, in the same order."""
    evidence = []
    for claim in claims:
        speaker, origin, depth, kind, owner = voices[claim.source_id]
        support, low, high = SUPPORTS[claim.support], claim.low, claim.high
        figures = (None if low is None else float(low), None if high is None else float(high))
        is_own = owner is None or owner == claim.framework_id
        told = (claim.level, support, *figures, claim.item, claim.findings, is_own)
        evidence.append(Evidence(claim.id, speaker, origin, depth, kind, *told))
    return evidence


def width(verdict: Verdict) -> float:
    """How far apart the sources of a verdict are, on the scale of ratings (0 … 4)."""
    positions = [opinion.position for opinion in verdict.opinions if opinion.position is not None]
    if positions:
        return 2 * (max(positions) - min(positions))
    medians = [opinion.figure.median for opinion in verdict.opinions if opinion.figure]
    if not medians:
        return 0.0
    return min(4.0, max(medians) / min(medians)) if min(medians) > 0 else 4.0


def are_contested(claims: Sequence[Claim]) -> bool:
    """Whether the claims of a cell, those set aside too, differ enough for a dispute (figures by a factor of 2)."""
    if len({claim.source_id for claim in claims}) < 2:
        return False
    levels = [claim.level for claim in claims if claim.level is not None]
    if levels and min(levels) < 0 < max(levels):
        return True
    lows = [claim.low for claim in claims if claim.low is not None]
    highs = [claim.high for claim in claims if claim.high is not None]
    return len({claim.support for claim in claims}) > 1 or bool(lows and highs and max(highs) >= 2 * min(lows))
