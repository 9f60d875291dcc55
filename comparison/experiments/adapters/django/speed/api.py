"""no middleware"""

import json

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

settings.configure(ROOT_URLCONF=__name__)


@require_http_methods(["PUT"])
def record(request, user, record):
    if "Authorization" not in request.headers:
        return JsonResponse({"error": "unauthorized"}, status=401)
    return JsonResponse(
        {
            "params": {"user": user, "record": record},
            "query": request.GET.dict(),
            "data": json.loads(request.body),
        }
    )


@require_POST
def upload(request):
    if "file" not in request.FILES:
        return HttpResponseBadRequest("no file")
    file = request.FILES["file"]
    size = sum(len(chunk) for chunk in file.chunks())
    return HttpResponse(f"{file.name} {size}", content_type="text/plain")


def static_route(request):
    return HttpResponse("ok", content_type="text/plain")


def dynamic_route(request, part):
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    *(path(f"route-{number}", static_route) for number in range(5)),
    *(path(f"route-dyn-{number}/<str:part>", dynamic_route) for number in range(5)),
    path("api/users/<int:user>/records/<int:record>", record),
    path("upload", upload),
]
application = get_wsgi_application()
