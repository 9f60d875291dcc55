"""What is in the box of frameworks, and what must be added: of one, side by side, and the counts of all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comparison.in_the_box import page
from comparison.in_the_box.document import box_document
from comparison.in_the_box.features import Box, counts_of_all, load_box
from comparison.models import Framework
from comparison.models.subjects import JOINER
from comparison.tables.citations import views_of
from comparison.tables.many.columns import MIN_FOR_COMPACT
from comparison.views.compare import joined_names
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond
from comparison.web.lookups import find_frameworks, joined_slugs, named_frameworks


@public_page("framework")
def boxes(request: HttpRequest) -> HttpResponse:
    """The counts of every framework, to pick from; `?framework=a&framework=b` leads to their page."""
    slugs = [slug.strip() for slug in request.GET.getlist("framework") if slug.strip()]
    if slugs:
        return redirect(page_url("box", joined_slugs(named_frameworks(JOINER.join(slugs)))))
    frameworks = list(Framework.objects.most_cited())
    counts = counts_of_all(frameworks)
    tallies = [page.tally(framework, counts[framework.pk]) for framework in frameworks]
    return render(request, "comparison/boxes.html", {"tallies": tallies})


@public_page()
def box(request: HttpRequest, names: str, file_format: str = "html") -> HttpResponse:
    frameworks = find_frameworks(names, "box")
    found = load_box(frameworks)
    title = joined_names(frameworks)
    if file_format != "html":
        url = request.build_absolute_uri(page_url("box", names))
        document = box_document(found, edition_of(request), f"In the box: {title}", url)
        return respond(document, file_format, f"in-the-box-{names}")
    context = {"title": title, "canonical": names, "tallies": page.tallies(found), "frameworks": frameworks}
    if len(frameworks) >= MIN_FOR_COMPACT:
        return render(request, "comparison/box_compact.html", context | {"groups": page.compact_groups(found)})
    template = "comparison/box.html" if len(frameworks) == 1 else "comparison/box_table.html"
    return render(request, template, context | groups(found))


def groups(found: Box) -> dict[str, object]:
    """The features of one framework by how it comes by them, of several by category, and their sources."""
    by_offer = len(found.frameworks) == 1
    return {
        "groups": page.offer_groups(found) if by_offer else page.category_groups(found),
        "references": [view for view in views_of(found.references, found.cells) if view.claims],
    }
