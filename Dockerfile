# The site alone, on SQLite in the volume unless DATABASE_URL names another database. compose.yaml adds the servers around it.
FROM python:3.11-slim AS packages
WORKDIR /srv/crosscheck
COPY requirements.txt ./
RUN python -m venv --without-pip .venv && \
    python -m pip --python .venv/bin/python install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /srv/crosscheck/var --shell /usr/sbin/nologin crosscheck
WORKDIR /srv/crosscheck
COPY --from=packages /srv/crosscheck/.venv .venv
COPY manage.py ./
COPY config config
COPY comparison comparison
COPY templates templates
COPY static static
RUN .venv/bin/python -m compileall -q config comparison && install -d -o crosscheck -g crosscheck -m 700 var

USER crosscheck
VOLUME /srv/crosscheck/var
EXPOSE 8000
ENV WEB_CONCURRENCY=2
HEALTHCHECK --start-period=60s CMD [".venv/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
# prepare: schema, static files and, at the first start, catalogue and administrator, whose password the log then shows.
CMD ["sh", "-c", ".venv/bin/python manage.py prepare && exec .venv/bin/python -m gunicorn config.wsgi --config python:config.gunicorn --bind 0.0.0.0:8000"]
