"""Who wrote which words of a claim, and why one that was published waits again: both from its history."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from comparison.models import Claim, ClaimState, Source
from comparison.models.claims import EDITED
from comparison.tables.verdict_detail import value_of

COMMAND = "a command"
SENT_BACK = (EDITED, "attach_text")  # how the entries begin whose change sent a published claim back
NAMES = {"version_range": "versions", "start": "passage", "end": "passage", "quote": "passage"}


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a statement in a row by one author."""

    text: str
    author: str


@dataclass(frozen=True, slots=True)
class Authorship:
    """The statement in parts, and who last changed each other part of what the claim says."""

    parts: Sequence[Part]
    fields: dict[str, str]  # author by what was changed

    @property
    def authors(self) -> list[str]:
        return list(dict.fromkeys([*(part.author for part in self.parts), *self.fields.values()]))


def history_of(claim: Claim) -> list[Any]:
    """The claim's entries, oldest first, with the names that they refer to."""
    entries = claim.history.exclude(history_type="-").select_related("framework", "criterion", "source")
    return list(entries.defer(*Source.unread("source__")).order_by("history_id"))


def authorship(entries: Sequence[Any]) -> Authorship:
    words: list[tuple[str, str]] = []
    fields: dict[str, str] = {}
    before: Any = None
    for entry in entries:
        author = entry.history_author or COMMAND
        words = _credited(words, entry.statement, author)
        for name in Claim.EVIDENCE if before is not None else ():
            if name != "statement" and getattr(entry, _column(name)) != getattr(before, _column(name)):
                fields[NAMES.get(name, "value" if name in Claim.VALUES else name)] = author
        before = entry
    return Authorship(_joined(words), fields)


def _column(name: str) -> str:
    return Claim._meta.get_field(name).attname  # type: ignore[union-attr]


def _credited(words: list[tuple[str, str]], statement: str, author: str) -> list[tuple[str, str]]:
    """The statement's words: those that were there before keep their author."""
    new = re.findall(r"\S+", statement)
    credited = [(word, author) for word in new]
    matcher = SequenceMatcher(None, [word for word, _ in words], new, autojunk=False)
    for first, second, size in matcher.get_matching_blocks():
        credited[second : second + size] = words[first : first + size]
    return credited


def _joined(words: Sequence[tuple[str, str]]) -> list[Part]:
    parts: list[Part] = []
    for word, author in words:
        if parts and parts[-1].author == author:
            parts[-1] = Part(f"{parts[-1].text} {word}", author)
        else:
            parts.append(Part(word, author))
    return parts


@dataclass(frozen=True, slots=True)
class Return:
    """Why a claim that was published waits again, with what it said then: name, old and new words."""

    reason: str
    author: str
    at: datetime.datetime
    changes: Sequence[tuple[str, str, str]]
    is_passage_gone: bool


def returned(claim: Claim, entries: Sequence[Any], passage: str) -> Return | None:
    """None for a claim that was never published, or whose publication was only taken back."""
    left = [index for index, entry in enumerate(entries) if index and _leaves_publication(entries[index - 1], entry)]
    if not claim.came_back or not left:
        return None
    entry, last = entries[left[-1]], entries[left[-1] - 1]
    is_its_doing = left[-1] > 1 and (last.history_change_reason or "").startswith(SENT_BACK)
    old = entries[left[-1] - 2] if is_its_doing and _is_published(entries[left[-1] - 2]) else last
    changes = [
        (name, before, after)
        for name, before, after in (
            ("Framework and criterion", f"{old.framework}, {old.criterion}", f"{claim.framework}, {claim.criterion}"),
            ("Statement", old.statement, claim.statement),
            ("Value", value_of(old).text, value_of(claim).text),
            ("Section", old.section, claim.section),
            ("Versions", old.version_range, claim.version_range),
            ("Passage", _old_passage(old), passage),
        )
        if before.split() != after.split()
    ]
    reason = (entry.state_reason or entry.history_change_reason or "").strip()
    is_gone = old.start is not None and claim.start is None
    return Return(reason, entry.history_author or COMMAND, entry.history_date, changes, is_gone)


def _is_published(entry: Any) -> bool:
    return bool(entry.state == ClaimState.PUBLISHED.value)


def _leaves_publication(before: Any, after: Any) -> bool:
    return _is_published(before) and not _is_published(after)


def _old_passage(old: Any) -> str:
    """The words a claim rested on: its quote, or what stood at its offsets in the text of that time."""
    if old.quote or old.start is None:
        return str(old.quote)
    texts = Source.history.filter(id=old.source_id, text__isnull=False, history_date__lte=old.history_date)
    text = texts.order_by("-history_id").values_list("text", flat=True).first() or ""
    return text[old.start : old.end]
