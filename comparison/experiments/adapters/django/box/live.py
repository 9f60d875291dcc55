import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=())
django.setup()

from django.core.asgi import get_asgi_application


def send_word_back():
    """get_asgi_application"""
    return get_asgi_application()
