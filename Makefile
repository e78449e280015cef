# `make run` starts Greenroom, `make test` tests it. Both set up what they need first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help run face heic test in-browser on-postgres on-sqlite lint format lock bench drills clients clean

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
PYTHON := .venv/bin/python
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

run: .venv/ready ## set up and start Greenroom
	@exec $(PYTHON) manage.py up

face: .venv/ready-face ## add the eyes of the framing doctor, about 130 MB

heic: .venv/ready-heic ## take HEIC photos, as iPhones make them, about 30 MB

test: .venv/ready-dev ## every test: on SQLite, and on PostgreSQL too where TEST_POSTGRES_URL names one
	@if [ -n "$$TEST_POSTGRES_URL" ]; then \
	  echo "Three parts, two at a time. Each tells what it has found when it is over."; \
	  $(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target in-browser on-postgres on-sqlite; \
	else \
	  $(PYTHON) -m pytest && echo "PostgreSQL was left out: TEST_POSTGRES_URL is not set"; \
	fi

# Parts of `test`. The browser mostly waits, so it goes beside the two that reckon.
in-browser:
	$(PYTHON) -m pytest -m browser -o cache_dir=.pytest_cache/browser

on-postgres:
	TEST_DATABASE_URL="$$TEST_POSTGRES_URL" $(PYTHON) -m pytest -m "database and not browser" -o cache_dir=.pytest_cache/postgres

on-sqlite:
	$(PYTHON) -m pytest -m "not browser"

lint: .venv/ready-dev ## every linter
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --lint templates
	DATA_DIR=$$(mktemp -d) $(PYTHON) manage.py makemigrations --check --dry-run
	DATA_DIR=$$(mktemp -d) $(PYTHON) manage.py openapi --check
	DATA_DIR=$$(mktemp -d) $(PYTHON) manage.py check --deploy --fail-level WARNING
	DATA_DIR=$$(mktemp -d) HOST=0.0.0.0 PUBLIC_URL=https://greenroom.example.com \
	  $(PYTHON) manage.py check --deploy --fail-level WARNING

format: .venv/ready-dev ## format the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: .venv/ready-dev ## measure what the docs claim
	$(PYTHON) -m tests.bench

drills: .venv/ready-dev ## show that nothing is lost and nothing happens twice
	$(PYTHON) -m tests.drills all

clients: .venv/ready-dev ## run Anam's official clients against Greenroom (fetches them, needs Node)
	$(PYTHON) -m tests.clients

lock: $(UV) ## pin every dependency with its hashes
	$(COMPILE) --extra postgres pyproject.toml -o requirements.lock
	$(COMPILE) --extra postgres --extra face --extra heic --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	for extra in face heic; do \
	  $(COMPILE) --extra postgres --extra $$extra -c requirements-dev.lock pyproject.toml -o requirements-$$extra.lock || exit 1; \
	done

clean: ## forget the environment, keep the data
	rm -rf .venv .tools

.tools/bin/uv:
	@command -v python3 >/dev/null || { echo "Greenroom needs Python 3.12 or newer."; exit 1; }
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv

.venv/bin/python: | $(UV)
	@$(UV) venv --quiet --allow-existing --python ">=3.12" .venv || \
	  { echo "Greenroom needs Python 3.12 or newer, and none could be found or fetched."; exit 1; }

.venv/ready: requirements.lock | $(UV) .venv/bin/python
	@$(UV) pip install --quiet --python $(PYTHON) --require-hashes -r requirements.lock
	@touch $@

.venv/ready-%: requirements-%.lock .venv/ready
	@$(UV) pip install --quiet --python $(PYTHON) --require-hashes -r $<
	@touch $@
