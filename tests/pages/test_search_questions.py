"""Questions that people ask, over the shipped catalogue, each with the row that answers it first."""

import re

import pytest

from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

QUESTIONS = {
    "which is faster?": "/criteria/speed/",
    "is django fast": "/compare/django/speed/",
    "MongoDB Django": "/compare/django/nosql/",
    "django rest api": "/compare/django/api-support/",
    "does flask have an orm": "/compare/flask/orm/",
    "django vs flask performance": "/compare/django-vs-flask/speed/",
    "which one is easier to learn": "/criteria/learning-curve/",
    "how long does it take to learn django": "/compare/django/learning-time/",
    "is flask good for beginners": "/compare/flask/beginner/",
    "best framework for large projects": "/criteria/large-project/",
    "flask or fastapi for microservices": "/compare/fastapi-vs-flask/microservices/",
    "does fastapi support websockets": "/compare/fastapi/websockets/",
    "flask async": "/compare/flask/async-views/",
    "who uses django": "/compare/django/notable-users/",
    "does instagram use django": "/compare/django/notable-users/",
    "is django secure?": "/compare/django/security-overall/",
    "csrf protection flask": "/compare/flask/csrf-protection/",
    "does flask have an admin panel": "/compare/flask/admin/",
    "which scales better": "/criteria/scalability/",
    "how big is the community": "/criteria/community-support/",
    "is bottle still maintained": "/compare/bottle/maturity/",
    "database migrations": "/criteria/migrations/",
    "unit tests in flask": "/compare/flask/testing/",
    "how much memory does fastapi need": "/compare/fastapi/memory/",
    "startup time": "/criteria/import-time/",
    "swagger docs": "/criteria/openapi/",
    "jinja templates": "/criteria/template-engine/",
    "does django work with postgres": "/compare/django/databases/",
    "can I upload files with flask": "/compare/flask/file-uploads/",
    "sending mail with django": "/compare/django/email/",
    "djnago cachign": "/compare/django/caching/",
    "flaks sesions": "/compare/flask/sessions/",
    "license": "/criteria/licence-terms/",
    "which is cheaper": "/criteria/affordability/",
    "django for a small website": "/compare/django/small-project/",
    "online shop": "/criteria/shop/",
    "batteries included": "/criteria/completeness/",
    "background jobs with celery": "/criteria/background-tasks/",
    "single sign-on": "/criteria/single-sign-on/",
    "which python versions does django support": "/compare/django/python-versions/",
    "best documentation": "/criteria/documentation/",
    "how do I deploy django": "/compare/django/deployment-ease/",
    "requests per second": "/criteria/cpu-plaintext/",
}


def first_answer(html: str) -> str:
    """The address of the row that the page answers with."""
    found = re.search(r'id="a"><a href="([^"]+)"', html)
    return found[1] if found else ""


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_leads_first_to_the_row_that_answers_it(client, question) -> None:
    assert first_answer(client.get("/search/", {"q": question}).content.decode()) == QUESTIONS[question]


def test_the_answer_is_drawn_with_both_sides_for_each_framework(client) -> None:
    html = page(client, "/search/?q=is+django+or+flask+easier+to+learn")
    answer = html.split('id="a"')[1].split("</section>", maxsplit=1)[0]
    assert re.findall(r'class="criterion" href="[^"]+">(\w+)<', answer) == ["Flask", "Django"]
    assert answer.count('<svg class="plot"') == 2
    assert {'class="sign for"', 'class="sign against"'} <= set(re.findall(r'class="sign \w+"', answer))
    assert 'id="ref-1"' in html


def test_a_word_that_only_claims_know_leads_to_the_row_of_most_of_them(client) -> None:
    html = page(client, "/search/?q=instagram")
    assert first_answer(html) == "/criteria/notable-users/"
    answer = html.split('id="a"')[1].split("</section>", maxsplit=1)[0]
    assert re.search(r'<a class="question" href="/claims/\d+/">[^<]*<mark>Instagram</mark>', answer)


@pytest.mark.parametrize("query", ["instagram", "monolith", "quick+start", "is+django+fast", "sqlalchemy+pinterest"])
def test_no_claim_is_shown_without_the_cell_that_it_stands_in(client, query) -> None:
    html = page(client, f"/search/?q={query}")
    content = html.split('<main id="main"')[1].split("</main>")[0]
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.+?)</tr>", content, re.S)
    assert rows
    assert all("<td" in row for row in rows)
    assert content.count('class="question" href="/claims/') == sum(row.count('class="question" href') for row in rows)


def test_whole_words_are_marked_and_none_that_only_asks(client) -> None:
    html = page(client, "/search/?q=what+is+it+that+scales")
    marked = {word.lower() for word in re.findall(r"<mark>([^<]+)</mark>", html)}
    assert "scales" in marked or "scalability" in marked
    assert not marked & {"what", "i", "is", "it", "so", "that"}
    assert not re.search(r"</mark>\w", html)


SITE_QUESTIONS = {
    "what must I add": "/in-the-box/",
    "what must I add to flask?": "/in-the-box/flask/",
    "what is in the box": "/in-the-box/",
    "django or flask: what comes built in": "/in-the-box/django-vs-flask/",
    "batteries included": "/in-the-box/",
    "is this article trustworthy?": "/checks/#scores",
    "which source can I trust": "/checks/#scores",
    "what do the articles get wrong": "/checks/#scores",
    "how do you decide": "/methodology/",
    "how are the scores calculated": "/methodology/",
    "report an error": "/about/#a5",
    "I found a mistake": "/about/#a5",
    "which one should I choose": "/recommend/",
    "where do sources contradict each other": "/disputes/",
    "how did you measure": "/experiments/",
    "was muss ich hinzufügen": "/in-the-box/",
    "Fehler melden": "/about/#a5",
    "wie wird entschieden oder bewertet": "/methodology/",
    "¿qué debo añadir?": "/in-the-box/",
    "¿es fiable este artículo?": "/checks/#scores",
}


def site_pages_of(html: str) -> list[str]:
    """The addresses of the site's own pages with which a search answers."""
    section = re.search(r'id="p">.*?</section>', html, re.S)
    return re.findall(r'<a href="([^"]+)"', section[0]) if section else []


@pytest.mark.parametrize("question", SITE_QUESTIONS)
def test_a_question_about_the_site_leads_to_the_page_that_answers_it(client, question) -> None:
    html = client.get("/search/", {"q": question}).content.decode()
    assert site_pages_of(html)[:1] == [SITE_QUESTIONS[question]]


def test_pages_of_the_site_are_named_in_the_language_of_the_page_and_keep_it(client) -> None:
    html = page(client, "/de/search/?q=was+muss+ich+hinzufügen")
    assert site_pages_of(html) == ["/de/in-the-box/"]
    assert "Which features" not in html


@pytest.mark.parametrize("question", ["orm", "is django fast", "error pages", "unit tests in flask", "trusted hosts"])
def test_other_questions_name_no_page_of_the_site(client, question) -> None:
    assert site_pages_of(client.get("/search/", {"q": question}).content.decode()) == []
