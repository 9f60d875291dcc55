"""Plain functions that make things through the models' own methods. Every argument may be overridden."""

from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from comparison.evidence import Evidence, Kind, SourceKind
from comparison.models import (
    Category,
    CellVerdict,
    Check,
    Claim,
    ClaimState,
    Criterion,
    Edition,
    FormerCriterion,
    Framework,
    GuideChoice,
    GuideQuestion,
    Measurement,
    NotApplicable,
    Profile,
    ProfileWeight,
    Source,
)
from comparison.models.claim_rules import NEEDS_REASON
from comparison.models.editions import printable
from comparison.models.relations.history import no_relations, relations_of
from comparison.recommend import Weights
from tests.database import gather_statistics

numbers: Iterator[int] = count(1)

VALUES: dict[str, dict[str, Any]] = {
    "rating": {"level": 1},
    "fit": {"level": 1},
    "feature": {"support": "built-in"},
    "figure": {"low": 10, "high": 10},
    "list": {"item": "Thing"},
}


def insert(model: Any, fields: dict[str, Any]) -> Any:
    """Saves a new row with its first history entry, as objects.create() does, but in two queries and half the time."""
    row = model(**fields)
    row.skip_history_when_saving = True
    row.save(force_insert=True)
    del row.skip_history_when_saving
    entry = history_row(row, "+", relations=no_relations(model))
    history_model(model).objects.bulk_create([entry])
    return row


def make_framework(name: str = "", **fields: Any) -> Framework:
    name = name or f"Framework {next(numbers)}"
    return insert(Framework, {"name": name, "slug": name.lower().replace(" ", "-")} | fields)


def make_category(name: str = "", **fields: Any) -> Category:
    name = name or f"Category {next(numbers)}"
    return insert(Category, {"name": name, "slug": name.lower().replace(" ", "-")} | fields)


def make_criterion(kind: str = "rating", name: str = "", **fields: Any) -> Criterion:
    name = name or f"Criterion {next(numbers)}"
    figure = {"unit": "ms", "lower_is_better": True} if kind == "figure" else {}
    defaults = {"name": name, "slug": name.lower().replace(" ", "-"), "question": "How is it?", "kind": kind, **figure}
    if "category" not in fields:
        defaults["category"] = Category.objects.first() or make_category()
    return insert(Criterion, defaults | fields)


def make_source(title: str = "", kind: str = "independent", **fields: Any) -> Source:
    title = title or f"Source {next(numbers)}"
    return insert(Source, {"title": title, "slug": title.lower().replace(" ", "-"), "kind": kind} | fields)


STEPS: dict[ClaimState, list[ClaimState]] = {  # the transitions that lead from a draft to each state
    ClaimState.DRAFT: [],
    ClaimState.SUBMITTED: [ClaimState.SUBMITTED],
    ClaimState.PUBLISHED: [ClaimState.SUBMITTED, ClaimState.PUBLISHED],
    ClaimState.REJECTED: [ClaimState.SUBMITTED, ClaimState.REJECTED],
    ClaimState.RETRACTED: [ClaimState.SUBMITTED, ClaimState.PUBLISHED, ClaimState.RETRACTED],
}
REASON = "because"


def build_claim(**fields: Any) -> Claim:
    """A draft that is checked but not saved."""
    framework = fields.pop("framework", None) or make_framework()
    criterion = fields.pop("criterion", None) or make_criterion()
    source = fields.pop("source", None) or make_source()
    value = {} if any(name in fields for name in Claim.VALUES) else VALUES[criterion.kind]
    claim = Claim(
        framework=framework,
        criterion=criterion,
        source=source,
        **{"statement": f"Says {next(numbers)}"} | value | fields,
    )
    claim.clean_fields(exclude=["framework", "criterion", "source", "created_by", "published_by", "merged_into"])
    claim.clean()
    return claim


def make_claim(state: ClaimState = ClaimState.PUBLISHED, **fields: Any) -> Claim:
    """A claim that commands brought to its state step by step.

    Claim.transition() takes some 50 queries to write these rows, this takes five. tests/models/test_make.py compares.
    """
    claim, editions = build_claim(**fields), []
    history = [history_row(claim, "+")]
    for step in STEPS[state]:
        old_state, claim.state = claim.state, step.value
        claim.state_reason = REASON if step in NEEDS_REASON else ""
        if step is ClaimState.PUBLISHED:
            claim.published_at = timezone.now()
        history.append(history_row(claim, "~", f"{old_state} → {step}" + (f": {REASON}" if claim.state_reason else "")))
        if ClaimState.PUBLISHED in (old_state, step):
            editions.append(Edition(summary=f"Claim {step}: "))
    for number, edition in enumerate(editions, Edition.objects.current().number + 1 if editions else 0):
        claim.updated_edition = edition.number = number
    Claim.objects.bulk_create([claim])
    for edition in editions:
        edition.summary = printable(edition.summary + claim.cell_name)[: Edition.MAX_SUMMARY_LENGTH]
    Edition.objects.bulk_create(editions)
    for row in history:
        row.id = claim.pk
    history_model(Claim).objects.bulk_create(history)
    if claim.low is not None:
        claim.refresh_from_db(fields=["low", "high"])  # with as many decimals as the database stores
    return claim


@cache
def history_model(model: Any) -> Any:
    """Looked up once: each look at `history` makes a new class of managers."""
    return model.history.model


def history_row(row: Any, history_type: str, reason: str | None = None, relations: Any = None) -> Any:
    """A history entry of the row as it is now, not saved."""
    model = history_model(type(row))
    names = [field.attname for field in model._meta.concrete_fields]
    stored = {name: getattr(row, name) for name in names if hasattr(row, name)}
    if "relations" in names:
        stored["relations"] = relations or relations_of(type(row), [row.pk])[row.pk]
    return model(history_type=history_type, history_date=timezone.now(), history_change_reason=reason, **stored)


def make_part(whole: Source, title: str = "", **fields: Any) -> Source:
    """A page of a documentation, or an experiment of a run."""
    return make_source(title, **{"kind": whole.kind, "framework": whole.framework, "part_of": whole} | fields)


def make_measurement(**fields: Any) -> Measurement:
    """A median of 10 ms between quartiles of 9 and 11 ms."""
    if "part" not in fields:
        run = make_source(kind="measurement")
        fields["part"] = make_part(run, experiment="quickness")
    if "framework" not in fields:
        fields["framework"] = make_framework()
    defaults = {"variant": "bare", "unit": "ms", "median": 10, "low": 9, "high": 11, "samples": [9, 10, 11]}
    return Measurement.objects.create(**defaults | fields)


def make_check(claim: Claim, finding: str = "false", **fields: Any) -> Check:
    return Check.objects.create(**{"claim": claim, "finding": finding, "note": "Seen otherwise."} | fields)


def make_user(role: str = "", **fields: Any) -> User:
    """A member of staff; `role` is Contributor, Reviewer, Editor, or empty for none."""
    user = User.objects.create_user(**{"username": f"user{next(numbers)}", "password": "x", "is_staff": True} | fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def evidence(claim: int = 1, source: int = 1, **fields: Any) -> Evidence:
    """One claim for the pure functions; from an independent article unless `fields` say otherwise."""
    defaults = {"origin": source, "depth": 0, "source_kind": SourceKind.INDEPENDENT}
    return Evidence(claim, source, **defaults | fields)


def with_weight(weights: Weights, slug: str, weight: int) -> Weights:
    """The weights with another weight of one criterion."""
    return Weights({**weights.weights, slug: weight}, weights.must)


def fill(frameworks: int, criteria: int, sources: int = 3) -> list[Framework]:
    """A catalogue in which each source has a claim on each criterion of each framework; criteria of all kinds."""
    kinds, source_kinds = list(Kind), list(SourceKind)
    new_criteria = [make_criterion(kinds[number % len(kinds)].value) for number in range(criteria)]
    new_sources = [make_source(kind=source_kinds[number % len(source_kinds)].value) for number in range(sources)]
    new_frameworks = [make_framework() for _ in range(frameworks)]
    Claim.objects.bulk_create(
        Claim(
            framework=framework,
            criterion=criterion,
            source=source,
            statement=f"Says {number}",
            state=ClaimState.PUBLISHED.value,
            **VALUES[criterion.kind],
        )
        for framework in new_frameworks
        for criterion in new_criteria
        for number, source in enumerate(new_sources)
    )
    gather_statistics()
    Edition.objects.publish("filled")
    rebuild_verdicts()
    return new_frameworks


def rebuild_verdicts() -> None:
    """Needed after writes that bypass history, which no edition notices."""
    edition = Edition.objects.current().number
    CellVerdict.objects.rebuild_all(edition)
    Edition.objects.filter(number=edition).update(has_verdicts=True)


def make_mergeable_criteria() -> tuple[Criterion, Criterion, dict[str, Any]]:
    keep, gone = make_criterion(name="Learning curve"), make_criterion(name="Ease of learning", synonyms="easy")
    source, framework, other = make_source(), make_framework("One"), make_framework("Two")
    kept = make_claim(source=source, framework=framework, criterion=keep, start=5, end=9)
    twin = make_claim(source=source, framework=framework, criterion=gone, start=5, end=9)
    moved = make_claim(ClaimState.DRAFT, criterion=gone, framework=other)
    both, only = (Profile.objects.create(slug=name, name=name, description="d") for name in ("both", "only"))
    ProfileWeight.objects.create(profile=both, criterion=keep, weight=1)
    ProfileWeight.objects.create(profile=both, criterion=gone, weight=3, must_have=True)
    ProfileWeight.objects.create(profile=only, criterion=gone, weight=2)
    NotApplicable.objects.create(framework=other, criterion=gone, reason="None")
    FormerCriterion.objects.create(slug="older", criterion=gone)
    return keep, gone, {"kept": kept, "twin": twin, "moved": moved}


def make_guide() -> None:
    """On the criteria of `two`: who (one: ease 3 and speed 1; many: speed 2), what (site: part as a must-have)."""
    who = GuideQuestion.objects.create(slug="who", text="Who builds it?", order=1)
    what = GuideQuestion.objects.create(slug="what", text="What is it?", order=2)
    choices = [(who, "one", "ease 3\nspeed 1"), (who, "many", "speed 2"), (what, "site", "part 3 must\nspeed 3")]
    for question, slug, sets in choices:
        GuideChoice.objects.create(
            question=question, slug=slug, text=f"It is {slug}", because=f"{slug} it is", sets=sets
        )
