"""Every address of the site, and a small catalogue in which each of them leads to something."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLResolver

from comparison.evidence import Kind
from comparison.models import Claim, Profile, Report, Snapshot
from comparison.urls import files, pages
from tests.make import (
    make_category,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_measurement,
    make_part,
    make_source,
)

EVERY_PATTERN = (*pages.urlpatterns, *files.urlpatterns)
HOLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# What fills the holes so that the address exists in the catalogue below; the file formats are those of most routes.
HOLE_VALUES = {
    "names": "alpha-vs-beta",
    "slug": "alpha",
    "criterion": "alpha",
    "pk": "1",
    "id": "1",
    "key": "0a",
    "about": "claim/1",
    "reference": "1000000001",
    "file_format": "json",
}


@dataclass(frozen=True)
class Route:
    pattern: str  # with holes in braces
    name: str  # with its namespace
    view: Callable[..., Any]

    def path(self, values: Mapping[str, str] = HOLE_VALUES) -> str:
        return self.pattern.format(**values)


def routes(patterns: Sequence[Any] = EVERY_PATTERN, prefix: str = "/", namespace: str = "") -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + HOLE.sub(lambda hole: f"{{{hole[1] or hole[2]}}}", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path, f"{pattern.namespace}:")
        else:
            yield Route(path, f"{namespace}{pattern.name}", pattern.callback)


def make_catalogue() -> None:
    """A little of everything; one slug for all things, so that any address names something."""
    alpha, beta, category = make_framework("Alpha"), make_framework("Beta"), make_category("Alpha")
    first, second = make_source("Alpha"), make_source("Beta", kind="vendor")
    disputed = make_criterion(name="Alpha", category=category)
    make_claim(framework=alpha, criterion=disputed, source=first, pk=1, level=2)
    make_claim(framework=alpha, criterion=disputed, source=second, pk=2, level=-2)
    for kind in Kind:
        criterion = make_criterion(kind.value, category=category)
        for framework, source in product((alpha, beta), (first, second)):
            make_claim(framework=framework, criterion=criterion, source=source)
    run = make_part(make_source("Run", kind="measurement"), experiment="alpha")
    make_measurement(part=run, framework=alpha)
    make_check(Claim.objects.get(pk=2), "misleading")
    Profile.objects.create(slug="alpha", name="Alpha", description="d")
    Report.objects.create(reference="1000000001", place_kind="claim", row_id=1, about="claim/1", text="Not so.")
    outcome = {"ending": "nothing weighed", "leader": None, "sentence": "x"}
    answer = {"weights": {"alpha": 1}, "must_haves": [], "ranking": [], "outcome": outcome}
    Snapshot.objects.create(key="0a", edition=0, answer=answer | {"firmness": None})
