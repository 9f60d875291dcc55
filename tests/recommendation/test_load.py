"""What a ballot is read from the database: everything published that can be ranked, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.evidence import Finding, SourceKind, State
from comparison.models import Claim, ClaimState, Framework, NotApplicable
from comparison.recommend import CriterionSpec, Weights, recommend
from comparison.recommendation.load import load_evidence
from tests.make import fill, make_check, make_claim, make_criterion, make_framework, make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [one for one in ClaimState if one is not ClaimState.PUBLISHED])
def test_only_what_is_published_counts(state) -> None:
    claim = make_claim(state)
    found = load_evidence([claim.framework])
    assert found.matrix.evidence == {}
    assert found.sources == {}
    assert found.matrix.verdicts[claim.framework.slug, claim.criterion.slug].state is State.NO_EVIDENCE


def test_a_claim_becomes_evidence_with_all_that_counts() -> None:
    origin = make_source(kind="documentation")
    claim = make_claim(level=-2, source=make_source(kind="vendor", repeats=origin))
    make_check(claim, "misleading")
    make_check(claim, "outdated")
    found = load_evidence([claim.framework])
    (one,) = found.matrix.evidence[claim.framework.slug, claim.criterion.slug]
    assert (one.claim, one.source, one.origin, one.depth) == (claim.pk, claim.source_id, origin.pk, 1)
    assert (one.level, one.support, one.low, one.high) == (-2, None, None, None)
    assert one.source_kind is SourceKind.VENDOR
    assert one.findings == {Finding.MISLEADING, Finding.OUTDATED}
    assert set(found.sources) == {claim.source_id}  # the origin says nothing here


def test_figures_are_numbers_and_know_which_way_is_better() -> None:
    claim = make_claim(criterion=make_criterion("figure", "Time"), low="1.5", high="2.5")
    matrix = load_evidence([claim.framework]).matrix
    (one,) = matrix.evidence[claim.framework.slug, "time"]
    assert (one.low, one.high, type(one.low)) == (1.5, 2.5, float)
    assert matrix.specs == [CriterionSpec("time", claim.criterion.kind, lower_is_better=True)]


def test_a_claim_found_false_leaves_nothing_known() -> None:
    claim = make_claim(level=2)
    make_check(claim, "false")
    matrix = load_evidence([claim.framework]).matrix
    assert matrix.values == {claim.criterion.slug: [None]}
    assert matrix.verdicts[claim.framework.slug, claim.criterion.slug].set_aside == (claim.pk,)


def test_sources_that_repeat_one_another_count_once() -> None:
    first = make_claim(level=2)
    alone = load_evidence([first.framework]).matrix.values
    again = make_source(repeats=first.source)
    make_claim(level=-2, framework=first.framework, criterion=first.criterion, source=again)
    assert load_evidence([first.framework]).matrix.values == alone


def test_lists_are_not_read() -> None:
    claim = make_claim(criterion=make_criterion("list"))
    found = load_evidence([claim.framework])
    assert (found.matrix.specs, found.matrix.evidence, found.criteria) == ([], {}, {})


def test_only_the_frameworks_asked_for_are_read_in_their_order() -> None:
    criterion = make_criterion()
    one, two, other = [make_claim(criterion=criterion).framework for _ in range(3)]
    NotApplicable.objects.create(framework=other, criterion=make_criterion(), reason="It is another thing.")
    found = load_evidence([two, one])
    assert found.matrix.frameworks == [two.slug, one.slug]
    assert {name for name, _ in found.matrix.evidence} == {one.slug, two.slug}
    assert found.matrix.not_applicable == frozenset()


def test_what_does_not_apply_is_excused_even_where_somebody_speaks() -> None:
    claim = make_claim(level=2)
    NotApplicable.objects.create(framework=claim.framework, criterion=claim.criterion, reason="It has none.")
    matrix = load_evidence([claim.framework]).matrix
    assert matrix.not_applicable == {(claim.framework.slug, claim.criterion.slug)}
    assert matrix.values == {claim.criterion.slug: [None]}


def test_no_frameworks_and_an_empty_catalogue() -> None:
    assert load_evidence([]).matrix.values == {}
    make_claim()
    nothing = load_evidence([])
    assert nothing.matrix.frameworks == []
    assert recommend(nothing.matrix, Weights({one.slug: 1 for one in nothing.matrix.specs})).ranking == []


def test_a_framework_nobody_speaks_of_is_weighed_as_unknown() -> None:
    claim, silent = make_claim(level=2), make_framework()
    found = recommend(load_evidence([silent, claim.framework]).matrix, Weights({claim.criterion.slug: 2}))
    assert [one.framework for one in found.ranking] == [claim.framework.slug, silent.slug]
    assert found.ranking[1].coverage == 0


def test_reading_takes_five_queries_whatever_the_size() -> None:
    for frameworks, criteria in ((2, 5), (7, 20)):
        compared = fill(frameworks, criteria)
        make_check(Claim.objects.filter(framework=compared[0]).latest("pk"), "confirmed")
        with CaptureQueriesContext(connection) as found:
            assert len(load_evidence(compared).matrix.evidence) == frameworks * criteria * 4 // 5  # without the lists
        assert len(found) == 5


def test_the_claims_shown_come_with_their_names_in_one_query() -> None:
    shown, hidden = make_claim(), make_claim()
    loaded = load_evidence(list(Framework.objects.all()))
    with CaptureQueriesContext(connection) as found:
        claims = loaded.claims({shown.pk})
        names = [str(getattr(claims[shown.pk], name)) for name in ("framework", "criterion", "source")]
        assert claims[shown.pk].criterion.category.name
    assert len(found) == 1
    assert all(names)
    assert hidden.pk not in claims
