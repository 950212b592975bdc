# Everything a new machine needs: `make demo` shows the house at work, `make test` proves it.
# Plain GNU make 3.81 is enough, as macOS ships it.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/dev.lock
STAMP := $(VENV)/.made-from-lock
ARGS ?=
ONCE ?=

.DEFAULT_GOAL := help
.PHONY: help env demo run test soak fuzz check bench screenshots words lock clean

help: ## say what each target does
	@sed -n 's/^\([a-z][a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s%s\n", $$1, $$2 }'

env: $(STAMP) ## make the environment in .venv from the lock (nothing to do when it is current)
	@:

# A half-made environment must not look finished: the stamp is written last. It holds the place,
# because an environment does not survive being moved or copied.
ifneq ($(shell cat "$(STAMP)" 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif
$(STAMP): $(LOCK) pyproject.toml requirements/make-env
	@requirements/make-env "$(VENV)" "$(LOCK)" "$(STAMP)"

demo: env ## two houses, one case from question to closing; stays up until Ctrl-C (ONCE=1: ends)
	@$(BIN)/rogatory demo $(if $(ONCE),--once) $(ARGS)

run: env ## the same two houses without the example case
	@$(BIN)/rogatory up $(ARGS)

test: env ## run the tests (ARGS='-k law' for some of them)
	@$(BIN)/python -m pytest $(ARGS)

soak: env ## play cases at random for long (the tests play the same few every time)
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest tests/flow/test_random.py tests/flow/test_random_records.py $(ARGS)

fuzz: env ## throw a million broken inputs at every parser that eats foreign bytes
	@$(BIN)/python -m fuzz $(ARGS)

check: env ## format, lint, strict types, import contracts, law data, published schemas
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rogatory registry check
	$(BIN)/python -m schemas.publish --check

bench: env ## print the figures of one run
	@$(BIN)/python -m bench $(ARGS)

words: env ## bring the texts of the pages into their catalogs, to be translated
	@$(BIN)/python -m tools.page_catalogs

screenshots: env ## photograph the main pages into docs/screenshots
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

lock: ## resolve the locks again, for Linux and macOS, Python 3.11 to 3.13 (needs `uv` on the path)
	@requirements/make-locks

clean: ## remove the environment and what tools left behind; never touches var/, where cases live
	rm -rf "$(VENV)" build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
