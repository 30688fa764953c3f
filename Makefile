# Few commands, the same for people and CI. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# Some containers forbid compiled files: every process of the tests would compile all it imports anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test soak bench check vendor screenshots clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 22

$(VENV)/.ready: requirements.txt requirements-dev.txt setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Felix Hub needs Python 3.11 or newer; $$($(PYTHON) --version) is $(PYTHON). Try: make PYTHON=python3.12 run"; exit 1; }
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(VENV)/.ready ## the product with demo data and the Telegram emulator; no token, no network
	@$(BIN)/felix-hub demo

test: $(VENV)/.ready ## the whole suite, some eleven minutes on two cores
	@$(BIN)/python -m tests.suite $(ARGS)

soak: $(VENV)/.ready ## the same tests with the full numbers (an hour or so)
	@FELIX_SOAK=1 $(BIN)/python -m pytest --timeout 3600 $(ARGS)

bench: $(VENV)/.ready ## the speed claims of the docs, measured here
	@$(BIN)/python -m benchmarks $(ARGS)

check: $(VENV)/.ready ## format, lint, types, imports, dead code, sizes, secrets, known holes, scripts and styles
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.dead_code
	@$(BIN)/python -m tests.measure
	@$(BIN)/python -m tests.secret_scan
	@$(BIN)/python -m tests.audit
	@$(MAKE) --no-print-directory check-scripts

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --ignore-scripts --no-audit --no-fund

.PHONY: check-scripts
check-scripts:
	@if command -v npm >/dev/null; then $(MAKE) -s --no-print-directory node_modules/.package-lock.json && node_modules/.bin/biome check --error-on-warnings; \
	elif [ -n "$$CI" ]; then echo "Scripts and styles cannot be checked: npm is missing."; exit 1; \
	else echo "Scripts and styles are not checked: npm is missing."; fi

vendor: $(VENV)/.ready ## fetch the pages' assets from npm again and write their manifest
	npm ci --ignore-scripts && $(BIN)/python -m webapp.vendor

screenshots: $(VENV)/.ready ## take the pictures of the docs again
	@$(BIN)/python -m docs.screenshots

clean: ## remove the environment, node_modules and the demo's data
	rm -rf $(VENV) .run node_modules
