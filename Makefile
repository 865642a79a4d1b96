# Everything works on a fresh machine that has Python >= 3.11 (with venv) and make; nothing outside .venv is touched.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help setup brief docs test slow crash e2e lint quality quality-gate rules bench train constraints
.PHONY: desk front screenshots

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

setup: .venv/.ready ## make .venv (by itself, before whatever needs it)

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "legation needs Python 3.11 or newer; name it: make PYTHON=python3.12 ...")'
	@echo "setting up .venv (a minute or two, once)" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

brief: setup ## the briefing over examples/ in the terminal
	@$(BIN)/legation brief examples

desk: setup ## the desk over examples/ in the browser
	@$(MAKE) --no-print-directory front || echo "the desk opens without map, zoom and its own letters" >&2
	@test -f .venv/examples.db || $(BIN)/legation ingest examples --record .venv/examples.db
	@$(BIN)/legation desk --record .venv/examples.db

front: src/legation/desk/static/built/LICENSES.txt ## bundle the desk's map and timeline (Node: the machine's, else from PyPI)

src/legation/desk/static/built/LICENSES.txt: .venv/.ready $(wildcard front/*.json front/*.mjs front/src/*)
	@$(BIN)/python front/bundle.py

screenshots: setup front ## a picture of every page of the desk, light and dark, in out/screenshots; two for the README
	@$(BIN)/python -m pip install --quiet -e '.[e2e]'
	@$(BIN)/python docs/pictures/take.py

docs: setup ## write docs/ontology.md and docs/law.md from the data
	@$(BIN)/python -m legation.exports.knowledge docs

test: setup ## the quick tests
	@$(BIN)/python -m pytest -m "not slow"

slow: setup ## the tests that take minutes
	@$(BIN)/python -m pytest -m slow --ignore tests/desk/e2e

crash: setup ## 200 kills on each database, full disks, lost connections, two writers
	@$(BIN)/python -m pytest tests/record/test_record_crash.py

e2e: setup ## the desk in a real browser (Chromium: apt-get install chromium)
	@$(MAKE) --no-print-directory front || echo 'the map and the zoom of the timeline go untested' >&2
	@$(BIN)/python -m pip install --quiet -e '.[e2e]'
	@$(BIN)/python -m pytest -m slow -rs tests/desk/e2e

lint: setup ## ruff, import contract, mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

quality: setup ## score the readings on the gold sets, write docs/quality.md
	@$(BIN)/python bench/quality.py

quality-gate: setup ## fail where a figure is under its floor (bench/floors.yaml)
	@$(BIN)/python bench/quality.py --gate

rules: setup ## how often each frame and rule is right, into docs/rules.md (FOLDERS: annotated articles beside corpus/)
	@$(BIN)/python bench/rules.py corpus/articles $(FOLDERS)

bench: setup ## time the reading against its peers, and the record at a million events; write docs/performance.md (10 GB of disk)
	@$(BIN)/python -m pip install --quiet -e '.[bench]'
	@$(BIN)/python bench/run.py
	@$(BIN)/python bench/record.py report

OWN := corpus/articles corpus/train corpus/clusters
train: setup ## train the encoder and all weights on corpus/ and other annotated FOLDERS (about two hours on two cores)
	@$(BIN)/python -m pip install --quiet -e '.[train]'
	@cd training && ../$(BIN)/python whose.py $(abspath $(OWN) $(FOLDERS))
	@cd training && ../$(BIN)/python where.py $(abspath $(OWN) $(FOLDERS))
	@cd training && ../$(BIN)/python -m encoder.train $(abspath $(OWN) $(FOLDERS)) --out ../src/legation/reading/model
	@PYTHONPATH=training $(BIN)/python training/verdict.py $(OWN) $(FOLDERS) --encoder src/legation/reading/model

constraints: ## pin what a clean set-up would install now
	@rm -rf .venv/pins && $(PYTHON) -m venv .venv/pins
	@.venv/pins/bin/python -m pip install --quiet -e '.[dev]'
	@.venv/pins/bin/python -m pip freeze --exclude-editable > constraints.txt
	@rm -rf .venv/pins
