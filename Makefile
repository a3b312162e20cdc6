# The two commands of the front door are `make run` and `make test`; `make help` lists the others.
SHELL := /bin/bash
export PORT ?= 8000
PY := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test test-fast histories setup check map stop lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /make \1\t/' | expand -t 18

run: setup  ## set everything up and serve the portal with its demo on 127.0.0.1 (PORT=8000)
	@$(PY) manage.py demo
	@$(PY) manage.py load_cookies --publish-first --verbosity 0
	@mkdir -p .local && $(PY) manage.py count_pages --if-there .local/access.log --verbosity 0 || test $$? -eq 1
	@$(PY) manage.py retention_purge --dry-run || test $$? -eq 1
	@$(PY) manage.py demo --sign-ins --port $(PORT)
	@($(PY) manage.py worker --beside $$$$ &); \
	exec .venv/bin/gunicorn config.wsgi --config deploy/gunicorn.conf.py --bind 127.0.0.1:$(PORT) --graceful-timeout 2 \
		--access-logfile .local/access.log --log-level warning

test: .venv/.test .env  ## set everything up, a browser included, and run every test
	@$(MAKE) --no-print-directory -s browser
	.venv/bin/pytest -n 2 --dist worksteal --durations 20

test-fast: .venv/.test .env  ## what a developer runs all day: no browser, nothing marked slow, rules tried lightly
	TESTS=fast .venv/bin/pytest -n 2 --dist worksteal --durations 20 -m "not browser and not slow"

histories: .venv/.test .env  ## 5,000 random histories of marketing choices beside a naive replay, some hours (HISTORIES=200 for fewer)
	HISTORIES=$${HISTORIES:-5000} .venv/bin/pytest -q tests/preferences/test_histories.py tests/preferences/test_properties.py

check: .venv/.test .env  ## style, types, the direction of imports, migrations, deployment settings
	.venv/bin/ruff check .
	.venv/bin/mypy config compliance customers accounts audit jobs privacy
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	.venv/bin/pytest -q tests/config/test_deployment.py

setup: .venv/.run .env  ## everything up to the migrated database with its register
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_register --verbosity 0
	@$(PY) manage.py load_cookies --verbosity 0
	@$(PY) manage.py collectstatic --no-input --verbosity 0

map:  ## draw docs/images/rooms.svg, the picture in docs/map.md, from the contract in pyproject.toml
	$(PY) docs/draw_map.py

stop:  ## end the embedded database
	@$(PY) -m config.local stop

lock:  ## pin the dependencies of pyproject.toml, and all that they need, with hashes
	CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile $(LOCK) -o requirements.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile $(LOCK) --extra dev -o requirements-dev.txt pyproject.toml
LOCK := -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe

clean:  ## remove the environment and the embedded database with all its data (the keys in .env stay)
	@test ! -x $(PY) || $(PY) -m config.local remove
	rm -rf .venv .local staticfiles

# --- What the above stand on -----------------------------------------------------------------------------------

.venv/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$(python3 --version)."; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || $(call apt,python3-venv)
	@python3 -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	@echo "Installing the portal's dependencies ..."
	@.venv/bin/pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.test: requirements-dev.txt | .venv/bin/python
	@echo "Installing the dependencies of portal and tests ..."
	@.venv/bin/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.run

.PHONY: .env
.env: | .venv/bin/python  # an older one may lack a key
	@$(PY) -m config.local keys

.PHONY: browser
browser:
	@command -v chromium-headless-shell >/dev/null || $(call apt,chromium-headless-shell)
	@command -v systemd-analyze >/dev/null || $(call apt,systemd)  # its reckoning of the units in deploy/

# $(call apt,PACKAGE): as root install it; otherwise print the line that does, and stop.
define apt
{ if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1) >/dev/null; \
  else echo "$(1) is missing. Install it and run make again:"; echo "    sudo apt-get install $(1)"; exit 1; fi; }
endef
