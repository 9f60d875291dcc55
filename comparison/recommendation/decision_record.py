"""A recommendation to take to the team: a decision record with footnotes in Markdown, and the same as data."""

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from comparison.files.documents import citation, footnote_mark
from comparison.files.documents import escape_markdown as escaped
from comparison.models import Edition
from comparison.recommend import Ending, MustStatus
from comparison.recommendation import decision_types
from comparison.recommendation.answer import Answer
from comparison.recommendation.changes import may_change
from comparison.recommendation.firmness import Bar, basis_bar
from comparison.recommendation.ranking import FrameworkScore
from comparison.recommendation.reasons import CitedReason, ReasonLink, ranked_slugs
from comparison.recommendation.sentences.firmness import AnswerFirmness
from comparison.recommendation.sentences.leads import Lead
from comparison.recommendation.sentences.missing import missing_words
from comparison.recommendation.sentences.reasons import WEIGHT_WORDS
from comparison.sensitivity.weight_draws import Firmness
from comparison.tables.citations import Citation
from comparison.tables.table import Reference
from comparison.wording import join_shortened, label

Marks = Mapping[int, str]

CHOSEN_BECAUSE = {
    Ending.CLEAR: "it scores highest for these drivers",
    Ending.ONLY_ONE: "no other is left",
}
UNTRIED = Firmness(0, False, {}, 0, 0)


def data(answer: Answer, edition: Edition, url: str) -> decision_types.Recommendation:
    """The record as it is published and stored; see snapshots.SCHEMA before changing a key."""
    profile, weights = answer.question.profile, answer.question.weights
    return {
        "edition": edition.number,
        "address": url,
        "profile": profile.slug if profile else None,
        "weights": dict(sorted(weights.counted.items())),
        "must_haves": sorted(weights.must),
        "outcome": _outcome_data(answer),
        "ranking": [_score_data(row) for row in answer.scores(with_parts=len(answer.recommendation.ranking))],
        "reasons": _reasons_data(answer),
        "others": [
            {
                "framework": pair.framework,
                "for_first": [link.criterion for link in pair.for_first],
                "for_it": [link.criterion for link in pair.for_other],
                "likeness": round(pair.likeness or 0.0, 6),
            }
            for pair in answer.pair_reasons
        ],
        "firmness": _firmness_data(answer.firmness, answer.recommendation.ending) if answer.firmness else None,
        "lead": _lead_data(answer.lead) if answer.lead else None,
        "flips": _flips_data(answer),
        "changes": [{"what": change.term, "then": change.text} for change in answer.changes],
        "cautions": answer.cautions,
        "related": [
            {"criterion": row.criterion, "related": row.related, "framework": row.framework, "caution": row.text}
            for row in answer.contradictions
        ],
        "no_evidence": _missing_data(answer),
        "names": _names_data(answer),
    }


def _outcome_data(answer: Answer) -> decision_types.Outcome:
    return {
        "ending": str(answer.recommendation.ending),
        "leader": answer.recommendation.leader,
        "sentence": answer.one_sentence,
        "headline": answer.headline,
        "standfirst": answer.standfirst,
        "untested": answer.untested_reason,
        "must_haves": answer.must_haves,
    }


def _missing_data(answer: Answer) -> list[decision_types.NoEvidence]:
    return [
        {
            "criterion": missing.criterion,
            "frameworks": list(missing.unknown),
            "reported": list(missing.reported),
            "lone_figure": missing.lone_figure,
        }
        for missing in answer.missing_evidence()
    ]


def _score_data(row: FrameworkScore) -> decision_types.RankingEntry:
    return {
        "framework": row.framework,
        "score": round(row.score, 6),
        "coverage": round(row.coverage, 6),
        "failed_must_haves": [slug for slug, status, _ in row.musts if status is MustStatus.FAILED],
        "unknown_must_haves": [slug for slug, status, _ in row.musts if status is MustStatus.UNKNOWN],
        "doubtful_must_haves": [slug for slug, status, _ in row.musts if status is MustStatus.DOUBTFUL],
        "must_haves": {slug: word for slug, _, word in row.musts},
        "rests_on": {str(kind): round(share, 6) for kind, share in row.rests_on.items()},
        "place": row.place,
        "contributions": [
            {
                "criterion": part.criterion,
                "weight": part.weight,
                "contribution": round(part.contribution, 6),
                "state": str(part.state),
                "position": None if part.position is None else round(part.position, 6),
                "strength": round(part.strength, 6),
            }
            for part in row.parts
        ],
    }


def _reasons_data(answer: Answer) -> list[decision_types.Reason]:
    """The strongest reasons for each of the first two over the other, with the strongest claim behind each."""
    slugs = ranked_slugs(answer.recommendation)[:2]
    return [
        {
            "for": slug,
            "criterion": reason.criterion.slug,
            "claim": reason.claim.pk,
            "about": reason.claim.framework.slug,
        }
        for slug, side in zip(slugs, answer.sides, strict=False)
        for reason in side.reasons
    ]


def _firmness_data(firmness: AnswerFirmness, ending: Ending) -> decision_types.Firmness:
    weights, word = firmness.weights, firmness.word if ending is Ending.CLEAR else None
    return {
        "weightings": weights.total,
        "exhaustive": weights.is_exhaustive,
        "favour": dict(sorted(weights.favour.items())),
        "too_close": weights.too_close,
        "stays_ahead": weights.stays_ahead,
        "tested": firmness.tests_weights,
        "word": str(word) if word else None,
        "articles": _article_data(firmness),
    }


def _article_data(firmness: AnswerFirmness) -> decision_types.ArticleFirmness:
    draws = firmness.articles or UNTRIED
    return {
        "articles": firmness.article_count or 0,
        "draws": draws.total,
        "exhaustive": draws.is_exhaustive,
        "favour": dict(sorted(draws.favour.items())),
        "too_close": draws.too_close,
        "stays_ahead": draws.stays_ahead,
        "tested": firmness.may_test_articles,
        "about_first": firmness.about_first or 0,
    }


def _lead_data(lead: Lead) -> decision_types.Lead:
    return {
        "over": lead.second,
        "by_position": round(lead.parts.by_position, 6),
        "by_strength": round(lead.parts.by_strength, 6),
        "better_known": lead.is_better_known,
        "rests_on": {str(kind): round(share, 6) for kind, share in lead.rests_on.items()},
    }


def _flips_data(answer: Answer) -> decision_types.Flips:
    if not may_change(answer.recommendation):
        return {"weights": [], "sources": [], "unknowns": [], "together": []}
    sensitivity = answer.sensitivity
    return {
        "weights": [
            {"criterion": flip.criterion, "from": flip.before, "to": flip.after, "leader": flip.answer}
            for flip in sensitivity.weight_flips
        ],
        "sources": [
            {"source": answer.loaded.sources[flip.source].slug, "leader": flip.answer}
            for flip in sensitivity.source_flips
        ],
        "unknowns": [
            {"framework": flip.framework, "criterion": flip.criterion, "best": flip.is_best, "leader": flip.answer}
            for flip in sensitivity.unknown_flips
        ],
        "together": [
            {"framework": flip.framework, "criteria": list(flip.criteria), "best": flip.is_best, "leader": flip.answer}
            for flip in sensitivity.together_flips
        ],
    }


def _names_data(answer: Answer) -> decision_types.Names:
    """The names of the slugs in the record."""
    weights, names = answer.question.weights, answer.names
    related = [row.related for row in answer.contradictions]
    criteria = {*weights.counted, *related} & names.criteria.keys()
    return {
        "frameworks": {row.framework: names.frameworks[row.framework] for row in answer.recommendation.ranking},
        "criteria": {slug: names.criteria[slug] for slug in sorted(criteria)},
    }


def markdown(answer: Answer, edition: Edition, url: str) -> str:
    """The record as MADR 4 (Markdown Architectural Decision Records) has it, with footnotes."""
    marks = _marks(answer)
    lines = ["---", "status: proposed", f"date: {edition.at:%Y-%m-%d}", "---", ""]
    lines.append(f"# Which framework: {escaped(answer.about or 'Weights of our own')}")
    for heading, body in _sections(answer, edition, url, marks).items():
        lines += ["", heading, *(["", *body] if body else [])]
    return "\n".join(lines) + "\n"


def _sections(answer: Answer, edition: Edition, url: str, marks: Marks) -> dict[str, list[str]]:
    """The lines below each heading; those of a heading with subheadings may be none."""
    profile, none = answer.question.profile, ["None."]
    context = escaped((profile.description if profile else "") or "Weights of our own.")
    return {
        "## Context and Problem Statement": [
            context,
            "",
            f"Evidence as of edition {edition.number}, {edition.at:%Y-%m-%d}. <{url}>",
        ],
        "## Decision Drivers": _drivers(answer) or none,
        "## Considered Options": [f"- {escaped(row.name)}" for row in answer.ranking.rows()] or none,
        "## Decision Outcome": _outcome(answer),
        "### Consequences": _consequences(answer) or none,
        "### Confirmation": _confirmation(answer, marks) or none,
        "## Pros and Cons of the Options": _scores(answer),
        **_pros_and_cons(answer, url, marks),
        "## More Information": [*_missing(answer), *(_footnotes(answer, url, marks) or ["No source is cited."])],
    }


def _marks(answer: Answer) -> Marks:
    """The mark of each source's footnote, by its number in the answer."""
    references = (view.reference for view in answer.reference_views())
    return {reference.number: footnote_mark(reference.source) for reference in references}


def _drivers(answer: Answer) -> list[str]:
    weights, names = answer.question.weights, answer.names.criteria
    counted = sorted(weights.counted.items(), key=lambda pair: (-pair[1], names.get(pair[0], "")))
    return [
        f"- {escaped(names.get(slug, slug))}: {WEIGHT_WORDS[weight]}{', must have' * (slug in weights.must)}"
        for slug, weight in counted
    ]


def _outcome(answer: Answer) -> list[str]:
    """MADR's sentence about the chosen option, where one is named; then the answer's own."""
    reasons = escaped(" ".join([answer.standfirst, *answer.must_haves]))
    why = CHOSEN_BECAUSE.get(answer.recommendation.ending)
    name = f'"{escaped(answer.first_name)}", because {why}' if why else "none, because the evidence does not decide it"
    lines = [f"Chosen option: {name}.", "", f"**{escaped(answer.headline)}.** {reasons}"]
    if answer.lead and (bar := basis_bar(answer.lead.rests_on)):
        lines += ["", f"{bar.heading}: {_shares(bar)}."]
    return lines


def _scores(answer: Answer) -> list[str]:
    rows = answer.ranking.rows()
    lines = ["| Framework | Score | Evidence for | Must-haves |", "|---|---|---|---|"]
    for row in rows:
        musts = "; ".join(must.text for must in row.musts) or "none asked"
        lines.append(f"| {escaped(row.name)} | {row.score} | {row.coverage} of the weight | {escaped(musts)} |")
    places = [f"{row.name}: {' '.join(filter(None, [row.place, row.rests_on]))}" for row in rows if row.place]
    return [*lines, "", *(f"- {escaped(place)}" for place in places)] if places else lines


def _pros_and_cons(answer: Answer, url: str, marks: Marks) -> dict[str, list[str]]:
    """The reasons for each of the first two, and what each other one gains and gives up beside the first."""
    sections: dict[str, list[str]] = {}
    for side in answer.sides:
        if side.reasons:
            more = [f"- And {side.more} more."] if side.more else []
            reasons = [_reason(reason, url, marks) for reason in side.reasons]
            sections[f"### {escaped(side.heading)}"] = [*reasons, *more]
    first = escaped(answer.first_name)
    for pair in answer.pair_reasons:
        sections[f"### {escaped(pair.name)} in place of {first}, {pair.alike}"] = [
            f"- Good, because it gains: {_criteria(pair.for_other)}.",
            f"- Bad, because it gives up: {_criteria(pair.for_first)}.",
        ]
    return sections


def _shares(bar: Bar) -> str:
    return ", ".join(f"{share.percent}% {share.words}" for share in bar.shares)


def _confirmation(answer: Answer, marks: Marks) -> list[str]:
    """How firm the answer is, and what would change it."""
    view = answer.firmness_view()
    texts: list[str] = []
    if view:
        texts = [f"{bar.heading}: {_shares(bar).replace('% ', ' of 100 ')}. {bar.note}" for bar in view.bars]
        texts += view.notes
    lines = [line for text in texts for line in ("", escaped(text))]
    changes = [
        f"- {change.term}: {escaped(change.text)}{_footnote_marks(change.citations, marks)}"
        for change in answer.changes
    ]
    if changes:
        heading = "What would settle it:" if answer.recommendation.ending is Ending.CLOSE else "What would change it:"
        lines += ["", heading, "", *changes]
    return lines[1:]


def _criteria(links: Sequence[ReasonLink]) -> str:
    names = [f"{link.name} ({link.note})" if link.note else link.name for link in links]
    return escaped(join_shortened(names) if names else "nothing you weigh")


def _reason(reason: CitedReason, url: str, marks: Marks) -> str:
    about = f"{escaped(reason.about)}: " if reason.about else ""
    link = f"[claim {reason.claim.pk}]({urljoin(url, reason.claim.get_absolute_url())})"
    statement = f"{escaped(reason.claim.statement)} ({link})"
    statement += f" ({escaped(reason.note)})" if reason.note else ""
    cited = _footnote_marks(reason.citations, marks)
    return f"- {escaped(reason.criterion.name)} ({reason.weight}): {about}{statement}{cited}"


def _consequences(answer: Answer) -> list[str]:
    if not answer.cautions:
        return []
    is_tie = answer.recommendation.ending is Ending.CLOSE
    heading = "Think again if:" if is_tie else "Do not follow this if:"
    return [heading, "", *(f"- {escaped(text)}" for text in answer.cautions)]


def _missing(answer: Answer) -> list[str]:
    points = [
        escaped(f"{answer.names.criteria[missing.criterion]}: {missing_words(missing, answer.names)}.")
        for missing in answer.missing_evidence()
    ]
    return ["What is not known:", "", *(f"- {point}" for point in points), ""] if points else []


def _footnotes(answer: Answer, url: str, marks: Marks) -> list[str]:
    """The sources that the record cites, each with a link to its page."""
    citations = [citation for side in answer.sides for reason in side.reasons for citation in reason.citations]
    citations += [citation for change in answer.changes for citation in change.citations]
    cited = {citation.number for citation in citations}
    references = [view.reference for view in answer.reference_views() if view.reference.number in cited]
    return [
        f"[^{marks[reference.number]}]: {escaped(citation(reference.source))} {label(reference.kind)}, "
        f"{_weight(reference)}. <{urljoin(url, reference.source.get_absolute_url())}>"
        for reference in references
    ]


def _weight(reference: Reference) -> str:
    if reference.weight == reference.opinion_weight:
        return f"weight {reference.weight}"
    return f"weight {reference.weight}, {reference.opinion_weight} on ratings and advice"


def _footnote_marks(citations: Sequence[Citation], marks: Marks) -> str:
    return "".join(f" [^{marks[citation.number]}]" for citation in citations)
