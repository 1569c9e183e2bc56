# Two commands for a newcomer: `make serve` and `make test`. Everything else is for people who
# change things. Only Python 3.11 or later and make are needed; what else is, is installed here.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PORT ?= 8000
SHOP_PORT ?= 8001
# What serving needs, and what the tools and tests need as well.
SERVING = $(VENV)/serving
READY = $(VENV)/ready
# What only tests and releases need: Go's templates, built here, and from the npm registry Handlebars,
# PHP as WebAssembly, what makes the widget's script small, a linter, and what pages are made with that it
# must live in; of STYLES only their files, since what they depend on would be hundreds of packages.
ENGINES = $(VENV)/engines/ready
NPM = handlebars@4.7.10 lightningcss@1.33.0 terser@5.51.4 esbuild@0.25.12 typescript@5.9.3 \
  dockerfile-utils@0.16.3 @php-wasm/node-8-3@3.1.56 @php-wasm/universal@3.1.56 \
  react@19.3.1 react-dom@19.3.1 @types/react@19.3.0 vue@3.5.45
STYLES = bootstrap@5.3.9 bulma@1.0.4 @wordpress/block-library@11.1.0
# Debian packages of programs that some tests need. Where one is not installed, its tests say so in a line
# and are skipped; `make systems` installs all and demands them.
SYSTEMS = php-cli ruby golang-go mono-mcs mariadb-server wordpress caddy docker-compose nginx systemd
GO = GOTOOLCHAIN=local GOTELEMETRY=off GOCACHE=$(abspath $(VENV))/engines/go-cache $(BIN)/go

.PHONY: serve test systems check dist bench translations pictures gallery trees browsers widget clean

serve: $(SERVING)
	PORT=$(PORT) SHOP_PORT=$(SHOP_PORT) $(BIN)/preference-widget demo

test: $(READY) check browsers $(ENGINES)
	$(BIN)/pytest -n 3

systems: $(READY) $(ENGINES) browsers
	apt-get update --quiet
	apt-get install --yes --no-install-recommends $(SYSTEMS)
	SYSTEMS=demanded $(BIN)/pytest -q tests/recipes tests/server tests/wordpress e2e/test_wordpress.py

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/preference-widget translations check
	$(BIN)/preference-widget check --strict widget_backend/demo/dimora/SITE.toml

translations: $(READY)
	$(BIN)/preference-widget translations update
	$(BIN)/preference-widget translations update widget_backend/demo/dimora/SITE.toml

bench: $(READY) $(ENGINES)
	$(BIN)/python -m e2e.support.install wrk
	$(BIN)/pytest -q -m long tests
	$(BIN)/python -m tests.bench

# The wheel and the sdist, in dist/.
dist: $(READY)
	$(BIN)/python -m build --no-isolation

pictures: $(READY) browsers
	$(BIN)/python -m e2e.pictures

gallery: $(READY) browsers
	$(BIN)/python -m e2e.gallery $(OPTIONS)

trees: $(READY) browsers
	$(BIN)/pytest -q e2e/test_trees.py -k chromium --write-trees

# After a change of the widget's sources: v1.js is what pages load.
widget: $(ENGINES)
	$(BIN)/node widget/build.mjs $(VENV)/engines

browsers: $(READY)
	$(BIN)/python -m e2e.support.install

$(SERVING): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $(SERVING)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,dns,evidence,metrics,postgres]'
	touch $(SERVING) $(READY)

$(ENGINES): Makefile $(READY) tests/recipes/render.go
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[engines]'
	$(GO) build -o $(VENV)/engines/go-templates tests/recipes/render.go
	$(BIN)/npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/engines $(NPM)
	set -e; for each in $(STYLES); do \
	  into=$(VENV)/engines/node_modules/$${each%@*}; mkdir -p $$into; \
	  file=$$($(BIN)/npm pack --silent --pack-destination $(VENV)/engines $$each); \
	  tar -xzf $(VENV)/engines/$$file -C $$into --strip-components=1; \
	done
	touch $(ENGINES)

clean:
	rm -rf $(VENV) var
