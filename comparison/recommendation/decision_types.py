"""A recommendation as JSON: its typed dictionaries, which the API describes itself from (see files/json_types.py)."""

from typing import Annotated, TypedDict

from comparison.evidence import State
from comparison.files.json_types import Count, EditionNumber, PositiveInt, Slug, Slugs, one_of
from comparison.recommend import Ending

CriterionSlugs = Annotated[list[str], "Slugs of criteria."]
Best = Annotated[bool, "As good as can be, rather than as bad."]
NewLeader = Annotated[str | None, "Slug of the framework that would be named; null where none would."]


class Outcome(TypedDict):
    """How it ends."""

    ending: Annotated[str, one_of(Ending)]
    leader: Annotated[str | None, "Slug of the framework named."]
    sentence: Annotated[str, "The answer in a line."]
    headline: Annotated[str, "Who is named, or why nobody is."]
    standfirst: Annotated[str, "What the headline rests on."]
    untested: Annotated[str, "Why other weights could hardly change it; empty where they can."]


class Contribution(TypedDict):
    """What a criterion adds."""

    criterion: Slug
    weight: Count
    contribution: float
    state: Annotated[str, one_of(State)]


class RankingEntry(TypedDict):
    """A framework's place."""

    framework: Slug
    score: Annotated[float, "The sum of the contributions, −1 … +1."]
    coverage: Annotated[float, "Share of the weight that has evidence, 0 … 1."]
    failed_must_haves: CriterionSlugs
    unknown_must_haves: CriterionSlugs
    must_haves: Annotated[dict[str, str], "The verdict on each must-have, in words."]
    contributions: list[Contribution]


ReasonFields = TypedDict(
    "ReasonFields", {"for": Annotated[str, "Slug of a framework."], "criterion": Slug, "claim": PositiveInt}
)


class Reason(ReasonFields):
    """What speaks for one of the first two over the other, strongest first."""


class OtherFramework(TypedDict):
    """The first beside the third and the fourth: criteria, strongest first."""

    framework: Slug
    for_first: Slugs
    for_it: Slugs


class Firmness(TypedDict):
    """Nearby weightings, by what they would answer."""

    weightings: Annotated[Count, "How many were tried."]
    exhaustive: Annotated[bool, "All there are, rather than draws."]
    favour: Annotated[dict[str, Count], "By framework."]
    too_close: Count
    stays_ahead: Annotated[Count, "Those in which nobody scores higher than the leader."]


WeightFlipFields = TypedDict("WeightFlipFields", {"criterion": Slug, "from": Count, "to": Count, "leader": NewLeader})


class WeightFlip(WeightFlipFields):
    """One weight changed."""


class SourceFlip(TypedDict):
    """One source left out."""

    source: Slug
    leader: NewLeader


class UnknownFlip(TypedDict):
    """Something nobody knows, found out."""

    framework: Slug
    criterion: Slug
    best: Best
    leader: NewLeader


class TogetherFlip(TypedDict):
    """All that nobody knows of a framework, found out, where no part of it alone does as much."""

    framework: Slug
    criteria: Slugs
    best: Best
    leader: NewLeader


class Flips(TypedDict):
    """Single changes after which the answer is another."""

    weights: list[WeightFlip]
    sources: list[SourceFlip]
    unknowns: list[UnknownFlip]
    together: list[TogetherFlip]


class ChangeInWords(TypedDict):
    """A change in words."""

    what: str
    then: str


class NoEvidence(TypedDict):
    """A weighed criterion on which nobody speaks of some frameworks."""

    criterion: Slug
    frameworks: Slugs


class Names(TypedDict):
    """What the slugs of the answer stand for."""

    frameworks: dict[str, str]
    criteria: dict[str, str]


class Recommendation(TypedDict):
    """A ranking with its contributions, how firm it is, and what would change it."""

    edition: EditionNumber
    address: Annotated[str, "The address that asks the same."]
    profile: Annotated[str | None, "Slug; null for weights of one's own."]
    weights: Annotated[dict[str, Count], "By criterion."]
    must_haves: CriterionSlugs
    outcome: Outcome
    ranking: list[RankingEntry]
    reasons: list[Reason]
    others: list[OtherFramework]
    firmness: Firmness | None
    flips: Flips
    changes: list[ChangeInWords]
    cautions: Annotated[list[str], "When not to follow the answer."]
    no_evidence: list[NoEvidence]
    names: Names
