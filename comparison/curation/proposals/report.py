"""How well proposals meet the claims that curators took from an article. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from comparison.curation.proposals.propose import ArticleReader, Proposal
from comparison.models import Claim


@dataclass
class Score:
    """Counts over the claims of one or several read articles."""

    claims: int = 0
    framework: int = 0  # claims whose framework was guessed at their passage
    guessed_frameworks: int = 0
    right_frameworks: int = 0  # guessed frameworks that a claim at the passage speaks of
    first: int = (
        0  # claims whose criterion was the first guess, or the first of their passage’s that no other claim has
    )
    among_five: int = 0
    found: int = 0  # claims that a proposal for the whole article meets
    proposals: int = 0
    met: int = 0  # proposals that meet a claim
    missed: list[Claim] = field(default_factory=list)  # the criterion was not among five

    def __add__(self, other: "Score") -> "Score":
        return Score(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


def score(reader: ArticleReader, claims: Sequence[Claim]) -> Score:
    """`claims` have offsets into the article."""
    result = Score(claims=len(claims))
    by_span: dict[tuple[int, int], list[Claim]] = {}
    for claim in claims:
        by_span.setdefault((claim.start or 0, claim.end or 0), []).append(claim)
    for span, at_passage in by_span.items():
        frameworks, topics = reader.guess(span)
        guessed = {framework.pk for framework in frameworks}
        result.guessed_frameworks += len(guessed)
        result.right_frameworks += len(guessed & {claim.framework_id for claim in at_passage})
        ids = [topic.criterion.pk for topic in topics]
        for claim in at_passage:
            result.framework += claim.framework_id in guessed
            result.among_five += claim.criterion_id in ids[:5]
            if claim.criterion_id not in ids[:5]:
                result.missed.append(claim)
            result.first += claim.criterion_id in ids[:1]
    proposals = reader.proposals()
    result.proposals = len(proposals)
    result.met = sum(any(_meets(proposal, claim) for claim in claims) for proposal in proposals)
    result.found = sum(any(_meets(proposal, claim) for proposal in proposals) for claim in claims)
    return result


def _meets(proposal: Proposal, claim: Claim) -> bool:
    same_cell = (proposal.framework.pk, proposal.criterion.pk) == (claim.framework_id, claim.criterion_id)
    return same_cell and proposal.start < (claim.end or 0) and (claim.start or 0) < proposal.end
