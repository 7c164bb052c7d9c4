# One word each. `make demo` and `make test` are the two commands of the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check serve lock bench golden

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Made again whenever the lock or the project's metadata is newer. Hashes are checked; the build backend is in the lock too.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vledger needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V). Say make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "This Python has no venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.installed ## a year of a real voucher programme, kept to the fen
	$(BIN)/vledger demo

test: $(VENV)/.installed ## every proof: laws, tables, stories, tampering, kills
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(VENV)/.installed ## style, types, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vledger db check-migrations

serve: $(VENV)/.installed ## the HTTP edge on 127.0.0.1:8000
	$(BIN)/vledger serve

lock: $(VENV)/.installed ## resolve the dependencies anew into requirements.lock (needs uv)
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

bench: $(VENV)/.installed ## ratios of this machine, measured in one run
	$(BIN)/python -m benchmarks

golden: $(VENV)/.installed ## write the golden files anew; read the difference before you keep it
	VLEDGER_GOLDEN=1 $(BIN)/python -m pytest -q tests/reports/test_subsidy_golden.py
	git diff --stat tests/reports/golden
