"""Claims as the arithmetic of verdicts sees them."""

from collections.abc import Mapping, Sequence

from comparison.evidence import Evidence, SourceKind, Support, Verdict
from comparison.models.claims import Claim
from comparison.models.sources import Source


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


def evidence_of(claim: Claim, source: Source, origin: int, depth: int) -> Evidence:
    return Evidence(
        claim.id,
        source.speaker_id,
        origin,
        depth,
        SourceKind(source.kind),
        level=claim.level,
        support=Support(claim.support) if claim.support else None,
        low=None if claim.low is None else float(claim.low),
        high=None if claim.high is None else float(claim.high),
        item=claim.item,
        findings=claim.findings,
        is_own=is_own(source, claim.framework_id),
    )


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
