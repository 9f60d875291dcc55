from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from comparison.experiments.techempower import DATABASE

DJANGO_TEMPLATES = "django.template.backends.django.DjangoTemplates"
JINJA_TEMPLATES = "django.template.backends.jinja2.Jinja2"


def templates(backend):
    return [{"BACKEND": backend, "DIRS": [Path(__file__).parent / "templates"]}]


def database_application(urlconf):
    settings.configure(
        ROOT_URLCONF=urlconf,
        INSTALLED_APPS=[__package__],
        TEMPLATES=templates(DJANGO_TEMPLATES),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": DATABASE,
                "CONN_MAX_AGE": None,
                "OPTIONS": {"init_command": "PRAGMA synchronous = NORMAL"},
            },
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    return get_wsgi_application()


def template_application(backend):
    settings.configure(ROOT_URLCONF=f"{__package__}.views.table", TEMPLATES=templates(backend))
    return get_wsgi_application()
