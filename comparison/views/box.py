"""What is in the box of frameworks, and what must be added: of one, side by side, and the counts of all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comparison.in_the_box import page
from comparison.in_the_box.document import box_counts_dict, box_document
from comparison.in_the_box.features import counts_of_all, load_box
from comparison.models import Framework
from comparison.models.subjects import JOINER
from comparison.tables.citations import views_of
from comparison.tables.many.columns import MIN_FOR_COMPACT
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import list_file, respond
from comparison.web.lookups import find_frameworks, joined_names, joined_slugs, named_frameworks


@public_page("framework", file_params=())
def boxes(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    """The counts of every framework, to pick from; `?framework=a&framework=b` leads to their page."""
    slugs = [slug.strip() for slug in request.GET.getlist("framework") if slug.strip()]
    if slugs:
        return redirect(page_url("box", joined_slugs(named_frameworks(JOINER.join(slugs)))))
    frameworks = list(Framework.objects.most_cited())
    counts = counts_of_all(frameworks)
    if file_format != "html":
        rows = [box_counts_dict(framework, counts[framework.pk]) for framework in frameworks]
        return list_file(request, file_format, "In the box", rows, name="in-the-box")
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
    is_compact = len(frameworks) >= MIN_FOR_COMPACT
    context: dict[str, object] = {"title": title, "canonical": names, "frameworks": frameworks}
    context |= {"tallies": page.tallies(found), "is_compact": is_compact}
    if not is_compact:
        context["references"] = [view for view in views_of(found.references, found.cells) if view.claims]
    if len(frameworks) == 1:
        return render(request, "comparison/box.html", context | {"groups": page.offer_groups(found)})
    groups = page.compact_groups(found) if is_compact else page.category_groups(found)
    return render(request, "comparison/box_table.html", context | {"groups": groups})
