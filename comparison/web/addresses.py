"""The addresses of pages and of their data files."""

from urllib.parse import urlencode

from django.urls import reverse

from comparison.recommendation.question import Question


def page_url(route: str, *args: object, file_format: str = "html") -> str:
    """The address of a page, or of its data file: the same with .json, .csv or .md in place of the last slash."""
    if file_format == "html":
        return reverse(route, args=args)
    return reverse(f"{route}-data", args=[*args, file_format])


def question_url(question: Question, file_format: str = "html") -> str:
    """The canonical address of a question, whatever the order of its parameters."""
    if question.profile:
        path = page_url("recommendation", question.profile.slug, file_format=file_format)
    else:
        path = page_url("recommend", file_format=file_format)
    named = question.frameworks if question.names_frameworks else ()
    frameworks = [("framework", framework.slug) for framework in named]
    query = "&".join(part for part in (question.query, urlencode(frameworks)) if part)
    return f"{path}?{query}" if query else path
