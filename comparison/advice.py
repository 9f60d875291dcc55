"""Recommendations in words. Pure functions over the arithmetic's results; every sentence is whole whatever they are."""

from collections.abc import Sequence

from comparison.firmness import Firmness, SourceFlip, UnknownFlip, WeightFlip
from comparison.recommend import Ending, Recommendation
from comparison.wording import Names, listing, number, signed

FIRM = 0.9
FAIRLY_FIRM = 0.7
WEIGHT_WORDS = ("ignored", "nice to have", "important", "essential")


def headline(found: Recommendation, names: Names) -> str:
    match found.ending:
        case Ending.CLEAR | Ending.ONLY_ONE:
            return names.frameworks[found.leader or ""]
        case Ending.CLOSE:
            return "Too close to call"
        case Ending.NONE_LEFT:
            return "None of them"
        case Ending.NO_EVIDENCE:
            return "Nobody knows"
    return "Nothing weighs yet"


def eyebrow(found: Recommendation, about: str) -> str:
    """The line above the headline; `about` is the profile's name, or empty for weights of one's own."""
    whose = f"{about}: " if about else ""
    favours = "the evidence favours" if found.ending is Ending.CLEAR else "the evidence says"
    if found.ending is Ending.ONLY_ONE:
        favours = "what is left is"
    text = f"{whose}{favours}"
    return text if about else text[:1].upper() + text[1:]


def firm_word(share: float) -> str:
    """For the share of nearby weightings, 0 … 1, that clearly favour the one that is named."""
    return "firm" if share >= FIRM else "fairly firm" if share >= FAIRLY_FIRM else "narrowly"


def standfirst(found: Recommendation, firm: Firmness | None, names: Names) -> str:
    """What the headline rests on, in one or two sentences."""
    first, second, *_ = [*found.qualified, None, None]
    match found.ending:
        case Ending.CLEAR if first and second and firm:
            word = firm_word(firm.share(first.framework)).capitalize()
            holds = f"it holds in {firm.holds(first.framework)} of 100 nearby weightings"
            return f"{score(first.score)} against {score(second.score)}. {word}: {holds}."
        case Ending.CLOSE if first and second:
            apart = [f"{names.frameworks[one.framework]} {score(one.score)}" for one in (first, second)]
            return f"{', '.join(apart)}: {number(max(found.gap, 0.0))} apart, and anything within 0.05 is a tie."
        case Ending.ONLY_ONE if len(found.ranking) > 1:
            return "It is the only one that no must-have rules out, so there is nothing to compare it with."
        case Ending.ONLY_ONE:
            return "Only one framework is considered, so there is nothing to compare it with."
        case Ending.NONE_LEFT:
            return "Every framework fails at least one must-have. Let go of one, or consider more frameworks."
        case Ending.NO_EVIDENCE:
            return (
                "No source speaks of anything that you weigh. That is not a no; weigh something else, or name a source."
            )
    return "Every criterion is ignored. Give at least one a weight, or begin with a kind of project."


def one_sentence(found: Recommendation, firm: Firmness | None, names: Names) -> str:
    """The whole answer in a line, as a card shows it."""
    leader = found.leader or ""
    if found.ending is Ending.CLEAR and firm:
        word, share = firm_word(firm.share(leader)), firm.holds(leader)
        return f"{names.frameworks[leader]}, {word}: it holds in {share} of 100 nearby weightings."
    if found.ending is Ending.ONLY_ONE:
        which = "left" if len(found.ranking) > 1 else "considered"
        return f"{names.frameworks[leader]}: the only one {which}."
    return f"{headline(found, names)}."


def score(value: float) -> str:
    """A score with two places and a real minus."""
    return signed(value).removeprefix("+")


def weight_change(flip: WeightFlip, names: Names) -> str:
    return f"{names.criteria[flip.criterion]} from {WEIGHT_WORDS[flip.before]} to {WEIGHT_WORDS[flip.after]}"


def weight_changes(flips: Sequence[WeightFlip], names: Names, most: int = 4) -> list[tuple[str, str]]:
    """What single weights would do, by the answer they lead to: (answer, changes)."""
    found = []
    for said in dict.fromkeys(outcome(flip, names) for flip in flips):
        some = [flip for flip in flips if outcome(flip, names) == said]
        told = "; ".join(weight_change(flip, names) for flip in some[:most])
        more = f"; and {len(some) - most} more" if len(some) > most else ""
        found.append((said, f"{told}{more}."))
    return found


def outcome(flip: WeightFlip | SourceFlip | UnknownFlip, names: Names) -> str:
    """The answer a change leads to, to be followed by nothing or a full stop."""
    match flip.ending:
        case Ending.CLEAR:
            return f"{names.frameworks[flip.answer or '']} would lead"
        case Ending.ONLY_ONE:
            return f"{names.frameworks[flip.answer or '']} would be the only one left"
        case Ending.NONE_LEFT:
            return "every framework would be ruled out"
        case Ending.NO_EVIDENCE:
            return "nobody would know"
        case Ending.NOTHING_WEIGHED:
            return "nothing would weigh"
    return "it would be too close to call"


def source_change(flip: SourceFlip, names: Names) -> str:
    """What goes on after "Without <source> "."""
    apart = f", the first two {number(flip.gap)} apart" if flip.ending is Ending.CLOSE else ""
    return f"{outcome(flip, names)}{apart}."


def unknown_change(flip: UnknownFlip, names: Names) -> str:
    end = "as good as can be" if flip.best else "as bad as can be"
    unknown = f"{names.criteria[flip.criterion]} in {names.frameworks[flip.framework]} is not settled."
    return f"{unknown} Found to be {end}, {outcome(flip, names)}."


def musts_told(found: Recommendation, names: Names) -> str:
    """How the frameworks stand on the must-haves, in one or two sentences; empty without any."""
    asked = {slug for one in found.ranking for slug in one.musts}
    if not asked:
        return ""
    parts = []
    for one in found.ranking:
        name = names.frameworks[one.framework]
        if one.failed:
            parts.append(f"{name} fails {listing([names.criteria[slug] for slug in one.failed])}.")
        if one.unknown_musts:
            missing = listing([names.criteria[slug] for slug in one.unknown_musts])
            parts.append(f"Of {name} it is not settled whether it has {missing}; if it had not, it would be out.")
    return " ".join(parts) or "Every framework meets every must-have, as far as is known."
