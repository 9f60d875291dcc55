"""Must-haves in words: failed, doubtful, unknown or met, and why."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop, ngettext

from comparison.evidence import Kind, SourceKind, State, Verdict
from comparison.recommend import Ending, MustStatus, RankedFramework, Recommendation
from comparison.vocabulary import gettext as _
from comparison.wording import Names, join_quoted, join_shortened, label_within, verdict_word, within_sentence

MAX_NAMED_FRAMEWORKS = 4  # with more frameworks, must-haves are summed up by criterion
MAX_SUMMED_MUSTS = 5
THIN_SOURCES = {
    SourceKind.VENDOR: gettext_noop("one vendor"),
    SourceKind.DOCUMENTATION: gettext_noop("one documentation"),
    SourceKind.METADATA: gettext_noop("one record"),
    SourceKind.INDEPENDENT: gettext_noop("one article"),
    SourceKind.MEASUREMENT: gettext_noop("one measurement"),
}
DENIALS = {
    Kind.FIT: gettext_noop("{source} advises against it"),
    Kind.RATING: gettext_noop("{source} rates it low"),
}
SAYS_NO = gettext_noop("{source} says no")


def doubt(verdict: Verdict) -> str:
    """Why a must-have is doubtful: what the sources do."""
    if verdict.state is State.DISPUTED:
        return _("sources dispute it")
    is_one = len(verdict.opinions) == 1
    subject = _(THIN_SOURCES[verdict.opinions[0].source_kind]) if is_one else _("thin evidence")
    return _(DENIALS.get(verdict.kind, SAYS_NO)).format(source=subject)


def must_have_word(status: MustStatus, verdict: Verdict) -> str:
    """The verdict on a must-have in a few words, as the ranking shows it."""
    if verdict.state is State.NOT_APPLICABLE:
        return label_within(State.NOT_APPLICABLE)
    if not verdict.is_known:
        return _("not known")
    if status is MustStatus.DOUBTFUL:
        return _("doubtful, {reason}").format(reason=doubt(verdict))
    return within_sentence(verdict_word(verdict))


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
    return [_("Every must-have is met.")] if is_met else result


def _of_framework(ranked: RankedFramework, names: Names) -> list[str]:
    failed = []
    if ranked.failed_musts:
        text = ngettext(
            "{name} fails the must-have {musts}.", "{name} fails the must-haves {musts}.", len(ranked.failed_musts)
        )
        failed = [text.format(name=names.frameworks[ranked.framework], musts=_quoted(ranked.failed_musts, names))]
    return failed + open_must_haves(ranked, names)


def open_must_haves(ranked: RankedFramework, names: Names) -> list[str]:
    """The must-haves of one framework that are doubtful, by the reason for the doubt, or unknown."""
    name, by_doubt = names.frameworks[ranked.framework], dict[str, list[str]]()
    for slug in ranked.doubtful_musts:
        by_doubt.setdefault(doubt(ranked.matrix.verdicts[ranked.framework, slug]), []).append(slug)
    result = []
    for reason, slugs in by_doubt.items():
        text = ngettext(
            "It is doubtful whether {name} meets the must-have {musts}: {reason}.",
            "It is doubtful whether {name} meets the must-haves {musts}: {reason}.",
            len(slugs),
        )
        result.append(text.format(name=name, musts=_quoted(slugs, names), reason=reason))
    if ranked.unknown_musts:
        text = ngettext(
            "Nothing says whether {name} meets the must-have {musts}.",
            "Nothing says whether {name} meets the must-haves {musts}.",
            len(ranked.unknown_musts),
        )
        result.append(text.format(name=name, musts=_quoted(ranked.unknown_musts, names)))
    return result


def _quoted(slugs: Sequence[str], names: Names) -> str:
    return join_quoted([names.criteria[slug] for slug in slugs])


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
        clauses = [
            (ngettext("{names} fails it", "{names} fail it", len(failed)), failed),
            (_("it is doubtful for {names}"), doubtful),
            (_("it is unknown for {names}"), unknown),
        ]
        said = [text.format(names=join_shortened(members)) for text, members in clauses if members]
        if said:
            text = _("Must have “{criterion}”: {clauses}.")
            result.append(text.format(criterion=names.criteria[slug], clauses="; ".join(said)))
    more = len(result) - MAX_SUMMED_MUSTS
    if more <= 0:
        return result
    tail = ngettext("The ranking shows {count} more must-have.", "The ranking shows {count} more must-haves.", more)
    return [*result[:MAX_SUMMED_MUSTS], tail.format(count=more)]
