"""A first wording of a proposed claim, in words of the catalogue alone: nothing of the article is copied. Pure."""

from collections.abc import Mapping

from comparison.evidence import Kind, Support
from comparison.models import Criterion

SUPPORT_DRAFTS = {
    Support.BUILT_IN: "Includes {name}",
    Support.EXTENSION: "Offers {name} by extension",
    Support.PARTIAL: "Offers {name} in part",
    Support.NONE: "Does not include {name}",
}
LEVEL_DRAFTS = {
    2: "Is found strong in {name}",
    1: "Is found good in {name}",
    0: "Is found neither good nor bad in {name}",
    -1: "Is found weak in {name}",
    -2: "Is found poor in {name}",
}
FIT_DRAFTS = {
    2: "Is advised strongly for this: {name}",
    1: "Is advised for this: {name}",
    0: "Is neither advised for this nor against it: {name}",
    -1: "Is little advised for this: {name}",
    -2: "Is advised against for this: {name}",
}


def draft_statement(criterion: Criterion, value: Mapping[str, str]) -> str:
    """What a claim with this value says; empty while there is no value."""
    kind, name = Kind(criterion.kind), _within_sentence(criterion.name)
    if support := value.get("support"):
        return SUPPORT_DRAFTS[Support(support)].format(name=name)
    if level := value.get("level"):
        return (FIT_DRAFTS if kind is Kind.FIT else LEVEL_DRAFTS)[int(level)].format(name=name)
    if low := value.get("low"):
        high = value.get("high") or low
        figure = low if low == high else f"{low} to {high}"
        return f"Is said to have {figure} {criterion.unit} for {name}"
    if item := value.get("item"):
        return f"Has its place under {name}: {item}"
    return ""


def _within_sentence(name: str) -> str:
    """A name as it stands within a sentence: its first letter small, unless it begins with an abbreviation."""
    return name if name[1:2].isupper() or name[1:2].isdigit() else name[:1].lower() + name[1:]
