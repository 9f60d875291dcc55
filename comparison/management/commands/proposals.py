import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from comparison.curation.annotated_text import MARKED_STATES, Article
from comparison.curation.proposals.load import load_topics
from comparison.curation.proposals.propose import ArticleReader
from comparison.curation.proposals.report import Score, score
from comparison.management.faults import DatabaseCommand
from comparison.models import ClaimState, Framework, Source

CLAIM_STATES = [state for state in MARKED_STATES if state is not ClaimState.REJECTED]


class Command(DatabaseCommand):
    help = (
        "Compares what the reading room proposes with the claims that curators took from the same texts. What is "
        "learnt from a source's own claims is left out while it is read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("where", help="a source whose text is held, or a folder of texts, told apart by digest")
        parser.add_argument("--missed", action="store_true", help="list the claims whose criterion is not among five")

    def handle(self, *args: Any, where: str, missed: bool, **options: Any) -> None:
        texts = texts_in(Path(where)) if Path(where).is_dir() else text_of(where)
        sources = Source.objects.defer("text").filter(text_sha256__in=texts).order_by("slug")
        read = [(source, texts[source.text_sha256]) for source in sources]
        scores = [(source, score_of(source, text)) for source, text in read]
        scores = [(source, result) for source, result in scores if result.claims]
        if not scores:
            raise CommandError(
                f"No claims with places were taken from what is in {where}. Files have to be the texts that sources "
                "were read from, byte for byte; attach_text tells where they differ."
            )
        total = Score()
        for source, result in scores:
            self.report(source.slug, result)
            total += result
            for claim in result.missed if missed else ():
                self.stdout.write(f"  {claim.framework}, {claim.criterion}: {claim.statement}")
        if len(scores) > 1:
            self.report("all of them", total)

    def report(self, name: str, result: Score) -> None:
        self.stdout.write(
            f"{name}: {result.claims} claims. At their passages: framework {share(result.framework, result.claims)}"
            f" (of those guessed {share(result.right_frameworks, result.guessed_frameworks)} are right), criterion "
            f"first {share(result.first, result.claims)}, among five {share(result.among_five, result.claims)}. "
            f"Whole article: {result.proposals} proposals, recall {share(result.found, result.claims)}, "
            f"precision {share(result.met, result.proposals)}."
        )


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def texts_in(folder: Path) -> dict[str, str]:
    """The texts of a folder by their digests."""
    contents = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    return {hashlib.sha256(data).hexdigest(): data.decode("utf-8", errors="replace") for data in contents}


def text_of(slug: str) -> dict[str, str]:
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        raise CommandError(f"{slug} is neither a folder nor a source.")
    if not source.text:
        raise CommandError(f"The text of {slug} is not held here. Attach it, or name the folder that holds its file.")
    return {source.text_sha256: source.text}


def score_of(source: Source, text: str) -> Score:
    claims = source.claims.filter(start__isnull=False, state__in=CLAIM_STATES).select_related("framework", "criterion")
    frameworks = list(Framework.objects.all())
    reader = ArticleReader(Article(text), frameworks, load_topics(frameworks, without_source=source.pk))
    return score(reader, list(claims.order_by("start", "end", "pk")))
