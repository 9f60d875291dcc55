"""Answers stored under a permanent address, and read back from the stored data alone.

From today's catalogue a stored answer takes only what is still public: the claims it names, and links.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import QueryDict
from django.urls import reverse

from comparison.evidence import State
from comparison.models import Claim, Criterion, Edition, Framework, Profile, Snapshot
from comparison.recommend import Ending, MustStatus
from comparison.recommendation import decision_record
from comparison.recommendation.answer import Answer
from comparison.recommendation.question import PREFIX
from comparison.recommendation.ranking import (
    MAX_COLUMNS,
    MISSING_WORDS,
    FirmnessView,
    FrameworkScore,
    Ranking,
    ScorePart,
    firmness_view,
)
from comparison.recommendation.reasons import PairReasons, ReasonLink
from comparison.recommendation.sentences import missing_note
from comparison.sensitivity import Firmness
from comparison.wording import Names

MAX_STORED = 50_000
SCHEMA = 1  # number of the stored form: raise it when decision_record.data changes in a way that _completed cannot take
READABLE_SCHEMAS = (0, SCHEMA)  # answers stored before schemas were numbered have none, which counts as 0
SCHEMA_0_DEFAULTS: dict[str, Any] = {  # keys that the first stored answers lack
    "names": {},
    "reasons": [],
    "others": [],
    "changes": [],
    "cautions": [],
    "no_evidence": [],
}


class StorageFull(Exception):
    """MAX_STORED answers are stored."""


class UnknownSchema(Exception):
    """The answer was stored by a newer version of the software."""


def store_answer(answer: Answer, edition: Edition, path: str, url: str) -> str:
    """Stores an answer once for each edition and path, and returns its key; `url` is the absolute one.

    Raises StorageFull.
    """
    key = hashlib.sha256(f"{edition.number} {path}".encode()).hexdigest()[:16]
    if not Snapshot.objects.filter(key=key).exists():
        if Snapshot.objects.count() >= MAX_STORED:
            raise StorageFull
        profile = answer.question.profile.slug if answer.question.profile else ""
        data = {"schema": SCHEMA, **decision_record.data(answer, edition, url)}
        defaults = {"edition": edition.number, "profile": profile, "query": path, "answer": data}
        Snapshot.objects.get_or_create(key=key, defaults=defaults)
    return key


def stored_data(snapshot: Snapshot) -> dict[str, Any]:
    """The data of a stored answer as they are published, without the schema number. Raises UnknownSchema."""
    data = dict(snapshot.answer)
    if data.pop("schema", 0) not in READABLE_SCHEMAS:
        raise UnknownSchema
    return data


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    """Published data with every key that SCHEMA has."""
    outcome = {"headline": data["outcome"]["sentence"], "standfirst": "", "untested": "", **data["outcome"]}
    ranking = [{"must_haves": {}, **row} for row in data["ranking"]]
    return {**SCHEMA_0_DEFAULTS, **data, "outcome": outcome, "ranking": ranking}


class NamesOrSlugs(dict[str, str]):
    """Names by slug; a slug without a name stands for itself."""

    def __missing__(self, slug: str) -> str:
        return slug


@dataclass(frozen=True, slots=True)
class StoredReason:
    criterion: str
    url: str
    note: str
    number: int
    claim: Claim | None  # None if it is no longer published


class StoredAnswer:
    """A stored answer as its page shows it. Raises UnknownSchema."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.data = _completed(stored_data(snapshot))
        self.ending = Ending(self.data["outcome"]["ending"])
        names = self.data["names"]
        self.names = Names(NamesOrSlugs(names.get("frameworks", {})), NamesOrSlugs(names.get("criteria", {})))

    @cached_property
    def scores(self) -> list[FrameworkScore]:
        return [
            FrameworkScore(
                row["framework"],
                row["score"],
                row["coverage"],
                bool(row["failed_must_haves"]),
                [(slug, _must_status(row, slug), word) for slug, word in row["must_haves"].items()],
                [
                    ScorePart(part["criterion"], part["weight"], part["contribution"], State(part["state"]))
                    for part in row["contributions"]
                ],
            )
            for row in self.data["ranking"]
        ]

    @property
    def first_name(self) -> str:
        return self.names.frameworks[self.scores[0].framework] if self.scores else ""

    @cached_property
    def ranking(self) -> Ranking:
        leader = self.data["outcome"]["leader"]
        return Ranking(self.scores, self.ending, leader, self.names, self.framework_url, self.row_url)

    @cached_property
    def existing_frameworks(self) -> set[str]:
        slugs = [row.framework for row in self.scores]
        return set(Framework.objects.filter(slug__in=slugs).values_list("slug", flat=True))

    @cached_property
    def existing_criteria(self) -> set[str]:
        return set(Criterion.objects.values_list("slug", flat=True))

    def framework_url(self, slug: str) -> str:
        """Empty if the framework no longer exists."""
        return reverse("framework", args=[slug]) if slug in self.existing_frameworks else ""

    def row_url(self, slug: str) -> str:
        """Empty if the criterion or all of the frameworks no longer exist."""
        columns = [row.framework for row in self.scores[:MAX_COLUMNS]]
        compared = sorted(name for name in columns if name in self.existing_frameworks)
        if not compared or slug not in self.existing_criteria:
            return ""
        return reverse("row", args=["-vs-".join(compared), slug])

    def reasons_by_framework(self) -> list[tuple[str, list[StoredReason]]]:
        """The reasons for each framework, by its name. A claim that was retracted is given by its number alone."""
        rows = self.data["reasons"]
        claims = Claim.objects.published().in_bulk([row["claim"] for row in rows])
        by_framework: dict[str, list[StoredReason]] = {}
        for row in rows:
            link = self._link(row["criterion"], self.scores[:2])
            reason = StoredReason(link.name, link.url, link.note, row["claim"], claims.get(row["claim"]))
            by_framework.setdefault(self.names.frameworks[row["for"]], []).append(reason)
        return list(by_framework.items())

    def pair_reasons(self) -> list[PairReasons]:
        return [
            PairReasons(
                row["framework"],
                self.names.frameworks[row["framework"]],
                self._links(row["for_first"], row["framework"]),
                self._links(row["for_it"], row["framework"]),
            )
            for row in self.data["others"]
        ]

    def _links(self, criteria: Sequence[str], other: str) -> list[ReasonLink]:
        """Links to the criteria that separate the first framework from another one."""
        pair = [row for row in self.scores if row.framework in (self.scores[0].framework, other)]
        return [self._link(slug, pair) for slug in criteria]

    def _link(self, criterion: str, pair: Sequence[FrameworkScore]) -> ReasonLink:
        name = self.names.criteria[criterion]
        return ReasonLink(criterion, name, self.row_url(criterion), self._missing_note(criterion, pair))

    def _missing_note(self, criterion: str, pair: Sequence[FrameworkScore]) -> str:
        """Says which of two frameworks had no value on a criterion; empty if both had one."""
        for row in pair:
            for part in row.parts:
                if part.criterion == criterion and part.state in MISSING_WORDS:
                    return missing_note(self.names.frameworks[row.framework], part.state is State.NOT_APPLICABLE)
        return ""

    def firmness_view(self) -> FirmnessView | None:
        stored = self.data["firmness"]
        if stored is None or self.data["outcome"]["untested"]:
            return None
        firmness = Firmness(
            stored["weightings"], stored["exhaustive"], stored["favour"], stored["too_close"], stored["stays_ahead"]
        )
        return firmness_view(firmness, self.scores[0].framework, self.names)

    def missing_evidence(self) -> list[tuple[str, list[str]]]:
        return [
            (self.names.criteria[row["criterion"]], [self.names.frameworks[slug] for slug in row["frameworks"]])
            for row in self.data["no_evidence"]
        ]


def _must_status(row: dict[str, Any], slug: str) -> MustStatus:
    if slug in row["failed_must_haves"]:
        return MustStatus.FAILED
    return MustStatus.UNKNOWN if slug in row["unknown_must_haves"] else MustStatus.MET


def question_data(snapshot: Snapshot, profile: Profile | None) -> QueryDict:
    """The question of a stored answer as an address asks it: with its own weights, not the profile's current ones."""
    data = QueryDict(mutable=True)
    ignored = {row.criterion.slug: 0 for row in profile.weights.all()} if profile else {}
    for slug, weight in (ignored | snapshot.answer["weights"]).items():
        data[f"{PREFIX}{slug}"] = str(weight)
    data.setlist("must", snapshot.answer["must_haves"])
    data.setlist("framework", parse_qs(urlsplit(snapshot.query).query).get("framework", []))
    return data


def is_same_answer(snapshot: Snapshot, answer: Answer) -> bool:
    """Whether an answer names the same framework as the stored one, or nobody for the same reason."""
    outcome = snapshot.answer["outcome"]
    recommendation = answer.recommendation
    return (outcome["ending"], outcome["leader"]) == (str(recommendation.ending), recommendation.leader)
