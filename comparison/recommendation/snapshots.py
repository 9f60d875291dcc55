"""Answers kept under an address of their own: stored as data when they are given, and read back from it alone.

Of today's catalogue a kept answer takes only what is still public: the claims it names, and where things are shown.
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
from comparison.models import Claim, Criterion, Framework, Profile, Snapshot
from comparison.recommend import Ending, Must
from comparison.recommendation.answer import Answer, PairReasons, ReasonLink
from comparison.recommendation.ranking import MAX_COLUMNS, SILENT, FirmnessView, Part, Place, Ranking, firmness_view
from comparison.recommendation.sentences import silence
from comparison.sensitivity import Firmness
from comparison.wording import Names

MAX_STORED = 50_000


class NoRoom(Exception):
    """As many answers are kept as may be."""


def keep(answer: Answer, edition: int, address: str, data: dict[str, Any]) -> str:
    """Stores an answer's data once for each edition and address, and returns its key. Raises NoRoom."""
    key = hashlib.sha256(f"{edition} {address}".encode()).hexdigest()[:16]
    if not Snapshot.objects.filter(key=key).exists():
        if Snapshot.objects.count() >= MAX_STORED:
            raise NoRoom
        slug = answer.asked.profile.slug if answer.asked.profile else ""
        stored = {"edition": edition, "profile": slug, "query": address, "answer": data}
        Snapshot.objects.get_or_create(key=key, defaults=stored)
    return key


class SlugsElse(dict[str, str]):
    """Names by slug; what has none is called by its slug."""

    def __missing__(self, slug: str) -> str:
        return slug


@dataclass(frozen=True, slots=True)
class KeptReason:
    criterion: str
    address: str
    note: str
    number: int
    claim: Claim | None  # None once it is no longer published


class StoredAnswer:
    """A stored answer, as its page draws it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.data = snapshot.answer
        self.ending = Ending(self.data["outcome"]["ending"])
        names = self.data.get("names", {})
        self.names = Names(SlugsElse(names.get("frameworks", {})), SlugsElse(names.get("criteria", {})))

    @cached_property
    def places(self) -> list[Place]:
        return [
            Place(
                one["framework"],
                one["score"],
                one["coverage"],
                bool(one["failed_must_haves"]),
                [(slug, _standing(one, slug), said) for slug, said in one.get("must_haves", {}).items()],
                [
                    Part(each["criterion"], each["weight"], each["contribution"], State(each["state"]))
                    for each in one["contributions"]
                ],
            )
            for one in self.data["ranking"]
        ]

    @cached_property
    def ranking(self) -> Ranking:
        leader = self.data["outcome"]["leader"]
        return Ranking(self.places, self.ending, leader, self.names, self.framework_address, self.row_address)

    @cached_property
    def frameworks(self) -> set[str]:
        """Those that are still here."""
        named = [one.framework for one in self.places]
        return set(Framework.objects.filter(slug__in=named).values_list("slug", flat=True))

    @cached_property
    def criteria(self) -> set[str]:
        """All that are still here."""
        return set(Criterion.objects.values_list("slug", flat=True))

    def framework_address(self, slug: str) -> str:
        return reverse("framework", args=[slug]) if slug in self.frameworks else ""

    def row_address(self, slug: str) -> str:
        compared = [one.framework for one in self.places[:MAX_COLUMNS] if one.framework in self.frameworks]
        known = compared and slug in self.criteria
        return reverse("row", args=["-vs-".join(sorted(compared)), slug]) if known else ""

    def reasons(self) -> list[tuple[str, list[KeptReason]]]:
        """By framework what spoke for it. A claim that was taken back is named by its number alone."""
        stored = self.data.get("reasons", [])
        claims = Claim.objects.published().in_bulk([one["claim"] for one in stored])
        found: dict[str, list[KeptReason]] = {}
        for one in stored:
            name, address = self.names.criteria[one["criterion"]], self.row_address(one["criterion"])
            note = self._note(one["criterion"], self.places[:2])
            reason = KeptReason(name, address, note, one["claim"], claims.get(one["claim"]))
            found.setdefault(self.names.frameworks[one["for"]], []).append(reason)
        return list(found.items())

    def others(self) -> list[PairReasons]:
        """In short what spoke for the first over the third and the fourth, and the other way round."""
        found = []
        for one in self.data.get("others", []):
            pair = [place for place in self.places if place.framework in (self.places[0].framework, one["framework"])]
            some = ([self._mention(slug, pair) for slug in one[side]] for side in ("for_first", "for_it"))
            found.append(PairReasons(one["framework"], self.names.frameworks[one["framework"]], *some))
        return found

    def _mention(self, criterion: str, pair: Sequence[Place]) -> ReasonLink:
        return ReasonLink(
            criterion, self.names.criteria[criterion], self.row_address(criterion), self._note(criterion, pair)
        )

    def _note(self, criterion: str, pair: Sequence[Place]) -> str:
        """That one of a pair had no value on a criterion, where that is so."""
        for one in pair:
            for part in one.parts:
                if part.criterion == criterion and part.state in SILENT:
                    return silence(self.names.frameworks[one.framework], part.state is State.NOT_APPLICABLE)
        return ""

    def firmness(self) -> FirmnessView | None:
        stored = self.data["firmness"]
        if stored is None or self.data["outcome"].get("untested"):
            return None
        numbers = [stored[name] for name in ("weightings", "exhaustive", "favour", "too_close", "stays_ahead")]
        return firmness_view(Firmness(*numbers), self.places[0].framework, self.names)

    def silent(self) -> list[tuple[str, list[str]]]:
        return [
            (self.names.criteria[one["criterion"]], [self.names.frameworks[slug] for slug in one["frameworks"]])
            for one in self.data.get("no_evidence", [])
        ]


def _standing(place: dict[str, Any], slug: str) -> Must:
    if slug in place["failed_must_haves"]:
        return Must.FAILED
    return Must.UNKNOWN if slug in place["unknown_must_haves"] else Must.MET


def question_of(snapshot: Snapshot, profile: Profile | None) -> QueryDict:
    """What a kept answer was asked, as an address says it: its weights, whatever became of the profile's since."""
    data = QueryDict(mutable=True)
    since = {one.criterion.slug: 0 for one in profile.weights.all()} if profile else {}
    for slug, weight in (since | snapshot.answer["weights"]).items():
        data[f"w.{slug}"] = str(weight)
    data.setlist("must", snapshot.answer["must_haves"])
    data.setlist("framework", parse_qs(urlsplit(snapshot.query).query).get("framework", []))
    return data


def same_answer(snapshot: Snapshot, now: Answer) -> bool:
    """Whether the same is named today, or nobody for the same reason."""
    then = snapshot.answer["outcome"]
    return (then["ending"], then["leader"]) == (str(now.found.ending), now.found.leader)
