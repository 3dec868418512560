# make demo       opens the page                    make demo ARGS="--port 8000"
# make test       lint, types, all tests            make test JOBS=4 (pytest's workers)
# make check      lint and types alone
# make test-fast  the tests that need neither a browser nor training: some 90 seconds
# make format     puts the code into the form that lint asks for

PYTHON ?= python3
JOBS ?= 2
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test test-fast check format

demo: $(VENV)/installed
	$(BIN)/python app.py $(ARGS)

test: check
	@.ci/chromium.sh $(BIN)/python > $(VENV)/chromium
	@CHROMIUM="$$(cat $(VENV)/chromium)" && export CHROMIUM && set -x && \
		$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile

test-fast: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile -m "not slow"

check: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-for-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt into $(VENV), once; PyTorch is large, this can take minutes."
	$(BIN)/python -m pip install --requirement requirements.txt
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed pyproject.toml
	@$(BIN)/python -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*project["optional-dependencies"]["test"], sep="\n")' > $(VENV)/requirements-test.txt
	$(BIN)/python -m pip install --quiet --requirement $(VENV)/requirements-test.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; here $(PYTHON) is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Install one, then name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks the module venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
