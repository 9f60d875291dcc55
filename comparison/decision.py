"""A recommendation to take to the team: a decision record with footnotes, and the same as data."""

import json
from typing import Any

from django.http import HttpResponse

from comparison import advice
from comparison.answers import Answer, Told
from comparison.display import Citation
from comparison.export import Document, respond_text
from comparison.models import Edition, Profile


def record(answer: Answer, edition: Edition, where: str) -> Document:
    """Data for programs; the Markdown is made from the same answer by told()."""
    return Document("Decision record", data(answer, edition, where), (), (), {}, told(answer, edition, where))


def respond(found: Document, form: str, profile: Profile | None) -> HttpResponse:
    name = f"decision-{profile.slug if profile else 'own-weights'}"
    text = found.lead if form == "md" else json.dumps(found.data, ensure_ascii=False, indent=1) + "\n"
    return respond_text(text, form, name)


def data(answer: Answer, edition: Edition, where: str) -> dict[str, Any]:
    found, firm = answer.found, answer.firm
    weights = answer.asked.weights
    return {
        "edition": edition.number,
        "address": where,
        "profile": answer.asked.profile.slug if answer.asked.profile else None,
        "weights": dict(sorted(weights.counted.items())),
        "must_haves": sorted(weights.must),
        "ranking": [
            {
                "framework": one.framework,
                "score": round(one.score, 6),
                "coverage": round(one.coverage, 6),
                "failed_must_haves": one.failed,
                "unknown_must_haves": one.unknown_musts,
                "contributions": [
                    {
                        "criterion": each.criterion,
                        "weight": each.weight,
                        "contribution": round(each.contribution, 6),
                        "state": str(each.state),
                    }
                    for each in one.contributions
                ],
            }
            for one in found.ranking
        ],
        "outcome": {"ending": str(found.ending), "leader": found.leader, "sentence": answer.one_sentence},
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
    }


def flips(answer: Answer) -> dict[str, Any]:
    if not answer.changeable:
        return {"weights": [], "sources": [], "unknowns": []}
    return {
        "weights": [
            {"criterion": one.criterion, "from": one.before, "to": one.after, "leader": one.answer}
            for one in answer.change.weight_flips()
        ],
        "sources": [
            {"source": answer.weighed.sources[one.source].slug, "leader": one.answer}
            for one in answer.change.source_flips()
        ],
        "unknowns": [
            {"framework": one.framework, "criterion": one.criterion, "best": one.best, "leader": one.answer}
            for one in answer.change.unknown_flips()
        ],
    }


def told(answer: Answer, edition: Edition, where: str) -> str:
    """The record in Markdown: context, drivers, options, outcome, consequences, footnotes."""
    found, names = answer.found, answer.names
    about = answer.about or "Weights of our own"
    lines = [f"# Which framework: {_plain(about)}", ""]
    lines += [f"Status: proposed. Evidence as of edition {edition.number}. {where}", ""]
    lines += ["## Context", "", _plain(answer.asked.profile.description if answer.asked.profile else about + "."), ""]
    lines += ["## Decision drivers", ""]
    for slug, weight in sorted(answer.asked.weights.counted.items(), key=lambda one: (-one[1], names.get(one[0], ""))):
        must = ", must have" if slug in answer.asked.weights.must else ""
        lines.append(f"- {_plain(names.get(slug, slug))}: {advice.WEIGHT_WORDS[weight]}{must}")
    lines += ["", "## Considered options", "", "| Framework | Score | Evidence for | Must-haves |", "|---|---|---|---|"]
    for row in answer.ranked():
        musts = "; ".join(text for _, _, text in row.musts) or "none asked"
        lines.append(f"| {_plain(row.framework.name)} | {row.score} | {row.coverage} of the weight | {_plain(musts)} |")
    lines += ["", "## Outcome", "", f"**{_plain(advice.headline(found, names))}.** "]
    lines[-1] += _plain(advice.standfirst(found, answer.firm, names))
    lines += ["", *_reasons(answer)]
    lines += ["## Consequences and limits", ""]
    lines += [f"- {_plain(one)}" for one in answer.cautions()]
    lines += [f"- {term}: {_plain(text)}" for term, text, _ in answer.changes()]
    for criterion, missing in answer.silent():
        who = ", ".join(one.name for one in missing)
        lines.append(f"- Nobody speaks of {_plain(criterion.name)} in {_plain(who)}.")
    lines += ["", "## Sources", ""]
    for view in answer.reference_views():
        source = view.reference.source
        by = f"{source.author}, " if source.author else ""
        where_it_is = f", {source.address}" if source.address else ""
        lines.append(f"[^{view.reference.number}]: {_plain(by + source.title)}{where_it_is}")
    return "\n".join(lines).rstrip() + "\n"


def _reasons(answer: Answer) -> list[str]:
    one, other = answer.reasons()
    names = [answer.names[each.framework] for each in answer.rivals if each]
    lines: list[str] = []
    for name, some in zip(names, (one, other), strict=False):
        if some:
            lines += [f"For {_plain(name)}:", "", *(_reason(each) for each in some), ""]
    return lines


def _reason(one: Told) -> str:
    about = f"{_plain(one.about)}: " if one.about else ""
    statement = _plain(one.claim.statement)
    return f"- {_plain(one.criterion.name)} ({one.weight}): {about}{statement} {_marks(one.citations)}"


def _marks(citations: Any) -> str:
    found: list[Citation] = list(citations)
    return " ".join(f"[^{one.number}]" for one in found)


def _plain(text: str) -> str:
    for mark in "\\|<*_`[]!":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
