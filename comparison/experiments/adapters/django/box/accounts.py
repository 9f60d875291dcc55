import django
from django.conf import settings

settings.configure(
    SECRET_KEY="box",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    LOGIN_URL="/login",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": ["."],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

from django.contrib import admin
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path


@login_required
def private(request):
    return HttpResponse(f"Hello, {request.user}")


@permission_required("auth.delete_user", raise_exception=True)
def delete(request):
    return HttpResponse("deleted")


def set_session(request):
    request.session["colour"] = "blue"
    return HttpResponse("kept")


def get_session(request):
    return HttpResponse(request.session.get("colour", "nothing"))


def set_cookie(request):
    response = HttpResponse("signed")
    response.set_signed_cookie("colour", "blue", secure=True, httponly=True, samesite="Lax")
    return response


def get_cookie(request):
    return HttpResponse(request.get_signed_cookie("colour", default="nothing"))


urlpatterns = [
    path("admin/", admin.site.urls),
    path("login", LoginView.as_view(template_name="login.html")),
    path("private", private),
    path("delete", delete),
    path("set", set_session),
    path("get", get_session),
]


def log_in(folder, name, password):
    """django.contrib.auth"""
    (folder / "login.html").write_text("<form method=post>{% csrf_token %}{{ form }}</form>")
    call_command("migrate", verbosity=0)
    if not User.objects.filter(username=name).exists():
        User.objects.create_user(name, password=password)
    return get_wsgi_application()


def refuse_without_permission(folder, name, password):
    """permission_required"""
    return log_in(folder, name, password)


def add_in_admin(folder, name, password):
    """django.contrib.admin"""
    call_command("migrate", verbosity=0)
    User.objects.create_superuser(name, password=password)
    return get_wsgi_application(), "/admin/login/", "/admin/auth/group/add/", "/admin/auth/group/"


def remember_visitor(folder):
    """django.contrib.sessions"""
    call_command("migrate", verbosity=0)
    return get_wsgi_application()


def sign_cookie():
    """set_signed_cookie"""
    urlpatterns[:] = [path("set", set_cookie), path("get", get_cookie)]
    return get_wsgi_application()
