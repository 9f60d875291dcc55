"""What an address asks for, and what is said when it is not there."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from comparison.models import Framework, Profile


class Unknown(Http404):
    """Nothing of that name; carries links to what may have been meant."""

    def __init__(self, message: str, suggestions: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.suggestions = list(suggestions)


def unknown(thing: str, slug: str, names: Mapping[str, str], route: str) -> Unknown:
    """Names what is missing and links the nearest; `names` are the known ones by slug."""
    near = get_close_matches(slug.lower(), names, n=3, cutoff=0.4)
    return Unknown(
        f"There is no {thing} “{slug[:60]}” here.", [(names[one], reverse(route, args=[one])) for one in near]
    )


def compared(names: str) -> tuple[list[Framework], str]:
    """The frameworks an address names and the canonical form of it. Raises Unknown."""
    wanted = [name for name in names.lower().split("-vs-") if name]
    found = {one.slug: one for one in Framework.objects.named(wanted)}
    missing = [name for name in wanted if name not in found]
    if missing or not wanted:
        raise _unknown_frameworks(wanted, missing)
    return [found[slug] for slug in sorted(found)], "-vs-".join(sorted(found))


def _unknown_frameworks(wanted: list[str], missing: list[str]) -> Unknown:
    names = dict(Framework.objects.values_list("slug", "name"))
    nearest = {name: get_close_matches(name, names, n=1, cutoff=0.5) for name in missing}
    mended = sorted({slug for name in wanted for slug in nearest.get(name, [name])})
    suggestions = []
    if mended:
        said = " and ".join(names[slug] for slug in mended)
        suggestions = [(f"Compare {said}", reverse("comparison", args=["-vs-".join(mended)]))]
    shown = ", ".join(f"“{name[:60]}”" for name in missing[:5])
    return Unknown(f"There is no framework {shown} here.", suggestions)


def to_canonical(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{path}?{query}" if query else path, permanent=True)


def found_profile(slug: str) -> Profile:
    found = Profile.objects.prefetch_related("weights__criterion").filter(slug=slug).first()
    if found is None:
        raise unknown("kind of project", slug, dict(Profile.objects.values_list("slug", "name")), "recommendation")
    return found
