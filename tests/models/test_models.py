"""Each constraint is violated once, bypassing validation, so that a missing constraint fails its test."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from comparison.evidence import Kind, SourceKind
from comparison.models import (
    Category,
    Check,
    Claim,
    Criterion,
    Edition,
    FormerCriterion,
    Framework,
    GuideChoice,
    GuideQuestion,
    Measurement,
    NotApplicable,
    Profile,
    ProfileExclusion,
    ProfileWeight,
    Source,
)
from tests.make import (
    VALUES,
    make_category,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_measurement,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

NAMED: list[type] = [Framework, Category, Criterion, Profile]
VIOLATIONS: list[tuple[str, type, dict[str, Any]]] = [
    ("framework_slug_splits", Framework, {"slug": "a-vs-b"}),
    ("framework_slug_splits", Framework, {"slug": "vs-b"}),
    ("framework_slug_splits", Framework, {"slug": "a-vs"}),
    ("framework_year_plausible", Framework, {"first_release_year": 1066}),
    *((f"{model.__name__.lower()}_name_shows", model, {"name": "\u200b", "name_key": ""}) for model in NAMED),
    ("criterion_kind_known", Criterion, {"kind": "mood"}),
    ("criterion_unit_with_figure", Criterion, {"kind": "figure", "unit": "", "lower_is_better": True}),
    ("criterion_unit_with_figure", Criterion, {"kind": "figure", "unit": "ms", "lower_is_better": None}),
    ("criterion_unit_with_figure", Criterion, {"unit": "ms"}),
    ("source_kind_known", Source, {"kind": "rumour"}),
    ("source_digest_with_length", Source, {"text": "something"}),
    ("source_digest_with_length", Source, {"text_sha256": "a" * 64}),
    ("source_digest_with_length", Source, {"text_sha256": "abc", "text_length": 3}),
    ("source_distribution_with_digest", Source, {"distribution": "a-1.tar.gz"}),
    ("source_distribution_with_digest", Source, {"distribution_sha256": "a" * 64}),
    ("source_distribution_with_digest", Source, {"distribution": "a-1.tar.gz", "distribution_sha256": "abc"}),
    ("source_experiment_of_a_run", Source, {"experiment": "json"}),
    ("source_experiment_of_a_run", Source, {"experiment": "json", "kind": "measurement"}),
    ("measurement_one_result", Measurement, {"median": None}),
    ("measurement_one_result", Measurement, {"outcome": "none"}),
    ("measurement_one_result", Measurement, {"failure": "It did not start."}),
    ("measurement_one_result", Measurement, {"median": None, "low": None, "high": None}),
    ("measurement_low_to_high", Measurement, {"low": 11}),
    ("measurement_low_to_high", Measurement, {"high": 9}),
    ("measurement_low_to_high", Measurement, {"low": -1}),
    ("claim_one_value", Claim, {"level": None}),
    ("claim_one_value", Claim, {"support": "none"}),
    ("claim_one_value", Claim, {"item": "x"}),
    ("claim_one_value", Claim, {"level": None, "low": 1}),
    ("claim_level_in_range", Claim, {"level": 3}),
    ("claim_level_in_range", Claim, {"level": -3}),
    ("claim_support_known", Claim, {"level": None, "support": "maybe"}),
    ("claim_low_to_high", Claim, {"level": None, "low": 2, "high": 1}),
    ("claim_low_to_high", Claim, {"level": None, "low": -1, "high": 1}),
    ("claim_start_before_end", Claim, {"start": 5, "end": 5}),
    ("claim_start_before_end", Claim, {"start": 5}),
    ("claim_start_before_end", Claim, {"end": 5}),
    ("claim_says_something", Claim, {"statement": ""}),
    ("claim_state_known", Claim, {"state": "lost"}),
    ("claim_reason_given", Claim, {"state": "rejected"}),
    ("claim_reason_given", Claim, {"state": "retracted"}),
    ("check_finding_known", Check, {"finding": "odd"}),
    ("profile_weight_in_range", ProfileWeight, {"weight": 0}),
    ("profile_weight_in_range", ProfileWeight, {"weight": 4}),
    ("profile_exclusion_has_reason", ProfileExclusion, {"reason": ""}),
    ("guide_choice_has_effect", GuideChoice, {"sets": ""}),
]


def valid_row(model: type) -> Any:
    if model is Check:
        return make_check(make_claim())
    if model is ProfileWeight:
        profile = Profile.objects.create(slug="p", name="P", description="d")
        return ProfileWeight.objects.create(profile=profile, criterion=make_criterion(), weight=1)
    if model is ProfileExclusion:
        profile = Profile.objects.create(slug="p", name="P", description="d")
        return ProfileExclusion.objects.create(profile=profile, framework=make_framework(), reason="It is too small.")
    if model is GuideChoice:
        question = GuideQuestion.objects.create(slug="q", text="Who?")
        make_criterion(name="Ease")
        return GuideChoice.objects.create(question=question, slug="a", text="A", because="it is A", sets="ease 2")
    makers: dict[type, Any] = {
        Framework: make_framework,
        Category: make_category,
        Profile: lambda: Profile.objects.create(slug="p", name="P", description="d"),
        Criterion: make_criterion,
        Source: make_source,
        Claim: make_claim,
        Measurement: make_measurement,
    }
    return makers[model]()


@pytest.mark.parametrize(("name", "model", "values"), VIOLATIONS)
def test_the_database_refuses(name: str, model: type, values: dict[str, Any]) -> None:
    row = valid_row(model)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model._default_manager.filter(pk=row.pk).update(**values)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "model", "values"), VIOLATIONS)
def test_validation_refuses(name: str, model: type, values: dict[str, Any]) -> None:
    row = valid_row(model)
    for field, value in values.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError):
        row.full_clean()


def twin_of(row: Any, **values: Any) -> Any:
    """An unsaved copy with another name and slug, unless `values` say otherwise."""
    twin = type(row)()
    for field in row._meta.concrete_fields:
        setattr(twin, field.attname, getattr(row, field.attname))
    twin.pk, twin._state.adding = None, True
    for name, value in ({"name": "Quite another", "slug": "quite-another"} | values).items():
        setattr(twin, name, value)
    return twin


LOOK_ALIKES = [
    "django ÉLAN",
    "Django E\u0301lan",
    "Djan\u200bgo Élan",
    "Dj\u0430ngo Élan",
    "Django\u00a0Élan",
    "Ｄjango Élan",
]


@pytest.mark.parametrize("name", LOOK_ALIKES)
@pytest.mark.parametrize("model", NAMED)
def test_a_name_that_looks_like_another_is_refused(model, name) -> None:
    row = valid_row(model)
    row.name = "Django Élan"
    row.save()
    twin = twin_of(row, name=name)
    with pytest.raises(ValidationError, match="Readers cannot tell it from “Django Élan”") as raised:
        twin.full_clean()
    assert list(raised.value.message_dict) == ["name"]
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    twin_of(row, name=f"{name}s").save()
    row.full_clean()


@pytest.mark.parametrize("model", [*NAMED, Source])
def test_a_slug_that_differs_in_case_is_refused(model) -> None:
    row = valid_row(model)
    twin = twin_of(row, slug=row.slug.upper())
    with pytest.raises(ValidationError, match="capitals make no difference"):
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_no_two_editions_share_a_token() -> None:
    first, second = Edition.objects.publish("First"), Edition.objects.publish("Second")
    assert re.fullmatch("[0-9a-f]{32}", second.token)
    assert Edition.objects.current().token == second.token
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(number=2).update(token=first.token)


def test_every_check_constraint_has_a_case() -> None:
    names = {
        constraint.name
        for model in (*NAMED, Source, Measurement, Claim, Check, ProfileWeight, ProfileExclusion, GuideChoice)
        for constraint in model._meta.constraints
    }
    uniques = {"claim_once_per_place", "claim_once_without_place", "check_once_a_day", "profile_weight_once"}
    uniques |= {"measurement_once", "profile_exclusion_once"}
    uniques |= {f"guide_choice_{what}_once" for what in ("slug", "text", "weights")}
    uniques |= {f"{model.__name__.lower()}_{what}_once" for model in NAMED for what in ("name", "slug")}
    uniques |= {"source_slug_once"}
    special = {"source_repeats_another", "source_framework_of_a_record", "claim_quote_short"}
    special |= {"source_part_of_another", "source_part_of_a_record"}
    assert names == {name for name, _, _ in VIOLATIONS} | uniques | special


def test_a_source_cannot_repeat_itself() -> None:
    source = make_source()
    with pytest.raises(IntegrityError, match="source_repeats_another"), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(repeats=source.pk)


@pytest.mark.parametrize("kind", SourceKind)
def test_only_documentation_and_metadata_belong_to_a_framework(kind: SourceKind) -> None:
    source, framework = make_source(kind=kind.value), make_framework()
    source.framework = framework
    if kind in (SourceKind.DOCUMENTATION, SourceKind.METADATA):
        source.full_clean()
        source.save()
        with pytest.raises(ProtectedError):
            framework.delete()
    else:
        with pytest.raises(ValidationError) as caught:
            source.full_clean()
        assert list(caught.value.message_dict) == ["framework"]
        with pytest.raises(IntegrityError, match="source_framework_of_a_record"), transaction.atomic():
            source.save()


def test_a_part_is_part_of_another_record_and_repeats_nothing() -> None:
    whole, article = make_source(kind="documentation"), make_source()
    part = make_source(kind="documentation", part_of=whole)
    for changes in ({"part_of": part.pk}, {"repeats": article.pk}):
        with pytest.raises(IntegrityError, match="source_part_of_another"), transaction.atomic():
            Source.objects.filter(pk=part.pk).update(**changes)
    with pytest.raises(IntegrityError, match="source_part_of_a_record"), transaction.atomic():
        Source.objects.filter(pk=article.pk).update(part_of=whole)
    with pytest.raises(ProtectedError):
        whole.delete()


@pytest.mark.parametrize("changes", [{"kind": "metadata"}, {"framework": "new"}])
def test_a_part_has_the_kind_and_framework_of_its_whole(changes: dict[str, Any]) -> None:
    whole = make_source(kind="documentation", framework=make_framework())
    part = make_source(kind="documentation", framework=whole.framework, part_of=whole)
    part.full_clean()
    changes = {name: make_framework() if value == "new" else value for name, value in changes.items()}
    for source, field in ((part, "part_of"), (whole, "kind")):
        for name, value in changes.items():
            setattr(source, name, value)
        with pytest.raises(ValidationError) as caught:
            source.full_clean()
        assert list(caught.value.message_dict) == [field]
        source.refresh_from_db()


def test_a_part_has_no_parts() -> None:
    whole = make_source(kind="documentation")
    part = make_source(kind="documentation", part_of=whole)
    other = make_source(kind="documentation", part_of=None)
    for source, new_whole in ((other, part), (whole, other)):
        source.part_of = new_whole
        with pytest.raises(ValidationError, match="cannot have parts of its own"):
            source.full_clean()


def test_a_variant_is_measured_once_in_a_run() -> None:
    measurement = make_measurement()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_measurement(part=measurement.part, framework=measurement.framework, variant=measurement.variant)
    make_measurement(part=measurement.part, framework=measurement.framework, variant="another")


def test_a_former_criterion_is_not_a_present_one() -> None:
    criterion, other = make_criterion(), make_criterion()
    FormerCriterion(slug="gone", criterion=criterion).full_clean()
    with pytest.raises(ValidationError, match="is a criterion still"):
        FormerCriterion(slug=other.slug, criterion=criterion).full_clean()


def test_a_relation_of_criteria_has_no_direction() -> None:
    first, second = make_criterion(), make_criterion()
    first.related.add(second)
    assert (list(first.related.all()), list(second.related.all())) == ([second], [first])
    second.delete()
    assert not first.related.exists()


def test_sources_cannot_repeat_one_another_in_a_circle() -> None:
    first = make_source()
    second = make_source(repeats=first)
    first.repeats = second
    with pytest.raises(ValidationError, match="circle"):
        first.full_clean()


def test_only_merged_claims_may_be_equal_without_offsets() -> None:
    claim = make_claim(quote="Words")
    same = {"framework": claim.framework, "criterion": claim.criterion, "source": claim.source, "quote": "Words"}
    other = make_claim(statement=claim.statement, start=1, end=5, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=other.pk).update(start=None, end=None)
    Claim.objects.filter(pk=other.pk).update(start=None, end=None, merged_into=claim)


def test_a_quote_has_at_most_500_characters() -> None:
    claim = make_claim(quote="x" * 500)
    # PostgreSQL's column refuses first, SQLite's constraint.
    with pytest.raises(Exception, match=r"claim_quote_short|too long"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(quote="x" * 501)


def copy_of(row: Any, **changes: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**values | changes)


def test_a_source_has_one_claim_per_cell_and_offset() -> None:
    claim = make_claim(start=1, end=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(claim, statement="Otherwise put", end=9).save()
    copy_of(claim, start=2).save()
    with pytest.raises(ValidationError, match="at this place"):
        copy_of(claim, statement="Otherwise put").full_clean()


def test_equal_claims_without_offsets_are_refused() -> None:
    claim = make_claim()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(claim).save()
    copy_of(claim, statement="Something else").save()


def test_the_same_check_is_recorded_once_a_day() -> None:
    check = make_check(make_claim())
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(check).save()


def test_a_profile_weighs_a_criterion_once() -> None:
    weight = valid_row(ProfileWeight)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(weight, weight=2).save()


def test_a_profile_leaves_out_a_framework_once() -> None:
    exclusion = valid_row(ProfileExclusion)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(exclusion, reason="Another").save()


@pytest.mark.parametrize("same", ["slug", "text", "sets"])
def test_no_two_choices_of_a_question_are_alike(same) -> None:
    choice = valid_row(GuideChoice)
    others = {"slug": "b", "text": "B", "sets": "ease 1"}
    del others[same]
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(choice, **others).save()
    copy_of(choice, **others, question_id=GuideQuestion.objects.create(slug="p", text="What?").pk).save()


def test_a_criterion_is_marked_not_applicable_once() -> None:
    mark = NotApplicable.objects.create(framework=make_framework(), criterion=make_criterion(), reason="It has none.")
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(mark, reason="Again").save()


def test_the_current_edition_is_the_newest_as_stored() -> None:
    user = make_user()
    Edition.objects.publish("First")
    Edition.objects.publish("Second", user)
    newest, stored = Edition.objects.current(), Edition.objects.latest("number")
    assert (newest.number, newest.at, newest.by, newest.summary) == (2, stored.at, user, "Second")
    Edition.objects.all().delete()
    with pytest.raises(Edition.DoesNotExist):
        Edition.objects.current()


def test_edition_numbers_are_unique() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(number=0, summary="twice")


@pytest.mark.parametrize("model", [Framework, Category, Criterion, Source, Profile])
def test_slugs_are_unique(model: type) -> None:
    make_claim()
    Profile.objects.create(slug="p", name="P", description="d")
    row = model.objects.first()  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(row, **{"title" if model is Source else "name": "Another"}).save()


def test_referenced_rows_cannot_be_deleted() -> None:
    user = make_user("Editor")
    claim = make_claim(created_by=user)
    make_check(claim)
    make_source(repeats=claim.source)
    cited = [claim, claim.framework, claim.criterion, claim.criterion.category, claim.source, user]
    for row in cited:
        with pytest.raises(ProtectedError):
            row.delete()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("value_kind", Kind)
def test_a_claim_needs_the_kind_of_value_its_criterion_requires(kind: Kind, value_kind: Kind) -> None:
    claim = make_claim(criterion=make_criterion(kind))
    for name in Claim.VALUES:
        setattr(claim, name, VALUES[value_kind].get(name, "" if name in ("support", "item") else None))
    if VALUES[kind].keys() == VALUES[value_kind].keys():
        claim.full_clean()
    else:
        with pytest.raises(ValidationError) as caught:
            claim.full_clean()
        assert set(VALUES[value_kind]) | set(VALUES[kind]) == set(caught.value.message_dict)


@pytest.mark.parametrize(
    ("offsets", "field", "words"),
    [
        ({"start": 3, "end": 30}, "end", "20 characters"),
        ({"start": 3, "end": 3}, "end", "after it starts"),
        ({"start": 3}, "end", "both start and end"),
        ({"end": 3}, "start", "both start and end"),
    ],
)
def test_a_passage_is_within_the_text(offsets: dict[str, int], field: str, words: str) -> None:
    source = make_source()
    source.set_text("Exactly 20 characters"[:20])
    source.save()
    claim = make_claim(source=source)
    claim.start, claim.end = offsets.get("start"), offsets.get("end")
    with pytest.raises(ValidationError) as caught:
        claim.full_clean()
    assert words in caught.value.message_dict[field][0]


def test_a_criterion_with_claims_cannot_change_its_kind() -> None:
    criterion = make_claim().criterion
    criterion.kind = "list"
    with pytest.raises(ValidationError, match="Claims of another kind"):
        criterion.full_clean()


def test_a_profile_cannot_weigh_a_list() -> None:
    profile = Profile.objects.create(slug="p", name="P", description="d")
    with pytest.raises(ValidationError, match="not ranked"):
        ProfileWeight(profile=profile, criterion=make_criterion("list"), weight=1).full_clean()


def test_a_text_is_stored_by_code_point() -> None:
    text = "\ufeffcafé\r\n\xa0“ϟ€”\U0001f600 e\u0301"
    source = make_source()
    source.set_text(text)
    source.save()
    source.refresh_from_db()
    assert (source.text, source.text_length) == (text, len(text))


def test_categories_group_their_criteria_in_order() -> None:
    second, first = make_category(order=2), make_category(order=1)
    late, early = make_criterion(category=first, order=2), make_criterion(category=first, order=1)
    other = make_criterion(category=second, order=0)
    assert list(Criterion.objects.all()) == [early, late, other]
