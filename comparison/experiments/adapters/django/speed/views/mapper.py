import random
from operator import attrgetter

from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import path

from ..models import Fortune, World


def random_ids(request):
    count = int(request.GET.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


def single_query(request):
    world = World.objects.get(pk=random.randint(1, 10000))
    return JsonResponse(world.as_dict())


def several_queries(request):
    worlds = [World.objects.get(pk=pk) for pk in random_ids(request)]
    return JsonResponse([world.as_dict() for world in worlds], safe=False)


def hundred_rows(request):
    worlds = World.objects.order_by("pk")[:100]
    return JsonResponse([world.as_dict() for world in worlds], safe=False)


def fortunes(request):
    rows = list(Fortune.objects.all())
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return render(request, "fortunes.html", {"fortunes": rows})


@transaction.atomic
def updates(request):
    worlds = [World.objects.get(pk=pk) for pk in random_ids(request)]
    for world in worlds:
        world.random_number = random.randint(1, 10000)
        world.save(update_fields=["random_number"])
    return JsonResponse([world.as_dict() for world in worlds], safe=False)


urlpatterns = [
    path("db", single_query),
    path("queries", several_queries),
    path("rows", hundred_rows),
    path("fortunes", fortunes),
    path("updates", updates),
]
