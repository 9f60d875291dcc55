import hashlib

from pyramid.config import Configurator
from pyramid.response import Response

from comparison.experiments.adapters.pyramid.box import application


def index(request):
    return Response("index")


def note(request):
    return Response(str(int(request.matchdict["number"]) + 1))


def link(request):
    return Response(request.route_path("note", number=7))


def upload(request):
    document = request.POST["document"]
    return Response(f"{document.filename} {hashlib.sha256(document.file.read()).hexdigest()}")


def around(handler, registry):
    def tween(request):
        response = handler(request)
        response.headers["X-Around"] = "yes"
        return response

    return tween


def notes():
    with Configurator() as config:
        config.add_route("note", r"/notes/{number:\d+}")
        config.add_view(note, route_name="note")
        config.add_route("link", "/link")
        config.add_view(link, route_name="link")
        return config.make_wsgi_app()


def read_number():
    r"""a route with {number:\d+}"""
    return notes()


def make_path():
    """route_path"""
    return notes()


def run_around():
    """a tween"""
    return application({"/": index}, lambda config: config.add_tween(f"{__name__}.around"))


def take_file():
    """request.POST"""
    return application({"/upload": upload})


def send_pieces(content):
    """Response(app_iter=…)"""
    return application({"/stream": lambda request: Response(app_iter=content())})
