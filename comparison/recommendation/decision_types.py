"""A recommendation as JSON: its typed dictionaries, which the API describes itself from (see files/json_types.py)."""

from typing import Annotated, TypedDict

from comparison.evidence import State
from comparison.files.json_types import Count, EditionNumber, PositiveInt, Slug, Slugs, one_of
from comparison.leads import Basis
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
    must_haves: Annotated[list[str], "Who fails must-haves or leaves them open, and why, in sentences."]


class Contribution(TypedDict):
    """What a criterion adds."""

    criterion: Slug
    weight: Count
    contribution: Annotated[float, "weight × position × strength, divided by the sum of the weights."]
    state: Annotated[str, one_of(State)]
    position: Annotated[float | None, "What the sources say, −1 … +1; null where nothing is known or ranked."]
    strength: Annotated[float, "How much is known, 0 … 1."]


class RankingEntry(TypedDict):
    """A framework's place."""

    framework: Slug
    score: Annotated[float, "The sum of the contributions, −1 … +1."]
    coverage: Annotated[float, "Share of the weight that has evidence, 0 … 1."]
    failed_must_haves: CriterionSlugs
    unknown_must_haves: CriterionSlugs
    doubtful_must_haves: Annotated[list[str], "Slugs of criteria that thin or disputed evidence speaks against."]
    must_haves: Annotated[dict[str, str], "The verdict on each must-have, in words."]
    rests_on: Annotated[dict[str, float], "Shares of the kinds of sources in its score, adding up to 1, or empty."]
    place: Annotated[str, "Why it stands behind the one above it and ahead of the one below, or empty."]
    contributions: list[Contribution]


ReasonFields = TypedDict(
    "ReasonFields",
    {"for": Annotated[str, "Slug of a framework."], "criterion": Slug, "claim": PositiveInt, "about": Slug},
)


class Reason(ReasonFields):
    """What speaks for one of the first two, or against the other; `about` is the framework of the claim."""


class OtherFramework(TypedDict):
    """An alternative to the first, nearest first: the criteria for either, strongest first."""

    framework: Slug
    for_first: Slugs
    for_it: Slugs
    likeness: Annotated[float, "How much alike the two answer what is weighed, 0 … 1."]


class ArticleFirmness(TypedDict):
    """Draws of the articles with replacement, by what they would answer; none for fewer than three articles."""

    articles: Annotated[Count, "How many speak on what is weighed; repeats count as one."]
    draws: Annotated[Count, "How many were tried; 0 for fewer than three articles."]
    exhaustive: Annotated[bool, "All there are, rather than some."]
    favour: Annotated[dict[str, Count], "By framework."]
    too_close: Count
    stays_ahead: Annotated[Count, "Those in which nobody scores higher than the leader."]
    tested: Annotated[bool, "Whether other articles could change the answer: something is known about its rivals."]
    about_first: Annotated[
        Count, "How many of them speak about the first; with none, other articles change its rivals alone."
    ]


class Firmness(TypedDict):
    """Nearby weightings, by what they would answer; and the same for other articles."""

    weightings: Annotated[Count, "How many were tried."]
    exhaustive: Annotated[bool, "All there are, rather than draws."]
    favour: Annotated[dict[str, Count], "By framework."]
    too_close: Count
    stays_ahead: Annotated[Count, "Those in which nobody scores higher than the leader."]
    tested: Annotated[bool, "Whether other weights could change the answer, so that the numbers mean something."]
    word: Annotated[str | None, "firm, fairly firm or narrowly, by the weaker of the two; null where nothing leads."]
    articles: ArticleFirmness


class Lead(TypedDict):
    """What the lead of the first framework over the second is made of, in points of the score."""

    over: Slug
    by_position: Annotated[float, "What the positions make, both at the mean strength."]
    by_strength: Annotated[float, "What makes the difference in what is known."]
    better_known: Annotated[bool, "Whether more than half comes from strength alone."]
    rests_on: Annotated[dict[str, float], "Shares of the kinds of sources, adding up to 1: " + ", ".join(Basis)]


class Related(TypedDict):
    """A criterion related to a weighed one, on which the sources say the opposite; the text is among the cautions."""

    criterion: Slug
    related: Slug
    framework: Slug
    caution: str


WeightFlipFields = TypedDict("WeightFlipFields", {"criterion": Slug, "from": Count, "to": Count, "leader": NewLeader})


class WeightFlip(WeightFlipFields):
    """One weight changed."""


class SourceFlip(TypedDict):
    """One source left out."""

    source: Slug
    leader: NewLeader


class UnknownFlip(TypedDict):
    """Something unknown, found out."""

    framework: Slug
    criterion: Slug
    best: Best
    leader: NewLeader


class TogetherFlip(TypedDict):
    """All that is unknown about a framework, found out, where no part of it alone does as much."""

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
    """A weighed criterion on which there is nothing to rank some frameworks by."""

    criterion: Slug
    frameworks: Annotated[list[str], "Slugs of frameworks on which there is no evidence."]
    reported: Annotated[list[str], "Slugs of frameworks with figures that are only reported, and rank nothing."]
    lone_figure: Annotated[str, "The only framework with a figure, which ranks nothing alone; or empty."]


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
    lead: Lead | None
    flips: Flips
    changes: list[ChangeInWords]
    cautions: Annotated[list[str], "When not to follow the answer."]
    related: list[Related]
    no_evidence: list[NoEvidence]
    names: Names
