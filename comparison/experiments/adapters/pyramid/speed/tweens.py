from pyramid.httpexceptions import HTTPBadRequest

ALLOWED_HOSTS = {"localhost"}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def protect(handler, registry):
    def tween(request):
        if request.host.partition(":")[0] not in ALLOWED_HOSTS:
            return HTTPBadRequest()
        response = handler(request)
        response.headers.update(HEADERS)
        return response

    return tween
