"""A recommendation to take to the team: a decision record with footnotes, and the same as data."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from comparison.files.documents import citation
from comparison.models import Edition
from comparison.recommend import Ending, Must
from comparison.recommendation import sentences
from comparison.recommendation.answer import Answer, CitedReason, ReasonLink
from comparison.recommendation.ranking import Place
from comparison.tables.cells import Citation
from comparison.wording import label, shortened


def data(answer: Answer, edition: Edition, url: str) -> dict[str, Any]:
    found, firm = answer.found, answer.firm
    weights = answer.asked.weights
    return {
        "edition": edition.number,
        "address": url,
        "profile": answer.asked.profile.slug if answer.asked.profile else None,
        "weights": dict(sorted(weights.counted.items())),
        "must_haves": sorted(weights.must),
        "outcome": {
            "ending": str(found.ending),
            "leader": found.leader,
            "sentence": answer.one_sentence,
            "headline": sentences.headline(found, answer.names),
            "standfirst": sentences.standfirst(found, firm, answer.names),
            "untested": answer.untested,
        },
        "ranking": [_place(one) for one in answer.places(told=len(found.ranking))],
        "reasons": _reasons(answer),
        "others": _others(answer),
        "firmness": None
        if firm is None
        else {
            "weightings": firm.total,
            "exhaustive": firm.exhaustive,
            "favour": dict(sorted(firm.favour.items())),
            "too_close": firm.close,
            "stays_ahead": firm.ahead,
        },
        "flips": flips(answer),
        "changes": [{"what": term, "then": text} for term, text, _ in answer.changes],
        "cautions": answer.cautions,
        "no_evidence": [
            {"criterion": criterion.slug, "frameworks": [one.slug for one in missing]}
            for criterion, missing in answer.silent()
        ],
        "names": _names(answer),
    }


def _place(one: Place) -> dict[str, Any]:
    return {
        "framework": one.framework,
        "score": round(one.score, 6),
        "coverage": round(one.coverage, 6),
        "failed_must_haves": [slug for slug, must, _ in one.musts if must is Must.FAILED],
        "unknown_must_haves": [slug for slug, must, _ in one.musts if must is Must.UNKNOWN],
        "must_haves": {slug: said for slug, _, said in one.musts},
        "contributions": [
            {
                "criterion": part.criterion,
                "weight": part.weight,
                "contribution": round(part.contribution, 6),
                "state": str(part.state),
            }
            for part in one.parts
        ],
    }


def _reasons(answer: Answer) -> list[dict[str, Any]]:
    """The strongest reasons for each of the first two over the other, with the strongest claim behind each."""
    return [
        {"for": name, "criterion": one.criterion.slug, "claim": one.claim.pk}
        for name, side in zip(answer.order[:2], answer.sides, strict=False)
        for one in side.told
    ]


def _others(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "framework": one.framework,
            "for_first": [each.criterion for each in one.for_first],
            "for_it": [each.criterion for each in one.for_it],
        }
        for one in answer.others()
    ]


def _names(answer: Answer) -> dict[str, Any]:
    """What the slugs of the record stand for."""
    criteria = {*answer.asked.weights.counted, *answer.asked.weights.must} & answer.names.criteria.keys()
    return {
        "frameworks": {one.framework: answer.names.frameworks[one.framework] for one in answer.found.ranking},
        "criteria": {slug: answer.names.criteria[slug] for slug in sorted(criteria)},
    }


def flips(answer: Answer) -> dict[str, Any]:
    if not answer.changeable:
        return {"weights": [], "sources": [], "unknowns": [], "together": []}
    return {
        "weights": [
            {"criterion": one.criterion, "from": one.before, "to": one.after, "leader": one.answer}
            for one in answer.change.weight_flips()
        ],
        "sources": [
            {"source": answer.loaded.sources[one.source].slug, "leader": one.answer}
            for one in answer.change.source_flips()
        ],
        "unknowns": [
            {"framework": one.framework, "criterion": one.criterion, "best": one.best, "leader": one.answer}
            for one in answer.change.unknown_flips()
        ],
        "together": [
            {"framework": one.framework, "criteria": list(one.criteria), "best": one.best, "leader": one.answer}
            for one in answer.change.together_flips()
        ],
    }


def told(answer: Answer, edition: Edition, url: str) -> str:
    """The record in Markdown: context, drivers, options, outcome, consequences, footnotes."""
    about = answer.asked.profile.description if answer.asked.profile else ""
    sections = {
        "Context": [_plain(about or "Weights of our own.")],
        "Decision drivers": _drivers(answer),
        "Considered options": _options(answer),
        "Outcome": _outcome(answer, url),
        "Consequences and limits": _consequences(answer),
        "Sources": _footnotes(answer, url),
    }
    lines = [f"# Which framework: {_plain(answer.about or 'Weights of our own')}", ""]
    lines.append(f"Status: proposed. Evidence as of edition {edition.number}, {edition.at:%Y-%m-%d}. <{url}>")
    for heading, body in sections.items():
        lines += ["", f"## {heading}", "", *(body or ["None."])]
    return "\n".join(lines) + "\n"


def _drivers(answer: Answer) -> list[str]:
    weights, names = answer.asked.weights, answer.names.criteria
    ordered = sorted(weights.counted.items(), key=lambda one: (-one[1], names.get(one[0], "")))
    found = [
        f"- {_plain(names.get(slug, slug))}: {sentences.WEIGHT_WORDS[weight]}{', must have' * (slug in weights.must)}"
        for slug, weight in ordered
    ]
    return found + [
        f"- {_plain(names.get(slug, slug))}: must have" for slug in sorted(weights.must - weights.counted.keys())
    ]


def _options(answer: Answer) -> list[str]:
    found = ["| Framework | Score | Evidence for | Must-haves |", "|---|---|---|---|"]
    for row in answer.ranking.ranked():
        musts = "; ".join(text for _, _, text in row.musts) or "none asked"
        found.append(f"| {_plain(row.name)} | {row.score} | {row.coverage} of the weight | {_plain(musts)} |")
    return found


def _outcome(answer: Answer, url: str) -> list[str]:
    said = _plain(sentences.standfirst(answer.found, answer.firm, answer.names))
    lines = [f"**{_plain(sentences.headline(answer.found, answer.names))}.** {said}"]
    for side in answer.sides:
        if side.told:
            lines += ["", f"{_plain(side.heading)}:", "", *(_reason(each, url) for each in side.told)]
            lines += [f"- And {side.more} more."] if side.more else []
    first = answer.names.frameworks[answer.order[0]] if answer.order else ""
    for one in answer.others():
        lines += ["", f"For {_plain(first)} over {_plain(one.name)}: {_mentioned(one.for_first)}."]
        lines += ["", f"For {_plain(one.name)} over {_plain(first)}: {_mentioned(one.for_it)}."]
    return lines


def _mentioned(some: Sequence[ReasonLink]) -> str:
    names = [f"{one.name} ({one.note})" if one.note else one.name for one in some]
    return _plain(shortened(names) if names else "nothing that is weighed")


def _reason(one: CitedReason, url: str) -> str:
    about = f"{_plain(one.about)}: " if one.about else ""
    link = f"[claim {one.claim.pk}]({urljoin(url, one.claim.get_absolute_url())})"
    statement = f"{_plain(one.claim.statement)} ({link})"
    statement += f" ({_plain(one.note)})" if one.note else ""
    return f"- {_plain(one.criterion.name)} ({one.weight}): {about}{statement}{_marks(one.citations)}"


def _consequences(answer: Answer) -> list[str]:
    changes = [f"{term}: {_plain(text)}{_marks(citations)}" for term, text, citations in answer.changes]
    unknown = [
        f"{_plain(criterion.name)}: nothing on {_plain(', '.join(one.name for one in missing))}, which is not a no."
        for criterion, missing in answer.silent()
    ]
    tie = answer.found.ending is Ending.CLOSE
    lists = {
        "Before you choose:" if tie else "Do not follow this if:": [_plain(one) for one in answer.cautions],
        "What would settle it:" if tie else "What would change it:": changes,
        "What nobody has evidence for:": unknown,
    }
    lines: list[str] = []
    for heading, points in lists.items():
        if points:
            lines += [*([""] if lines else []), heading, "", *(f"- {one}" for one in points)]
    return lines


def _footnotes(answer: Answer, url: str) -> list[str]:
    """The sources that the record cites, each with where it is shown in full."""
    told = [*(one.citations for side in answer.sides for one in side.told), *(one for _, _, one in answer.changes)]
    cited = {one.number for some in told for one in some}
    found = []
    for view in answer.reference_views():
        source, number = view.reference.source, view.reference.number
        if number in cited:
            here = urljoin(url, source.get_absolute_url())
            kind = label(view.reference.kind)
            found.append(f"[^{number}]: {_plain(citation(source))} {kind}, weight {view.reference.weight}. <{here}>")
    return found


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f" [^{one.number}]" for one in citations)


def _plain(text: str) -> str:
    for mark in "\\|<*_`[]!":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
