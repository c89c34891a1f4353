# Each target sets up what it needs. `make demo` and `make test` are all there is to know.
PYTHON ?= python3
VENV := .venv
IN := $(VENV)/bin
STAMP := $(VENV)/.packages
DEV_STAMP := $(VENV)/.packages-dev
PIP := $(IN)/python -m pip install -qq --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help demo stop reset status venv test test-faults nightly coverage lint bench components \
  browser-packages pins

help:
	@echo "make demo    bring up the desk with invented offices, print its address and sign-ins"
	@echo "make stop    stop it, keep the data      make reset   stop it, remove the data"
	@echo "make test    lint and all tests          make bench   benchmarks"
	@echo "make lint    lint alone                  make test-faults  kills, races, lost services"
	@echo "make nightly full counts, three hours    make coverage     what tests run of money and rights"
	@echo "make components  packages and licences of this release"

demo: $(STAMP)
	@$(IN)/python -m config.local up

stop:
	@if [ -x $(IN)/python ]; then $(IN)/python -m config.local down; fi

reset:
	@if [ -x $(IN)/python ]; then $(IN)/python -m config.local reset; fi

status:
	@$(IN)/python -m config.local status

venv: $(STAMP)

$(IN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is not."; \
	  echo "  What to do: install it, or name it: make demo PYTHON=python3.12"; exit 1; }
	@echo "==> Virtual environment"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "  What to do: install Python's venv module (Debian: apt-get install python3-venv)"; exit 1; }

$(STAMP): requirements.txt | $(IN)/python
	@echo "==> Pinned packages (a few minutes the first time)"
	@$(PIP) -r requirements.txt || { \
	  echo "  What to do: check that this machine reaches a package index (pip config list), then again"; exit 1; }
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(STAMP)
	@echo "==> Pinned packages for tests"
	@$(PIP) -r requirements-dev.txt || { \
	  echo "  What to do: check that this machine reaches a package index (pip config list), then again"; exit 1; }
	@touch $@

test: $(DEV_STAMP) browser-packages
	@.ci/lint; lint=$$?; $(IN)/python -m pytest; tests=$$?; \
	  if [ $$lint != 0 ]; then echo "Lint found something: see above the tests."; fi; \
	  if [ $$tests != 0 ]; then exit $$tests; fi; exit $$lint

# Kills and races run one at a time, on a server that writes through to the disk.
test-faults: $(DEV_STAMP) browser-packages
	@DURABLE_TEST_SERVER=1 $(IN)/python -m pytest -m "faults and not nightly"

nightly: $(DEV_STAMP) browser-packages
	@DURABLE_TEST_SERVER=1 $(IN)/python -m pytest -m nightly

coverage: $(DEV_STAMP) browser-packages
	@.ci/coverage

components: $(DEV_STAMP)
	@.ci/components

lint: $(DEV_STAMP)
	@.ci/lint

bench: $(DEV_STAMP)
	@$(IN)/python -m tests.performance

browser-packages:
	@.ci/browser-packages

# Resolve the direct dependencies again and write both pinned lists.
pins: $(DEV_STAMP)
	CUSTOM_COMPILE_COMMAND="make pins" $(IN)/pip-compile --quiet --upgrade --generate-hashes \
	  --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --output-file requirements.txt .ci/requirements.in
	CUSTOM_COMPILE_COMMAND="make pins" $(IN)/pip-compile --quiet --upgrade --generate-hashes \
	  --allow-unsafe --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --output-file requirements-dev.txt .ci/requirements-dev.in
