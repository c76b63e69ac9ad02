# Each target does its own set-up: a fresh clone needs Python 3.10 or newer and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
EXTRAS := demo,dev
DEMO := pkg:gatbert/assets/demo
GRAPH := results/demo_graph

.PHONY: demo test test-fast test-lowest test-wheel lint format docs bench clean
.DEFAULT_GOAL := demo

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[$(EXTRAS)]"
	touch $@

$(GRAPH)/graph/meta.json: | $(VENV)/installed
	$(BIN)/python -m gatbert build_graph --output $(GRAPH)/graph --conceptnet $(DEMO)/assertions.csv --aliases false

$(GRAPH)/corpus/test.parquet: $(GRAPH)/graph/meta.json
	rm -rf $(GRAPH)/corpus
	$(BIN)/python -m gatbert tag --graph $(GRAPH)/graph --output $(GRAPH)/corpus --columns.style style \
		--train $(DEMO)/train.csv --val $(DEMO)/val.csv --test $(DEMO)/test.csv

demo: $(VENV)/installed $(GRAPH)/corpus/test.parquet  ## build the demo's graph, tag its posts, train and test on both
	$(BIN)/python -m gatbert.fit_and_test -c configs/base.yaml -c configs/demo/text.yaml
	$(BIN)/python -m gatbert.fit_and_test -c configs/base.yaml -c configs/demo/hybrid.yaml

test: $(VENV)/installed  ## run the test suite
	$(BIN)/python -m pytest -n auto

test-fast: $(VENV)/installed  ## run the tests that take no training of minutes and no process of its own
	$(BIN)/python -m pytest -n auto -m "not slow"

test-lowest:  ## run the core of the tests with the lowest versions that pyproject.toml allows
	PYTHON=$(PYTHON) .ci/lowest

test-wheel: $(VENV)/installed  ## build the wheel, and train, test and report with it alone
	VENV=$(VENV) .ci/wheel

lint: $(VENV)/installed  ## check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/installed  ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/installed  ## build the documentation in build/docs, every link checked
	NO_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/installed  ## measure speed, as ratios
	$(BIN)/python -m benchmarks

clean:  ## remove the environment and all that tools left; results/ stays
	rm -rf $(VENV) benchmarks/data build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
