from django.http import HttpResponse, JsonResponse
from django.urls import path


def plaintext(request):
    return HttpResponse("Hello, World!", content_type="text/plain")


def json(request):
    return JsonResponse({"message": "Hello, World!"})


urlpatterns = [
    path("plaintext", plaintext),
    path("json", json),
]
