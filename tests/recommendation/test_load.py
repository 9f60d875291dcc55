"""Loading evidence: everything published that can be ranked, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.evidence import Finding, SourceKind, State
from comparison.models import Claim, ClaimState, Criterion, Edition, Framework, NotApplicable
from comparison.recommend import CriterionSpec, Weights, recommend
from comparison.recommendation.load import load_evidence, rankable_criteria
from comparison.recommendation.reasons import situation_sides
from comparison.sensitivity.changes import Sensitivity
from tests.make import fill, make_check, make_claim, make_criterion, make_framework, make_source, rebuild_verdicts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state for state in ClaimState if state is not ClaimState.PUBLISHED])
def test_only_published_claims_count(state) -> None:
    claim = make_claim(state)
    loaded = load_evidence([claim.framework])
    assert loaded.matrix.evidence == {}
    assert loaded.sources == {}
    assert loaded.matrix.verdicts[claim.framework.slug, claim.criterion.slug].state is State.NO_EVIDENCE


def test_a_claim_becomes_evidence_with_all_its_values() -> None:
    origin = make_source(kind="documentation")
    claim = make_claim(level=-2, source=make_source(kind="vendor", repeats=origin))
    make_check(claim, "misleading")
    make_check(claim, "outdated")
    loaded = load_evidence([claim.framework])
    (entry,) = loaded.matrix.evidence[claim.framework.slug, claim.criterion.slug]
    assert (entry.claim, entry.source, entry.origin, entry.depth) == (claim.pk, claim.source_id, origin.pk, 1)
    assert (entry.level, entry.support, entry.low, entry.high) == (-2, None, None, None)
    assert entry.source_kind is SourceKind.VENDOR
    assert entry.findings == {Finding.MISLEADING, Finding.OUTDATED}
    assert set(loaded.sources) == {claim.source_id}  # the origin itself has no claim here


def test_figures_are_floats_and_know_whether_lower_is_better() -> None:
    claim = make_claim(criterion=make_criterion("figure", "Time"), low="1.5", high="2.5")
    matrix = load_evidence([claim.framework]).matrix
    (entry,) = matrix.evidence[claim.framework.slug, "time"]
    assert (entry.low, entry.high, type(entry.low)) == (1.5, 2.5, float)
    assert matrix.specs == [CriterionSpec("time", claim.criterion.kind, lower_is_better=True)]


def test_a_claim_found_false_does_not_count() -> None:
    claim = make_claim(level=2)
    make_check(claim, "false")
    matrix = load_evidence([claim.framework]).matrix
    assert matrix.values == {claim.criterion.slug: [None]}
    assert matrix.verdicts[claim.framework.slug, claim.criterion.slug].set_aside == (claim.pk,)


def test_sources_that_repeat_one_another_count_once() -> None:
    first = make_claim(level=2)
    values_before = load_evidence([first.framework]).matrix.values
    repeating = make_source(repeats=first.source)
    make_claim(level=-2, framework=first.framework, criterion=first.criterion, source=repeating)
    assert load_evidence([first.framework]).matrix.values == values_before


def test_lists_are_not_loaded() -> None:
    claim = make_claim(criterion=make_criterion("list"))
    loaded = load_evidence([claim.framework])
    assert (loaded.matrix.specs, loaded.matrix.evidence, loaded.criteria) == ([], {}, {})


def test_only_the_given_frameworks_are_loaded_in_their_order() -> None:
    criterion = make_criterion()
    first, second, other = [make_claim(criterion=criterion).framework for _ in range(3)]
    NotApplicable.objects.create(framework=other, criterion=make_criterion(), reason="It is something else.")
    loaded = load_evidence([second, first])
    assert loaded.matrix.frameworks == [second.slug, first.slug]
    assert {name for name, _ in loaded.matrix.evidence} == {first.slug, second.slug}
    assert loaded.matrix.not_applicable == frozenset()


def test_what_does_not_apply_has_no_value_despite_claims() -> None:
    claim = make_claim(level=2)
    NotApplicable.objects.create(framework=claim.framework, criterion=claim.criterion, reason="It has none.")
    matrix = load_evidence([claim.framework]).matrix
    assert matrix.not_applicable == {(claim.framework.slug, claim.criterion.slug)}
    assert matrix.values == {claim.criterion.slug: [None]}


def test_without_frameworks_there_is_no_evidence() -> None:
    assert load_evidence([]).matrix.values == {}
    make_claim()
    matrix = load_evidence([]).matrix
    assert matrix.frameworks == []
    assert recommend(matrix, Weights({spec.slug: 1 for spec in matrix.specs})).ranking == []


def test_a_framework_without_evidence_is_ranked_with_no_coverage() -> None:
    claim, unknown = make_claim(level=2), make_framework()
    matrix = load_evidence([unknown, claim.framework]).matrix
    ranking = recommend(matrix, Weights({claim.criterion.slug: 2})).ranking
    assert [row.framework for row in ranking] == [claim.framework.slug, unknown.slug]
    assert ranking[1].coverage == 0


def test_loading_takes_six_queries_at_any_size() -> None:
    for frameworks, criteria in ((2, 5), (7, 20)):
        compared = fill(frameworks, criteria)
        make_check(Claim.objects.filter(framework=compared[0]).latest("pk"), "confirmed")
        with CaptureQueriesContext(connection) as queries:
            assert len(load_evidence(compared).matrix.evidence) == frameworks * criteria * 4 // 5  # without the lists
        assert len(queries) == 6
        already_read = rankable_criteria()
        with CaptureQueriesContext(connection) as queries:
            load_evidence(compared, already_read)
        assert len(queries) == 5


def test_related_criteria_are_loaded_on_both_sides() -> None:
    claim, related = make_claim(), make_criterion("figure")
    claim.criterion.related.add(related, make_criterion("list"))
    slugs = (claim.criterion.slug, related.slug)
    assert load_evidence([claim.framework]).related == {slugs[0]: {slugs[1]}, slugs[1]: {slugs[0]}}


def test_documentation_knows_its_own_framework() -> None:
    own, other = make_framework(), make_framework()
    criterion = make_criterion("feature")
    manual, anyone = (make_source(kind="documentation", framework=framework) for framework in (own, None))
    for framework, source in ((own, manual), (other, manual), (other, anyone)):
        make_claim(framework=framework, criterion=criterion, source=source)
    evidence = load_evidence([own, other]).matrix.evidence
    assert [entry.is_own for entry in evidence[own.slug, criterion.slug]] == [True]
    assert [entry.is_own for entry in evidence[other.slug, criterion.slug]] == [False, True]


def test_claims_come_with_their_statements_and_frameworks_in_one_query() -> None:
    shown, hidden = make_claim(), make_claim()
    loaded = load_evidence(list(Framework.objects.all()))
    with CaptureQueriesContext(connection) as queries:
        claims = loaded.claims({shown.pk})
        claim = claims[shown.pk]
        assert (claim.statement, claim.framework, claim.get_absolute_url()) == (
            shown.statement,
            shown.framework,
            shown.get_absolute_url(),
        )
    assert len(queries) == 1
    assert hidden.pk not in claims


def test_situations_without_evidence_are_not_worked_out() -> None:
    claim = make_claim(criterion=make_criterion("fit"))
    matrix = load_evidence([claim.framework, make_framework(), make_framework()]).matrix
    assert [(side.framework, side.is_positive) for side in situation_sides(matrix)] == [
        (claim.framework.slug, True),
        (claim.framework.slug, False),
    ]


def test_stored_verdicts_tell_of_criteria_without_a_weight_what_their_claims_do() -> None:
    frameworks = fill(3, 15, 5)
    rated, other, related = Criterion.objects.filter(kind="rating")
    rated.related.add(related)
    Claim.objects.filter(framework=frameworks[0], criterion=other).update(level=-2)
    Claim.objects.filter(framework=frameworks[1], criterion__kind="figure").update(low=50, high=70)
    NotApplicable.objects.create(framework=frameworks[2], criterion=other, reason="r")
    rebuild_verdicts()
    full, part = load_evidence(frameworks), load_evidence(frameworks, weighed={rated.slug})
    slugs = {slug for _, slug in part.matrix.evidence}
    fits = set(Criterion.objects.filter(kind="fit").values_list("slug", flat=True))
    assert slugs == {rated.slug, related.slug, *fits} < {slug for _, slug in full.matrix.evidence}
    assert part.matrix.values == {slug: pytest.approx(values) for slug, values in full.matrix.values.items()}
    assert part.references == full.references
    answers = [Sensitivity(recommend(loaded.matrix, Weights({rated.slug: 2}))) for loaded in (full, part)]
    assert answers[0].weight_flips == answers[1].weight_flips
    assert answers[0].source_flips == answers[1].source_flips


def test_claims_are_read_where_verdicts_are_not_stored() -> None:
    frameworks = fill(2, 5)
    Edition.objects.update(has_verdicts=False)
    full, part = load_evidence(frameworks), load_evidence(frameworks, weighed=())
    assert (part.matrix.evidence, part.matrix.known_scores) == (full.matrix.evidence, {})
