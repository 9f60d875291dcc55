"""Reasons and cautions in words.

Criteria are quoted: some are situations or plurals, such as “You cannot decide” or “Secure cookies”.
"""

from collections.abc import Sequence

from comparison.recommend import MAX_WEIGHT, DecisionMatrix, Reason
from comparison.wording import Names, join_quoted, join_shortened

WEIGHT_WORDS = ("ignored", "nice to have", "important", "essential")


def missing_note(name: str, not_applicable: bool, is_reported: bool = False) -> str:
    """Says that a framework has no value on a criterion, to be shown beside the criterion's name."""
    if not_applicable:
        return f"it does not apply to {name}"
    return f"it is only reported for {name}" if is_reported else f"nothing is known about {name}"


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
        clause = f"{leader} is behind there"
    elif reason.missing_for == reason.other:
        clause = note
    else:
        clause = f"the evidence is against {leader} there, and {note}"
    name = f"“{names.criteria[reason.criterion]}”"
    if reason.weight == MAX_WEIGHT:
        return f"{name} matters more to you than anything else: {clause}."
    return f"{name} matters more to you than your weights say: {clause}."


def situation_caution(situation: str, frameworks: Sequence[str], sources: int) -> str:
    subject = "one source advises" if sources == 1 else "sources advise"
    return f"Your situation is “{situation}”: {subject} against {join_shortened(frameworks)} there."


def disputed_caution(criteria: Sequence[str], framework: str) -> str:
    return f"You need this settled: sources dispute {join_quoted(criteria)} for {framework}."


def related_caution(criterion: str, related: str, framework: str) -> str:
    """For a related criterion on which the sources say the opposite."""
    return f"“{criterion}” is what you rely on: on the related “{related}” sources say the opposite about {framework}."


def self_contradiction_caution(source: str, framework: str, favourable: str, unfavourable: str) -> str:
    """For a source that takes opposite sides on two related criteria."""
    return (
        f"You rely on “{source}”: it speaks for {framework} on “{favourable}” "
        f"and against it on the related “{unfavourable}”."
    )
