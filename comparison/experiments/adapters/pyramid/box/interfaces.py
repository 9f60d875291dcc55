from pyramid.config import Configurator
from pyramid.response import Response

from comparison.experiments import box
from comparison.experiments.adapters.pyramid.box import application
from comparison.experiments.box import Absent


def title(request):
    return Response(request.json_body["title"])


def answer_json():
    """the renderer “json”"""
    with Configurator() as config:
        config.add_route("note", "/note")
        config.add_view(lambda request: {"title": "Milk"}, route_name="note", renderer="json")
        return config.make_wsgi_app()


def read_json():
    """request.json_body"""
    return application({"/note": title})


def tell_methods_apart():
    """request_method"""
    with Configurator() as config:
        config.add_route("thing", "/thing")
        config.add_view(lambda request: Response("read"), route_name="thing", request_method="GET")
        config.add_view(lambda request: Response("deleted"), route_name="thing", request_method="DELETE")
        return config.make_wsgi_app()


def describe():
    box.search("openapi", "swagger", besides="setuptools")


def check_hints():
    raise Absent("gives a view nothing but the request: there is no parameter whose hint it could check")
