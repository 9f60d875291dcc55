"""The value that a passage suggests for a criterion of some kind, with the words that suggest it. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from comparison.curation.proposals.terms import word_set
from comparison.evidence import Kind, Support
from comparison.wording import words_of

MAX_ITEM_LENGTH, MAX_ITEM_WORDS = 60, 4  # characters, and words, of an item that no claim has yet
NEGATION = word_set(
    """no not none never nothing neither nor lack lacks lacking doesnt dont isnt arent cannot cant wont without
    hardly"""
)
NEGATION_REACH = 4  # words between a negation and what it denies
NEEDS = word_set("need needs needing require requires required requirement extra additional further special")
OUTSIDE = word_set(
    "extension extensions plugin plugins addon addons third party external library libraries package packages"
)
PARTLY = word_set("partial partially limited basic partly rudimentary")
INSIDE = word_set(
    """built inbuilt builtin box default comes ships includes included provides provided offers offered has have
    supports support generates own integrated available feature features bundled"""
)
STRONG = word_set("very extremely highly huge phenomenal excellent perfect best absolute most ridiculously superb")
GOOD = word_set(
    """good great easy easily easier simple simpler fast faster quick quickly quicker secure scalable flexible
    excellent perfect best better popular powerful complete huge light lighter lightweight minimal small ideal
    suitable suited choose recommended affordable stable mature free extensive descriptive clean reliable robust
    friendly efficient phenomenal extensible modular concise readable well ready compatible independent
    decoupled prefer preferred ensures"""
)
BAD = word_set(
    """bad hard harder difficult complex complicated slow slower heavy heavier insecure vulnerable rigid limited
    limits poor worse worst steep steeper tedious expensive costly unreliable larger bloated monolithic depends
    outdated task less fewer unsuitable boilerplate scratch restricts restricted"""
)
NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
RANGE = re.compile(rf"{NUMBER}(?:\s*(?:-|–|—|to|and)\s*(?:[A-Z]{{0,3}}[$€£]\s*)?{NUMBER})?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The fields of a claim's value, and the words of the passage that suggest them."""

    fields: dict[str, str] = field(default_factory=dict)
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields)


def suggest_value(kind: Kind, passage: str, is_compared: bool = False, items: Iterable[str] = ()) -> Suggestion:
    """`is_compared`: the claim is on the framework that the passage's subject is compared with (“than X”).

    `items` are those that claims on the criterion have, if it is a list.
    """
    passage = re.sub(r"^\s*\d{1,2}[.)]\s+", "", passage)  # the number of a list item
    match kind:
        case Kind.FEATURE:
            return suggest_support(passage)
        case Kind.FIGURE:
            return suggest_figure(passage)
        case Kind.LIST:
            return suggest_item(passage, items)
    return suggest_level(passage, is_compared)


def suggest_item(passage: str, items: Iterable[str]) -> Suggestion:
    """The longest known item that a passage names; else the passage itself, if it is as short as an item."""
    words = f" {' '.join(words_of(passage))} "
    named = [item for item in items if f" {' '.join(words_of(item))} " in words]
    item = max(named, key=lambda item: (len(item), item)) if named else " ".join(passage.split()).strip("•-–*.,: ")
    is_short = len(item) <= MAX_ITEM_LENGTH and len(item.split()) <= MAX_ITEM_WORDS
    return Suggestion({"item": item}, item) if named or (item and is_short) else Suggestion()


def suggest_support(passage: str) -> Suggestion:
    """How a feature is offered. “No default support” is not built in, and “without extra packages” is."""
    words = words_of(passage)
    denied = _denied(words)
    for index, word in enumerate(words):
        if word in NEEDS and (index in denied or words[index + 1 : index + 2] == ["not"]):
            return Suggestion({"support": Support.BUILT_IN.value}, _around(words, index))
        if word in OUTSIDE and (support := _without(words, index)):
            return Suggestion({"support": support.value}, _around(words, index))
    for group, support in ((OUTSIDE, Support.EXTENSION), (PARTLY, Support.PARTIAL)):
        for index, word in enumerate(words):
            if word in group and index not in denied:
                return Suggestion({"support": support.value}, _around(words, index))
    if denied:
        return Suggestion({"support": Support.NONE.value}, _around(words, max(0, min(denied) - 1)))
    for index, word in enumerate(words):
        if word in INSIDE:
            return Suggestion({"support": Support.BUILT_IN.value}, _around(words, index))
    return Suggestion()


def _denied(words: Sequence[str]) -> set[int]:
    """The indexes of the words that a negation reaches."""
    reached: set[int] = set()
    for index, word in enumerate(words):
        if word in NEGATION and words[index + 1 : index + 2] != ["only"]:
            reached.update(range(index + 1, min(index + 1 + NEGATION_REACH, len(words))))
    return reached


def _without(words: Sequence[str], index: int) -> Support | None:
    """What “without” or “no” makes of something from outside: not needed, or (“none without it”) the only way."""
    before = words[max(0, index - NEGATION_REACH) : index]
    if "without" in before:
        is_only_way = any(word in NEGATION for word in before[: before.index("without")])
        return Support.EXTENSION if is_only_way else Support.BUILT_IN
    return Support.BUILT_IN if "no" in before and not {"support", "has", "have"} & set(before) else None


def _around(words: Sequence[str], index: int) -> str:
    return " ".join(words[max(0, index - 1) : index + 2])


def suggest_figure(passage: str) -> Suggestion:
    """The first number of a passage, or both ends of a range, without thousands separators."""
    match = RANGE.search(passage)
    if not match:
        return Suggestion()
    low = match[1].replace(",", "")
    high = (match[2] or match[1]).replace(",", "")
    if float(low) > float(high):
        high = low
    return Suggestion({"low": low, "high": high}, match[0])


def suggest_level(passage: str, is_compared: bool = False) -> Suggestion:
    words = words_of(passage)
    denied = _denied(words)
    total, telling = 0, ""
    for index, word in enumerate(words):
        sign = (word in GOOD) - (word in BAD)
        if not sign:
            continue
        if words[max(0, index - 1) : index] in (["less"], ["least"]):
            sign = -1 if sign > 0 else 1
        total += -sign if index in denied else sign
        telling = telling or _around(words, index)
    if not total:
        return Suggestion()
    is_strong = any(word in STRONG for word in words)
    level = (1 if total > 0 else -1) * (2 if is_strong and total > 0 else 1)
    return Suggestion({"level": str(-level if is_compared else level)}, telling)
