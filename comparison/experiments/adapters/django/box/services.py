import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__)
django.setup()

from itertools import count

from django.core.cache import cache
from django.core.mail import get_connection
from django.core.mail import send_mail as send
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_page

from comparison.experiments import box

numbers = count(1)


@cache_page(60)
def index(request):
    return HttpResponse(f"made {next(numbers)}")


urlpatterns = [path("", index)]


def send_mail(host, port):
    """django.core.mail.send_mail"""
    server = get_connection("django.core.mail.backends.smtp.EmailBackend", host=host, port=port)
    send("Order 7", "Thank you", "shop@example.org", ["ann@example.org"], connection=server)


def cache_value(folder):
    """django.core.cache"""
    return cache.set, cache.get


def cache_page(folder):
    """cache_page"""
    return get_wsgi_application()


def run_later(done):
    box.search("task", "queue", "background")
