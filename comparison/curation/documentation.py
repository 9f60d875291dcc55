"""Stores the texts of a documentation's pages from its source distribution."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comparison.curation.attach_text import TextMismatch, attach_without_edition
from comparison.files.distributions import DistributionError, fetch, read_texts
from comparison.models import Batch, Claim, Source
from comparison.texts.relocate import Fate


@dataclass
class Attached:
    """What became of a whole's texts: how many are held now, where passages are, and what could not be had."""

    texts: int = 0
    passages: Counter[Fate] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def attach_documentation(whole: Source, folder: Path) -> Attached:
    """Fetches the whole's distribution into a folder and stores the text of each part that names a file in it.

    What cannot be had is told and skipped; the rest is stored in one batch, with one edition if the public sees a
    difference.
    """
    result = Attached()
    parts = {part.file: part for part in whole.parts.exclude(file="").order_by("slug")}
    try:
        path = fetch(whole.distribution, whole.distribution_sha256, folder)
        texts = dict(read_texts(path, parts))
    except DistributionError as error:
        result.problems.append(str(error))
        return result
    with Batch.objects.open(f"Texts of {whole.slug} attached"):
        changed = list(_attach_all(parts, texts, result))
        if changed:
            summary = f"Texts of {whole.slug} attached: {len(changed)} claims changed"
            Claim.objects.filter(pk__in=changed).announce(summary)
    return result


def _attach_all(parts: dict[str, Source], texts: dict[str, str | DistributionError], result: Attached) -> Iterator[int]:
    """Stores each text; the ids of the claims that changed."""
    for file, text in texts.items():
        if isinstance(text, DistributionError):
            result.problems.append(str(text))
            continue
        try:
            relocated, changed = attach_without_edition(parts[file], text)
        except TextMismatch:
            result.problems.append(f"{file} has another text than the one that {parts[file].slug} was read from.")
            continue
        result.texts += 1
        result.passages.update(change.fate for change in relocated)
        yield from changed
