import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__)
django.setup()

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views import View

from comparison.experiments import box
from comparison.experiments.box import Absent


def note(request):
    return JsonResponse({"title": "Milk"})


class Thing(View):
    def get(self, request):
        return HttpResponse("read")

    def delete(self, request):
        return HttpResponse("deleted")


def double(request, count: int):
    return HttpResponse(count * 2)


urlpatterns = [path("note", note), path("thing", Thing.as_view()), path("double/<count>", double)]


def answer_json():
    """JsonResponse"""
    return get_wsgi_application()


def read_json():
    if not any("json" in name.lower() for name in dir(HttpRequest)):
        raise Absent("has no function of a request that reads JSON: that is left to Python’s json module")


def tell_methods_apart():
    """django.views.View"""
    return get_wsgi_application()


def describe():
    box.search("openapi", "swagger")


def check_hints():
    return get_wsgi_application()
