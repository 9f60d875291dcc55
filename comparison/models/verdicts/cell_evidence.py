"""Claims as the arithmetic of verdicts sees them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, SupportsFloat

from comparison.evidence import MAKERS, Evidence, Finding, SourceKind, Support, Verdict
from comparison.models.claims import Claim
from comparison.models.sources import Source

SUPPORTS = {"": None, **{support.value: support for support in Support}}
NO_FINDINGS: frozenset[Finding] = frozenset()


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
    maker: int  # the same of documentation and metadata, else 0

    def says(
        self,
        claim: int,
        framework: int,
        level: int | None,
        support: str,
        low: SupportsFloat | None,
        high: SupportsFloat | None,
        item: str = "",
        findings: frozenset[Finding] = NO_FINDINGS,
    ) -> Evidence:
        """A claim of the source, from the values of its row."""
        return Evidence(
            claim,
            self.speaker,
            self.origin,
            self.depth,
            self.kind,
            level,
            SUPPORTS[support],
            None if low is None else float(low),
            None if high is None else float(high),
            item,
            findings,
            self.owner is None or self.owner == framework,
            self.maker,
        )


def voices_of(sources: Mapping[int, Source]) -> dict[int, Voice]:
    """The voice of each source, looked up once for all its claims."""
    origins = origins_of(sources)
    return {pk: _voice(source, *origins[pk]) for pk, source in sources.items()}


def _voice(source: Source, origin: int, depth: int) -> Voice:
    kind, owner = SourceKind(source.kind), source.framework_id
    return Voice(source.speaker_id, origin, depth, kind, owner, owner if owner and kind in MAKERS else 0)


def evidence_of(claims: Iterable[Claim], voices: Mapping[int, Voice]) -> list[Evidence]:
    """Claims with their findings as evidence, in the same order."""
    return [
        voices[claim.source_id].says(
            claim.id,
            claim.framework_id,
            claim.level,
            claim.support,
            claim.low,
            claim.high,
            claim.item,
            claim.findings,
        )
        for claim in claims
    ]


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
