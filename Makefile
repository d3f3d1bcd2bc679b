# Two commands are enough: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiling every module again at every start would treble the time until the bot answers.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test fast bench bench-peer lint types contracts ci simulate lock docs clean

$(VENV)/run.stamp: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp            ## start the bot and print its address
	$(BIN)/python run_bot.py run

simulate: $(VENV)/run.stamp       ## the simulated group in this terminal
	$(BIN)/python run_bot.py simulate

demo: $(VENV)/run.stamp           ## replay the stories through the whole bot
	$(BIN)/python run_bot.py replay examples/stories

test: $(VENV)/dev.stamp           ## the whole suite, on both cores
	$(BIN)/python -m pytest -n auto

fast: $(VENV)/dev.stamp           ## without the tests that start many processes
	$(BIN)/python -m pytest -n auto -m "not slow"

bench: $(VENV)/dev.stamp          ## measure; JSON=file also writes the figures
	$(BIN)/python -m bench $(if $(JSON),--json $(JSON))

bench-peer:                       ## install the peer that dispatch is compared with
	$(PYTHON) -m bench.peer --install

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

contracts: $(VENV)/dev.stamp
	$(BIN)/lint-imports

ci: lint types contracts test demo

lock:                             ## write the hashed lock files anew (needs uv)
	uv pip compile pyproject.toml --generate-hashes --universal --no-header -o requirements.txt
	uv pip compile pyproject.toml --group dev --generate-hashes --universal --no-header -c requirements.txt -o requirements-dev.txt

docs: $(VENV)/dev.stamp          ## write the generated pages anew
	$(BIN)/python -m tests.docs.pages

clean:
	rm -rf $(VENV) .venv-peer .mypy_cache .ruff_cache .pytest_cache .hypothesis
