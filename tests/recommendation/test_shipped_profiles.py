"""Recommendations from the shipped catalogue: every generated text is whole, and the answers are fair."""

import json
import random
import re

import pytest
from django.http import QueryDict
from django.test import Client

from comparison.models import Profile
from comparison.recommend import Ending
from comparison.recommendation import sentences
from comparison.recommendation.answer import Answer
from comparison.recommendation.load import considered_frameworks, load_evidence
from comparison.recommendation.question import read_question
from comparison.recommendation.ranking import SILENT
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def whole_sentences(text: str) -> bool:
    """Ends as a sentence does, begins with a capital, and has no holes."""
    return (
        bool(re.match(r"^[A-Z“−0-9]", text))
        and text[-1] in ".!…"
        and not re.search(r"  | ,|\(\)|None\b|\bnan\b|“”", text)
    )


def quotes_names(text: str, names: list[str]) -> bool:
    """Whether criteria are named in quotation marks alone: any words may be a name."""
    plain = re.sub("“[^”]*”", "", text)
    return not any(re.search(rf"\b{re.escape(name)}\b", plain) for name in names)


def test_generated_texts_are_whole_over_all_profiles_and_a_thousand_random_weightings() -> None:
    loaded = load_evidence(considered_frameworks())
    frameworks = list(loaded.frameworks.values())
    draw = random.Random(7)
    questions = [read_question(QueryDict(), one, loaded.criteria, frameworks) for one in Profile.objects.all()]
    for _ in range(1_000):
        some = draw.sample(sorted(loaded.criteria), draw.randint(0, 12))
        data = QueryDict(mutable=True)
        for slug in some:
            data[f"w.{slug}"] = str(draw.randint(0, 3))
        data.setlist("must", draw.sample(some, min(len(some), draw.choice([0, 0, 0, 1, 2]))))
        questions.append(read_question(data, None, loaded.criteria, frameworks))
    endings = set()
    for asked in questions:
        answer = Answer(loaded, asked)
        found = answer.found
        endings.add(found.ending)
        for one in (part for place in found.ranking for part in place.contributions):
            assert (one.value is None) == (one.state in SILENT)  # what a page, and a kept answer, tell by the state
        texts = [sentences.standfirst(found, answer.firm, answer.names), answer.one_sentence, *answer.cautions]
        texts += [text for _, text, _ in answer.changes]
        for text in texts:
            assert whole_sentences(text.replace("None of them", "Nobody")), (text, dict(asked.weights.weights))
            assert quotes_names(text, list(answer.names.criteria.values())), text
        headline = sentences.headline(found, answer.names)
        assert headline
        if found.ending is Ending.CLEAR:
            assert headline == answer.names.frameworks[found.ranking[0].framework]
            assert answer.firm is not None
            held = f"holds in {answer.firm.holds(found.leader)} of 100"
            assert (held in texts[0]) != bool(answer.untested)
            assert found.gap > 0.05
        if found.ending is Ending.CLOSE:
            assert found.gap <= 0.05 + 1e-9
            assert headline == "Too close to call"
    assert endings >= {Ending.CLEAR, Ending.CLOSE, Ending.NOTHING_WEIGHED}


def test_the_shipped_profiles_have_answers_with_sources() -> None:
    client = Client()
    answers = {}
    for profile in Profile.objects.all():
        found = json.loads(page(client, f"/recommend/{profile.slug}.json"))
        answers[profile.slug] = found["outcome"]["leader"]
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
