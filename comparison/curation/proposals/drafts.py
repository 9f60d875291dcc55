"""A first wording of a proposed claim, in words of our own: of the article it takes names and numbers alone. Pure.

It says what the value says, and what the passage adds: for whom, than which framework, by which package, from which
version on, about how many. Each is recognised by its words and said in ours.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comparison.curation.annotated_text import longest_shared_run
from comparison.curation.proposals.terms import word_set
from comparison.evidence import Kind, Support
from comparison.models import Criterion
from comparison.wording import words_of

MAX_SHARED_WORDS = 4  # in a row with the passage
MAX_PACKAGES = 2
MAX_SCOPES = 2
SUPPORT_DRAFTS = {
    Support.BUILT_IN: "Includes {name}",
    Support.EXTENSION: "Offers {name} by extension",
    Support.PARTIAL: "Offers {name} in part",
    Support.NONE: "Does not include {name}",
}
LEVEL_DRAFTS = {
    2: "Does very well on {name}",
    1: "Does well on {name}",
    0: "Does neither well nor badly on {name}",
    -1: "Does badly on {name}",
    -2: "Does very badly on {name}",
}
FIT_DRAFTS = {
    2: "Is advised strongly for this: {name}",
    1: "Is advised for this: {name}",
    0: "Is neither advised for this nor against it: {name}",
    -1: "Is little advised for this: {name}",
    -2: "Is advised against for this: {name}",
}
PROJECTS = r"(?:scale|app|application|project|site|website|system|codebase|program|product|service)s?"
SCOPES = (  # what a passage may restrict itself to, and how we say that
    (re.compile(r"\b(?:beginners?|newcomers?|novices?|newbies?)\b", re.I), "for beginners"),
    (
        re.compile(rf"\b(?:large|larger|big|bigger|huge|complex|enterprise)[\s-]+{PROJECTS}\b", re.I),
        "for large projects",
    ),
    (re.compile(rf"\b(?:small|smaller|simple|simpler|tiny|little)[\s-]+{PROJECTS}\b", re.I), "for small projects"),
    (re.compile(r"\bprototyp\w+", re.I), "for prototypes"),
    (re.compile(r"\bmicro-?services?\b", re.I), "for microservices"),
    (re.compile(r"\b(?:high|heavy)[\s-]+(?:traffic|loads?)\b", re.I), "under high load"),
    (re.compile(r"\bteams?\b", re.I), "in teams"),
    (re.compile(r"\bin production\b", re.I), "in production"),
)
# Names of packages: with hyphens or capitals within, or announced.
PACKAGE = re.compile(
    r"\b[A-Z]\w*(?:-[A-Z]\w*)+|\b(?:[A-Z][a-z]+){2,}\b|\b[A-Z]{2,}[a-z]{2,}\w*"
    r"|(?<=\bvia )[A-Z]\w+|(?<=\bsuch as )[A-Z]\w+|(?<=\bcalled )[A-Z]\w+"
)
NO_PACKAGES = word_set("javascript typescript github gitlab linkedin youtube stackoverflow restful python powershell")
SINCE = re.compile(r"\b(?:since|from|as of|starting (?:with|from))\s+(?:version\s+|v)?(\d+\.\d+(?:\.\d+)?)", re.I)
BOUNDS = (
    (re.compile(r"(?:over|more than|at least|above|upwards of|exceed\w*|beyond)\W*$", re.I), "at least "),
    (re.compile(r"(?:up to|at most|under|(?:less|fewer) than|below|within)\W*$", re.I), "at most "),
    (re.compile(r"(?:about|around|approximately|roughly|nearly|almost|some|~|≈|circa)\W*$", re.I), "about "),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """The words a claim rests on, with the names of other frameworks in it, and of those that it compares with."""

    text: str = ""
    names: Sequence[str] = ()
    rivals: Sequence[str] = ()


def draft_statement(criterion: Criterion, value: Mapping[str, str], passage: Passage | None = None) -> str:
    """What a claim with this value says; empty while there is no value. Never five words of the passage in a row."""
    passage = passage or Passage()
    for draft in _drafts(criterion, value, passage):
        if len(words_of(longest_shared_run(draft, passage.text))) <= MAX_SHARED_WORDS:
            return draft
    return ""


def _drafts(criterion: Criterion, value: Mapping[str, str], passage: Passage) -> Iterator[str]:
    """The wordings, the one that says most first."""
    kind, name = Kind(criterion.kind), _within_sentence(criterion.name.removesuffix(", as reported"))
    about = f"{_scope(passage.text, criterion)}{_version(passage.text)}"
    if support := value.get("support"):
        plain = SUPPORT_DRAFTS[Support(support)].format(name=name)
        yield f"{plain}{_packages(Support(support), passage, _own_words(criterion))}{about}"
        yield plain
    elif level := value.get("level"):
        plain = (FIT_DRAFTS if kind is Kind.FIT else LEVEL_DRAFTS)[int(level)].format(name=name)
        if passage.rivals and kind is Kind.RATING and int(level):
            side = "better" if int(level) > 0 else "worse"
            yield f"Does {side} on {name} than {' and '.join(passage.rivals)}{about}"
        yield f"{plain}{about}"
        yield plain
    elif low := value.get("low"):
        high = value.get("high") or low
        figure = f"{_bound(passage.text, low)}{low}" if low == high else f"{low} to {high}"
        amount = f"{figure} {criterion.unit}".strip()
        yield f"Is said to have {amount} for {name}{about}"
        yield f"Is said to have {amount} for {name}"
    elif item := value.get("item"):
        yield f"Counts {item} among its {name}" if criterion.name.endswith("s") else f"Has {item} as {name}"
        yield f"Has an entry under {name}"


def _scope(text: str, criterion: Criterion) -> str:
    """What the passage restricts itself to, unless the criterion says so itself."""
    own = _own_words(criterion)
    phrases = [phrase for pattern, phrase in SCOPES if pattern.search(text) and not pattern.search(own)]
    return f" {' and '.join(phrases[:MAX_SCOPES])}" if phrases else ""


def _own_words(criterion: Criterion) -> str:
    return f"{criterion.name} {criterion.synonyms}".casefold()


def _version(text: str) -> str:
    match = SINCE.search(text)
    return f", from version {match[1]} on" if match else ""


def _packages(support: Support, passage: Passage, own: str) -> str:
    """The packages that a passage names."""
    if support not in (Support.EXTENSION, Support.BUILT_IN):
        return ""
    others = NO_PACKAGES | {name.casefold() for name in passage.names}
    named = dict.fromkeys(match[0] for match in PACKAGE.finditer(passage.text))
    packages = [name for name in named if name.casefold() not in others and name.casefold() not in own][:MAX_PACKAGES]
    if not packages:
        return ""
    is_extension = support is Support.EXTENSION
    return f", such as {' or '.join(packages)}" if is_extension else f", by way of {' and '.join(packages)}"


def _bound(text: str, low: str) -> str:
    """Whether the number is one that is not exact, or a limit."""
    at = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    before = at[: at.find(low)] if low in at else ""
    return next((words for pattern, words in BOUNDS if pattern.search(before)), "")


def _within_sentence(name: str) -> str:
    """A name as it stands within a sentence: its first letter small, unless it begins with an abbreviation."""
    return name if name[1:2].isupper() or name[1:2].isdigit() else name[:1].lower() + name[1:]
