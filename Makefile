# `make` alone lists the commands. Every command sets up what it needs; a second call skips what is already done.
.DEFAULT_GOAL := help
.PHONY: help run simulator dev test test-fast check format bench screenshots client lock setup setup-dev clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready
BESIDE := $(VENV)/.bench-ready
# One worker more than two cores: while one waits for a process or a browser, two compute. tests/conftest.py orders them.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN) ## start the product with demo data on http://127.0.0.1:8000
	@$(BIN)/python scripts/frontend.py build
	@YIZHAN_DATA=$${YIZHAN_DATA:-.yizhan} exec $(BIN)/yizhan serve --demo

simulator: $(RUN) ## beside `make run`: a phone for every vendor on http://127.0.0.1:8010
	@YIZHAN_DATA=$${YIZHAN_DATA:-.yizhan} exec $(BIN)/yizhan simulator

dev: $(DEV) ## the server, restarted on changes, and the workbench with hot reload on http://127.0.0.1:5173/app/
	@exec $(BIN)/python -m scripts.dev

test: $(DEV) ## every test: server, browser, mail, front ends
	@scripts/debian-packages
	@$(BIN)/python scripts/frontend.py build
	@$(BIN)/python scripts/frontend.py test
	@$(PYTEST)

test-fast: $(DEV) ## the tests without browser, mail and slow ones
	@$(PYTEST) -m "not slow and not browser and not mail"

check: $(DEV) ## style, types, floors, house rules
	$(BIN)/ruff check .
	$(BIN)/mypy src tests bench scripts
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/house
	$(BIN)/python scripts/frontend.py check

format: $(DEV) ## mend what ruff can mend
	$(BIN)/ruff check --fix .

bench: $(DEV) $(BESIDE) ## measure; FIGURE=name for one, JSON lines on standard output
	@$(BIN)/python scripts/frontend.py build >&2
	@$(BIN)/python -m bench $(FIGURE)

screenshots: $(DEV) ## pictures of every page and what is wrong with them; TO=folder, ARGS="--axe --only desk"
	@scripts/debian-packages
	@$(BIN)/python scripts/frontend.py build
	@$(BIN)/python -m scripts.screens $(ARGS) $(TO)

client: $(DEV) ## generate the typed client of the workbench from the server's OpenAPI document
	$(BIN)/yizhan openapi > frontend/openapi.json
	$(BIN)/python scripts/frontend.py npm run client --silent --workspace workbench

lock: $(DEV) ## rewrite the lock files from pyproject.toml
	scripts/lock

setup: $(RUN) ## only install what `make run` needs

setup-dev: $(DEV) ## only install what `make test` and `make check` need

clean: ## remove what was installed and built, keep the product's own folder of files
	rm -rf $(VENV) frontend/node_modules src/yizhan/_web build dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=python3.12 make run)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# Hashes are checked; the package itself is linked, so its sources stay where they are.
$(RUN): requirements.lock requirements-build.lock pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing the Python packages (once) …"
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@YIZHAN_SKIP_WEB=1 $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo "Installing the tools for tests and checks (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Without it every figure is still printed, and the one that is compared says that there was nothing to compare with.
$(BESIDE): requirements-bench.lock $(DEV)
	@echo "Installing what a figure is compared with (once) …"
	@$(PIP) install --require-hashes -r requirements-bench.lock && touch $@ || echo "splink: not installed"
