# Everything runs from a checkout with python3 (3.11 or newer), make and a package index; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: help setup demo serve test test-clients test-gpu check bench lock clean

help:
	@echo "make demo    a real request against a real server; leaves a video in out/demo"
	@echo "make serve   start the server (ARGS='--port 9000' goes on to muybridge serve)"
	@echo "make setup   the virtual environment and the weights; every target does this by itself"
	@echo "make check   linters, types, import arrows, sizes, forbidden texts"
	@echo "make test    check, and every test but those of other people's clients"
	@echo "make test-clients  the clients that other people wrote, against a server of ours; needs node"
	@echo "make test-gpu  the tests that need torch, on a CPU, in an environment of their own"
	@echo "make bench   the judge over the samples; prints figures, leaves contact sheets in out/bench"
	@echo "make lock    requirements.lock anew from pyproject.toml (ARGS=--upgrade for newer versions)"
	@echo "make clean   remove the environment and what was made"

setup: $(VENV)/.weights

# Stamps: what is done is not done again until its cause changes.
$(VENV)/.installed: requirements.lock pyproject.toml tools/venv.sh
	@PYTHON="$(PYTHON)" sh tools/venv.sh
	@touch $@

$(VENV)/.weights: $(VENV)/.installed src/muybridge/adapters/manifest.toml
	@$(BIN)/muybridge weights pull core samples
	@touch $@

$(VENV)/.judge: $(VENV)/.weights
	@$(BIN)/muybridge weights pull all
	@touch $@

demo: setup
	@$(BIN)/python examples/demo.py $(ARGS)

serve: setup
	@$(BIN)/muybridge serve $(ARGS)

check: $(VENV)/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/sizes.py
	$(BIN)/python tools/texts.py

test: check $(VENV)/.judge
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore=tests/conformance $(ARGS)

test-clients: $(VENV)/.installed
	$(BIN)/python -m pytest tests/conformance $(ARGS)

test-gpu: $(VENV)/.weights
	@PYTHON="$(PYTHON)" sh tools/gpu-tests.sh $(ARGS)

bench: $(VENV)/.judge
	$(BIN)/python bench/take.py $(ARGS)

# Versions stay as locked unless ARGS=--upgrade. No address and no path may stand in the lock.
# It needs no more than uv, so that a lock that cannot be installed can be mended.
lock:
	@test -x $(BIN)/uv || PYTHON="$(PYTHON)" sh tools/venv.sh
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
		--quiet --output-file requirements.lock $(ARGS) pyproject.toml
	$(BIN)/python tools/texts.py

clean:
	rm -rf $(VENV) .venv-gpu out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench examples tools -name __pycache__ -type d -prune -exec rm -rf {} +
