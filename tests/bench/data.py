"""What the benchmark measures beside the shipped catalogue: claims in the database, and a matrix without one."""

from itertools import cycle, islice, product
from random import Random

from django.db import connection

from comparison.evidence import Evidence, Kind, SourceKind
from comparison.models import Claim, ClaimState, Edition, Source
from comparison.recommend import CellKey, CriterionSpec, DecisionMatrix
from tests.make import VALUES, make_criterion, make_framework, make_source, rebuild_verdicts

ADJECTIVES = ["quick", "slow", "large", "small", "plain", "rich", "steady", "new", "typed", "tested"]
CLAIMS_OF_SOURCE = 500  # more than twice as many as any shipped article makes


class Crowd:
    """Claims on fifty frameworks, in words that differ; it grows from size to size, and its sources with it."""

    def __init__(self) -> None:
        self.frameworks = [make_framework() for _ in range(50)]
        self.criteria = [make_criterion("rating") for _ in range(40)]
        self.sources: list[Source] = []
        self.size = 0

    def grow(self, size: int) -> None:
        for kind in islice(cycle(SourceKind), len(self.sources), -(-size // CLAIMS_OF_SOURCE)):
            self.sources.append(make_source(kind=kind.value))
        Claim.objects.bulk_create(map(self._claim, range(self.size, size)), batch_size=5000)
        self.size = size
        Edition.objects.publish(f"crowded by {size}")
        rebuild_verdicts()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _claim(self, number: int) -> Claim:
        return Claim(
            framework=self.frameworks[number % 50],
            criterion=self.criteria[number // 50 % 40],
            source=self.sources[number // CLAIMS_OF_SOURCE],
            statement=f"{ADJECTIVES[number % 10]} and {ADJECTIVES[number // 10 % 10]}, says passage {number}",
            start=number,
            end=number + 5,
            state=ClaimState.PUBLISHED.value,
            **VALUES["rating"] | {"level": number % 5 - 2},
        )


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
