# Everything one can do here. Each target sets up .venv by itself.
.DEFAULT_GOAL := help
PY := .venv/bin/python
# Most tests wait for servers: one process more than there are cores.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
export MSSCLIENT_OIDC_NODE ?= $(CURDIR)/build/lab/node

.PHONY: help venv demo tour test check fix shots bench lab i18n package clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

venv: ## .venv with everything installed (the part all others share)
	@sh installer/setup.sh

demo: venv ## the program on a fictitious institution, with a panel that plays the outside world
	$(PY) -m mssclient demo

tour: venv ## the same working day without a screen, every step checked, pictures under build/tour
	QT_QPA_PLATFORM=offscreen $(PY) -m mssclient tour --out build/tour

test: venv lab ## all tests; says plainly what it could not run
	@$(PY) -m compileall -q mssclient
	@# Real servers on a busy machine: what failed is looked at once more, alone, and named; failing twice is failing.
	$(PY) -m pytest -n $(WORKERS) --dist loadfile || { echo "A second look at what failed:"; $(PY) -m pytest --last-failed --last-failed-no-failures none; }

check: venv ## format, lint, types, import contracts, catalogues
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) installer/fresh_catalogues.py

fix: venv ## format and mend what can be mended
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

shots: venv ## every screen in every state and theme as PNG under build/shots
	QT_QPA_PLATFORM=offscreen $(PY) -m mssclient shots --out build/shots

bench: export LAB_ALSO = notmuch maildir-utils
bench: venv lab ## measurements beside their targets and peers
	QT_QPA_PLATFORM=offscreen $(PY) -m mssclient bench
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench.lock
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench.mail --messages 20000
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench.mail --messages 100000
	$(PY) -m tests.bench.search
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench.documents
	$(PY) -m tests.bench.annuaire --lines 536000
	$(PY) -m tests.bench.annuaire --lines 1000000

lab: ## the real servers the tests talk to (as root on Debian)
	@sh installer/lab.sh

i18n: venv ## collect the strings again and compile the catalogues
	sh installer/catalogues.sh update

package: venv ## a wheel under dist/
	$(PY) -m pip install --quiet build
	$(PY) -m build --wheel --outdir dist

clean: ## everything that was built
	rm -rf .venv build dist
