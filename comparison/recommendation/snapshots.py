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
from comparison.leads import Basis
from comparison.models import Claim, Criterion, Edition, Framework, Profile, Snapshot
from comparison.models.subjects import JOINER
from comparison.recommend import Ending, MustStatus, Weights
from comparison.recommendation import decision_record
from comparison.recommendation.answer import Answer
from comparison.recommendation.firmness import FirmnessView, earlier_firmness_view, firmness_view
from comparison.recommendation.question import weights_data
from comparison.recommendation.ranking import (
    MAX_COLUMNS,
    MISSING_WORDS,
    REPORTED,
    FrameworkScore,
    Ranking,
    ScorePart,
)
from comparison.recommendation.reasons import PairReasons, ReasonLink
from comparison.recommendation.sentences.firmness import AnswerFirmness
from comparison.recommendation.sentences.leads import basis_words
from comparison.recommendation.sentences.missing import MissingEvidence
from comparison.recommendation.sentences.reasons import missing_note
from comparison.sensitivity.weight_draws import Firmness
from comparison.wording import Names

MAX_STORED = 50_000
PRUNED_AT_ONCE = 500
SCHEMA = (
    3  # number of the stored form: raise it when the rules change, or decision_record.data as _completed cannot take
)
EARLIER_SCHEMAS = (0, 1)  # with the earlier form; answers stored before schemas were numbered have none: 0
EARLIER_RULES = (*EARLIER_SCHEMAS, 2)  # 2 has today's form, but each of a maker's sources had a voice of its own
READABLE_SCHEMAS = (*EARLIER_RULES, SCHEMA)
EARLIER_DEFAULTS: dict[str, Any] = {  # keys that answers of the earlier schemas lack
    "names": {},
    "reasons": [],
    "others": [],
    "changes": [],
    "cautions": [],
    "no_evidence": [],
    "lead": None,
    "related": [],
}


class UnknownSchema(Exception):
    """The answer was stored by a newer version of the software."""


def key_for(edition: Edition, path: str) -> str:
    """The key of the answer to a question: one for each edition and path."""
    return hashlib.sha256(f"{edition.token} {path}".encode()).hexdigest()[:16]


def store_answer(answer: Answer, edition: Edition, path: str, url: str) -> str:
    """Stores an answer once, and returns its key; `url` is the absolute one. The least valuable others make room."""
    key = key_for(edition, path)
    if not Snapshot.objects.filter(key=key).exists():
        Snapshot.objects.make_room(MAX_STORED, PRUNED_AT_ONCE)
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


def has_earlier_rules(snapshot: Snapshot) -> bool:
    """Whether the answer was worked out by earlier rules."""
    return snapshot.answer.get("schema", 0) in EARLIER_RULES


def is_earlier(snapshot: Snapshot) -> bool:
    """Whether the answer is stored in the earlier form."""
    return snapshot.answer.get("schema", 0) in EARLIER_SCHEMAS


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    """Published data with every key that SCHEMA has."""
    headline = data["outcome"]["sentence"]
    outcome = {"headline": headline, "standfirst": "", "untested": "", "must_haves": [], **data["outcome"]}
    ranking = [
        {"must_haves": {}, "doubtful_must_haves": [], "rests_on": {}, "place": "", **row} for row in data["ranking"]
    ]
    return {**EARLIER_DEFAULTS, **data, "outcome": outcome, "ranking": ranking}


class NamesOrSlugs(dict[str, str]):
    """Names by slug; a slug without a name stands for itself."""

    def __missing__(self, slug: str) -> str:
        return slug


@dataclass(frozen=True, slots=True)
class StoredReason:
    criterion: str
    url: str
    note: str
    about: str  # the framework the claim is about, if it is not the one that the side is about
    number: int
    claim: Claim | None  # None if it is no longer published


class StoredAnswer:
    """A stored answer as its page shows it. Raises UnknownSchema."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.data = _completed(stored_data(snapshot))
        self.has_earlier_rules, self.is_earlier = has_earlier_rules(snapshot), is_earlier(snapshot)
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
                [_score_part(part) for part in row["contributions"]],
                {Basis(kind): share for kind, share in row["rests_on"].items()},
                row["place"],
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
        return reverse("row", args=[JOINER.join(compared), slug])

    def reasons_by_heading(self) -> list[tuple[str, list[StoredReason]]]:
        """The reasons on each side, by its heading. A claim that was retracted is given by its number alone."""
        rows = self.data["reasons"]
        claims = Claim.objects.published().in_bulk([row["claim"] for row in rows])
        by_heading: dict[str, list[StoredReason]] = {}
        for row in rows:
            subject, heading = self._side(row["for"])
            link, about = self._link(row["criterion"], self.scores[:2]), row.get("about", subject)
            about_name = "" if about == subject else self.names.frameworks[about]
            reason = StoredReason(link.name, link.url, link.note, about_name, row["claim"], claims.get(row["claim"]))
            by_heading.setdefault(heading, []).append(reason)
        return list(by_heading.items())

    def _side(self, favoured: str) -> tuple[str, str]:
        """The framework that the side of a reason is about, and the heading of the side."""
        first = self.scores[0].framework
        if self.is_earlier or self.ending is Ending.CLOSE or favoured == first:
            return favoured, f"For {self.names.frameworks[favoured]}"
        return first, f"Against {self.names.frameworks[first]}"

    def pair_reasons(self) -> list[PairReasons]:
        return [
            PairReasons(
                row["framework"],
                self.names.frameworks[row["framework"]],
                self._links(row["for_first"], row["framework"]),
                self._links(row["for_it"], row["framework"]),
                row.get("likeness"),
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
                if part.criterion == criterion and part.missing:
                    is_applicable = part.state is not State.NOT_APPLICABLE
                    return missing_note(
                        self.names.frameworks[row.framework], not is_applicable, part.missing == REPORTED
                    )
        return ""

    def firmness_view(self) -> FirmnessView | None:
        stored = self.data["firmness"]
        if stored is None:
            return None
        articles = stored.get("articles")
        first = next(row for row in self.scores if not row.failed)
        firmness = AnswerFirmness(
            first.framework,
            Firmness(
                stored["weightings"], stored["exhaustive"], stored["favour"], stored["too_close"], stored["stays_ahead"]
            ),
            _article_firmness(articles) if articles and articles["draws"] else None,
            articles["articles"] if articles else None,
            tests_weights=stored.get("tested", True),
            may_test_articles=articles["tested"] if articles else False,
            untested=self.data["outcome"]["untested"],
            about_first=articles.get("about_first") if articles else None,
            first_name=self.names.frameworks[first.framework],
            basis=basis_words(first.rests_on),
        )
        return (earlier_firmness_view if self.is_earlier else firmness_view)(firmness, self.names)

    @property
    def rests_on(self) -> dict[Basis, float]:
        lead = self.data["lead"]
        return {Basis(kind): share for kind, share in lead["rests_on"].items()} if lead else {}

    def missing_evidence(self) -> list[MissingEvidence]:
        return [
            MissingEvidence(row["criterion"], row["frameworks"], row.get("reported", ()), row.get("lone_figure", ""))
            for row in self.data["no_evidence"]
        ]


def _article_firmness(stored: dict[str, Any]) -> Firmness:
    return Firmness(stored["draws"], stored["exhaustive"], stored["favour"], stored["too_close"], stored["stays_ahead"])


def _score_part(stored: dict[str, Any]) -> ScorePart:
    state = State(stored["state"])
    missing = MISSING_WORDS.get(state, "")
    if "position" not in stored:  # by the earlier rules
        return ScorePart(stored["criterion"], stored["weight"], stored["contribution"], state, missing)
    position = stored["position"]
    missing = missing or ("" if position is not None else REPORTED)
    return ScorePart(
        stored["criterion"],
        stored["weight"],
        stored["contribution"],
        state,
        missing,
        position,
        stored["strength"],
    )


def _must_status(row: dict[str, Any], slug: str) -> MustStatus:
    if slug in row["failed_must_haves"]:
        return MustStatus.FAILED
    if slug in row["doubtful_must_haves"]:
        return MustStatus.DOUBTFUL
    return MustStatus.UNKNOWN if slug in row["unknown_must_haves"] else MustStatus.MET


def question_data(snapshot: Snapshot, profile: Profile | None) -> QueryDict:
    """The question of a stored answer as an address asks it: with its own weights, not the profile's current ones."""
    ignored = {row.criterion.slug: 0 for row in profile.weights.all()} if profile else {}
    data = weights_data(Weights(ignored | snapshot.answer["weights"], frozenset(snapshot.answer["must_haves"])))
    data.setlist("framework", parse_qs(urlsplit(snapshot.query).query).get("framework", []))
    return data


def is_same_answer(snapshot: Snapshot, answer: Answer) -> bool:
    """Whether an answer names the same framework as the stored one, or nobody for the same reason."""
    outcome = snapshot.answer["outcome"]
    recommendation = answer.recommendation
    return (outcome["ending"], outcome["leader"]) == (str(recommendation.ending), recommendation.leader)
