"""Documentation and measurements beside what articles say: marks in cells, and figures beside a reputation."""

import pytest

from comparison.evidence import Kind, Opinion, SourceKind, State, Support, Verdict
from comparison.records import agree, record_kinds, sides_of_articles_and_records
from tests.make import make_claim, make_criterion, make_framework, make_part, make_source
from tests.reading import squeezed

BUILT_IN, EXTENSION, NONE = Support.BUILT_IN, Support.EXTENSION, Support.NONE


def opinion(kind: SourceKind, weight: int, *supports: Support) -> Opinion:
    shares = tuple((support, 1 / len(supports)) for support in supports)
    return Opinion(1, kind, weight, (1,), 0.0, supports=shares)


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        ([(SourceKind.VENDOR, 1, NONE), (SourceKind.DOCUMENTATION, 3, BUILT_IN)], (NONE, BUILT_IN)),
        (
            [(SourceKind.VENDOR, 1, NONE), (SourceKind.INDEPENDENT, 2, BUILT_IN), (SourceKind.METADATA, 3, NONE)],
            (BUILT_IN, NONE),
        ),
        ([(SourceKind.VENDOR, 1, BUILT_IN, NONE), (SourceKind.MEASUREMENT, 3, BUILT_IN)], (NONE, BUILT_IN)),
        ([(SourceKind.VENDOR, 1, BUILT_IN)], None),
        ([(SourceKind.DOCUMENTATION, 3, BUILT_IN)], None),
        ([], None),
    ],
)
def test_articles_and_records_are_heard_apart(opinions, expected) -> None:
    verdict = Verdict(Kind.FEATURE, State.AGREED, opinions=tuple(opinion(*values) for values in opinions))
    assert sides_of_articles_and_records(verdict) == expected


def test_only_features_have_sides_of_records() -> None:
    opinions = (opinion(SourceKind.VENDOR, 1), opinion(SourceKind.DOCUMENTATION, 1))
    assert sides_of_articles_and_records(Verdict(Kind.RATING, State.AGREED, opinions=opinions)) is None
    assert record_kinds(Verdict(Kind.RATING, State.AGREED, opinions=opinions)) == [SourceKind.DOCUMENTATION]


def test_supports_agree_on_whether_it_is_in_the_box() -> None:
    assert agree(BUILT_IN, Support.PARTIAL)
    assert agree(NONE, EXTENSION)
    assert not agree(BUILT_IN, EXTENSION)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("support", "words", "in_cell"),
    [
        ("built-in", "Articles and documentation agree", 0),
        ("none", "Articles alone: none; documentation: built in", 1),
    ],
)
def test_a_row_says_whether_the_documentation_supports_the_articles(
    client, support: str, words: str, in_cell: int
) -> None:
    """Its page always, its cell only where they differ."""
    one, two, forms = make_framework("One"), make_framework("Two"), make_criterion("feature", "Forms")
    manual = make_source("Manual", "documentation", framework=one)
    make_claim(framework=one, criterion=forms, source=make_part(manual), support="built-in")
    make_claim(framework=one, criterion=forms, support=support)
    make_claim(framework=two, criterion=forms, support="built-in")
    html = squeezed(client.get("/compare/one-vs-two/").content.decode())
    assert html.count(words) == in_cell
    assert "· documented · strength 0.71" in html
    opened = squeezed(client.get("/compare/one-vs-two/forms/").content.decode())
    assert (opened.count("· documented ·"), opened.count(words)) == (1, 1)


@pytest.fixture
def speed(db) -> dict[str, object]:
    """A reputation with a related figure that was measured for both frameworks."""
    one, two = make_framework("One"), make_framework("Two")
    speed, time = make_criterion(name="Speed"), make_criterion("figure", "CPU time")
    speed.related.add(time)
    make_claim(framework=one, criterion=speed, level=1)
    make_claim(framework=two, criterion=speed, level=-1)
    run = make_source("Run", "measurement")
    for framework, figure in ((one, "0.0436"), (two, "0.0872")):
        make_claim(framework=framework, criterion=time, source=make_part(run), low=figure, high=figure)
    return {"one": one, "two": two, "time": time, "speed": speed}


def test_a_reputation_has_its_measurement_beside_it(client, speed) -> None:
    line = '<a href="cpu-time/">CPU time</a>: One 0.0436, Two 0.0872 ms (×2)'
    html = squeezed(client.get("/compare/one-vs-two/").content.decode())
    assert line in html
    assert "more measured" not in html


def test_of_several_measurements_beside_a_reputation_the_first_is_spelt_out(client, speed) -> None:
    memory = make_criterion("figure", "Memory")
    speed["speed"].related.add(memory)
    run = make_source("Other run", "measurement")
    for framework in (speed["one"], speed["two"]):
        make_claim(framework=framework, criterion=memory, source=make_part(run), low=3, high=3)
    html = squeezed(client.get("/compare/one-vs-two/").content.decode())
    assert html.count("Measured:") == 1
    assert '<a class="more" href="speed/">1 more measured</a>' in html


@pytest.mark.parametrize(
    ("address", "link"),
    [("/compare/one-vs-two/speed/", "/compare/one-vs-two/cpu-time/"), ("/criteria/speed/", "/criteria/cpu-time/")],
)
def test_a_page_about_a_reputation_has_its_measurement_too(client, speed, address: str, link: str) -> None:
    response = client.get(address)
    assert f'Measured: <a href="{link}">CPU time</a>: One 0.0436, Two 0.0872 ms (×2)' in squeezed(
        response.content.decode()
    )
    sources = {view.reference.source.slug for view in response.context["references"]}
    assert "run" not in sources


def test_a_figure_without_a_measurement_of_each_framework_stands_beside_nothing(client, speed) -> None:
    make_claim(framework=make_framework("Three"), criterion=speed["speed"], level=0)
    assert "Measured:" not in client.get("/compare/one-vs-three-vs-two/").content.decode()
    assert "Measured:" in client.get("/compare/one-vs-two/").content.decode()


def test_figures_that_articles_report_are_no_measurements(client, db) -> None:
    one, two = make_framework("One"), make_framework("Two")
    speed, time = make_criterion(name="Speed"), make_criterion("figure", "Time")
    speed.related.add(time)
    for framework in (one, two):
        make_claim(framework=framework, criterion=speed)
        make_claim(framework=framework, criterion=time)
    assert "Measured:" not in client.get("/compare/one-vs-two/").content.decode()
