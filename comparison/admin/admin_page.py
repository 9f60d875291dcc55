"""What our own pages in the admin have in common: login, permissions, methods and the context of their templates."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comparison.models.editions import writing

SAFE = ("GET", "HEAD")
ANY = (*SAFE, "POST")

Context = dict[str, Any]
Args = ParamSpec("Args")
Page = Callable[Concatenate[HttpRequest, Args], HttpResponseBase | Context]
View = Callable[Concatenate[HttpRequest, Args], HttpResponseBase]


def admin_page(
    model: type[Model],
    *permissions: str,
    template: str = "",
    title: str = "",
    methods: tuple[str, ...] = ANY,
    is_long: bool = False,
) -> Callable[[Page[Args]], View[Args]]:
    """Makes a view of a function that returns either the context of `template` or a response, such as a redirect.

    The view requires a login, the methods and all the permissions before it calls the function. The context may
    replace the title. During a post nobody else changes the catalogue, unless the page `is_long`: such a page works
    before it writes anything, and locks out others only then.
    """

    def decorate(page: Page[Args]) -> View[Args]:
        @wraps(page)
        def view(request: HttpRequest, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponseBase:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            with writing() if request.method == "POST" and not is_long else nullcontext():
                result = page(request, *args, **kwargs)
            if isinstance(result, HttpResponseBase):
                return result
            return render(request, f"admin/comparison/{template}", base_context(request, model, title) | result)

        return admin.site.admin_view(require_http_methods(list(methods))(view))

    return decorate


def base_context(request: HttpRequest, model: type[Model], title: str) -> Context:
    return {**admin.site.each_context(request), "opts": model._meta, "title": title}
