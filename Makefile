.DEFAULT_GOAL := help
.PHONY: help run test check lint bench notebooks lock wipe clean

# One recipe at a time: they share one virtual environment and one database.
.NOTPARALLEL:

# Sets up what is missing and becomes the command that follows; see setup.sh.
WITH_RUN := ./setup.sh run
WITH_TESTS := ./setup.sh test
WITH_NOTEBOOKS := ./setup.sh notebooks
PYTHON := .venv/bin/python
UV ?= uv

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name says; do printf '  make %-10s %s\n' "$$name" "$$says"; done

run: ## set up what is missing, load the sample city into an empty database, serve http://127.0.0.1:8000/
	@$(WITH_RUN) .venv/bin/quyhoach up

test: ## set up what is missing, then run every test
	@$(WITH_TESTS) $(PYTHON) -m pytest --numprocesses $$(( $$(nproc) + 1 )) --dist worksteal

check: lint test ## what CI runs: style, types and import contracts, then every test

lint: ## style, types and import contracts alone
	@$(WITH_TESTS) $(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m basedpyright
	@.venv/bin/lint-imports

bench: ## measure the figures of BENCHMARKS.md on this machine
	@$(WITH_TESTS) $(PYTHON) -m tests.bench

notebooks: ## set up what is missing, open the notebooks in JupyterLab on the city that `make run` made
	@$(WITH_NOTEBOOKS) .venv/bin/quyhoach notebooks

lock: ## pin the newest allowed dependencies again (needs uv)
	@$(UV) pip compile pyproject.toml --group build $(PINNED) --upgrade -o requirements.lock
	@$(UV) pip compile pyproject.toml --group build --group dev -c requirements.lock $(PINNED) --upgrade -o requirements-dev.lock
	@$(UV) pip compile pyproject.toml --group build --group notebooks -c requirements-dev.lock $(PINNED) --upgrade -o requirements-notebooks.lock

PINNED := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

wipe: ## remove the private database with all that was loaded into it
	@[ ! -e .local/postgres.lease ] || flock -n .local/postgres.lease true || { echo 'The database is in use; stop what uses it first.' >&2; exit 1; }
	@rm -rf "$$(readlink -f .local/postgres)" .local/postgres

clean: ## remove the virtual environment and caches; the database in .local/ stays
	@rm -rf .venv build dist node_modules .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.local/*' -prune -exec rm -rf {} +
