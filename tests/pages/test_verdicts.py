"""What tables, their files and opened rows say of verdicts: each case with the answer worked out by hand."""

import re
from html import unescape

import pytest
from django.core.cache import cache

from comparison.models import Criterion, Framework, Source
from tests.make import make_category, make_check, make_claim, make_criterion, make_framework, make_source
from tests.reading import page, queries, row, rows

pytestmark = pytest.mark.django_db

FIELDS = {"feature": ["support"], "figure": ["low", "high"], "list": ["item"]}


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def make_row(name: str, kind: str = "rating", **claims_by_framework: dict[str, object]) -> Criterion:
    """A criterion with the values, one or a tuple of them, of sources by framework; slugs name the source's kind."""
    criterion = make_criterion(kind, name)
    for slug, values_by_source in claims_by_framework.items():
        framework = Framework.objects.filter(slug=slug).first() or make_framework(slug.title())
        for title, values in values_by_source.items():
            source_kind = re.sub(r"\d", "", title)
            source = Source.objects.filter(slug=title).first() or make_source(title, source_kind)
            for value in values if isinstance(values, tuple) else (values,):
                fields = dict.fromkeys(FIELDS.get(kind, ["level"]), value)
                make_claim(framework=framework, criterion=criterion, source=source, **fields)
    return criterion


def row_text(client, slug: str, names: str = "alpha-vs-beta", query: str = "") -> str:
    return plain(row(page(client, f"/compare/{names}/{query}"), slug))


# Words and strengths.


@pytest.mark.parametrize(
    ("kind", "level", "word", "position", "value"),
    [
        ("rating", 1, "Good", "+0.50", "+0.17"),
        ("rating", 2, "Strong", "+1.00", "+0.33"),
        ("rating", -1, "Weak", "−0.50", "−0.17"),
        ("rating", 0, "Middling", "0.00", "0.00"),
        ("fit", 1, "Suited", "+0.50", "+0.17"),
        ("fit", -1, "Little suited", "−0.50", "−0.17"),
    ],
)
def test_a_lone_voice_is_named_by_its_position_with_its_strength_beside(
    client, kind, level, word, position, value
) -> None:
    make_row("Speed", kind, alpha={"vendor": level})
    assert f"{word} {position} On one vendor’s word · strength 0.33" in row_text(client, "speed", "alpha")
    opened = plain(page(client, "/compare/alpha/speed/"))
    assert f"Alpha {word} {position} On one vendor’s word · strength 0.33" in opened
    assert f"Position {position}, strength 0.33, value {value}." in opened
    assert f"{word} ({position}, strength 0.33)" in page(client, "/compare/alpha.md").replace("\\", "")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("documentation", "From documentation alone · strength 0.60"),
        ("measurement", "From one measurement · strength 0.60"),
        ("metadata", "From one index record · strength 0.60"),
        ("independent", "On one article’s word · strength 0.50"),
        ("vendor", "On one vendor’s word · strength 0.33"),
    ],
)
def test_one_source_is_named_by_its_kind(client, kind, words) -> None:
    make_row("Tables", "feature", alpha={kind: "built-in"})
    assert f"Built in {words}" in row_text(client, "tables", "alpha")


def test_an_opened_row_adds_each_cell_up(client) -> None:
    make_row("Speed", alpha={"independent": (2, 1), "vendor": -1, "documentation": 1})
    text = plain(page(client, "/compare/alpha/speed/"))
    # Independent: (1 + ½) / 2 = ¾, times 2. Documentation praises its own framework: weight 1.
    assert "Source Says Position Weight Product 1 +1 +0.50 1 +0.50 2 +2, +1 +0.75 2 +1.50 3 −1 −0.50 1 −0.50" in text
    assert "Position (+0.50 + 1.50 − 0.50) ÷ 4 +0.38 Strength 4 ÷ (4 + 2) 0.67 Value +0.38 × 0.67 +0.25" in text
    assert "Mostly agreed: weight 3 in favour, 1 against." in text
    assert re.search(r"In favour 3 claims .* documentation, weight 1 .* independent article, weight 2", text)
    assert "Documentation, weight 3 on features and figures, 1 on ratings and advice." in text
    assert "Independent article, weight 2." in text


def test_documentation_of_another_framework_weighs_least(client) -> None:
    tables = make_row("Tables", "feature", alpha={"documentation": "built-in"})
    beta, own = make_framework("Beta"), Source.objects.get(slug="documentation")
    Source.objects.filter(pk=own.pk).update(framework=Framework.objects.get(slug="alpha"))
    make_claim(framework=beta, criterion=tables, source=own, support="none")
    cells = client.get("/compare/alpha-vs-beta.json").json()["rows"][0]["cells"]
    assert [cells[slug]["strength"] for slug in ("alpha", "beta")] == [0.6, 0.3333]
    assert "documentation, weight 1" in plain(page(client, "/compare/beta/tables/"))
    claim = beta.claims.get()
    assert "Documentation, weight 1." in plain(page(client, f"/claims/{claim.pk}/"))


def test_a_source_that_argues_both_ways_keeps_others_from_agreeing(client) -> None:
    make_row("Start", alpha={"vendor1": (1, -1), "vendor2": 1})  # ½ against of 2: a quarter
    make_row("Finish", alpha={"vendor1": (1, -1), "vendor2": 0})  # ½ against of 1: half
    assert "Mostly agreed · strength 0.50" in row_text(client, "start", "alpha")
    assert "Disputed · strength 0.50" in row_text(client, "finish", "alpha")


def test_none_and_by_extension_do_not_outvote_each_other(client) -> None:
    make_row(
        "Mapper", "feature", alpha={"independent1": ("none", "none"), "independent2": "none", "vendor": "extension"}
    )
    assert "By extension Agreed · strength 0.71" in row_text(client, "mapper", "alpha")
    opened = plain(page(client, "/compare/alpha/mapper/"))
    assert "None, None (none is read as by extension) +0.50 2 +1.00" in opened
    assert "By extension +0.50 1 +0.50" in opened
    assert "Agreed: weight 0 in the box, 5 not in the box." in opened


def test_a_feature_that_sources_dispute_names_each_support(client) -> None:
    make_row("Mapper", "feature", alpha={"independent1": "built-in", "independent2": "none"})
    text = row_text(client, "mapper", "alpha")
    assert "Built in or none 0.00 Disputed" in text
    assert re.search(r"None: Says \d+ .*But built in: Says \d+", text)
    assert 'class="sign' not in row(page(client, "/compare/alpha/"), "mapper")


# Outcomes.


def test_a_tie_of_positions_that_differ_says_how_little(client) -> None:
    quarter = {"independent1": 1, "independent2": 0}  # (2·½ + 2·0) / 4 = 0.25: good
    less = {"independent1": (1, 0), "vendor": (1, 1, 1, 1, 0, 0, 0, 0, 0)}  # (2·¼ + 2/9) / 3 = 0.24: middling
    make_row("Documentation", alpha=quarter, beta=less)
    text = row_text(client, "documentation")
    assert text.startswith("Documentation Even, only 0.01 apart")
    assert "Good +0.25" in text
    assert "Middling +0.24" in text


def test_a_lead_of_a_cell_with_the_same_word_gives_both_numbers(client) -> None:
    make_row("Speed", alpha={"independent1": 1, "vendor1": 0}, beta={"independent1": (2, 1), "vendor1": 1})
    # Alpha (2·½ + 1·0) / 3 = 0.33, Beta (2·¾ + 1·½) / 3 = 0.67: both good, and a third apart.
    words = "Beta leads, Beta and Alpha are both “Good”, +0.67 vs +0.33"
    assert words in row_text(client, "speed")
    assert words in page(client, "/compare/alpha-vs-beta.md")
    assert words in plain(page(client, "/compare/alpha-vs-beta/speed/"))


def test_of_many_frameworks_the_words_of_the_first_two_are_compared(client) -> None:
    first, second = {"independent1": (2, 1), "vendor1": 1}, {"independent1": 1, "vendor1": 0}
    make_row("Speed", alpha={"independent1": -1}, beta=second, gamma=first)
    text = row_text(client, "speed", "alpha-vs-beta-vs-gamma")
    assert "Gamma leads, Gamma and Beta are both “Good”, +0.67 vs +0.33" in text
    make_row("Start", alpha=second, beta={"independent1": 0, "vendor1": 0}, gamma={"independent1": 2, "vendor1": 2})
    assert "Gamma leads Claims here" in row_text(client, "start", "alpha-vs-beta-vs-gamma")


def test_a_lone_source_that_argues_both_ways_is_said_to(client) -> None:
    make_row("Attack", alpha={"vendor": -1}, beta={"vendor": (1, -1)})
    text = row_text(client, "attack")
    assert "Beta leads, on one vendor’s word; the source argues both ways on Beta" in text
    assert "Middling 0.00 On one vendor’s word, for and against · strength 0.33" in text
    assert "Weak −0.50 On one vendor’s word · strength 0.33" in text
    assert "On one vendor’s word, for and against |" in page(client, "/compare/alpha-vs-beta.md")
    opened = plain(page(client, "/compare/alpha-vs-beta/attack/"))
    assert "and it argues both ways: weight 0.5 in favour, 0.5 against." in opened
    assert "so there is nothing to agree or disagree with" in opened
    make_row("Mapper", "feature", alpha={"independent1": ("built-in", "none")}, beta={"vendor": "built-in"})
    opened = plain(page(client, "/compare/alpha/mapper/"))
    assert "weight 1 in the box, 1 not in the box." in opened


def test_figures_of_one_source_that_differ_are_not_two_sides(client) -> None:
    make_row("Delay", "figure", alpha={"measurement": (10, 80)})
    assert "10–80 ms From one measurement · strength 0.60" in row_text(client, "delay", "alpha")


def test_being_better_known_is_not_being_better(client) -> None:
    make_row("Routing", "feature", alpha={"vendor1": "built-in", "vendor2": "built-in"}, beta={"vendor1": "built-in"})
    assert "Even, one source on Beta" in row_text(client, "routing")


@pytest.mark.parametrize(
    ("alpha", "beta", "words"),
    [
        ({"vendor": 1}, {"vendor": 1}, "Even, on one vendor’s word"),
        ({"vendor1": 1}, {"vendor2": 1}, "Even, one source each on Alpha and Beta"),
        ({"vendor1": 1, "vendor2": 1}, {"vendor1": 1, "vendor2": 1}, "Even, on vendors’ word alone"),
        ({"vendor1": 2, "vendor2": 2}, {"vendor1": -2, "vendor2": -2}, "Alpha leads, on vendors’ word alone"),
        ({"vendor": 2}, {"vendor": -2}, "Alpha leads, on one vendor’s word"),
        # ½·⅓ − ¼·⅓ = 1/12 is less than ⅛.
        ({"vendor": 1}, {"vendor": (1, 0)}, "Even, on one vendor’s word; 0.25 apart, but too little is known"),
        ({"independent1": 1, "vendor1": 1}, {"independent1": 1, "vendor1": 1}, "Even Claims here"),
        # Alpha is disputed: +1 with k = ½, or −½ with k = ½. Beta stands at −1 with k = ⅔, behind either.
        (
            {"independent1": 2, "independent2": -1},
            {"independent1": -2, "independent2": -2},
            "Alpha leads, whichever side is right on Alpha",
        ),
        # At +1 Alpha would lead Beta's 0, at −½ it would not.
        (
            {"independent1": 2, "independent2": -1},
            {"independent1": 0, "independent2": 0},
            "Unsettled, sources disagree about Alpha",
        ),
    ],
)
def test_an_outcome_says_what_it_rests_on(client, alpha, beta, words) -> None:
    make_row("Speed", alpha=alpha, beta=beta)
    assert words in row_text(client, "speed")
    assert words.removesuffix(" Claims here") in page(client, "/compare/alpha-vs-beta.md")
    assert words.removesuffix(" Claims here") in plain(page(client, "/compare/alpha-vs-beta/speed/"))


def test_makers_alone_are_named_in_cell_lead_and_files(client) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    for framework in (alpha, beta):
        for kind in ("documentation", "metadata"):
            make_source(f"{framework.slug}-{kind}", kind, framework=framework)
    make_source("article", "independent")
    make_row(
        "Speed",
        alpha={"alpha-documentation": 2, "alpha-metadata": 1},
        beta={"beta-documentation": -1, "article": -2},
    )
    text = row_text(client, "speed")
    assert "Alpha leads, on its makers’ word alone" in text
    assert "Strong +0.75 On its makers’ word alone · strength 0.33" in text
    assert "Poor −0.83 Agreed · makers too · strength 0.60" in text
    markdown = page(client, "/compare/alpha-vs-beta.md")
    assert "Alpha leads, on its makers’ word alone" in markdown
    assert "| On its makers’ word alone |" in markdown
    opened = plain(page(client, "/compare/alpha-vs-beta/speed/"))
    assert "Alpha Strong +0.75 On its makers’ word alone" in opened
    assert re.search(r"Product \d \d \+2, \+1 \+0.75 1 \+0.75", opened)  # two sources, one voice
    assert '"reason": "makers alone"' in page(client, "/compare/alpha-vs-beta.json")
    compact = page(client, "/compare/alpha-vs-beta/?view=compact")
    assert '<td class="up2 makers thin leads">' in compact
    make_row("Ease", alpha={"alpha-documentation": 1, "beta-metadata": 1}, beta={"alpha-metadata": 1})
    text = row_text(client, "ease")
    assert "Even, on makers’ word alone" in text
    assert "Agreed, on makers’ word alone" in text
    assert "On the word of another’s makers alone" in text


def test_a_cell_shows_the_statements_that_carry_its_verdict(client) -> None:
    criterion = make_row("Speed", alpha={"independent": 0})
    alpha = Framework.objects.get()

    def say(source: str, statement: str, **value: object) -> None:
        kind = re.sub(r"\d", "", source)
        known = Source.objects.filter(slug=source).first() or make_source(source, kind)
        make_claim(framework=alpha, criterion=criterion, source=known, statement=statement, **value)

    say("vendor1", "Once quick", level=1)
    say("vendor2", "Slow", level=-1)
    say("vendor3", "Very slow", level=-2)
    say("vendor4", "Dead slow", level=-2)
    text = row_text(client, "speed", "alpha")
    assert text.index("Very slow") < text.index("Once quick")  # the side of the verdict comes first
    assert "Slow 3" not in text
    criterion = make_row("Delay", "figure", alpha={"measurement": 100})
    for number, source in enumerate(("measurement1", "measurement2", "measurement3", "measurement4")):
        say(source, f"Took {104 + number}", low=104 + number, high=104 + number)
    assert "Took 105" in row_text(client, "delay", "alpha")  # the median of 100, 104, 105, 106 and 107


def test_part_of_it_and_an_extension_are_no_contradiction(client) -> None:
    make_row("Forms", "feature", alpha={"documentation": ("partial", "extension")})
    text = row_text(client, "forms", "alpha")
    assert "In part, more by extension +0.50 From documentation alone" in text
    assert "And by extension:" in text
    assert "±" not in text
    assert "both ways" not in plain(page(client, "/compare/alpha/forms/"))


def test_figures_rank_only_with_a_method(client) -> None:
    make_row("Delay", "figure", alpha={"vendor": 10}, beta={"measurement": 20})
    text = row_text(client, "delay")
    assert "Not ranked, reported without a method for Alpha" in text
    assert "10 ms Reported on one vendor’s word" in text
    assert "20 ms From one measurement · strength 0.60" in text
    assert "Articles report it without a method, so it ranks nothing" in plain(page(client, "/compare/alpha/delay/"))


def test_an_opened_row_of_figures_shows_their_positions(client) -> None:
    make_row("Delay", "figure", alpha={"measurement": 10, "vendor": 80}, beta={"measurement": 40})
    text = plain(page(client, "/compare/alpha-vs-beta/delay/"))
    # The geometric mean of 10 and 40 is 20; log₂(20 / 10) = 1. Weight 3: 3 / 5.
    assert "Median 10 ms Position log₂(20 ÷ 10), within −1 and +1 +1.00 Strength 3 ÷ (3 + 2) 0.60 Value +1.00" in text
    assert "Median 40 ms Position log₂(20 ÷ 40), within −1 and +1 −1.00" in text
    assert re.search(r"Reported without a method 1 claim .* vendor article", text)
    assert "Alpha leads, from one measurement." in text


@pytest.mark.parametrize(
    ("beta", "words"),
    [
        ({"measurement": 0}, "a figure of zero is at the end of the scale −1.00"),
        ({}, "the only figure of the row 0.00"),
    ],
)
def test_a_figure_beside_zero_or_alone_has_no_logarithm(client, beta, words) -> None:
    make_framework("Beta")
    make_row("Delay", "figure", alpha={"measurement": 10}, beta=beta)
    assert f"Position {words}" in plain(page(client, "/compare/alpha-vs-beta/delay/"))


def test_the_headline_counts_rows_in_plain_words(client) -> None:
    make_row("Speed", alpha={"independent": 2}, beta={"independent": -2})
    make_row("Ease", alpha={"independent": -2}, beta={"independent": 2})
    make_row("Care", alpha={"independent1": -2}, beta={"independent1": 2, "independent2": 2})
    make_row("Hope", alpha={"independent1": -2, "independent2": 1})
    text = plain(page(client, "/compare/alpha-vs-beta/"))
    assert "Alpha leads 1 row, Beta 2." in text
    assert "The sources contradict each other in 1 row; 1 row lacks evidence on at least one framework." in text
    assert "* rests on one source, or on the word of vendors or makers alone" in text
    assert "The sources contradict each other in 1 row." in plain(page(client, "/compare/alpha/"))
    assert "No framework leads a row." in plain(page(client, "/compare/alpha-vs-beta/?source=independent2"))


@pytest.mark.parametrize(
    ("kind", "is_said"), [("independent", True), ("vendor", True), ("measurement", False), ("documentation", False)]
)
def test_an_article_that_names_no_version_is_told_from_sources_that_have_one(client, kind, is_said) -> None:
    make_row("Speed", alpha={kind: 2}, beta={kind: 1})
    assert ("No version named." in plain(page(client, "/compare/alpha-vs-beta/speed/"))) == is_said


def test_several_that_lead_together_are_named_and_counted(client) -> None:
    make_framework("Gamma")
    for name in ("Speed", "Care"):
        strong = {"independent1": 2, "independent2": 2}
        make_row(name, alpha={"independent1": -2, "independent2": -2}, beta=strong, gamma=strong)
    address = "/compare/alpha-vs-beta-vs-gamma"
    text = plain(page(client, f"{address}/"))
    assert "No framework leads a row. In 2 rows several lead together." in text
    assert text.count("Beta and Gamma lead together") == 2
    assert text.count("leads 0 of 2, 2 with others") == 2
    assert "2 Several lead together" in text
    (speed,) = [row for row in client.get(f"{address}.json").json()["rows"] if row["criterion"] == "speed"]
    assert (speed["outcome"], speed["together"]) == ("even", ["beta", "gamma"])
    assert "lead together" in client.get(f"{address}.csv").content.decode()


def test_rows_on_vendors_alone_are_marked_in_the_summary(client) -> None:
    make_row("Speed", alpha={"vendor1": 2, "vendor2": 2}, beta={"vendor1": -2, "vendor2": -2})
    html = page(client, "/compare/alpha-vs-beta/")
    assert re.search(r'<a href="#speed">Speed</a\s*>\*', html)
    assert '<rect class="thin"' in html


def test_a_long_list_of_the_summary_names_a_few_and_folds_the_rest(client) -> None:
    make_framework("Beta")
    names = [f"Point {number:02}" for number in range(15)]
    for name in names:
        make_row(name, alpha={"independent": 1})
    html = page(client, "/compare/alpha-vs-beta/")
    shown, folded = re.search(r"No evidence on one side:(.*?)</p>\s*<details>(.*?)</details>", html, re.S).groups()
    assert re.findall(r">(Point \d+)<", shown) == names[:10]
    assert "and 5 more" in folded
    assert re.findall(r">(Point \d+)<", folded) == names[10:]
    make_framework("Gamma")
    three = page(client, "/compare/alpha-vs-beta-vs-gamma/")
    assert "No evidence on at least one:" in three


# Signs.


@pytest.mark.parametrize("file_format", ["md", "csv"])
def test_signs_in_files_are_praise_or_blame_and_features_name_their_support(client, file_format) -> None:
    make_row("Models", "feature", alpha={"vendor1": "none", "vendor2": "none", "independent": "extension"})
    make_row("Speed", alpha={"vendor1": -2, "vendor2": -1, "independent": 1, "documentation": 0})
    text = page(client, f"/compare/alpha.{file_format}").replace("\\", "")
    marks = re.findall(r"\(([^()]*)\) Says", text)
    assert sorted(marks[:3]) == ["by extension", "none", "none"]
    assert sorted(marks[3:]) == ["+", "·", "−", "−"]
    signs = dict(re.findall(r"\((\S)\) (Says \d+)", text)[::-1])
    assert signs["+"] == Criterion.objects.get(slug="speed").claims.get(level=1).statement


def test_signs_in_cells_are_praise_or_blame(client) -> None:
    make_row("Speed", alpha={"vendor1": -2, "independent": 1})
    html = row(page(client, "/compare/alpha/"), "speed")
    assert re.findall(r'class="sign (\w+)" aria-hidden="true">(.)<', html) == [("for", "+"), ("against", "−")]
    assert re.findall(r'class="hidden">([\w ]+): <', html) == ["in favour", "against"]


# Criteria without evidence.


def make_empty_criteria() -> None:
    data, later = make_category("Data", order=1), make_category("Later", order=2)
    make_claim(framework=make_framework("Alpha"), criterion=make_criterion(name="Speed", category=data))
    make_criterion(name="Sockets", slug="sockets", category=data, question="Can it?", order=2)
    make_criterion(name="Async", category=data, order=1)
    make_criterion(name="Types", category=later)


def test_criteria_without_evidence_fold_into_one_line_of_their_category(client) -> None:
    make_empty_criteria()
    html = page(client, "/compare/alpha/")
    assert rows(html) == ["speed"]
    text = plain(html)
    assert re.search(
        r"Data 1 criterion .* Speed .* No evidence yet: Async , Sockets Later no evidence yet No evi", text
    )
    assert re.search(r'id="sockets"\s+href="/compare/alpha/sockets/"', html)
    assert "No source here says anything about it for Alpha yet" in page(client, "/compare/alpha/sockets/")


@pytest.mark.parametrize(
    ("query", "shown", "named"),
    [
        ("show=unknown", [], ["Async", "Sockets", "Types"]),
        ("show=differences", [], []),
        ("min_sources=1", ["speed"], []),
        ("category=data", ["speed"], ["Async", "Sockets"]),
        ("q=sockets", [], ["Sockets"]),
        ("criterion=types&criterion=speed", ["speed"], ["Types"]),
        ("sort=difference", ["speed"], ["Async", "Sockets", "Types"]),
        ("q=nothing", [], []),
    ],
)
def test_filters_choose_criteria_without_evidence_too(client, query, shown, named) -> None:
    make_empty_criteria()
    html = page(client, f"/compare/alpha/?{query}")
    assert rows(html) == shown
    assert re.findall(r'id="\w+"\s+href="/compare/alpha/\w+/">(\w+)<', html) == named
    only = "Only criteria without evidence pass these filters." in html
    assert only == (not shown and bool(named))
    assert ("No row passes these filters." in html) == (not shown and not named)


def test_a_table_of_chosen_sources_says_whose_evidence_is_missing(client) -> None:
    make_row("Speed", alpha={"vendor": 1})
    make_row("Ease", alpha={"independent": 1})
    assert "No evidence from the chosen sources: Speed" in plain(page(client, "/compare/alpha/?source=independent"))


# Related criteria.


@pytest.fixture
def related() -> tuple[Criterion, Criterion]:
    """On Alpha the vendor says both; on Beta nobody does."""
    support = make_row(
        "Support", "feature", alpha={"vendor": "none", "independent": "built-in"}, beta={"vendor": "none"}
    )
    web = make_row("Web", "fit", alpha={"vendor": 2, "independent": 1}, beta={"vendor": -1})
    support.related.add(web)
    return support, web


def test_a_cell_shows_that_the_same_source_says_the_opposite_on_a_related_criterion(client, related) -> None:
    html = page(client, "/compare/alpha-vs-beta/")
    for slug, other in (("support", "Web"), ("web", "Support")):
        assert plain(row(html, slug)).count(f"Source 2 says the opposite on {other}") == 1
    assert '<a href="web/">Web</a>' in row(html, "support")


def test_an_opened_row_shows_its_related_rows(client, related) -> None:
    text = plain(page(client, "/compare/alpha-vs-beta/support/"))
    # On Alpha's Web (2·½ + 1·1) / 3 = 0.67, on Beta's −½.
    assert "Related Web : Alpha Suited , Beta Little suited" in text
    none, fit = (criterion.claims.get(framework__slug="alpha", source__slug="vendor") for criterion in related)
    said = f"“{none.statement}” ( claim {none.pk} ), but “{fit.statement}” ( claim {fit.pk} )."
    assert f"The same source says the opposite there: {said}" in text
    assert text.count("says the opposite") == 1
    assert "says the opposite" not in page(client, "/compare/beta/support/")


def test_a_sources_page_shows_where_it_says_both(client, related) -> None:
    none, fit = (criterion.claims.get(framework__slug="alpha", source__slug="vendor") for criterion in related)
    says_both = f"It says both Alpha: “{none.statement}” (Support), but “{fit.statement}” (Web)"
    assert says_both in plain(page(client, "/sources/vendor/"))
    assert "It says both" not in page(client, "/sources/independent/")


def test_a_claim_set_aside_contradicts_no_related_one(client, related) -> None:
    make_check(related[0].claims.get(framework__slug="alpha", source__slug="vendor"), "false")
    assert "says the opposite" not in page(client, "/compare/alpha-vs-beta/")
    assert "It says both" not in page(client, "/sources/vendor/")


def test_relations_cost_no_queries(client, related) -> None:
    addresses = ("/compare/alpha-vs-beta/", "/compare/alpha-vs-beta/support/", "/sources/vendor/", "/frameworks/alpha/")
    with_relation = [queries(client, address) for address in addresses]
    related[0].related.clear()
    cache.clear()
    assert [queries(client, address) for address in addresses] == with_relation
    assert "says the opposite" not in page(client, addresses[0])
