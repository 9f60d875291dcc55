import hashlib

import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.around"])
django.setup()

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path, reverse


def around(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Around"] = "yes"
        return response

    return middleware


def index(request):
    return HttpResponse("index")


def note(request, number):
    return HttpResponse(number + 1)


def link(request):
    return HttpResponse(reverse("note", args=[7]))


def upload(request):
    document = request.FILES["document"]
    return HttpResponse(f"{document.name} {hashlib.sha256(document.read()).hexdigest()}")


urlpatterns = [
    path("", index),
    path("notes/<int:number>", note, name="note"),
    path("link", link),
    path("upload", upload),
]


def read_number():
    """path with <int:number>"""
    return get_wsgi_application()


def make_path():
    """reverse"""
    return get_wsgi_application()


def run_around():
    """the setting MIDDLEWARE"""
    return get_wsgi_application()


def take_file():
    """request.FILES"""
    return get_wsgi_application()


def send_pieces(content):
    """StreamingHttpResponse"""
    urlpatterns.append(path("stream", lambda request: StreamingHttpResponse(content())))
    return get_wsgi_application()
