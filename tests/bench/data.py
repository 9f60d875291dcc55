"""What the benchmark fills the database with, beside the shipped catalogue."""

from django.db import connection

from comparison.evidence import SourceKind
from comparison.models import Claim, ClaimState, Edition
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
