"""The addresses of pages and of their data."""

from urllib.parse import urlencode

from django.urls import reverse

from comparison.recommendation.question import Question


def page_url(route: str, *args: object, file_format: str = "html") -> str:
    """The address of a page, or of the same as a file: what ends in a slash as a page ends in .json, .csv or .md."""
    if file_format == "html":
        return reverse(route, args=args)
    return reverse(f"{route}-data", args=[*args, file_format])


def question_url(question: Question, file_format: str = "html") -> str:
    """The one address of a question."""
    if question.profile:
        address = page_url("recommendation", question.profile.slug, file_format=file_format)
    else:
        address = page_url("recommend", file_format=file_format)
    frameworks = [("framework", framework.slug) for framework in question.frameworks if question.narrowed]
    query = "&".join(part for part in (question.query, urlencode(frameworks)) if part)
    return f"{address}?{query}" if query else address
