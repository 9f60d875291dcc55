"""Reasons and cautions in words.

Criteria are quoted: some are situations or plurals, such as “You cannot decide” or “Secure cookies”.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_noop, ngettext

from comparison.recommend import MAX_WEIGHT, DecisionMatrix, Reason
from comparison.vocabulary import gettext as _
from comparison.wording import Names, join_quoted, join_shortened

WEIGHT_WORDS = (
    gettext_noop("ignored"),
    gettext_noop("nice to have"),
    gettext_noop("important"),
    gettext_noop("essential"),
)


def missing_note(name: str, not_applicable: bool, is_reported: bool = False) -> str:
    """Says that a framework has no value on a criterion, to be shown beside the criterion's name."""
    if not_applicable:
        return _("it does not apply to {name}").format(name=name)
    text = _("it is only reported for {name}") if is_reported else _("nothing is known about {name}")
    return text.format(name=name)


def reason_note(reason: Reason, names: Names, matrix: DecisionMatrix) -> str:
    """The note to a reason that rests on a missing value; empty if both frameworks have one."""
    if not reason.missing_for:
        return ""
    is_reported = bool(matrix.verdicts[reason.missing_for, reason.criterion].reported)
    return missing_note(names.frameworks[reason.missing_for], reason.not_applicable, is_reported)


def rival_caution(reason: Reason, names: Names, matrix: DecisionMatrix) -> str:
    """The caution for a reason that favours a rival over the leader."""
    leader, note = names.frameworks[reason.other], reason_note(reason, names, matrix)
    if not note:
        clause = _("{name} is behind there").format(name=leader)
    elif reason.missing_for == reason.other:
        clause = note
    else:
        clause = _("the evidence is against {name} there, and {note}").format(name=leader, note=note)
    if reason.weight == MAX_WEIGHT:
        text = _("“{criterion}” matters more to you than anything else: {clause}.")
    else:
        text = _("“{criterion}” matters more to you than your weights say: {clause}.")
    return text.format(criterion=names.criteria[reason.criterion], clause=clause)


def situation_caution(situation: str, frameworks: Sequence[str], sources: int) -> str:
    text = ngettext(
        "Your situation is “{situation}”: one source advises against {names} there.",
        "Your situation is “{situation}”: sources advise against {names} there.",
        sources,
    )
    return text.format(situation=situation, names=join_shortened(frameworks))


def disputed_caution(criteria: Sequence[str], framework: str) -> str:
    text = _("You need this settled: sources dispute {criteria} for {name}.")
    return text.format(criteria=join_quoted(criteria), name=framework)


def related_caution(criterion: str, related: str, framework: str) -> str:
    """For a related criterion on which the sources say the opposite."""
    text = _("“{criterion}” is what you rely on: on the related “{related}” sources say the opposite about {name}.")
    return text.format(criterion=criterion, related=related, name=framework)


def self_contradiction_caution(source: str, framework: str, favourable: str, unfavourable: str) -> str:
    """For a source that takes opposite sides on two related criteria."""
    text = _(
        "You rely on “{source}”: it speaks for {name} on “{favourable}” and against it on the related “{unfavourable}”."
    )
    return text.format(source=source, name=framework, favourable=favourable, unfavourable=unfavourable)
