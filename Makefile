# `make` alone prints every target with its sentence.
PYTHON ?= python3
PORT ?= 5000
ENGINE ?= sqlite
BIN := .venv/bin
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help python install release-tools dev run test test-all slow-tests lint browser faults fault-figures hosted bench wheel lock sbom audit map picture shots

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name says; do printf '  make %-9s %s\n' "$$name" "$$says"; done

install: python ## make .venv and install surveyapp into it
	@$(PYTHON) assets/install.py

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, then try again." >&2; exit 1; }

dev: python
	@$(PYTHON) assets/install.py --dev

run: export FLASK_SURVEY_PUBLIC_BASE_URL ?= http://127.0.0.1:$(PORT)
run: export FLASK_SURVEY_PARTNERSHIP ?= Wrenford Safeguarding Children Partnership
run: python ## load the demonstration audit and serve it on http://127.0.0.1:5000 (PORT=5001 for another)
	@$(PYTHON) assets/install.py --port $(PORT)
	@echo "Making or upgrading the tables"
	@$(BIN)/flask --app wsgi survey upgrade
	@$(BIN)/flask --app wsgi survey demo
	@echo "Starting the server"
	@exec $(BIN)/python -m surveyapp.standalone --port $(PORT)

# Without TESTS, `make test` leaves out the tests marked slow; whoever names files gets all the tests in them.
QUICK = $(if $(strip $(TESTS)),,-m "not slow") --hypothesis-profile quick
# Compiled tests are kept between runs: compiling all of them takes six seconds of processor time in each process.
PYTEST = $(BIN)/python -m tests.engine $(ENGINE) || exit $$(( $$? == 2 ? 0 : 1 )); \
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --numprocesses auto --engine $(ENGINE)

test: dev ## run all tests but the slow ones (ENGINE=postgresql for the other database, TESTS=tests/chasing for all of some, slow ones too)
	@$(PYTEST) $(QUICK) $(TESTS)

test-all: dev ## run the slow tests too, with more examples of each property, as CI does (ENGINE and TESTS as above)
	@$(PYTEST) $(TESTS)

slow-tests: dev ## measure the tests and write those that `make test` leaves out into tests/slow_tests.txt
	@$(PYTEST) -m "not slow or slow" --hypothesis-profile quick --measure

lint: dev ## check style, types, templates and which step imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint surveyapp/templates --lint --quiet

browser: dev ## walk the journey in a real browser, with axe looking at every page
	$(BIN)/pytest tests/browser --numprocesses 2 --dist loadfile

# Fault tests mostly wait for other processes, so that four at once take little longer than one. Those marked alone load
# the machine themselves and follow.
faults: dev ## kill processes, fail mail servers and databases, and count what was lost: nothing (ENGINE as above)
	@$(BIN)/python -m tests.engine $(ENGINE) || exit $$(( $$? == 2 ? 0 : 1 )); set -ex; \
	$(BIN)/pytest tests/faults --engine $(ENGINE) -m "not alone" --numprocesses 4 --dist loadgroup \
		--figures var/faults/$(ENGINE).json; \
	$(BIN)/pytest tests/faults --engine $(ENGINE) -m alone --figures var/faults/$(ENGINE)-alone.json

fault-figures: ## write what the last runs of the fault tests counted into docs/promises.md
	@$(BIN)/python -m tests.faults.figures var/faults

hosted: dev ## build the wheel and run the journey inside a foreign app
	$(BIN)/pytest tests/hosted

bench: dev ## measure how fast pages, returns and mail are, each beside its floor, into docs/benchmark.md; ARGS=quick: print a part
	@$(BIN)/python -m tests.bench $(ARGS)

wheel: dev ## build the wheel into dist/
	$(BIN)/python -m build --wheel

# The extras of a server. The wheel itself is installed beside the lock file.
SERVER_EXTRAS = --extra bounces --extra gunicorn --extra metrics --extra oidc --extra postgres --extra xlsform
COMPILE = $(BIN)/uv pip compile pyproject.toml $(SERVER_EXTRAS) --quiet --python-version 3.11 --universal \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

release-tools: dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[release]"

lock: release-tools ## choose the versions that servers install, and write them with their hashes into deploy/
	@$(COMPILE) --upgrade --output-file deploy/requirements.txt
	@$(COMPILE) --upgrade --resolution lowest-direct --output-file deploy/requirements-lowest.txt

sbom: release-tools ## write dist/sbom.json (CycloneDX): every package of a server, with version and hashes
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file dist/sbom.json

audit: release-tools ## look for known faults of the packages of a server; asks the database of PyPI
	@$(BIN)/pip-audit --requirement deploy/requirements.txt --require-hashes --disable-pip

map: dev ## write the map of steps and rooms, from their first sentences, into README.md and docs/architecture.md, and print it
	@$(BIN)/python docs/made/map.py

picture: dev ## draw docs/architecture.svg from the import graph
	@$(BIN)/python docs/made/picture.py

shots: dev ## photograph every page of the demonstration into shots/
	$(BIN)/python -m tests.browser.shots
