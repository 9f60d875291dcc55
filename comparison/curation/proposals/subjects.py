"""Which frameworks a sentence speaks of: by name, by “it” or “both”, or by the headings above. Pure functions."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparison.curation.proposals.outline import Path
from comparison.curation.proposals.terms import names_of
from comparison.models import Framework

MIN_SHARE = 0.15  # of all mentions, from which a framework is one of those that an article compares
ALL = re.compile(
    r"\b(?:both|either|neither|the (?:two|three|four)|these|(?:all|these|both)(?: of)?(?: the)?"
    r"(?: \w+){0,3} (?:frameworks|tools|libraries)|they)\b",
    re.IGNORECASE,
)
COMPARED = re.compile(r"\b(?:than|as|similar to)(?: (?:is|with|in|the))?(?: case with)?\s*$", re.IGNORECASE)
BESIDE = re.compile(
    r"\b(?:compar(?:ed|ison) (?:to|with)|unlike|opposed to|instead of|versus|before|from|by|, like)(?: the)?\s*$",
    re.IGNORECASE,
)
COMPARES = re.compile(
    r"\b(?:more|less|fewer|better|worse|as (?!well\b|soon\b)\w+(?: \w+)? as|same as|similar|greater"
    r"|(?:light|heavi|fast|slow|quick|easi|hard|simpl|small|larg|high|low)er)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    framework: Framework
    start: int
    role: str  # subject, compared (“than X”) or beside (“unlike X”)


class Subjects:
    """Goes through an article from its beginning, and remembers of which frameworks it spoke last."""

    def __init__(self, frameworks: Iterable[Framework], text: str) -> None:
        self.by_name = {name.casefold(): framework for framework in frameworks for name in names_of(framework)}
        names = sorted(self.by_name, key=len, reverse=True)
        self.pattern = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])", re.IGNORECASE) if names else None
        )
        named = self.pattern.findall(text) if self.pattern else []
        counts = Counter(self.by_name[name.casefold()].slug for name in named)
        total = counts.total()
        by_slug = {framework.slug: framework for framework in self.by_name.values()}
        self.compared = [by_slug[slug] for slug, count in counts.most_common() if count >= MIN_SHARE * total]
        self._path: Path = ()
        self._last: list[Framework] = []

    def forget(self) -> None:
        """Begins anew, somewhere else in the article."""
        self._path, self._last = (), []

    def mentions(self, text: str) -> list[Mention]:
        if self.pattern is None:
            return []
        return [
            Mention(self.by_name[match[0].casefold()], match.start(), _role(text, match.start()))
            for match in self.pattern.finditer(text)
        ]

    def subjects_in(self, text: str) -> list[Framework]:
        """The frameworks of which a text alone says that it speaks."""
        mentions = self.mentions(text)
        if any(mention.role == "subject" for mention in mentions):
            return _unique([mention.framework for mention in mentions if mention.role != "beside"])
        return self.compared if ALL.search(text) and len(self.compared) > 1 else []

    def named_in(self, text: str) -> list[Framework]:
        """The frameworks that a text names, each once."""
        return list({mention.framework.slug: mention.framework for mention in self.mentions(text)}.values())

    def of(self, text: str, path: Path, is_item: bool = False) -> list[Framework]:
        """The frameworks that the next sentence or clause is about; call it in the order of the text."""
        if path != self._path:
            self._path, self._last = path, []
        frameworks = self._of(text, path, is_item)
        if not is_item:
            self._last = frameworks
        return frameworks

    def _of(self, text: str, path: Path, is_item: bool) -> list[Framework]:
        mentions = self.mentions(text)
        if subjects := [mention.framework for mention in mentions if mention.role == "subject"]:
            return _unique(subjects)
        if ALL.search(text) and len(self.compared) > 1:
            return self.compared
        of_heading = self.of_path(path)
        carried = of_heading if is_item and of_heading else (self._last or of_heading)
        return carried or _unique([mention.framework for mention in mentions])

    def opposite_of(self, text: str, frameworks: Sequence[Framework]) -> list[Framework]:
        """The frameworks of which a text on some others says the opposite: “than X”, or the other one of two."""
        slugs = {framework.slug for framework in frameworks}
        mentions, compares = self.mentions(text), bool(COMPARES.search(text))
        named = [mention.framework for mention in mentions if mention.role == "compared"]
        if not compares and not any(mention.role == "subject" for mention in mentions):
            named = []
        others = self.compared if compares and len(self.compared) == 2 and len(slugs) == 1 else []
        return [framework for framework in _unique([*named, *others]) if framework.slug not in slugs]

    def of_path(self, path: Path) -> list[Framework]:
        """The only framework that the innermost heading with a name names; none where headings name several."""
        for heading in reversed(path):
            if named := self.named_in(heading.title):
                return named if len(named) == 1 else []
        return []


def _role(text: str, start: int) -> str:
    before = text[max(0, start - 40) : start]
    if COMPARED.search(before):
        return "compared"
    return "beside" if BESIDE.search(before) else "subject"


def _unique(frameworks: Sequence[Framework]) -> list[Framework]:
    return list({framework.slug: framework for framework in frameworks}.values())
