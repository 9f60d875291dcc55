PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
INSTALL := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python install --quiet --require-hashes

NOT_INSTALLED := { echo "The packages could not be installed; pip's words stand above. It needs a network, or a mirror \
that PIP_INDEX_URL names. Nothing is lost: run make again."; exit 1; }

# Else each process of a run of tests would compile the project, and rewrite the tests' assertions, anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check backup bench lock messages

run: .venv/serving  ## serve the site on $(HOST):$(PORT)
	@$(BIN)/python manage.py prepare --host "$(HOST)" --port "$(PORT)" --workers "$(WORKERS)"
	@echo "Serving on http://$(HOST):$(PORT)/ (stop with Ctrl-C)"
	@exec $(BIN)/python -m gunicorn config.wsgi --bind "$(HOST):$(PORT)" --workers "$(WORKERS)" \
		--config python:config.gunicorn

test: .venv/testing  ## the whole suite, on all cores; TESTS=tests/logic for a part
	$(BIN)/python -m pytest $(or $(TESTS),--numprocesses auto --dist worksteal)

check: .venv/testing  ## linters, types, migrations, deployment
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") BEHIND_PROXY=1 \
		ALLOWED_HOSTS=example.org $(BIN)/python manage.py check --deploy --fail-level WARNING

backup: .venv/serving  ## everything to var/backups/, or to FILE=…
	@$(BIN)/python manage.py backup $(FILE)

bench: .venv/testing  ## measures the pages against a plain one and nginx; BENCH_CLAIMS=1000000 BENCH_FRAMEWORKS=50 for more
	$(BIN)/python -m tests.bench

messages: .venv/testing  ## collect the strings to translate and compile their translations
	@$(BIN)/python -m tests.languages

lock:  ## write the hashed requirements anew from pyproject.toml
	@$(PYTHON) -m venv .lock-env && .lock-env/bin/python -m pip install --quiet uv
	@echo "django<6  # one LTS version on every Python" > .lock-env/constraints.txt
	.lock-env/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--constraint .lock-env/constraints.txt --no-header --all-extras --output-file requirements.txt pyproject.toml
	.lock-env/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--constraint .lock-env/constraints.txt --no-header --all-extras --group dev --output-file requirements-dev.txt pyproject.toml

.venv/serving: requirements.txt | .venv/bin/python
	@echo "Installing what the site needs …"
	@$(INSTALL) --requirement requirements.txt || $(NOT_INSTALLED)
	@touch $@

.venv/testing: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(INSTALL) --requirement requirements-dev.txt || $(NOT_INSTALLED)
	@touch $@ .venv/serving

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else \
		"Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make run PYTHON=python3.12")'
	@test -w . || { echo "This folder cannot be written. Copy the project to one that can, or change its owner."; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "pip is missing. Install it, for example: apt install python3-pip"; exit 1; }
	@$(PYTHON) -m venv --without-pip .venv
