"""Loads the sources of a catalogue: articles, and wholes with their parts, each with claims, checks and measurements.

Sources are stored as they are read. Claims follow together, then checks, which name claims, then what decides checks.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils import timezone

from comparison.evidence import Finding, SourceKind, Support
from comparison.files.catalogue_rows import REASON, Decisions, Key, Report, Rows
from comparison.files.yaml_entries import Entry, Problem
from comparison.models import Check, Claim, ClaimState, Criterion, Framework, Measurement, Source
from comparison.models.claims import ClaimQuerySet

INHERITED = (  # by parts from their whole
    "kind",
    "publisher",
    "author",
    "accessed",
    "language",
    "framework_id",
    "framework_version",
    "text_licence",
)
OF_COMMANDS = (REASON, "attach_text: found")  # reasons of history that leave a claim as the files had it
CLAIM_REFERENCE = re.compile(
    r"(?P<source>[\w-]+)/(?P<framework>[\w-]+)/(?P<criterion>[\w-]+)(?:#(?P<start>[0-9]{1,9}))?"
)


class SourceLoader:
    """The sources of one load."""

    def __init__(self, report: Report) -> None:
        stored = {(source.slug,): source for source in Source.objects.all()}
        self.sources = Rows(Source, stored, report, first_history={"text": ""})  # files give no texts
        # Where merged claims share a key, the last one wins: the claim that the others were merged into.
        merged_first = sorted(Claim.objects.all(), key=lambda claim: claim.merged_into_id is None)
        self.claims = Rows(Claim, {claim_key(claim): claim for claim in merged_first}, report)
        self.checks = Rows(Check, {check_key(check): check for check in Check.objects.all()}, report)
        measurements = {measurement_key(row): row for row in Measurement.objects.all()}
        self.measurements = Rows(Measurement, measurements, report)
        self.decisions = Decisions(report)
        self.check_entries: list[tuple[Entry, Claim]] = []
        self.frameworks: Mapping[str, Framework] = {}
        self.criteria: Mapping[str, Criterion] = {}
        self.owners: Mapping[int | None, Framework] = {}

    def read(
        self,
        files: Sequence[tuple[str, Entry]],
        frameworks: Mapping[str, Framework],
        criteria: Mapping[str, Criterion],
        problems: Sequence[Problem],
    ) -> None:
        """Reads files (name without ending, content). Nothing that is held back is stored once there are `problems`."""
        self.frameworks, self.criteria = frameworks, criteria
        self.owners = {framework.pk: framework for framework in frameworks.values()}
        sources = []
        for stem, entry in files:
            slug = entry.text("slug", required=True)
            if slug and slug != stem:
                entry.problem(f"slug {slug!r} must be the file's name, {stem!r}", "slug")
            source = self.read_source(slug, entry)
            sources.append((entry, source))
            sources += [(part_entry, self.read_part(part_entry, source)) for part_entry in entry.entries("parts")]
        self.sources.store()
        for entry, source in sources:
            if source.part_of_id:
                self.read_measurements(entry, source)
        self.read_repeats(sources)
        for entry, source in sources:
            for claim_entry in entry.entries("claims"):
                self.read_claim(claim_entry, source)
            entry.finish()
        for rows in (self.sources, self.measurements, self.claims):
            if not problems:
                rows.finish()
        self.read_checks(problems)

    def vanished(self) -> ClaimQuerySet:
        """The published claims of the sources in the files that an earlier load brought and the files no longer hold.

        Claims that anybody has changed since are not among them: they are the curators' now.
        """
        given = {self.sources.rows[key].pk for key in self.sources.entries}
        claims = [cast(Claim, row) for key, row in self.claims.rows.items() if key not in self.claims.entries]
        left = {row.pk for row in claims if row.source_id in given and row.state == ClaimState.PUBLISHED.value}
        history = Claim.history.model.objects.filter(id__in=left)
        touched = history.exclude(history_change_reason__in=OF_COMMANDS, history_user=None).values_list("id", flat=True)
        return Claim.objects.filter(pk__in=left - set(touched))

    def read_source(self, slug: str, entry: Entry) -> Source:
        kind = entry.word("kind", SourceKind, required=True)
        framework = entry.reference("framework", self.frameworks, required=False)
        values = {
            "kind": kind.value if kind else "",
            "publisher": entry.text("publisher"),
            "author": entry.text("author"),
            "accessed": entry.day("accessed"),
            "language": entry.text("language") or "en",
            "note": entry.text("note"),
            "framework_id": framework.pk if framework else None,
            "framework_version": entry.text("version"),
            "text_licence": entry.text("text_licence"),
            "run": read_run(entry),
        }
        return self.store_source(slug, values, entry, f"source {slug!r}")

    def read_part(self, entry: Entry, whole: Source) -> Source:
        """A page of a documentation or an experiment of a run; stored only if its whole is.

        It speaks of the same version as its whole unless it names another.
        """
        slug = entry.text("slug", required=True)
        if slug and not slug.startswith(f"{whole.slug}-"):
            entry.problem(f"slug {slug!r} must begin with that of the whole, {whole.slug!r}, and a hyphen", "slug")
        values = {name: getattr(whole, name) for name in INHERITED}
        values |= {"file": entry.text("file"), "experiment": entry.text("experiment"), "part_of": whole}
        values["framework_version"] = entry.text("version") or whole.framework_version
        if not whole.pk:
            entry.keys_read |= entry.nodes.keys()
            return Source(slug=slug, **values)
        return self.store_source(slug, values, entry, f"part {slug!r}", in_bulk=True)

    def store_source(
        self, slug: str, values: dict[str, Any], entry: Entry, title: str, in_bulk: bool = False
    ) -> Source:
        """Stores a source with the values that wholes and parts have in common."""
        digest, length = entry.text("text_sha256"), entry.integer("text_length")
        stored = cast("Source | None", self.sources.rows.get((slug,)))
        if stored and stored.text and stored.text_sha256 != digest:
            entry.problem("the stored text has another digest; attach the new text first (attach_text --changed)")
        values |= {
            "slug": slug,
            "title": entry.text("title", required=True),
            "address": entry.text("address"),
            "published": entry.day("published"),
            "distribution": entry.text("distribution"),
            "distribution_sha256": entry.text("distribution_sha256"),
            "text_sha256": digest,
            "text_length": length,
        }
        return cast(Source, self.sources.put((slug,), values, entry, title, in_bulk))

    def read_repeats(self, sources: Sequence[tuple[Entry, Source]]) -> None:
        """Sets which source repeats which. All are set before any is saved, since two sources may change roles."""
        known = self.sources.by_slug()
        changed = []
        for entry, source in sources:
            before, repeated = source.repeats_id, entry.reference("repeats", known, required=False)
            if source.pk and (repeated is None or repeated.pk):
                source.repeats = repeated
                if source.repeats_id != before:
                    changed.append((entry, source))
        for entry, source in changed:
            self.sources.save_again(source, entry)

    def read_measurements(self, entry: Entry, part: Source) -> None:
        for result_entry in entry.entries("results"):
            self.read_measurement(result_entry, part)

    def read_measurement(self, entry: Entry, part: Source) -> None:
        framework, outcome = entry.reference("framework", self.frameworks), entry.word("outcome", Support)
        numbers = {name: entry.decimal(name) for name in ("median", "low", "high")}
        values = {
            "part": part,
            "framework": framework,
            "variant": entry.text("variant", required=True),
            "unit": entry.text("unit"),
            "samples": entry.numbers("samples"),
            "is_noisy": entry.flag("noisy") or False,
            "outcome": outcome.value if outcome else "",
            "detail": entry.text("detail"),
            "failure": entry.text("failure"),
            **{name: None if number is None else float(number) for name, number in numbers.items()},
        }
        entry.finish()
        if framework and framework.pk and part.pk:
            self.measurements.put(measurement_key(Measurement(**values)), values, entry, "this result", in_bulk=True)

    def read_claim(self, entry: Entry, source: Source) -> None:
        """A claim of documentation or metadata is about the source's own framework unless it says otherwise."""
        own = self.owners.get(source.framework_id)
        framework = entry.reference("framework", self.frameworks, required=own is None) or own
        criterion = entry.reference("criterion", self.criteria)
        values = {"source": source, "framework": framework, "criterion": criterion, **claim_values(entry)}
        check_entries = entry.entries("checks")
        entry.finish()
        if not (framework and criterion and framework.pk and criterion.pk and source.pk):
            return
        key = claim_key(Claim(**values))
        stored = cast("Claim | None", self.claims.rows.get(key))
        if stored and not values["quote"] and has_derived_quote(stored, source.text):
            values["quote"] = source.quote_from(source.text[values["start"] : values["end"]])
        if values["state"] == ClaimState.PUBLISHED.value and not (stored and stored.published_at):
            values["published_at"] = timezone.now()
        claim = self.claims.put(key, values, entry, "this claim", in_bulk=True)
        self.check_entries += [(check_entry, claim) for check_entry in check_entries]

    def read_checks(self, problems: Sequence[Problem]) -> None:
        """Reads the checks of claims that are stored by now."""
        decided = []
        for entry, claim in self.check_entries:
            finding = entry.word("finding", Finding, required=True)
            values = {
                "claim": claim,
                "finding": finding.value if finding else "",
                "note": entry.text("note", required=True),
                "evidence": entry.text("evidence"),
                "on": entry.day("on", required=True),
            }
            references = entry.scalar_entries("decided_by", "claim")
            entry.finish()
            if claim.pk and values["on"]:
                key = check_key(Check(**values))
                check = self.checks.put(key, values, entry, "this check", in_bulk=True)
                decided += [(check, reference) for reference in references]
        if not problems:
            self.checks.finish()
            self.read_decisions(decided)

    def read_decisions(self, decided: Sequence[tuple[Check, Entry]]) -> None:
        if not decided:
            return
        by_cell: defaultdict[tuple[str, str, str], list[Claim]] = defaultdict(list)
        slugs = [
            {row.pk: row.slug for row in rows.values()}
            for rows in (self.sources.by_slug(), self.frameworks, self.criteria)
        ]
        for row in self.claims.rows.values():
            claim = cast(Claim, row)
            keys = (claim.source_id, claim.framework_id, claim.criterion_id)
            source, framework, criterion = (names[key] for names, key in zip(slugs, keys, strict=True))
            by_cell[source, framework, criterion].append(claim)
        for check, entry in decided:
            deciding_claim = find_claim(entry, by_cell)
            if deciding_claim is not None:
                self.decisions.put(check, deciding_claim)
        self.decisions.finish()


def read_run(entry: Entry) -> dict[str, Any]:
    """How and where a run of experiments took place; empty for other sources."""
    run_entry = entry.child("run")
    if run_entry is None:
        return {}
    rounds = run_entry.integer("rounds", required=True)
    parts = {name: child.scalars() for name in ("machine", "versions") if (child := run_entry.child(name))}
    run_entry.finish()
    return {"rounds": rounds, **parts}


def find_claim(entry: Entry, by_cell: Mapping[tuple[str, str, str], Sequence[Claim]]) -> Claim | None:
    """The claim that an entry such as `manual-forms/django/forms#120` names, or None with a problem."""
    text = entry.text("claim", required=True)
    match = CLAIM_REFERENCE.fullmatch(text)
    if match is None:
        entry.problem(f"decided_by must name claims as source/framework/criterion#start, not {text!r}")
        return None
    start = match["start"] and int(match["start"])
    claims = by_cell.get((match["source"], match["framework"], match["criterion"]), ())
    found = [claim for claim in claims if start is None or claim.start == start]
    if len(found) == 1:
        if found[0].source.kind in (SourceKind.INDEPENDENT, SourceKind.VENDOR):
            entry.problem(f"{text!r} is a claim of an article; only documentation, metadata and measurements decide")
            return None
        return found[0]
    starts = ", ".join(f"#{claim.start}" for claim in claims if claim.start is not None)
    if found:
        entry.problem(f"{text!r} names {len(found)} claims; say which by its start: {starts}")
    else:
        entry.problem(f"decided_by names no claim: {text!r}" + (f"; there are {starts}" if starts else ""))
    return None


def claim_values(entry: Entry) -> dict[str, Any]:
    """The fields of a claim in a file, without those that refer to other rows."""
    support = entry.word("support", Support)
    state = entry.word("state", ClaimState, default=ClaimState.PUBLISHED) or ClaimState.PUBLISHED
    return {
        "statement": entry.text("statement", required=True),
        "level": entry.integer("level"),
        "support": support.value if support else "",
        "low": entry.decimal("low"),
        "high": entry.decimal("high"),
        "item": entry.text("item"),
        "section": entry.text("section"),
        "start": entry.integer("start"),
        "end": entry.integer("end"),
        "quote": entry.text("quote"),
        "version_range": entry.text("version_range"),
        "state": state.value,
        "state_reason": entry.text("state_reason"),
        "merged_into": None,
    }


def claim_key(claim: Claim) -> Key:
    """What makes a claim the same claim when files are loaded again."""
    passage = (claim.start,) if claim.start is not None else (claim.statement, claim.quote)
    return (claim.source_id, claim.framework_id, claim.criterion_id, *passage)


def check_key(check: Check) -> Key:
    return (check.claim_id, check.finding, check.on, check.evidence)


def measurement_key(measurement: Measurement) -> Key:
    return (measurement.part_id, measurement.framework_id, measurement.variant)


def has_derived_quote(claim: Claim, text: str) -> bool:
    """Whether the quote is exactly what the text holds at the claim's offsets, so that files need not contain it."""
    return bool(claim.quote and text) and text[claim.start : claim.end] == claim.quote
