# The commands of the book. `make` alone lists them.

PYTHON ?= python3
EDITION ?= 2022
BOROUGH ?= Barnet
SOURCES ?= ../shared/source_data
PORT ?= 8000
JOBS ?= 2
ONLY ?=
TARGETS ?=

ENV := .venv
RUN := $(ENV)/bin/python
export EDITION BOROUGH PORT

.DEFAULT_GOAL := help
.PHONY: help book pdf site boroughs test lint lab serve notebooks import describe audit fuzz mutants bench lock diff clean

help: ## List the commands
	@echo "make book       Build the book of one edition and borough into _build/html"
	@echo "                (EDITION=$(EDITION) BOROUGH=$(BOROUGH))"
	@echo "make pdf        Make one PDF of that book for print, _build/safer_communities.pdf"
	@echo "make site       Build the site of all editions into _site"
	@echo "make boroughs   Build the books of all boroughs into _boroughs"
	@echo "                (EDITION=$(EDITION) JOBS=$(JOBS) ONLY=Brent,Enfield for some alone)"
	@echo "make test       Check code, data, notebooks and site"
	@echo "make fuzz       Try thousands of spoilt releases on the importer"
	@echo "make mutants    Put small faults into the code and count those the tests notice (hours)"
	@echo "                (TARGETS=\"rates claims\" for some alone)"
	@echo "make bench      Measure how long a build takes, and keep it in docs/benchmarks.md"
	@echo "make audit      Ask a database of known faults about the packages in the lock file"
	@echo "make lab        Open the notebooks in JupyterLab"
	@echo "make serve      Show on this machine what was built last (PORT=$(PORT))"
	@echo "make notebooks  Run every notebook and save its outputs, before a commit"
	@echo "make diff       Show what changed in the notebooks, cell by cell"
	@echo "make import     Import the publishers' releases (SOURCES=$(SOURCES))"
	@echo "make describe   Renew data/datapackage.yaml after an edit of a table"
	@echo "make lint       Check the style of the code"
	@echo "make lock       Renew requirements.lock from pyproject.toml"
	@echo "make clean      Remove everything that was built, and the environment"

# The environment: exact versions with hashes, then this package without the network.
$(ENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "Making the environment in $(ENV) (about a minute, once)"
	@$(PYTHON) -m venv --clear $(ENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

book: $(ENV)/installed
	@$(RUN) -m safer_communities book

pdf: $(ENV)/installed
	@$(RUN) -m safer_communities pdf

site: $(ENV)/installed
	@$(RUN) -m safer_communities site

boroughs: $(ENV)/installed
	@$(RUN) -m safer_communities boroughs --edition $(EDITION) --jobs $(JOBS) --only "$(ONLY)"

notebooks: $(ENV)/installed
	@$(RUN) -m safer_communities notebooks

import: $(ENV)/installed
	@$(RUN) -m safer_communities import --from "$(SOURCES)"

describe: $(ENV)/installed
	@$(RUN) -m safer_communities describe

lint: $(ENV)/installed
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check src tests fuzz mutation benchmarks

# The committed notebooks are the strategy's own edition, whatever EDITION and BOROUGH say.
test: export EDITION = 2022
test: export BOROUGH = Barnet
test: lint book
	@$(RUN) -m pytest -n 2 --dist loadscope tests
	@$(RUN) -m pytest -n 2 --dist loadscope --nbval notebooks

# Longer than the tests: mutated releases by the thousand, and coverage-guided fuzzing.
fuzz: $(ENV)/installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check "atheris>=3,<4"
	@$(RUN) fuzz/run.py

# How much the tests would notice: see docs/mutation_testing.md.
mutants: $(ENV)/installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check "mutmut>=3.8,<4"
	@$(RUN) mutation/run.py $(TARGETS)

# Needs a quiet machine: it takes ratios of times.
bench: $(ENV)/installed
	@$(RUN) benchmarks/rebuilding.py

# Says so, and no more, where the database cannot be reached.
audit: $(ENV)/installed
	@$(RUN) .ci/audit.py

lab: $(ENV)/installed
	@$(RUN) -m jupyter lab --notebook-dir=notebooks

serve: $(ENV)/installed
	@$(RUN) -m safer_communities serve

diff: $(ENV)/installed
	@$(RUN) -m nbdime.nbdiffapp --ignore-outputs --ignore-metadata HEAD -- notebooks

lock: $(ENV)/installed
	@$(RUN) -m uv pip compile pyproject.toml --group test --group lab --group build \
	  --universal --python-version 3.11 --generate-hashes --upgrade --no-header \
	  --output-file requirements.lock

clean:
	rm -rf _build _site _site.* _boroughs mutants $(ENV)
