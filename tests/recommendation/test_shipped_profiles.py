"""Recommendations from the shipped catalogue: every generated text is whole, and the answers are fair."""

import json
import random
import re

import pytest
from django.http import QueryDict
from django.test import Client

from comparison.models import Profile
from comparison.recommend import Ending
from comparison.recommendation.answer import Answer
from comparison.recommendation.load import considered_frameworks, load_evidence
from comparison.recommendation.question import read_question
from comparison.recommendation.ranking import MISSING_WORDS
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def is_whole(text: str) -> bool:
    """Whether a text ends like a sentence, begins with a capital, and has no holes."""
    return (
        bool(re.match(r"^[A-Z“−0-9]", text))
        and text[-1] in ".!…"
        and not re.search(r"  | ,|\(\)|None\b|\bnan\b|“”", text)
    )


def quotes_names(text: str, names: list[str]) -> bool:
    """Whether criteria are named only in quotation marks: their names may be any words."""
    unquoted = re.sub("“[^”]*”", "", text)
    return not any(re.search(rf"\b{re.escape(name)}\b", unquoted) for name in names)


def test_texts_are_whole_for_all_profiles_and_a_thousand_random_weightings() -> None:
    loaded = load_evidence(considered_frameworks())
    frameworks = list(loaded.frameworks.values())
    draw = random.Random(7)
    questions = [read_question(QueryDict(), profile, loaded.criteria, frameworks) for profile in Profile.objects.all()]
    for _ in range(1_000):
        slugs = draw.sample(sorted(loaded.criteria), draw.randint(0, 12))
        data = QueryDict(mutable=True)
        for slug in slugs:
            data[f"w.{slug}"] = str(draw.randint(0, 3))
        data.setlist("must", draw.sample(slugs, min(len(slugs), draw.choice([0, 0, 0, 1, 2]))))
        questions.append(read_question(data, None, loaded.criteria, frameworks))
    endings = set()
    for question in questions:
        answer = Answer(loaded, question)
        recommendation = answer.recommendation
        endings.add(recommendation.ending)
        for part in (part for row in recommendation.ranking for part in row.contributions):
            assert (part.value is None) == (part.state in MISSING_WORDS)  # pages and stored answers see the state alone
        texts = [answer.standfirst, answer.one_sentence, *answer.cautions]
        texts += [change.text for change in answer.changes]
        for text in texts:
            assert is_whole(text.replace("None of them", "Nobody")), (text, dict(question.weights.weights))
            assert quotes_names(text, list(answer.names.criteria.values())), text
        assert answer.headline
        if recommendation.ending is Ending.CLEAR:
            assert answer.headline == answer.names.frameworks[recommendation.ranking[0].framework]
            assert answer.firmness is not None
            clause = f"holds in {answer.firmness.percent_favouring(recommendation.leader)} of 100"
            assert (clause in texts[0]) != bool(answer.untested_reason)
            assert recommendation.gap > 0.05
        if recommendation.ending is Ending.CLOSE:
            assert recommendation.gap <= 0.05 + 1e-9
            assert answer.headline == "Too close to call"
    assert endings >= {Ending.CLEAR, Ending.CLOSE, Ending.NOTHING_WEIGHED}


def test_the_shipped_profiles_have_answers_with_sources() -> None:
    client = Client()
    answers = {}
    for profile in Profile.objects.all():
        data = json.loads(page(client, f"/recommend/{profile.slug}.json"))
        answers[profile.slug] = data["outcome"]["leader"]
        html = page(client, f"/recommend/{profile.slug}/")
        assert html.count('class="cite ') > 5
        assert "[^1]" in page(client, f"/recommend/{profile.slug}.md")
    assert answers == {
        "first-web-app": "flask",
        "content-site": "django",
        "shop": "django",
        "json-api": "flask",
        "data-science": "flask",
        "large-product": "django",
        "prototype": "django",
        "internal-tool": "django",
    }
