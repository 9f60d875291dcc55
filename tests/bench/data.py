"""What the benchmark measures beside the shipped catalogue: claims in the database, and a matrix without one."""

from itertools import product
from random import Random

from django.db import connection

from comparison.evidence import Evidence, Kind, SourceKind
from comparison.models import Claim, ClaimState, Edition
from comparison.recommend import CellKey, CriterionSpec, DecisionMatrix
from tests.make import VALUES, make_criterion, make_framework, make_source

ADJECTIVES = ["quick", "slow", "large", "small", "plain", "rich", "steady", "new", "typed", "tested"]


def crowd(claims: int) -> None:
    """Claims on fifty frameworks by two hundred sources, in words that differ."""
    kinds = list(SourceKind)
    frameworks = [make_framework() for _ in range(50)]
    criteria = [make_criterion("rating") for _ in range(40)]
    sources = [make_source(kind=kinds[number % len(kinds)].value) for number in range(200)]
    rows = (
        Claim(
            framework=frameworks[number % 50],
            criterion=criteria[number // 50 % 40],
            source=sources[number // 2000 % 200],
            statement=f"{ADJECTIVES[number % 10]} and {ADJECTIVES[number // 10 % 10]}, says passage {number}",
            start=number,
            end=number + 5,
            state=ClaimState.PUBLISHED.value,
            **VALUES["rating"] | {"level": number % 5 - 2},
        )
        for number in range(claims)
    )
    Claim.objects.bulk_create(rows, batch_size=5000)
    Edition.objects.publish("crowded")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def spoken_matrix(frameworks: int, criteria: int, articles: int) -> DecisionMatrix:
    """Ratings, drawn from a fixed seed: two documentations on everything, each article on three cells of ten."""
    draw = Random(1)
    names = [f"f-{number}" for number in range(frameworks)]
    slugs = [f"c-{number}" for number in range(criteria)]
    evidence: dict[CellKey, list[Evidence]] = {}
    for cell_key in product(names, slugs):
        sources = [-1, -2, *(article for article in range(1, articles + 1) if draw.random() < 0.3)]
        kinds = [SourceKind.INDEPENDENT if source > 0 else SourceKind.DOCUMENTATION for source in sources]
        evidence[cell_key] = [
            Evidence(claim, source, source, 0, kind, level=draw.randint(-2, 2))
            for claim, (source, kind) in enumerate(zip(sources, kinds, strict=True))
        ]
    return DecisionMatrix(names, [CriterionSpec(slug, Kind.RATING) for slug in slugs], evidence)
