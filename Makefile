# Two commands do everything on a machine with Python 3.11 or newer: `make quickstart` and `make test`.
# Both set up a virtual environment the first time, and are offline and quick after that. `make test-vllm` is
# `make test` with the tests that need vLLM.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Installed first, so that nothing that depends on it chooses another build.
TORCH := $(shell grep '^torch==' constraints.txt)
# One thread a process: tests run side by side, and tiny models are fastest with one.
export OMP_NUM_THREADS ?= 1

# A second virtual environment that has vLLM; outside the clone, so that it is made once for each set of versions.
VLLM_VENV ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/syllogym/vllm-$(shell \
	{ $(PYTHON) -V; cat constraints-vllm.txt; } | cksum | cut -d' ' -f1)

# Tests of a real Lean run where $SYLLOGYM_LEAN names one, and are left out elsewhere.
LEAN := $(if $(SYLLOGYM_LEAN),,-m "not lean")

.PHONY: quickstart test test-vllm test-fast check bench clean

quickstart: $(VENV)/.run-ready
	$(BIN)/syllogym train quickstart

test: $(VENV)/.dev-ready
	$(BIN)/python -m pytest -q -n auto $(LEAN)

test-vllm: $(VLLM_VENV)
	SYLLOGYM_VLLM_PYTHON=$(VLLM_VENV)/bin/python $(MAKE) test

test-fast: $(VENV)/.dev-ready
	$(BIN)/python -m pytest -q -n auto -m "not slow and not lean"

check: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_structure.py tests/test_packaging.py

bench: $(VENV)/.dev-ready
	$(BIN)/python -m benchmarks.run

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SylloGym needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once) ..."
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check $(TORCH)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# Renamed when it is whole, so that half a one is never used (its scripts keep the old path; `bin/python -m` works).
$(VLLM_VENV):
	@echo "Setting up $@ (once) ..."
	rm -rf $@.part
	$(PYTHON) -m venv $@.part
	$@.part/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r constraints-vllm.txt
	mv $@.part $@
