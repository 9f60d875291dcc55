"""Recommendations in words. Pure functions over the arithmetic's results; every sentence is whole whatever they are.

Criteria are quoted: some are situations or plurals, such as “You cannot decide” or “Secure cookies”.
"""

from collections.abc import Sequence

from comparison.evidence import Kind, State
from comparison.recommend import CLOSE, MAX_WEIGHT, ROUNDING, Ending, RankedFramework, Reason, Recommendation, ahead
from comparison.sensitivity import Firmness, SourceFlip, TogetherFlip, UnknownFlip, WeightFlip
from comparison.wording import Names, listing, points, quoted, shortened, signed

FIRM = 0.9
FAIRLY_FIRM = 0.7
LEAST = 0.005  # gaps below it are told as less than 0.01
FEW = 4  # frameworks whose must-haves are told one by one
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
        favours = "what is left is" if len(found.ranking) > 1 else "the only one considered is"
    text = f"{whose}{favours}"
    return text if about else text[:1].upper() + text[1:]


def firm_word(share: float) -> str:
    """For the share of nearby weightings, 0 … 1, that clearly favour the one that is named."""
    return "firm" if share >= FIRM else "fairly firm" if share >= FAIRLY_FIRM else "narrowly"


def untested(found: Recommendation, names: Names) -> str:
    """Why other weights could hardly change a clear answer, so that its firmness says nothing; empty where they can."""
    if found.ending is not Ending.CLEAR:
        return ""
    first, *others = found.qualified
    if not first.coverage:
        return "though nothing that you weigh is known of it"
    if not any(one.coverage for one in others):
        return "for want of evidence on any other"
    return f"by {quoted([names.criteria[found.informative[0]]])} alone" if len(found.informative) == 1 else ""


def holds(leader: str, firm: Firmness) -> str:
    return f"{firm_word(firm.share(leader))}: it holds in {firm.holds(leader)} of 100 nearby weightings"


def standfirst(found: Recommendation, firm: Firmness | None, names: Names) -> str:
    """What the headline rests on, in one or two sentences."""
    first, second, *_ = [*found.qualified, None, None]
    match found.ending:
        case Ending.CLEAR if first and second and firm:
            places = decimals(found.ending, [one.score for one in found.qualified])
            against = f"{score(first.score, places)} against {score(second.score, places)}"
            if why := untested(found, names):
                return f"{against}, {why}."
            return f"{against}. {holds(first.framework, firm).capitalize()}."
        case Ending.CLOSE:
            return f"{_tie(found, names)}, and anything within {CLOSE} is a tie."
        case Ending.ONLY_ONE if len(found.ranking) > 1:
            return "It is the only one that no must-have rules out, so there is nothing to compare it with."
        case Ending.ONLY_ONE:
            return "Only one framework is considered, so there is nothing to compare it with."
        case Ending.NONE_LEFT:
            return "Every framework fails at least one must-have. Let go of one, or consider more frameworks."
        case Ending.NO_EVIDENCE:
            considered = [names.frameworks[one.framework] for one in found.ranking]
            who = listing(considered, "or") if len(considered) <= FEW else f"any of {len(considered)} frameworks"
            not_a_no = "That is not a no; weigh something else, or name a source."
            return f"No source speaks of anything that you weigh about {who}. {not_a_no}"
    return "Every criterion is ignored. Give at least one a weight, or begin with a kind of project."


def _tie(found: Recommendation, names: Names) -> str:
    """Those that are level, with their scores, and how far apart they are."""
    tied = found.tied
    places = decimals(found.ending, [one.score for one in found.qualified])
    told = [f"{names.frameworks[one.framework]} {score(one.score, places)}" for one in tied]
    gap = max(tied[0].score - tied[-1].score, 0.0)
    apart = f"{points(gap, places)} apart" if gap > ROUNDING else "equal"
    return f"{', '.join(told) if len(told) == 2 else shortened(told)}: {apart}"


def decimals(ending: Ending, scores: Sequence[float]) -> int:
    """So many places of scores in order that, as printed, they are no closer or farther apart than they are."""
    for places in range(2, 7) if ending in (Ending.CLEAR, Ending.CLOSE) else ():
        first, *others = (round(one, places) for one in scores)
        if ending is Ending.CLEAR:
            fits = round(first - others[0], places) > CLOSE
        else:
            last = sum(not ahead(scores[0], one) for one in scores) - 1
            gap = scores[0] - scores[last]
            fits = gap < LEAST or round(first - others[last - 1], places) == round(gap, places)
        if fits:
            return places
    return 2


def one_sentence(found: Recommendation, firm: Firmness | None, names: Names) -> str:
    """The whole answer in a line, as a card shows it."""
    if found.ending is Ending.CLEAR and firm:
        return f"{headline(found, names)}, {untested(found, names) or holds(found.leader or '', firm)}."
    if found.ending is Ending.ONLY_ONE:
        which = "left" if len(found.ranking) > 1 else "considered"
        return f"{headline(found, names)}: the only one {which}."
    return f"{headline(found, names)}."


def score(value: float, places: int = 2) -> str:
    """A score with a real minus."""
    return signed(value, places).removeprefix("+")


def silence(name: str, not_applicable: bool) -> str:
    """That a framework has no value on a criterion, to be told with the criterion."""
    return f"it does not apply to {name}" if not_applicable else f"nothing is known of {name}"


def reason_note(reason: Reason, names: Names) -> str:
    """What has to be said with a reason: that one of the two has no value. Empty where both have one."""
    return silence(names.frameworks[reason.silent], reason.not_applicable) if reason.silent else ""


def behind(reason: Reason, names: Names) -> str:
    """The caution that goes with a reason for another than the one named."""
    leader, note = names.frameworks[reason.other], reason_note(reason, names)
    if not note:
        how = f"there {leader} is behind"
    elif reason.silent == reason.other:
        how = note if reason.not_applicable else f"there {note}"
    else:
        how = f"there the evidence is against {leader}, and {note}"
    name = f"“{names.criteria[reason.criterion]}”"
    if reason.weight == MAX_WEIGHT:
        return f"{name} matters more to you than all else: {how}."
    return f"You care more about {name} than the weights say: {how}."


def unsettled(standing: RankedFramework, slug: str, names: Names) -> str:
    """The caution about a must-have of which it is open whether a framework meets it."""
    disputed = standing.matrix.verdicts[standing.framework, slug].state is State.DISPUTED
    who, name = names.frameworks[standing.framework], f"“{names.criteria[slug]}”"
    match names.kinds.get(slug):
        case Kind.FEATURE:
            what = f"whether {who} has {name}"
        case Kind.FIT:
            what = f"whether {who} suits {name}"
        case _:
            what = f"how {who} does on {name}"
    return f"You must be sure: {'sources dispute' if disputed else 'nothing says'} {what}."


def weight_change(flip: WeightFlip, names: Names) -> str:
    return f"“{names.criteria[flip.criterion]}” from {WEIGHT_WORDS[flip.before]} to {WEIGHT_WORDS[flip.after]}"


def weight_changes(flips: Sequence[WeightFlip], names: Names, most: int = 4) -> list[tuple[str, str]]:
    """What single weights would do, by the answer they lead to: (answer, changes)."""
    found = []
    for said in dict.fromkeys(outcome(flip, names) for flip in flips):
        some = [flip for flip in flips if outcome(flip, names) == said]
        told = "; ".join(weight_change(flip, names) for flip in some[:most])
        more = f"; and {len(some) - most} more" if len(some) > most else ""
        found.append((said, f"{told}{more}."))
    return found


def outcome(flip: WeightFlip | SourceFlip | UnknownFlip | TogetherFlip, names: Names) -> str:
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
    gap = max(flip.gap, 0.0)
    apart = f"the first two {points(gap)} apart" if gap > ROUNDING else "the first two equal"
    return f"{outcome(flip, names)}{f', {apart}' * (flip.ending is Ending.CLOSE)}."


def unknown_change(flip: UnknownFlip | TogetherFlip, names: Names) -> str:
    slugs = [flip.criterion] if isinstance(flip, UnknownFlip) else flip.criteria
    what = quoted([names.criteria[slug] for slug in slugs])
    unknown = f"Nothing is known of {what} in {names.frameworks[flip.framework]}."
    subject = "that" if len(slugs) == 1 else "all of that"
    end = "as good as can be" if flip.best else "as bad as can be"
    return f"{unknown} If {subject} turns out {end}, {outcome(flip, names)}."


def musts_told(found: Recommendation, names: Names) -> str:
    """How the frameworks stand on the must-haves, in a few sentences; empty without any."""
    asked = list(dict.fromkeys(slug for one in found.ranking for slug in one.musts))
    if not asked:
        return ""
    parts = _by_framework(found, names) if len(found.ranking) <= FEW else _by_must(found, asked, names)
    return " ".join(parts) or "Every framework meets every must-have, as far as is known."


def _by_framework(found: Recommendation, names: Names) -> list[str]:
    parts = []
    for one in found.ranking:
        states = {slug: found.matrix.verdicts[one.framework, slug].state for slug in one.unknown_musts}
        disputed = [names.criteria[slug] for slug, state in states.items() if state is State.DISPUTED]
        unknown = [names.criteria[slug] for slug, state in states.items() if state is not State.DISPUTED]
        where = f"{names.frameworks[one.framework]}, which would be out if it failed there"
        if one.failed:
            parts.append(f"{names.frameworks[one.framework]} fails {quoted([names.criteria[s] for s in one.failed])}.")
        if unknown:
            parts.append(f"Nothing is known of {quoted(unknown)} in {where}.")
        if disputed:
            parts.append(f"Sources dispute {quoted(disputed)} in {where}.")
    return parts


def _by_must(found: Recommendation, asked: Sequence[str], names: Names, most: int = 5) -> list[str]:
    parts = []
    for slug in asked:
        failed = [names.frameworks[one.framework] for one in found.ranking if slug in one.failed]
        unknown = [names.frameworks[one.framework] for one in found.ranking if slug in one.unknown_musts]
        told = [f"{shortened(failed)} {'fails' if len(failed) == 1 else 'fail'} it"] if failed else []
        told += [f"of {shortened(unknown)} it is not settled"] if unknown else []
        if told:
            parts.append(f"“{names.criteria[slug]}”: {'; '.join(told)}.")
    rest = len(parts) - most
    return parts[:most] + ([f"{rest} more must-have{'s' * (rest > 1)} in the ranking."] if rest > 0 else [])
