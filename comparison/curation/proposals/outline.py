"""The headings above each line of an article, also where only numbers and habit show their levels. Pure functions."""

import re
from dataclasses import dataclass

from comparison.curation.annotated_text import Article, Line

NUMBER = re.compile(r"^\W*(\d{1,2})\s*[-–.:)]\s*\S")
PLAIN, NUMBERED, SHORT = 7, 8, 9  # levels of headings without # marks
MAX_SHORT_WORDS = 2  # a heading such as “Pros” belongs to the one before


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str


Path = tuple[Heading, ...]  # the outermost first


class Outline:
    def __init__(self, article: Article, names: re.Pattern[str] | None) -> None:
        self.names = names
        self.paths: list[Path] = []  # of each line; a heading has that of what stands under it
        self._series: dict[int, Path] = {}  # by the number of the last numbered heading: what encloses it
        path: Path = ()
        for line in article.lines:
            if line.is_heading and not self._is_caption(line.text):
                path = self._path_under(line, path)
            self.paths.append(path)

    def path_at(self, line: Line) -> Path:
        return self.paths[line.number - 1]

    def _is_caption(self, text: str) -> bool:
        """Whether a line without marks holds nothing but names, as the captions of pictures do."""
        if text.lstrip().startswith("#"):
            return False
        rest = self.names.sub(" ", text) if self.names else text
        return not re.sub(r"\b(?:vs|versus|and|or)\b|[\W_]", "", rest, flags=re.IGNORECASE)

    def _path_under(self, line: Line, path: Path) -> Path:
        title = line.text.strip().lstrip("#").strip()
        hashes = len(line.text.strip()) - len(line.text.strip().lstrip("#"))
        number = NUMBER.match(line.text)
        if hashes and not (number and hashes == 1):
            level = hashes
        elif number:
            return self._numbered(int(number[1]), title, path)
        elif len(title.split()) <= MAX_SHORT_WORDS and not (self.names and self.names.search(title)):
            level = SHORT
        else:
            level = PLAIN
        return (*(heading for heading in path if heading.level < level), Heading(level, title))

    def _numbered(self, number: int, title: str, path: Path) -> Path:
        """A numbered heading belongs where the one before it in the series does."""
        above = self._series.get(number - 1) if number > 1 else None
        if above is None:
            above = tuple(heading for heading in path if heading.level < NUMBERED)
        self._series[number] = above
        return (*above, Heading(NUMBERED, title))
