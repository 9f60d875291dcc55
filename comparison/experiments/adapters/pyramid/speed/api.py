"""routes and views alone"""

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPUnauthorized
from pyramid.response import Response


def route(request):
    return Response("ok", content_type="text/plain")


def record(request):
    if "Authorization" not in request.headers:
        raise HTTPUnauthorized
    return {
        "params": {name: int(value) for name, value in request.matchdict.items()},
        "query": dict(request.GET),
        "data": request.json_body,
    }


def upload(request):
    if "file" not in request.POST:
        raise HTTPBadRequest
    file = request.POST["file"]
    size = len(file.file.read())
    return Response(f"{file.filename} {size}", content_type="text/plain")


with Configurator() as config:
    for number in range(5):
        config.add_route(f"static-{number}", f"/route-{number}")
        config.add_view(route, route_name=f"static-{number}")
        config.add_route(f"dynamic-{number}", f"/route-dyn-{number}/{{part}}")
        config.add_view(route, route_name=f"dynamic-{number}")
    config.add_route("record", r"/api/users/{user:\d+}/records/{record:\d+}")
    config.add_view(record, route_name="record", request_method="PUT", renderer="json")
    config.add_route("upload", "/upload")
    config.add_view(upload, route_name="upload", request_method="POST")
    application = config.make_wsgi_app()
