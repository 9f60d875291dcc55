"""A batch undone as one: every row its history touched goes back to what it was before.

Rows the batch created are withdrawn (what is public is retracted, never deleted), rows it deleted come back, the rest
gets its old values, a claim its old state among them: history holds that state, the constraints hold, and what is
written is history again. The undoing is a batch of its own, so it can be undone like any other.

A row that somebody changed since, and did not change back, stays as it is. One exception: a claim that the batch
created and that was only submitted or published since still says what was imported, so it is withdrawn.

A source's text and the places in it are one thing. Where a text goes back, claims that were placed in it since follow
it, as they do when a new text arrives; where it stays, or another came since, no claim goes back to an old place.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from django.utils.text import capfirst

from comparison.anchors import Anchors
from comparison.likeness import sketch
from comparison.models import Batch, Claim, ClaimState, FormerCriterion, Person, Source, sign
from comparison.passages import REVIEWED, anchor, quote_of

ORDER = (  # a row before those that point to it
    "category",
    "criterion",
    "formercriterion",
    "framework",
    "source",
    "profile",
    "claim",
    "check",
    "profileweight",
    "notapplicable",
)
STANDING = {"state", "state_reason", "published_by_id", "published_at"}  # where a claim stands, not what it says
ON_ITS_WAY = (ClaimState.SUBMITTED, ClaimState.PUBLISHED)
STANDS = ("source_id", "start", "end", "quote")
PLACE = ("source_id", "framework_id", "criterion_id", "start", "statement", "quote")  # no two claims share all of it
ASIDE = 1_000_000_000  # beyond every text: where claims wait that swap their places


@dataclass(frozen=True)
class Step:
    """One row and what undoing does to it. `then` is the row as it was, None where the batch created it."""

    model: type[models.Model]
    pk: int
    now: Any
    then: Any
    conflict: str = ""
    fate: str = ""  # of the passage of a claim that follows its source's text

    @property
    def kind(self) -> str:
        return f"{capfirst(self.model._meta.verbose_name)} {self.pk}"

    @property
    def retracts(self) -> bool:
        return self.then is None and self.model is Claim and self.now.published

    @property
    def act(self) -> str:
        if self.fate:
            return f"follows the text, in which its passage is {self.fate}"
        if self.then is None:
            return "retracted" if self.retracts else "deleted"
        return "brought back" if self.now is None else "set back"

    @property
    def public(self) -> bool:
        return self.model is not Claim or any(one is not None and one.published for one in (self.now, self.then))


def touched() -> list[type[models.Model]]:
    """The models with history, those that others point to first."""
    return [apps.get_model("comparison", name) for name in ORDER]


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """What history keeps of a row; a source's text only where it changed."""
    kept: Any = model
    tracked = list(kept.history.model.tracked_fields)
    return [*tracked, Source._meta.get_field("text")] if model is Source else tracked


def differing(before: Any, after: Any, model: type[models.Model]) -> list[models.Field]:
    return [one for one in fields_of(model) if getattr(before, one.attname) != getattr(after, one.attname)]


def steps(batch: Batch) -> list[Step]:
    """What undoing would do; a few queries for each model, however many rows."""
    found = {(step.model, step.pk): step for model in touched() for step in _model_steps(model, batch)}
    _keep_texts_whole(found, batch)
    going = {key for key, step in found.items() if step.act == "deleted" and not step.conflict}
    for model in reversed(touched()):  # what stays keeps in place what it rests on
        for pk, why in _resting_on(model, {pk for one, pk in going if one is model}, found, going).items():
            going.discard((model, pk))
            found[model, pk] = replace(found[model, pk], conflict=why)
    return list(found.values())


def _model_steps(model: Any, batch: Batch) -> Iterator[Step]:
    entries = model.history.model.objects
    ids = entries.filter(history_batch=batch.pk).values("id")
    first: dict[int, Any] = {}
    last: dict[int, Any] = {}
    newest: dict[int, Any] = {}
    before: dict[int, Any] = {}
    for entry in entries.filter(id__in=ids).order_by("history_id"):
        if model is Source and entry.text is None:
            entry.text = newest[entry.id].text if entry.id in newest else ""
        newest[entry.id] = entry
        if entry.history_batch == batch.pk:
            first.setdefault(entry.id, entry)
            last[entry.id] = entry
        elif entry.id not in first:
            before[entry.id] = entry
    if not first:
        return
    present = {row.pk: row for row in model._default_manager.filter(pk__in=ids)}
    for pk in first:
        now = present.get(pk)
        then = _row(before.get(pk), now, model)
        same = now is not None and then is not None and not differing(now, then, model)
        if not same and (now is not None or then is not None):
            yield Step(model, pk, now, then, _conflict(last[pk], newest[pk], now, then))


def _row(entry: Any, now: Any, model: type[models.Model]) -> Any:
    """The row as a history entry has it; what history leaves out stays what it is. None where there was none."""
    if entry is None or entry.history_type == "-":
        return None
    kept = {one.attname: getattr(entry, one.attname) for one in fields_of(model)}
    names = [one.attname for one in model._meta.concrete_fields if one.attname not in kept and now is not None]
    return model(**kept, **{name: getattr(now, name) for name in names})


def _conflict(last: Any, newest: Any, now: Any, then: Any) -> str:
    """Who changed a row since the batch, and what; empty where it is as the batch left it."""
    if (last.history_type == "-") != (newest.history_type == "-"):
        what = "deleted" if newest.history_type == "-" else "brought back"
        return f"{capfirst(what)} since by {newest.history_author or 'a command'}."
    changed = [one for one in differing(last, newest, newest.instance_type) if one.name != "silent"]
    names = {one.attname for one in changed}
    if isinstance(now, Claim) and then is None and names <= STANDING and now.state in ON_ITS_WAY:
        return ""
    told = ", ".join(str(one.verbose_name) for one in changed)
    return f"Changed since by {newest.history_author or 'a command'} ({told})." if changed else ""


def _keep_texts_whole(found: dict[tuple[Any, int], Step], batch: Batch) -> None:
    """Makes a source's text and the places in it go back together or not at all."""
    kept, back = set(), {}
    for step in [one for one in found.values() if one.model is Source and one.now and one.then]:
        if not step.conflict:
            _carry_silent(step)
            if not differing(step.now, step.then, Source):
                del found[Source, step.pk]
        if step.now.text_sha256 == step.then.text_sha256:
            continue
        following, staying = _placed_since(step, found, batch)
        if why := step.conflict or _lost(step, following):
            found[Source, step.pk] = replace(step, conflict=why)
            kept.add(step.pk)
        else:
            back[step.pk] = (step, following, staying)
    _leave_places(found, kept, back, batch)
    for step, following, staying in back.values():
        found |= {(Claim, one.pk): one for one in _follow(step, following, staying)}


def _carry_silent(step: Step) -> None:
    """Lines marked as without claims stay marked in the text that comes back."""
    now, then = step.now, step.then
    if now.text_sha256 == then.text_sha256:
        then.silent = now.silent
    else:
        then.silent = Anchors(then.text, now.text).carry_back(now.silent, then.text, then.silent)


def _lost(step: Step, claims: Sequence[Claim]) -> str:
    """Why claims cannot follow a text; empty where they can."""
    if step.then.text or not claims:
        return ""
    return f"The text before it is not held, and claim {claims[0].pk} was placed in this one since."


def _placed_since(step: Step, found: dict[tuple[Any, int], Step], batch: Batch) -> tuple[list[Claim], list[Claim]]:
    """The claims that have a place in a text since it arrived, and those whose places are of the text before it."""
    claims = Claim.objects.filter(source=step.pk, start__isnull=False).select_related("framework", "criterion")
    back = {pk: one.then for (model, pk), one in found.items() if model is Claim and not one.conflict}
    rest = [one for one in claims.order_by("start", "pk") if one.pk not in back]
    entries = Claim.history.filter(id__in=[one.pk for one in rest], history_date__lt=batch.at).order_by("history_id")
    were = {pk: (start, end) for pk, start, end in entries.values_list("id", "start", "end")}
    following = [one for one in rest if were.get(one.pk) != (one.start, one.end)]
    staying = [one for one in rest if were.get(one.pk) == (one.start, one.end)]
    back = {pk: one for pk, one in back.items() if one and one.source_id == step.pk and one.start is not None}
    return following, [*staying, *back.values()]


def _leave_places(found: dict[tuple[Any, int], Step], kept: set[int], going: Iterable[int], batch: Batch) -> None:
    """Keeps claims from places in a text that their source does not have, nor gets back."""
    claims = [one for one in found.values() if one.model is Claim and one.then is not None and not one.conflict]
    placed = [one for one in claims if one.then.start is not None and (one.now is None or _differ(one, STANDS))]
    ids = {one.then.source_id for one in placed} - set(going)
    before = Source.history.filter(id__in=ids, history_date__lt=batch.at).order_by("history_id")
    were, now = (dict(rows.values_list("id", "text_sha256")) for rows in (before, Source.objects.filter(pk__in=ids)))
    replaced = {pk for pk in ids if were.get(pk) and were[pk] != now.get(pk)}
    for step in claims:
        if step.then.source_id in kept or (step in placed and step.then.source_id in replaced):
            found[Claim, step.pk] = replace(step, conflict="Its place is in a text that does not come back.")


def _follow(step: Step, claims: list[Claim], staying: list[Claim]) -> Iterator[Step]:
    """Claims whose passages are looked for in the text that comes back."""
    for one, place in anchor(claims, step.now.text, step.then.text, staying):
        then = copy(one.claim)
        then.start, then.end, then.quote = place.start, place.end, quote_of(one)
        if one.claim.published and one.fate in REVIEWED:
            then.state, then.state_reason = ClaimState.SUBMITTED.value, f"Its passage in the source is {one.fate}."
        if differing(one.claim, then, Claim):
            yield Step(Claim, one.claim.pk, one.claim, then, fate=one.fate)


def _resting_on(
    model: type[models.Model], ids: set[int], found: dict[tuple[Any, int], Step], going: set[tuple[Any, int]]
) -> dict[int, str]:
    """Rows that cannot be deleted, with what still points to them once the undoing is done."""
    resting: dict[int, str] = {}
    for relation in model._meta.related_objects if ids else ():
        other, attname = relation.related_model, relation.field.attname
        for row in other._default_manager.filter(**{f"{attname}__in": ids}).only("pk", attname):
            step = found.get((other, row.pk))
            leaves = step and step.then and not step.conflict and getattr(step.then, attname) not in ids
            if (other, row.pk) not in going and not leaves:
                resting[getattr(row, attname)] = f"{capfirst(other._meta.verbose_name)} {row.pk} rests on it."
    return resting


def may_undo(batch: Batch, by: Person, found: Sequence[Step]) -> bool:
    """Who publishes undoes what they may change row by row; others their own batches of unpublished claims."""
    if by is None:
        return True
    going = [step for step in found if not step.conflict]
    if not by.has_perms({f"comparison.{right}" for step in going for right in _rights(step)}):
        return False
    if by.has_perm("comparison.publish_claim"):
        return True
    claims = [one for step in going for one in (step.now, step.then) if one is not None]
    own = all(isinstance(one, Claim) and one.created_by_id == by.pk and not one.published for one in claims)
    return batch.by_id == by.pk and own


def _rights(step: Step) -> list[str]:
    """Withdrawing an imported claim takes the right to change claims; to delete by other ways takes more.

    The address of a criterion is part of it.
    """
    if step.model is FormerCriterion:
        return ["change_criterion"]
    name = step.model._meta.model_name
    act = {"deleted": "delete", "brought back": "add"}.get(step.act, "change")
    return [f"change_{name}"] if step.model is Claim else [f"{act}_{name}"]


def undo(batch: Batch, by: Person = None, the_rest: bool = False) -> Batch:
    """Undoes a batch; with `the_rest`, rows changed since are left alone. Raises ValidationError, PermissionDenied."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        sources = Source.history.filter(history_batch=batch.pk).values("id")
        list(Source.objects.select_for_update().filter(pk__in=sources).values_list("pk"))  # no new text meanwhile
        found = steps(batch)
        if not may_undo(batch, by, found):
            raise PermissionDenied("You may not change all of what this batch touched.")
        going = [step for step in found if not step.conflict]
        if why := _obstacle(batch, found, going, the_rest):
            raise ValidationError(why)
        public = [step for step in going if step.public]
        with Batch.objects.of(f"Undone: {batch.summary}", by, undoes=batch) as new:
            _perform(going, by, f"undoes batch {batch.pk}")
            if public:
                claims = Claim.objects.filter(pk__in=[step.pk for step in public if step.model is Claim])
                claims.announce(f"Undone: {batch.summary}", by)
        return new


def _obstacle(batch: Batch, found: Sequence[Step], going: Sequence[Step], the_rest: bool) -> str:
    left = len(found) - len(going)
    if Batch.objects.filter(undoes=batch).exists():
        return "It was undone already."
    if left and not the_rest:
        rows = "1 row was" if left == 1 else f"{left} rows were"
        return f"{rows} changed since. Undo the rest, or mend these first."
    return "" if going else "There is nothing left to undo."


def _perform(going: Sequence[Step], by: Person, reason: str) -> None:
    for step in going:
        if step.now is None:
            _save(step, by, reason, force_insert=True)
    changed = [step for step in going if step.now is not None and step.then is not None]
    moving = [one.pk for one in changed if one.model is Claim and _differ(one, PLACE)]
    Claim.objects.filter(pk__in=moving).update(start=F("pk") + ASIDE, end=F("pk") + ASIDE + 1)
    for step in changed:
        _save(step, by, reason, force_update=True)
    for model in reversed(touched()):
        _withdraw([step for step in going if step.model is model and step.then is None], by, reason)
    try:
        connection.check_constraints([model._meta.db_table for model in {step.model for step in going}])
    except IntegrityError:
        raise ValidationError("Nothing was undone: some of it speaks of rows that are gone by now.") from None


def _differ(step: Step, names: Iterable[str]) -> bool:
    return any(getattr(step.now, name) != getattr(step.then, name) for name in names)


def _save(step: Step, by: Person, reason: str, **how: bool) -> None:
    if isinstance(step.then, Source):
        step.then.sketch = sketch(step.then.text)  # which history leaves out
    sign(step.then, by, reason)
    try:
        step.then.save(**how)
    except IntegrityError:
        raise ValidationError(f"Nothing was undone: another row has the place of {step.kind} by now.") from None


def _withdraw(created: Sequence[Step], by: Person, reason: str) -> None:
    """Retracts what is public and deletes the rest, all at once: one by one takes a second for 400 rows."""
    public = [step.now for step in created if step.retracts]
    rest = [step.now for step in created if not step.retracts]
    for claim in public:
        claim.move(ClaimState.RETRACTED, by, capfirst(reason), announce=False)
    for row in rest:
        sign(row, by, reason)
    gone = Collector(using=connection.alias)
    try:
        gone.collect(rest)
    except models.ProtectedError as error:
        names = ", ".join(f"{one._meta.verbose_name} {one.pk}" for one in list(error.protected_objects)[:5])
        raise ValidationError(f"Nothing was undone: {names} would lose what it rests on.") from None
    gone.delete()
