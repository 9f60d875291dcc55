"""What a page says beside its article is left out of it, listed, and brought back by its number."""

import pytest

from comparison.texts.html_article import read_page

PROSE = "<p>" + "A sentence of the article which says something about it. " * 4
LINKS = "".join(f"<li><a href={number}>Another page {number}</a>" for number in range(3))


@pytest.mark.parametrize(
    ("furniture", "reason"),
    [
        (f"<div><h3>You might also like:</h3><ul>{LINKS}</ul></div>", "below a title for other pages"),
        (f"<h3>Ähnliche Beiträge</h3><ul>{LINKS}</ul>", "below a title for other pages"),
        (f"<div>{LINKS}</div>", "a list of links"),
        (
            "<a href=/next><h3>Ten reasons to read our next article</h3><p>Ten.</p></a>",
            "a link to another page",
        ),
        ("<div class=post-meta>By A. Writer, 5 May</div>", "named “post-meta”"),
        ("<div class='x single_post_author'>A. Writer likes tea.</div>", "named “single_post_author”"),
        ("<div class=next-post><p>The next one.</div>", "named “next-post”"),
        ("<div class=news-teaser><a href=1>Other news</a> today</div>", "named “news-teaser”"),
        ("<ol class=commentlist><li>Great post!</ol>", "named “commentlist”"),
    ],
)
def test_what_leads_elsewhere_or_frames_the_article_is_left_out_and_listed(furniture, reason) -> None:
    html = f"<article><h1>T</h1>{PROSE}</p>{furniture}{PROSE}</article>"
    page = read_page(html)
    assert page.article.count("A sentence") == 8
    assert len(page.article.split("\n\n")) == 3
    assert {part.reason for part in page.dropped} == {reason}
    assert read_page(html, [part.number for part in page.dropped]).dropped == []


@pytest.mark.parametrize(
    "kept",
    [
        "<h3>More about speed</h3><p>It answers in 2 ms.",
        "<h3>Related topics</h3><p>Its <a href=x>cache</a> is fast as well, and keeps what it has seen.",
        "<a href=https://flask.example><h3>Flask</h3></a><p>It is small.",
        "<a href=big.png><figure><figcaption>How a request is answered, step by step</figcaption></figure></a>",
        f"<div class=post-meta>{'It says something long. ' * 40}</div>",
        "<p>It came out in <span class=post-date>May 2010</span>, says its author.",
        "<table><tr><td>Born<td><span class=news-date>2010</span><tr><td>Size<td>1 MB</table>",
        "<ul><li><a href=1>Flask-Login</a>: who you are<li><a href=2>Flask-Mail</a><li><a href=3>Flask-Admin</a></ul>",
    ],
)
def test_what_only_looks_like_it_stays(kept) -> None:
    assert read_page(f"<article><h1>T</h1>{PROSE}</p>{kept}</article>").dropped == []


def test_the_part_with_the_running_text_is_the_article_of_a_page_that_marks_none() -> None:
    around = "<div><h4>Courses</h4><div>Learn it in a day</div><div>Only 5 €</div></div>"
    body = f"<div><div>{PROSE * 3}<table><tr><th>A<th>B<tr><td>1<td>2</table></div></div>"
    html = f"<div>{around}<h1>Title</h1><p>Introduction.</p>{body}{around}</div>"
    page = read_page(html)
    assert page.article.startswith("# Title\n\nIntroduction.\n\nA sentence")
    assert page.article.endswith("| 1 | 2 |\n")
    (outside,) = page.dropped
    assert (outside.reason, outside.word_count) == ("outside the main part", 20)
    assert "Only 5 €" in read_page(html, [outside.number]).article


def test_an_introduction_above_the_main_part_needs_no_title() -> None:
    lead = "An introduction of one sentence stands above the text, in a box of its own, and is as long as this."
    page = read_page(f"<div><div>{lead}</div><div>{PROSE * 5}</div><div>Print this</div></div>")
    assert page.article.startswith(lead)
    assert "Print" not in page.article


def test_a_header_around_a_whole_article_is_no_header() -> None:
    page = read_page(f"<header class=top><nav>Menu</nav><article>{PROSE * 3}</article></header>")
    assert page.article.count("A sentence") == 12


def test_comments_that_outgrow_the_article_stay_out_and_other_large_parts_come_back() -> None:
    comments = "<ol class=comments>" + "<li>I like it very much, and you?" * 300 + "</ol>"
    assert "I like it" not in read_page(f"<h1>T</h1>{PROSE * 3}</p>{comments}").article
    promo = f"<div class=promo>{PROSE * 9}</div><form>Your name, please</form>"
    page = read_page(f"<div>Top of it</div>{promo}")
    assert page.article.count("A sentence") == 36
    assert "Your name" not in page.article
