"""Must-haves in words: failed, doubtful, unknown or met, and why."""

from collections.abc import Sequence

from comparison.evidence import Kind, SourceKind, State, Verdict
from comparison.recommend import Ending, MustStatus, RankedFramework, Recommendation
from comparison.wording import Names, join_quoted, join_shortened, verdict_word

MAX_NAMED_FRAMEWORKS = 4  # with more frameworks, must-haves are summed up by criterion
MAX_SUMMED_MUSTS = 5
THIN_SOURCES = {
    SourceKind.VENDOR: "one vendor",
    SourceKind.DOCUMENTATION: "one documentation",
    SourceKind.METADATA: "one record",
    SourceKind.INDEPENDENT: "one article",
    SourceKind.MEASUREMENT: "one measurement",
}
DENIALS = {Kind.FIT: "advises against it", Kind.RATING: "rates it low"}


def doubt(verdict: Verdict) -> str:
    """Why a must-have is doubtful: what the sources do."""
    if verdict.state is State.DISPUTED:
        return "sources dispute it"
    subject = THIN_SOURCES[verdict.opinions[0].source_kind] if len(verdict.opinions) == 1 else "thin evidence"
    return f"{subject} {DENIALS.get(verdict.kind, 'says no')}"


def must_have_word(status: MustStatus, verdict: Verdict) -> str:
    """The verdict on a must-have in a few words, as the ranking shows it."""
    if verdict.state is State.NOT_APPLICABLE:
        return "not applicable"
    if not verdict.is_known:
        return "not known"
    return f"doubtful, {doubt(verdict)}" if status is MustStatus.DOUBTFUL else verdict_word(verdict).lower()


def must_have_sentences(recommendation: Recommendation, names: Names) -> list[str]:
    """Which frameworks fail must-haves or leave them open, and why; empty without must-haves."""
    slugs = list(dict.fromkeys(slug for ranked in recommendation.ranking for slug in ranked.musts))
    if not slugs or recommendation.ending is Ending.NO_EVIDENCE:
        return []
    if len(recommendation.ranking) <= MAX_NAMED_FRAMEWORKS:
        result = [sentence for ranked in recommendation.ranking for sentence in _of_framework(ranked, names)]
    else:
        result = _by_criterion(recommendation, slugs, names)
    if recommendation.ending is Ending.NONE_LEFT and len(recommendation.ranking) == 1:
        result = result[1:]  # the standfirst says what it fails
    is_met = all(status is MustStatus.MET for ranked in recommendation.ranking for status in ranked.musts.values())
    return ["Every must-have is met."] if is_met else result


def _of_framework(ranked: RankedFramework, names: Names) -> list[str]:
    failed = []
    if ranked.failed_musts:
        failed = [f"{names.frameworks[ranked.framework]} fails {_named(ranked.failed_musts, names)}."]
    return failed + open_must_haves(ranked, names)


def open_must_haves(ranked: RankedFramework, names: Names) -> list[str]:
    """The must-haves of one framework that are doubtful, by the reason for the doubt, or unknown."""
    name, by_doubt = names.frameworks[ranked.framework], dict[str, list[str]]()
    for slug in ranked.doubtful_musts:
        by_doubt.setdefault(doubt(ranked.matrix.verdicts[ranked.framework, slug]), []).append(slug)
    result = [
        f"It is doubtful whether {name} meets {_named(slugs, names)}: {reason}." for reason, slugs in by_doubt.items()
    ]
    if ranked.unknown_musts:
        result.append(f"Nothing says whether {name} meets {_named(ranked.unknown_musts, names)}.")
    return result


def _named(slugs: Sequence[str], names: Names) -> str:
    return f"the must-have{'s' * (len(slugs) > 1)} {join_quoted([names.criteria[slug] for slug in slugs])}"


def _by_criterion(recommendation: Recommendation, slugs: Sequence[str], names: Names) -> list[str]:
    result = []
    for slug in slugs:
        by_status = {
            status: [
                names.frameworks[ranked.framework] for ranked in recommendation.ranking if ranked.musts[slug] is status
            ]
            for status in MustStatus
        }
        failed, doubtful, unknown = (
            by_status[status] for status in (MustStatus.FAILED, MustStatus.DOUBTFUL, MustStatus.UNKNOWN)
        )
        clauses = [f"{join_shortened(failed)} {'fails' if len(failed) == 1 else 'fail'} it"] if failed else []
        clauses += [f"it is doubtful for {join_shortened(doubtful)}"] if doubtful else []
        clauses += [f"it is unknown for {join_shortened(unknown)}"] if unknown else []
        if clauses:
            result.append(f"Must have “{names.criteria[slug]}”: {'; '.join(clauses)}.")
    more = len(result) - MAX_SUMMED_MUSTS
    tail = [f"The ranking shows {more} more must-have{'s' * (more > 1)}."] if more > 0 else []
    return result[:MAX_SUMMED_MUSTS] + tail
