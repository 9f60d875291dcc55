"""Recommendations from the shipped catalogue: every generated text is whole, and the answers are fair."""

import json
import random
import re
from functools import cache
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from comparison.models import Profile
from comparison.recommend import Ending
from comparison.recommendation.answer import Answer, answer_query
from comparison.recommendation.firmness import basis_bar
from comparison.recommendation.load import considered_frameworks, load_evidence
from comparison.recommendation.question import read_question
from comparison.recommendation.ranking import MISSING_WORDS, REPORTED
from comparison.web.front_page import answer_for
from config import gunicorn
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def is_whole(text: str) -> bool:
    """Whether a text ends like a sentence, begins with a capital, and has no holes."""
    return (
        bool(re.match(r"^[A-Z“−0-9]|aiohttp ", text))  # which writes itself with a small letter
        and text[-1] in ".!…"
        and not re.search(r"  | ,|\(\)|None\b|\bnan\b|“”|\d %|\bNobody|\bnobody|\.\.|against \d", text)
    )


def quotes_names(text: str, names: tuple[str, ...]) -> bool:
    """Whether criteria are named only in quotation marks: their names may be any words."""
    return not any_of(names).search(re.sub("“[^”]*”", "", text))


@cache
def any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})(?!\w)")


def assert_firmness_is_said(answer: Answer) -> None:
    """Whether the answer says both numbers, or why it does not, and the word of the weaker one."""
    firmness, text = answer.firmness, answer.standfirst
    for percent, noun in zip(firmness.percents, ("nearby weightings", "draws of the articles"), strict=True):
        assert (f"{percent} of 100 {noun}" in text) == (percent is not None)
    if firmness.word:
        assert f" {firmness.word.capitalize()}: it holds in " in text
        assert all(percent >= 90 for percent in firmness.percents if percent is not None) or firmness.word != "firm"
    else:
        assert firmness.untested
    if firmness.article_count < 3:
        assert firmness.word != "firm" or not firmness.article_count
        assert ("too few to test it with others" in text) == bool(firmness.article_count)


def test_texts_are_whole_for_all_profiles_and_hundreds_of_random_weightings() -> None:
    loaded = load_evidence(considered_frameworks())
    frameworks = list(loaded.frameworks.values())
    draw = random.Random(7)
    questions = [read_question(QueryDict(), profile, loaded.criteria, frameworks) for profile in Profile.objects.all()]
    for _ in range(300):
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
        for part in (part for row in answer.scores(with_parts=50) for part in row.parts):
            assert part.missing in ("", MISSING_WORDS.get(part.state, REPORTED))
            assert (part.position is None) == bool(part.missing)
        texts = [answer.standfirst, answer.one_sentence, *answer.must_haves]
        if recommendation.ending is not Ending.NOTHING_WEIGHED:
            texts += answer.cautions
        texts += [change.text for change in answer.changes]
        for text in texts:
            assert is_whole(text.replace("None of them", "No framework")), (text, dict(question.weights.weights))
            assert quotes_names(text, tuple(answer.names.criteria.values())), text
        assert answer.headline
        if recommendation.ending is Ending.CLEAR:
            assert answer.headline == answer.names.frameworks[recommendation.ranking[0].framework]
            assert answer.firmness is not None
            assert_firmness_is_said(answer)
            assert recommendation.gap > 0.05
            bar = basis_bar(answer.lead.rests_on)
            assert sum(share.percent for share in bar.shares) == 100
            assert answer.lead.parts.by_position + answer.lead.parts.by_strength == pytest.approx(recommendation.gap)
        if recommendation.ending is Ending.CLOSE:
            assert recommendation.gap <= 0.05 + 1e-9
            assert answer.headline == "Too close to call"
    assert endings >= {Ending.CLEAR, Ending.CLOSE, Ending.NOTHING_WEIGHED}


def test_the_shipped_profiles_have_answers_with_sources() -> None:
    client = Client()
    profiles = list(Profile.objects.all())
    assert len(profiles) >= 5
    for profile in profiles:
        data = json.loads(page(client, f"/recommend/{profile.slug}.json"))
        assert data["outcome"]["ending"] in (Ending.CLEAR, Ending.CLOSE, Ending.ONLY_ONE)
        for row in data["ranking"]:
            parts = [part["contribution"] for part in row["contributions"]]
            assert sum(parts) == pytest.approx(row["score"], abs=1e-4)
        html = page(client, f"/recommend/{profile.slug}/")
        assert html.count('class="cite ') > 5
        assert not re.search(r"\d %|Nobody|nobody", html)
        cited = re.findall(r"\[\^[\w-]+\](?!:)", page(client, f"/recommend/{profile.slug}.md"))
        assert len(set(cited)) > 1, profile.slug


def test_the_front_page_says_of_each_profile_what_its_own_page_says() -> None:
    for profile in Profile.objects.with_question():
        answer, shown = answer_query(QueryDict(), profile), answer_for(profile)
        assert (shown.eyebrow, shown.headline, shown.sentence) == (answer.eyebrow, answer.headline, answer.standfirst)
        assert shown.firmness == answer.firmness_view()


def test_an_address_that_sets_everything_fits_into_the_line_of_a_request() -> None:
    """As the form sends it where no script shortens it, with room for a catalogue twice as large."""
    html = page(Client(), "/recommend/")
    names = [(name, "3") for name in sorted(set(re.findall(r'name="(w\.[^"]+)"', html)))]
    others = re.findall(r'name="(must|framework)" value="([^"]+)"', html)
    assert len(names) > 90
    assert len(others) >= len(names)
    address = f"GET /de/recommend/?{urlencode([*names, *others])} HTTP/1.1\r\n"
    assert 2 * len(address) < gunicorn.limit_request_line
