"""The site and one plain page beside it, served the same way: what the benchmark asks over HTTP."""

import os
from pathlib import Path

from django.conf import settings

settings.STATIC_ROOT = Path(os.environ["BENCH_STATIC_ROOT"])  # before the application reads it
settings.ROOT_URLCONF = "tests.bench.urls"

from config.wsgi import application  # noqa: E402, F401  (what gunicorn serves)
