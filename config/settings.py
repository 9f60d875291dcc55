"""All settings. What differs between installations comes from environment variables, which docs/settings.md lists."""

import warnings
from functools import partial
from pathlib import Path
from typing import Any

from config import env
from config.monitoring.log_formats import FORMATTERS, OneLineForRequest
from config.secret import stored_secret

BASE_DIR = Path(__file__).resolve().parent.parent
# The data of an installation: database, secret key, collected static files.
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).expanduser().absolute()

DEBUG = env.flag("DEBUG", default=False)
SITE_NAME = env.text("SITE_NAME", "Crosscheck")
REQUIRE_SECOND_REVIEWER = env.flag("REQUIRE_SECOND_REVIEWER", default=False)
STALE_AFTER_DAYS = env.number("STALE_AFTER_DAYS", default=730, minimum=1, maximum=36500)
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECRET_KEY = env.secret("SECRET_KEY", default="") or stored_secret(VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", default=partial(env.own_sqlite, VAR_DIR / "crosscheck.sqlite3")),
}
if env.text("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = env.database("DATABASE_REPLICA_URL", default=dict) | {"TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["config.databases.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL", default="memory://64")}

INSTALLED_APPS = [
    "config.admin.apps.CurationAdmin",  # django.contrib.admin with our logins
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "simple_history",
    "comparison",
]
MIDDLEWARE = [
    "config.monitoring.request_log.log_requests",
    "comparison.serving.middleware.remembered_pages_first",
    "comparison.serving.languages.language_of_address",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.content_security_policy",
    "config.middleware.answer_probes_first",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.refuse_malformed",
    "django.middleware.common.CommonMiddleware",
    "comparison.serving.middleware.public_pages_first",  # what follows is for curators
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comparison.admin.access.body_limits.limit_bodies",
    "comparison.admin.access.login_tries.device_cookie",
    "comparison.admin.access.session_recovery.SessionRecoveryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "comparison.admin.editing.second_try.SecondTryMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATE_LOADERS = ["config.files.template_loader.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comparison.web.caching.site",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # also after a login whose `next` leads elsewhere
LOGIN_TRIES = env.number("LOGIN_TRIES", default=5, minimum=1, maximum=100)
LOGIN_PAUSE_MINUTES = env.number("LOGIN_PAUSE_MINUTES", default=15, minimum=1, maximum=1440)
TEST_RUNNER = "config.test_runner.UsePytest"
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR", default=False)
OTP_TOTP_ISSUER = SITE_NAME
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # the login counts wrong codes, without locking the owner out
CSRF_FAILURE_VIEW = "comparison.admin.access.session_recovery.csrf_failure"

DATA_UPLOAD_MAX_MEMORY_SIZE = 25_000_000  # bytes of a form, which carries an article from step to step
FILE_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000  # claims in a bulk action

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español")]
TRIAL_LANGUAGES = {"ar"} if env.flag("TRY_RIGHT_TO_LEFT", default=False) else set()
if TRIAL_LANGUAGES:
    LANGUAGES.append(("ar", "العربية"))  # few strings, to try how pages look; no page offers it
LOCALE_PATHS = [BASE_DIR / "comparison" / "locale"]  # named, so that no other application's words come first
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.files.static_files.ModuleStorage"},
}
WHITENOISE_USE_FINDERS = True  # for files that collectstatic has not seen
warnings.filterwarnings("ignore", "No directory at")  # before the first collectstatic
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

# Nothing from other sites, nothing inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked without the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

METRICS = env.flag("METRICS", default=False)
METRICS_TOKEN = env.token("METRICS_TOKEN", default="")
if METRICS:
    env.require_package("METRICS", "prometheus_client", "metrics")
LOG_FORMAT = env.choice("LOG_FORMAT", default="line", options=FORMATTERS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": FORMATTERS[LOG_FORMAT]}},
    "filters": {"one line": {"()": OneLineForRequest}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["one line"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "crosscheck": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": [], "propagate": False},  # runserver's own lines, which repeat ours
    },
}
