import django
from django.conf import settings

settings.configure(
    SECRET_KEY="box",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.locale.LocaleMiddleware"],
    INSTALLED_APPS=["django.contrib.sitemaps"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

import datetime

from django.contrib.gis.measure import Distance
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.contrib.syndication.views import Feed
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext

from comparison.experiments.box import Absent


class NewGoods(Feed):
    title = "New goods"
    link = "/"
    description = ""

    def items(self):
        return ["Milk", "Bread"]

    def item_title(self, item):
        return item

    def item_link(self, item):
        return f"/{item.lower()}"


class Goods(Sitemap):
    def items(self):
        return ["milk", "bread"]

    def location(self, item):
        return f"/{item}"


def index(request):
    return HttpResponse(f"{gettext('This field is required.')}|{date_format(datetime.date(2026, 3, 5))}")


urlpatterns = [
    path("", index),
    path("feed", NewGoods()),
    path("sitemap.xml", sitemap, {"sitemaps": {"goods": Goods}}),
]


def make_feed():
    """django.contrib.syndication"""
    return get_wsgi_application()


def make_sitemap():
    """django.contrib.sitemaps"""
    return get_wsgi_application()


def follow_language():
    """LocaleMiddleware, gettext and date_format"""
    return get_wsgi_application()


def convert_distance(miles):
    """django.contrib.gis.measure"""
    return Distance(mi=miles).km


def compare_geometries(first, second):
    """django.contrib.gis.geos"""
    try:
        from django.contrib.gis.geos import Point
    except ImproperlyConfigured:
        raise Absent("lacks the system’s library GEOS for geometries, which pip does not install")
    return Point(*first).distance(Point(*second))
