import random
from operator import itemgetter

from django.db import connection, transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import path


def random_ids(request):
    count = int(request.GET.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


def read_world(cursor, pk):
    cursor.execute("SELECT id, randomNumber FROM World WHERE id = %s", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


def single_query(request):
    with connection.cursor() as cursor:
        world = read_world(cursor, random.randint(1, 10000))
    return JsonResponse(world)


def several_queries(request):
    with connection.cursor() as cursor:
        worlds = [read_world(cursor, pk) for pk in random_ids(request)]
    return JsonResponse(worlds, safe=False)


def hundred_rows(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
        worlds = [{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()]
    return JsonResponse(worlds, safe=False)


def fortunes(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, message FROM Fortune")
        rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return render(request, "fortunes.html", {"fortunes": rows})


@transaction.atomic
def updates(request):
    with connection.cursor() as cursor:
        worlds = [read_world(cursor, pk) for pk in random_ids(request)]
        for world in worlds:
            world["randomNumber"] = random.randint(1, 10000)
        cursor.executemany(
            "UPDATE World SET randomNumber = %s WHERE id = %s",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return JsonResponse(worlds, safe=False)


urlpatterns = [
    path("db", single_query),
    path("queries", several_queries),
    path("rows", hundred_rows),
    path("fortunes", fortunes),
    path("updates", updates),
]
