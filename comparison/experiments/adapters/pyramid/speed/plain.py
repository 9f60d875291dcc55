from pyramid.response import Response


def plaintext(request):
    return Response("Hello, World!", content_type="text/plain")


def json(request):
    return {"message": "Hello, World!"}


def add_routes(config):
    config.add_route("plaintext", "/plaintext")
    config.add_view(plaintext, route_name="plaintext")
    config.add_route("json", "/json")
    config.add_view(json, route_name="json", renderer="json")
