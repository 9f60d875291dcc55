"""Web pages as text: what carries meaning stays, and what is left out is listed."""

import time

import pytest

from comparison.texts.html_article import read_page


def article(markup: str) -> str:
    return read_page(markup).article.strip()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>10<sup>6</sup> rows", "10⁶ rows"),
        ("<p>10<sup>−3</sup> s", "10⁻³ s"),
        ("<p>O(n<sup>k</sup>)", "O(n^k)"),
        ("<p>2<sup>64-bit</sup>", "2^(64-bit)"),
        ("<p>x<sup>a</sup> and the 2<sup>e</sup>, Flask<sup>TM</sup>", "x^a and the 2e, FlaskTM"),
        ("<p>the 1<sup>st</sup> of May<sup>[2]</sup>", "the 1st of May[2]"),
        ("<p>CO<sub>2</sub> and x<sub>i</sub>", "CO₂ and x_i"),
        ("<p>It takes <del>5</del><ins>80</ins> ms", "It takes 80 ms"),
        ("<p>It takes <s>5 ms</s> 80 ms", "It takes 80 ms"),
        ("<p>It takes <span style='text-decoration: line-through'>5</span> 80 ms", "It takes 80 ms"),
        ('<p>is <span style="display:none">not </span>small', "is small"),
        ('<p>is <span style="visibility: hidden">not </span>small', "is small"),
        ("<p>is <span hidden>not </span>small", "is small"),
        ("<h2><a aria-hidden=true>#</a> Speed</h2>", "## Speed"),
        ("<p>starts in <span aria-hidden=true>⏱</span> 80 ms</p>", "starts in 80 ms"),
        ("<ul><li><span aria-hidden=true>•</span> Fast<li>Small <button>Copy</button> too</ul>", "- Fast\n- Small too"),
        ("<p>Flask<span aria-hidden=true>|</span>Django", "Flask Django"),
        ("<p><span>Flask</span><span>2.2 ms</span>", "Flask 2.2 ms"),
        ("<p><a href=a>Flask</a><a href=b>Django</a>", "Flask Django"),
        ("<p><b>Speed</b><em>80</em><i>ms</i>", "Speed 80 ms"),
        ("<p><b>F</b>lask, <i>D</i><i>jango</i>, Fla<wbr>sk", "Flask, Django, Flask"),
        ("<p><code><span>app</span><span>run</span></code>", "apprun"),
        ("<p><span>日本</span><span>語版</span>", "日本語版"),
        ("<p>We know <math><mi>x</mi><mo>=</mo><msup><mn>2</mn><mi>n</mi></msup></math> of it", "We know x = 2ⁿ of it"),
        ("<p><math><mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac></math>", "1/(a+b)"),
        (
            "<p>E <math><semantics><msqrt><mn>2</mn></msqrt><annotation>\\sqrt 2</annotation></semantics></math> F",
            "E √2 F",
        ),
        ("<p><code>GET</code><code>POST</code> <kbd>Ctrl</kbd><kbd>Del</kbd>", "GET POST Ctrl Del"),
        (
            "<p>Where<math><mi>x</mi></math>is (<math><mi>y</mi></math>) or <math><mi>z</mi></math>.",
            "Where x is (y) or z.",
        ),
        ("<p>Admin:<img src='/i/tick.png' alt='Yes'>, it says", "Admin: Yes, it says"),
        ("<p>Admin: <img src='/i/tick.png' alt='Yes'>", "Admin: Yes"),
        ("<p>Admin: <img src='/i/green-check.svg' alt=''>", "Admin: yes"),
        ("<p>Admin: <i class='icon' aria-label='supported'></i>", "Admin: supported"),
        ("<p>Admin: <svg role='img'><title>not supported</title><path/></svg>", "Admin: not supported"),
        ("<p>It is <img class='emoji' alt='🚀'> quick <img alt='A photo' src='a.jpg'>", "It is 🚀 quick"),
        ("<p class='no-padding'>It <i class='no-icon-here'></i>is", "It is"),
        ("<ul><li><input type=checkbox checked disabled> Fast<li><input type=checkbox> Big", "- [x] Fast\n- [ ] Big"),
    ],
)
def test_marks_in_a_line_keep_their_meaning(markup, text) -> None:
    assert article(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<table><tr><td>ORM<td><img src=check.svg><td><i class='fa fa-times' aria-hidden=true></i></table>",
            "| ORM | yes | no |",
        ),
        (
            "<table><tr><td>ORM<td><i class='fa-check' aria-hidden=true></i><span class=sr-only>Yes</span></table>",
            "| ORM | Yes |",
        ),
        ("<table><tr><td>ORM<td><input type=checkbox checked><td><input type=checkbox></table>", "| ORM | yes | no |"),
        ("<table><tr><td>a|b<td>c</table>", r"| a\|b | c |"),
        (
            "<table><tr><th>F<th>A<th>B<tr><td rowspan=2>One<td>1<td>2<tr><td>3<td>4</table>",
            "| F | A | B |\n| One | 1 | 2 |\n| One | 3 | 4 |",
        ),
        (
            "<table><tr><td>One<td rowspan=2>1<td>2<tr><td>Two<td>4</table>",
            "| One | 1 | 2 |\n| Two | 1 | 4 |",
        ),
        (
            "<table><tr><th>F<th>A<th>B<tr><td>One<td colspan=2>both</table>",
            "| F | A | B |\n| One | both | both |",
        ),
        (
            "<table><thead><tr><th rowspan=2>F<th colspan=2>Speed<tr><th>old<th>new<tbody><tr><td>A<td>1<td>2</table>",
            "| F | Speed: old | Speed: new |\n| A | 1 | 2 |",
        ),
        (
            "<table><tr><th colspan=2>All of it<tr><th>F<th>A<tr><td>One<td>1</table>",
            "| All of it |  |\n| F | A |\n| One | 1 |",
        ),
        ("<table><tr><td class=social>One<td class=ad>1</table>", "| One | 1 |"),
        ("<table><tr><td>x<td rowspan=99999 colspan=99999>y</table>", None),
        ("<table><tr><td>f<td><pre>x = 1</pre></table>", "| f | x = 1 |"),
    ],
)
def test_every_value_of_a_table_stands_in_its_own_column(markup, text) -> None:
    assert len(article(markup)) < 2_000 if text is None else article(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<ul><li>a<ul><li>b<ul><li>c</ul></ul><li>d</ul>", "- a\n  - b\n    - c\n- d"),
        ("<ol><li>a<ul><li>b</ul><li>c</ol>", "1. a\n  - b\n2. c"),
        ("<dl><dt>Flask<dd>small<dt>Django<dd>large</dl>", "- Flask\n  - small\n- Django\n  - large"),
        ("<table><tr><td>f<td><ul><li>a<li>b</ul></table>", "| f | a; b |"),
        ("<ol start=5><li>a<li value=9>b<li>c</ol>", "5. a\n9. b\n10. c"),
        ("<ol reversed><li>a<li>b</ol>", "2. a\n1. b"),
        ("<ul><li><p>a</p><p>b</p></ul>", "- a\n  b"),
        ("<pre># install\npip install it</pre>", "```\n# install\npip install it\n```"),
        ("<pre>```\n# x\n```</pre>", "````\n```\n# x\n```\n````"),
        ("<pre>one line</pre>", "one line"),
    ],
)
def test_lists_and_code_keep_their_shape(markup, text) -> None:
    assert article(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h3><button>Q?</button></h3><div hidden>A</div>", "### Q?\n\nA"),
        (
            "<button aria-expanded=false aria-controls=p1>Q?</button><p>x<div id=p1 style='display:none'>A</div>",
            "Q?\n\nx\n\nA",
        ),
        ("<h2>Q?</h2><div class='accordion-body' hidden>A</div>", "## Q?\n\nA"),
        ("<details><summary>Q?</summary>A</details>", "Q?\n\nA"),
        ("<div role=tabpanel hidden>A</div>", "A"),
        ("<div class='content has-sidebar'><h1>T</h1><p>A</div>", "# T\n\nA"),
        ("<div class='content has-sidebar'><p>A</div><p>B", "A\n\nB"),
        ("<x-post><template shadowrootmode=open><p>A</template></x-post><template><p>B</template>", "A"),
        ("<p>A<ul><li><label><input type=checkbox checked> b</label></ul>", "A\n\n- [x] b"),
    ],
)
def test_what_a_reader_can_open_is_kept(markup, text) -> None:
    assert article(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p><strong>Django:</strong></p><p>It is large.", "**Django:**\n\nIt is large."),
        ("<p> <b>Pitfalls</b> </p><p>Many.", "**Pitfalls**\n\nMany."),
        ("<p><b>It is large.</b></p>", "It is large."),
        ("<p><b>Django</b> is large", "Django is large"),
        ("<ul><li><p><b>Django</b></p></ul>", "- Django"),
        ("<table><tr><td><p><b>Django</b></p><td>1</table>", "| Django | 1 |"),
    ],
)
def test_a_paragraph_in_bold_letters_stays_known_as_a_heading(markup, text) -> None:
    assert article(markup) == text


def test_an_article_of_5_mb_is_read_in_time() -> None:
    sentence = "It is said that <b>Django</b> includes an ORM, which <a href=x>Flask</a> leaves to extensions. "
    page = "<h1>T</h1>" + f"<p>{sentence * 4}</p>" * 14_000
    assert len(page) > 5_000_000
    started = time.process_time()
    assert read_page(page).article.count("includes an ORM") == 56_000
    assert time.process_time() - started < 10  # about two


PAGE = (
    "<article><h1>T</h1><p>Body of it.<p hidden>Unseen.<div class=share>Tweet</div></article><p>Around.<nav>Menu</nav>"
)


def test_what_is_left_out_is_listed_and_brought_back_by_its_number() -> None:
    page = read_page(PAGE)
    assert page.article == "# T\n\nBody of it.\n"
    assert [(part.reason, part.word_count, part.sample) for part in page.dropped] == [
        ("hidden", 1, "Unseen."),
        ("named “share”", 1, "Tweet"),
        ("outside the main part", 1, "Around."),
        ("navigation", 1, "Menu"),
    ]
    numbers = {part.sample: part.number for part in page.dropped}
    again = read_page(PAGE, [numbers["Unseen."], numbers["Around."]])
    assert again.article == "# T\n\nBody of it.\n\nUnseen.\n\nAround.\n"
    assert [part.sample for part in again.dropped] == ["Tweet", "Menu"]


def test_what_was_hidden_within_a_line_is_listed() -> None:
    page = read_page("<p>is <span style='display:none'>not </span>small<del>, they say</del>")
    assert [(part.reason, part.sample) for part in page.dropped] == [("hidden", "not"), ("struck out", ", they say")]
    assert "not" in page.everything


def test_a_page_of_which_names_take_most_is_read_without_them() -> None:
    body = "<p>Words of the article itself, which are many.</p>" * 9
    page = read_page(f"<p>Top.<nav>Menu</nav><div class=promo>{body}</div>")
    assert page.article.count("many") == 9
    assert [part.sample for part in page.dropped] == ["Menu"]
    few = read_page(f"<p>{'Words. ' * 60}<div class=promo>{body}</div>")
    assert "many" not in few.article


def test_the_head_of_a_page_needs_no_end() -> None:
    page = read_page("<html><meta charset=utf-8><title>It</title><nav>Menu</nav><article><h1>T</h1><p>Body.</article>")
    assert (page.article, page.facts["title"]) == ("# T\n\nBody.\n", "It")


def test_the_header_of_a_post_holds_its_title() -> None:
    post = "<div><header class=entry-header><h1>T</h1></header><p>Body.</div>"
    assert article(f"<header class=site-header>Site</header>{post}") == "# T\n\nBody."


def test_a_list_that_only_leads_elsewhere_is_left_out() -> None:
    links = "".join(f"<li><a href={number}>Page {number}</a>" for number in range(5))
    page = read_page(f"<p>Body.<ul>{links}</ul><ul><li>One <a href=x>link</a><li>b<li>c<li>d</ul>")
    assert page.article == "Body.\n\n- One link\n- b\n- c\n- d\n"
    assert [part.reason for part in page.dropped] == ["a list of links"]


JSON = """<script type="application/ld+json">{"@graph": [{"@type": "Person", "name": "No One"}, {"@type": "BlogPosting",
"headline": "Of two", "author": [{"name": "A. Writer"}, {"name": "B. Writer"}], "datePublished": "2024-03-02T10:00",
"publisher": {"name": "Them"}, "inLanguage": "de"}]}</script>"""


def test_facts_come_from_what_the_page_says_about_itself() -> None:
    facts = {
        "title": "Of two",
        "author": "A. Writer, B. Writer",
        "published": "2024-03-02T10:00",
        "publisher": "Them",
        "language": "de",
    }
    assert read_page(f"<title>Site</title>{JSON}<p>Body").facts == facts
    assert read_page(f"<html lang=en-GB>{JSON}<meta name=author content=C>").facts == facts | {
        "author": "C",
        "language": "en-GB",
    }


@pytest.mark.parametrize(
    "markup",
    [
        "<p>By A. Writer, 2 March 2024</p>",
        "<pre>&lt;meta name=author content=X&gt;</pre>",
        "<template><meta name=author content=X></template>",
        "<svg><title>X</title></svg>",
        "<script>var x = {'@type': 'Article', 'headline': 'X'}</script>",
        '<script type="application/ld+json">{"@type": "Article", "headline":</script>',
        '<script type="application/ld+json">[1, null, {"@type": "Person", "headline": "X"}]</script>',
        "<html lang='not a language!'>",
    ],
)
def test_facts_never_come_from_text_that_looks_like_them(markup) -> None:
    assert read_page(f"{markup}<p>Body").facts == {}
