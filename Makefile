# The commands of the book. `make` alone lists them.

# A command, not text: what it names is run.
PYTHON ?= python3

EDITION ?= 2022
BOROUGH ?= Barnet
SOURCES ?= ../shared/source_data
PORT ?= 8000
JOBS ?= 2
ONLY ?=
SCHEDULER ?=
NAME ?=
PAGE ?=
TARGETS ?=

# These may hold any text: a borough, a folder, what somebody typed into a form. That text is never
# part of a command: recipes read it from the environment only, and none writes $(EDITION). Each is
# redefined by its value, because make itself would run a "$(shell ...)" in it when passing it on.
override TEXTS := EDITION BOROUGH SOURCES PORT JOBS ONLY SCHEDULER NAME PAGE TARGETS CHROME FUZZ_SECONDS TRIALS MUTATIONS KILLED_BUILDS RELEASE_TRIALS RELEASE_SECONDS
$(foreach name,$(TEXTS),$(if $(filter-out undefined,$(origin $(name))),\
  $(eval override $(name) := $$(value $(name)))$(eval export $(name))))

# Not to be set: `make clean` removes the one, and every command runs the other.
override ENV := .venv
override RUN := $(ENV)/bin/python
# Writes the lock file for every platform at once, and is installed when that is asked for.
override UV := "uv>=0.5,<1"

# Python keeps what it compiled, also for who tells it not to elsewhere: a build and the tests start
# it dozens of times.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book pdf briefing site boroughs london check test lint style lab serve watch chapter notebooks import describe calibration audit charts fuzz mutants bench lock diff clean

help: ## List the commands
	@printf '%s\n' \
	  "make book       Build the book of one edition and borough into _build/html" \
	  "                (EDITION=$$EDITION BOROUGH=$$BOROUGH)" \
	  "make pdf        Make one PDF of that book for print, _build/safer_communities.pdf" \
	  "make briefing   Print a briefing of four pages for councillors, _build/briefing.pdf" \
	  "make site       Build the site of all editions into _site, with both PDFs of each" \
	  "make boroughs   Build the books of all boroughs into _boroughs" \
	  "                (EDITION=$$EDITION JOBS=$$JOBS ONLY=Brent,Enfield for some alone)" \
	  "make london     Build all editions of all boroughs into _london, with a map in front" \
	  "                (JOBS=$$JOBS; SCHEDULER=tcp://host:8786 for the machines of a cluster)" \
	  "make check      Check style, types and prose, and run the quick tests, before a commit" \
	  "make test       Check code, data, notebooks and site" \
	  "make fuzz       Run the long tests, and try thousands of corrupted releases (half an hour)" \
	  "make mutants    Put small faults into the code and count how many the tests catch (hours)" \
	  "                (TARGETS=\"rates claims\" for some alone)" \
	  "make bench      Measure how long a build takes, and keep it in docs/benchmarks.md" \
	  "make audit      Look up the packages of the lock file in a vulnerability database" \
	  "make lab        Open the notebooks in JupyterLab" \
	  "make watch      Show the book in a browser, with every change as you save it (PORT=$$PORT)" \
	  "make serve      Show what was built last in a browser (PORT=$$PORT)" \
	  "make chapter    Check and run one chapter and save its outputs, in seconds (NAME=wards)" \
	  "make notebooks  Run every chapter and save what it shows, before a commit" \
	  "make diff       Show what changed in the notebooks, cell by cell" \
	  "make import     Import the publishers' releases (SOURCES=$$SOURCES)" \
	  "make describe   Update data/datapackage.yaml after a table was edited" \
	  "make calibration  Measure how often the tests of changes are right, in data/calibration/" \
	  "make charts     Draw the pictures of docs/charts.md again" \
	  "make lint       Check the style, types and layers of the code, and the rules of prose" \
	  "make lock       Update requirements.lock from pyproject.toml" \
	  "make clean      Remove everything that was built, and the environment"

$(ENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it as in: make PYTHON=python3.12 book"; exit 2; }
	@$(PYTHON) .ci/make_environment.py $(ENV)
	@touch $@

# An environment whose Python is gone, as after an update of the system, is made again.
ifneq ($(shell test -x $(RUN) && echo whole),whole)
.PHONY: $(ENV)/installed
endif

book: $(ENV)/installed
	@$(RUN) -m safer_communities book

pdf: $(ENV)/installed
	@$(RUN) -m safer_communities pdf

briefing: $(ENV)/installed
	@$(RUN) -m safer_communities briefing

site: $(ENV)/installed
	@$(RUN) -m safer_communities site

boroughs: $(ENV)/installed
	@$(RUN) -m safer_communities boroughs

london: $(ENV)/installed
	@$(RUN) -m safer_communities london

chapter: $(ENV)/installed
	@$(RUN) -m safer_communities chapter

notebooks: $(ENV)/installed
	@$(RUN) -m safer_communities notebooks

import: $(ENV)/installed
	@$(RUN) -m safer_communities import

describe: $(ENV)/installed
	@$(RUN) -m safer_communities describe

calibration: $(ENV)/installed
	@$(RUN) -m safer_communities calibration

lint: style
	@$(RUN) -m mypy

style: $(ENV)/installed
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check src tests docs fuzz mutation benchmarks
	@$(ENV)/bin/lint-imports --no-logo
	@$(RUN) -m safer_communities rules

# The committed notebooks are the strategy's own edition, whatever EDITION and BOROUGH say.
check test: export EDITION = 2022
check test: export BOROUGH = Barnet

# The quick tests, which need only the code and the tables.
check: lint
	@$(RUN) -m pytest -q -n 2 --dist loadfile \
	  -m "not (site or browser or sources or slow or long)" tests

# Tests and notebooks in one run, a file at a time, in the order that tests/conftest.py gives: three
# processes, because those that wait for a browser or a kernel leave a processor to the others. The
# book is built beside those that need none of it, and the types are checked among them, which takes
# half a minute the first time (tests/test_types.py).
test: style
	@$(RUN) -m pytest --book -n 3 --dist loadfile --no-loadscope-reorder -m "not long" --nbval tests notebooks

# Longer than the tests: what is marked so, more examples, and coverage-guided fuzzing.
fuzz: book
	@$(RUN) -m pip install --quiet --disable-pip-version-check "atheris>=3,<4"
	@$(RUN) fuzz/run.py

# How many faults the tests would catch: see docs/mutation_testing.md.
mutants: $(ENV)/installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check "mutmut>=3.8,<4"
	@$(RUN) mutation/run.py

# Run it on a machine that does nothing else: it compares times. `benchmarks/rebuilding.py --bars`
# takes only those that have a limit, in a third of the time.
bench: $(ENV)/installed
	@$(RUN) benchmarks/rebuilding.py

# Where the database cannot be reached, it says so and does not fail.
audit: $(ENV)/installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check $(UV)
	@$(RUN) .ci/audit.py

charts: $(ENV)/installed
	@$(RUN) docs/charts/draw.py

lab: $(ENV)/installed
	@$(RUN) -m jupyter lab --notebook-dir=notebooks

serve: $(ENV)/installed
	@$(RUN) -m safer_communities serve

watch: $(ENV)/installed
	@$(RUN) -m safer_communities watch

diff: $(ENV)/installed
	@$(RUN) -m nbdime.nbdiffapp --ignore-outputs --ignore-metadata HEAD -- notebooks

lock: $(ENV)/installed
	@$(RUN) -m pip install --quiet --disable-pip-version-check $(UV)
	@$(RUN) -m uv pip compile pyproject.toml --group test --group lab --group build --group cluster \
	  --universal --python-version 3.11 --generate-hashes --upgrade --no-header --no-strip-extras \
	  --output-file requirements.lock

clean:
	rm -rf _build _site _site.* _boroughs _london mutants $(ENV)
