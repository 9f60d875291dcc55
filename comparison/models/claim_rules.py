"""What a claim may be: its states, the steps between them, and the values and offsets that fit."""

from enum import StrEnum
from typing import Any

from comparison.evidence import Kind

VALUE_FIELDS = ("level", "support", "low", "high", "item")
MAX_QUOTE_LENGTH = 500  # characters


class ClaimState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"
    RETRACTED = "retracted"


# Each allowed transition (old state, new state) with the permission it needs.
TRANSITIONS: dict[tuple[ClaimState, ClaimState], str] = {
    (ClaimState.DRAFT, ClaimState.SUBMITTED): "comparison.change_claim",
    (ClaimState.SUBMITTED, ClaimState.DRAFT): "comparison.change_claim",
    (ClaimState.REJECTED, ClaimState.DRAFT): "comparison.change_claim",
    (ClaimState.RETRACTED, ClaimState.DRAFT): "comparison.change_claim",
    (ClaimState.SUBMITTED, ClaimState.PUBLISHED): "comparison.publish_claim",
    (ClaimState.SUBMITTED, ClaimState.REJECTED): "comparison.publish_claim",
    (ClaimState.PUBLISHED, ClaimState.RETRACTED): "comparison.publish_claim",
    (ClaimState.PUBLISHED, ClaimState.SUBMITTED): "comparison.publish_claim",
}
TAKEN_BACK = "The decision was taken back."  # the reason of a publication that was undone at once
NEEDS_REASON = (ClaimState.REJECTED, ClaimState.RETRACTED)


def value_errors(kind: Kind, claim: Any) -> dict[str, str]:
    """Messages by field if the claim's value is not of the kind its criterion requires."""
    required = {
        Kind.RATING: ("level",),
        Kind.FIT: ("level",),
        Kind.FEATURE: ("support",),
        Kind.FIGURE: ("low", "high"),
        Kind.LIST: ("item",),
    }[kind]
    errors = {}
    for name in VALUE_FIELDS:
        has_value = getattr(claim, name) not in (None, "")
        if name in required and not has_value:
            errors[name] = f"A criterion of kind {kind} asks for this."
        if name not in required and has_value:
            errors[name] = f"A criterion of kind {kind} takes no {name}."
    return errors


def offset_errors(start: int | None, end: int | None, length: int | None) -> dict[str, str]:
    """Messages by field if the offsets are no passage of a text of that length (None: unknown)."""
    if start is None and end is None:
        return {}
    if start is None or end is None:
        missing = "start" if start is None else "end"
        return {missing: "Give both start and end, or neither."}
    if start >= end:
        return {"end": f"The passage must end after it starts (at {start})."}
    if length is not None and end > length:
        return {"end": f"The source's text has {length} characters; the passage cannot end at {end}."}
    return {}
