"""The pictures that shared links show, each at its page's address with .png in place of the last slash.

Filters and weights of one's own have none, so that nobody can have pictures drawn without end: a filtered comparison
shows the whole one's, an answer to weights of one's own the site's. A kept answer's is in English, as it is itself.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comparison.models import Criterion, Framework
from comparison.recommendation.answer import answer_query
from comparison.recommendation.snapshots import StoredAnswer, UnknownSchema
from comparison.serving.any_origin import allow_any_origin
from comparison.share_images.drawings import (
    Imprint,
    answer_image,
    comparison_image,
    criterion_image,
    framework_image,
    site_image,
)
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.table import Row, Table, load_table_data
from comparison.views.kept import unreadable
from comparison.web.caching import edition_of, public_page
from comparison.web.lookups import (
    find_criterion,
    find_framework,
    find_frameworks,
    find_profile,
    find_snapshot,
)

SITE_SENTENCE = gettext_noop(
    "Framework comparisons in which every cell opens down to claims, and every claim to its source."
)
MAX_COLUMNS = 60  # of a criterion's picture, which shows the best of them


@public_page()
def site_picture(request: HttpRequest) -> HttpResponse:
    return _respond(site_image(_imprint(request), _(SITE_SENTENCE)))


@public_page()
def comparison_picture(request: HttpRequest, names: str) -> HttpResponse:
    frameworks = find_frameworks(names, "comparison-image")
    table = _table(frameworks)
    if len(frameworks) == 1:
        return _respond(framework_image(frameworks[0], table, _imprint(request)))
    return _respond(comparison_image(table, _imprint(request)))


@public_page()
def row_picture(request: HttpRequest, names: str, criterion: str) -> HttpResponse:
    frameworks = find_frameworks(names, "row-image", criterion)
    subject = find_criterion(criterion, "row-image", names)
    return _respond(criterion_image(subject, _row(frameworks, subject), _imprint(request)))


@public_page()
def framework_picture(request: HttpRequest, slug: str) -> HttpResponse:
    framework = find_framework(slug)
    return _respond(framework_image(framework, _table([framework]), _imprint(request)))


@public_page()
def criterion_picture(request: HttpRequest, slug: str) -> HttpResponse:
    criterion = find_criterion(slug, "criterion-image")
    frameworks = list(Framework.objects.with_claims_on(criterion).order_by("slug")[:MAX_COLUMNS])
    return _respond(criterion_image(criterion, _row(frameworks, criterion), _imprint(request)))


@public_page()
def recommendation_picture(request: HttpRequest, slug: str) -> HttpResponse:
    profile = find_profile(slug)
    answer = answer_query(QueryDict(), profile)
    image = answer_image(profile.name, answer.headline, answer.one_sentence, answer.ranking, _imprint(request))
    return _respond(image)


@public_page()
def kept_picture(request: HttpRequest, key: str) -> HttpResponse:
    snapshot = find_snapshot(key)
    try:
        stored = StoredAnswer(snapshot)
    except UnknownSchema:
        return unreadable()
    outcome = stored.data["outcome"]
    about = f"Kept answer, edition {snapshot.edition}"
    return _respond(answer_image(about, outcome["headline"], outcome["sentence"], stored.ranking, _imprint(request)))


def _table(frameworks: list[Framework]) -> Table:
    return (load_stored_table(frameworks) or load_table_data(frameworks)).table()


def _row(frameworks: list[Framework], criterion: Criterion) -> Row | None:
    """The row, with columns for frameworks of which nothing is known; None if nothing is known of any."""
    rows = load_table_data(frameworks, Criterion.objects.filter(pk=criterion.pk)).table().rows
    return rows[0] if rows else None


def _imprint(request: HttpRequest) -> Imprint:
    return Imprint(settings.SITE_NAME, edition_of(request))


def _respond(image: bytes) -> HttpResponse:
    return allow_any_origin(HttpResponse(image, content_type="image/png"))
