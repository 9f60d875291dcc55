"""Claims on one cell, given and generated, for tests of the arithmetic."""

from hypothesis import strategies as st

from comparison.evidence import (
    MAKERS,
    Evidence,
    Finding,
    SourceKind,
    Support,
)
from tests.make import evidence

DOC, VENDOR, ARTICLE, MEASURED = (
    SourceKind.DOCUMENTATION,
    SourceKind.VENDOR,
    SourceKind.INDEPENDENT,
    SourceKind.MEASUREMENT,
)

SOURCE_KINDS = list(SourceKind)


@st.composite
def any_evidence(draw, claim: int = 0) -> Evidence:
    source = draw(st.integers(1, 8))
    low = draw(st.integers(0, 1000))
    return evidence(
        claim,
        source,
        source_kind=SOURCE_KINDS[source % 5],
        level=draw(st.integers(-2, 2)),
        support=draw(st.sampled_from(Support)),
        low=float(low),
        high=float(low + draw(st.integers(0, 50))),
        item=draw(st.sampled_from(["Instagram", "instagram", "Pinterest", "  Disqus "])),
        findings=draw(st.frozensets(st.sampled_from(Finding), max_size=2)),
        is_own=source % 2 == 0,
        maker=source % 2 + 1 if SOURCE_KINDS[source % 5] in MAKERS else 0,
    )


@st.composite
def cell(draw, min_size: int = 0) -> list[Evidence]:
    size = draw(st.integers(min_size, 8))
    return [draw(any_evidence(claim)) for claim in range(1, size + 1)]


def levels(*opinions: tuple[int, int, SourceKind]) -> list[Evidence]:
    """(source, level, kind) triples as the claims of a cell."""
    return [
        evidence(claim, source, level=level, source_kind=kind)
        for claim, (source, level, kind) in enumerate(opinions, 1)
    ]


def supports(*opinions: tuple[int, str, SourceKind]) -> list[Evidence]:
    """(source, support, kind) triples as the claims of a cell."""
    return [
        evidence(claim, source, support=Support(support), source_kind=kind)
        for claim, (source, support, kind) in enumerate(opinions, 1)
    ]


def figures(*opinions: tuple[int, float, SourceKind]) -> list[Evidence]:
    """(source, figure, kind) triples as the claims of a cell."""
    return [
        evidence(claim, source, low=figure, high=figure, source_kind=kind)
        for claim, (source, figure, kind) in enumerate(opinions, 1)
    ]
