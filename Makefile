# Each target does its own set-up: a machine needs Python 3.11 or later, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
# Material tells every build of its end of life in 2027; docs/decisions says what we make of that.
export NO_MKDOCS_2_WARNING := 1

.PHONY: words site serve test test-long screenshots lint format bench lock clean help

help: ## what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

site: $(BIN)/.site ## build content/ into site/
	$(BIN)/mkdocs build --strict

serve: $(BIN)/.site ## look at the site while you edit
	$(BIN)/mkdocs serve

test: $(BIN)/.dev $(BIN)/.browser ## every test but the long loops
	$(BIN)/python -m pytest -n $(JOBS) -m "not long"

test-long: $(BIN)/.dev $(BIN)/.browser ## the loops that need minutes: deliveries and builds that are killed, real histories, huge texts
	$(BIN)/python -m pytest -m long

lint: $(BIN)/.dev ## ruff, mypy and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(BIN)/.dev ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

HISTORIES ?= ../shared/histories

bench: site $(BIN)/.browser ## the figures, each beside its yardstick (HISTORIES=folder of real histories)
	$(BIN)/python benchmarks/site.py
	$(BIN)/python benchmarks/comparing.py
	$(BIN)/python benchmarks/serving.py
	$(BIN)/python benchmarks/notices.py
	$(BIN)/python benchmarks/redline.py $(HISTORIES)/*/
	$(BIN)/python benchmarks/histories.py $(HISTORIES)/*/
	$(BIN)/python benchmarks/materiality.py $(HISTORIES)
	$(BIN)/python benchmarks/readers.py

lock: ## pin the dependencies again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-package policy-gazette \
	  --extra postgres pyproject.toml -o requirements/site.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-package policy-gazette \
	  -c requirements/site.txt --all-extras --group dev --group bench pyproject.toml -o requirements/dev.txt

words: $(BIN)/.dev ## gather the words of the interface for translators
	cd generator/gazette/site && ../../../$(BIN)/pybabel extract --mapping locale/babel.cfg --no-wrap --omit-header --add-location file --output locale/gazette.pot .

clean: ## remove what the other targets made
	rm -rf $(VENV) site .gazette-cache build dist

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Gazette needs Python 3.11 or later; set PYTHON=… to one" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(BIN)/.site: requirements/site.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/site.txt -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(BIN)/.dev: requirements/dev.txt $(BIN)/.site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(BIN)/.browser: $(BIN)/.dev
	sh tests/install-browser.sh
	touch $@
