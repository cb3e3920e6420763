# Everything starts here: `make report OFFICE=panzhihua YEAR=2023` on a fresh machine sets itself up first.
OFFICE ?= panzhihua
YEAR ?= 2023
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The first interpreter that is new enough; PYTHON=... overrides it.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)

.PHONY: site help setup report preview batch all check expectations rules messages data-docs verify fonts test test-all lint format lab lock clean \
	bench bench-checks bench-campaign bench-site
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo "  OFFICE=$(OFFICE) YEAR=$(YEAR) unless you say otherwise"

setup: $(STAMP)  ## Set up .venv alone: every dependency pinned, with hashes

# Programs in .venv name the folder that they were set up in: in a folder that was moved they are set up anew.
MOVED := $(shell test -s $(STAMP) && test "$$(cat $(STAMP))" != "$(CURDIR)" && echo moved)
ifdef MOVED
.PHONY: $(STAMP)
endif

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "nianbao needs Python 3.11 or newer (PYTHON=... says where it is)"; exit 2; }
	"$(PYTHON)" -m venv $(if $(MOVED),--clear )$(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $@

report: $(STAMP)  ## Make one report: OFFICE=panzhihua YEAR=2023
	$(BIN)/nianbao report $(OFFICE) $(YEAR) $(if $(PROFILE),--profile $(PROFILE)) $(if $(DRAFT),--draft)

preview: $(STAMP)  ## Show one report in the browser and follow every save: OFFICE=panzhihua YEAR=2023
	$(BIN)/nianbao preview $(OFFICE) $(YEAR) $(if $(PROFILE),--profile $(PROFILE)) $(PREVIEW_ARGS)

batch: $(STAMP)  ## Make many reports: OFFICES='shi*' YEARS=2021-2023 (default: all)
	$(BIN)/nianbao batch $(foreach pattern,$(OFFICES),--office '$(pattern)') $(foreach years,$(YEARS),--year $(years))

site: $(STAMP)  ## Build a portal of all finished reports, in portal/
	$(BIN)/nianbao site

all: batch  ## Make every report of every office

check: $(STAMP)  ## Check the inputs of every office and year
	$(BIN)/nianbao check

data-docs: $(STAMP)  ## Great Expectations' own pages on our suites and their results
	$(BIN)/nianbao check --data-docs .nianbao/data-docs

verify: $(STAMP)  ## Build the reports again in an empty folder and compare bytes with SHA256SUMS
	$(BIN)/nianbao verify

expectations: $(STAMP)  ## Write the Great Expectations suites anew from the form
	$(BIN)/python -m nianbao.checks --write

rules: $(STAMP)  ## Write docs/rules.md anew from the catalogue of rules
	$(BIN)/python -m nianbao.checks.rules_page

messages: $(STAMP)  ## Bring the Chinese catalogue of messages to those of the source
	$(BIN)/python tests/messages.py

test: $(STAMP)  ## Run the tests, but for those that take long
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(STAMP)  ## Run all tests: real browser, office suite, faults and many reports too
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(STAMP)  ## Check code, types, import rules and notebooks
	$(BIN)/ruff check src tests benchmarks notebooks
	$(BIN)/ruff format --check src tests benchmarks notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nianbao lint
	$(BIN)/python -m nianbao.checks --check
	$(BIN)/python -m nianbao.checks.rules_page --check

format: $(STAMP)  ## Put the code in its usual shape
	$(BIN)/ruff check --fix src tests benchmarks notebooks
	$(BIN)/ruff format src tests benchmarks notebooks

fonts: $(STAMP)  ## Get Debian's Fandol and LXGW WenKai, without root, for `fonts: official`
	$(BIN)/python -m nianbao.export.fetch_fonts

lab: $(STAMP)  ## Open JupyterLab on the section notebooks: LAB_ARGS='--no-browser --port 8889'
	@if [ "$$(id -u)" = 0 ]; then echo "As root, JupyterLab wants: make lab LAB_ARGS=--allow-root"; fi
	@test -e $(VENV)/etc/jupyter/labconfig/page_config.json || \
		$(BIN)/jupyter labextension disable --level=sys_prefix "@jupyterlab/apputils-extension:announcements" 2>/dev/null
	$(BIN)/jupyter lab --notebook-dir=. $(LAB_ARGS) notebooks/01_overview.ipynb

lock: $(STAMP)  ## Upgrade requirements.lock: all, or PACKAGE=name alone; then run make test-all verify
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header $(if $(PACKAGE),--upgrade-package $(PACKAGE),--upgrade) \
		--extra dev --quiet pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --constraint requirements.lock \
		--extra lab --quiet pyproject.toml --output-file src/nianbao/inputs/template/requirements.lock
	@echo "Now: make test-all verify. Where bytes differ on purpose, make the reports and commit their SHA256SUMS."

bench: $(STAMP)  ## Measure whole reports against the plain pipeline; writes docs/performance.md
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python benchmarks/bench_reports.py --write

bench-checks: $(STAMP)  ## Measure the checks over 10 to 10,000 office-years
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python benchmarks/bench_checks.py

bench-campaign: $(STAMP)  ## Measure collect, status and rollup over 3,000 units
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python benchmarks/bench_campaign.py

bench-site: $(STAMP)  ## Measure the portal of 1,000 office-years: time, size, search
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python benchmarks/bench_site.py

clean:  ## Remove caches and the store of steps (.nianbao); reports in outputs/ and .venv stay
	rm -rf .nianbao .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
