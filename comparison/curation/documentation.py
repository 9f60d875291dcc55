"""Texts in source distributions and Debian packages: stores those of a documentation, and finds passages to cite."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comparison.curation.attach_text import TextMismatch, attach_without_edition
from comparison.files.distributions import DistributionError, digest, fetch, read_texts
from comparison.files.yaml_entries import write_text
from comparison.models import Batch, Claim, Source
from comparison.models.conflicts import tried_again
from comparison.texts.headings import section_at
from comparison.texts.relocate import Fate


@dataclass
class Attached:
    """What became of a whole's texts: how many are held now, where passages are, and what could not be had."""

    texts: int = 0
    passages: Counter[Fate] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def attach_documentation(whole: Source, folder: Path) -> Attached:
    """Fetches the distributions of a whole's parts into a folder and stores the text of each part that names a file.

    A part that names no distribution is in the whole's. What cannot be had is told and skipped; the rest is stored in
    one batch, with one edition if the public sees a difference.
    """
    result = Attached()
    texts = list(_texts(whole, folder, result))
    if not texts:
        return result
    stored = _store(whole, texts)
    stored.problems = [*result.problems, *stored.problems]
    return stored


@tried_again
def _store(whole: Source, texts: Sequence[tuple[Source, str]]) -> Attached:
    result = Attached()
    with Batch.objects.open(f"Texts of {whole.slug} attached"):
        changed = list(_attach_all(texts, result))
        if changed:
            summary = f"Texts of {whole.slug} attached: {len(changed)} claims changed"
            Claim.objects.filter(pk__in=changed).announce(summary)
    return result


def _texts(whole: Source, folder: Path, result: Attached) -> Iterator[tuple[Source, str]]:
    """The text of each part that can be had; the problems of the others go to the result."""
    by_distribution: defaultdict[tuple[str, str], dict[str, Source]] = defaultdict(dict)
    for part in whole.parts.exclude(file="").order_by("slug"):
        holder = part if part.distribution else whole
        by_distribution[holder.distribution, holder.distribution_sha256][part.file] = part
    for (name, sha256), parts in by_distribution.items():
        try:
            texts = list(read_texts(fetch(name, sha256, folder), parts))
        except DistributionError as error:
            result.problems.append(str(error))
            continue
        for file, text in texts:
            if isinstance(text, str):
                yield parts[file], text
            else:
                result.problems.append(str(text))


def _attach_all(texts: Iterable[tuple[Source, str]], result: Attached) -> Iterator[int]:
    """Stores each text; the ids of the claims that changed."""
    for part, text in texts:
        try:
            relocated, changed = attach_without_edition(part, text)
        except TextMismatch:
            result.problems.append(f"{part.file} has another text than the one that {part.slug} was read from.")
            continue
        result.texts += 1
        result.passages.update(change.fate for change in relocated)
        yield from changed


class NoPassage(Exception):
    """The words are not in the text, or at more than one place. One sentence that says what to do."""


def cite(distribution: Path, file: str, words: str) -> str:
    """The lines that a source, its part and a claim need for a passage of a file, as YAML.

    Blanks and line breaks in the words may differ from the text's. Raises NoPassage and DistributionError.
    """
    ((_, text),) = read_texts(distribution, [file])
    if isinstance(text, DistributionError):
        raise text
    start, end = find_passage(text, words)
    claim = {"section": section_at(text, start, file), "start": start, "end": end}
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    part = {"file": file, "text_sha256": sha256, "text_length": len(text), "claims": [claim]}
    source = {"distribution": distribution.name, "distribution_sha256": digest(distribution), "parts": [part]}
    return write_text(source).rstrip()


def find_passage(text: str, words: str) -> tuple[int, int]:
    """The offsets of the only place where the words stand."""
    if not words.split():
        raise NoPassage("Give the words of the passage, in quotation marks.")
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    spans = [match.span() for match in re.finditer(pattern, text)]
    if not spans:
        raise NoPassage(
            f"“{words[:60]}” does not stand in the text. Copy the words as they are there, with their markup."
        )
    if len(spans) > 1:
        raise NoPassage(f"“{words[:60]}” stands at {len(spans)} places. Give more of the words around it.")
    return spans[0]
