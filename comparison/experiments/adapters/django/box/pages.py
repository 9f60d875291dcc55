import django
from django.conf import settings

settings.configure(
    SECRET_KEY="box",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_URL="/static/",
    STATICFILES_DIRS=["static"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": ["."]}],
)
django.setup()

from django import forms
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.csrf import csrf_protect


class CountForm(forms.Form):
    count = forms.IntegerField()


def title(request):
    return HttpResponse(request.POST["title"])


@csrf_protect
def form(request):
    if request.method == "POST":
        return HttpResponse("saved")
    return HttpResponse(Template("<form method=post>{% csrf_token %}</form>").render(RequestContext(request)))


urlpatterns = [path("", title), path("form", form)]


def fill_template(folder, names):
    """django.template"""
    (folder / "base.html").write_text("<title>{% block title %}{% endblock %}</title>{% block body %}{% endblock %}")
    (folder / "names.html").write_text(
        "{% extends 'base.html' %}{% block title %}Names{% endblock %}"
        "{% block body %}{% for name in names %}<li>{{ name }}</li>{% endfor %}{% endblock %}"
    )
    return render_to_string("names.html", {"names": names})


def read_fields():
    """request.POST"""
    return get_wsgi_application()


def draw_form():
    """django.forms"""
    return str(CountForm())


def refuse_wrong(fields):
    return {name: messages[0] for name, messages in CountForm(fields).errors.items()}


def serve_style_sheet(folder):
    """django.contrib.staticfiles"""
    return StaticFilesHandler(get_wsgi_application())


def check_token():
    """django.views.decorators.csrf"""
    return get_wsgi_application()
