from django.shortcuts import render
from django.urls import path

from comparison.experiments.techempower import large_table

ROWS = large_table()


def table(request):
    return render(request, "large_table.html", {"rows": ROWS})


urlpatterns = [path("table", table)]
