# The verbs of the project; CI runs the same ones.
.PHONY: setup setup-all demo fixtures build pr test engines emulators fuzz bench lint docs site validate

FIXTURES := build/fixtures

setup: ## install everything that the commands below need
	uv sync

setup-all: ## the same with the warehouses' adapters, Dagster and the models of the ml extra, as CI has them
	uv sync --all-extras

demo: ## make, land and build the demo estate, and show it
	uv run tally demo

fixtures: ## a small estate, landed in its own lake, for dbt build
	rm -rf $(FIXTURES)
	uv run python -m demo --out $(FIXTURES)/estate --months 3 --scale 0.05
	for provider in aws azure gcp focus; do \
		CLOUDTALLY_LAKE=$(FIXTURES)/lake uv run python -m ingestion $$provider $(FIXTURES)/estate/$$provider --estate demo || exit 1; \
	done

build: fixtures ## dbt build on the fixtures
	CLOUDTALLY_LAKE=$(FIXTURES)/lake uv run dbt build

PR := build/pr
PR_BASE ?= origin/main
PR_SQL = 'models/*.sql' 'snapshots/*.sql' 'tests/*.sql'

pr: ## before a pull request that changes models: style, house rules, what it does to the fixtures, docs
	uv run ruff check .
	uv run ruff format --check .
	(git diff --name-only --diff-filter=d $$(git merge-base HEAD $(PR_BASE)) -- $(PR_SQL); git ls-files -o --exclude-standard -- $(PR_SQL)) \
		| CLOUDTALLY_LAKE=$(PR)/lake xargs -r uv run sqlfluff lint --disable-progress-bar
	uv run pytest -q tests/test_house_rules.py
	uv run tally ci-report --base $(PR_BASE) --output build/ci-report.md
	CLOUDTALLY_LAKE=$(PR)/lake uv run dbt docs generate --no-compile --target-path $(PR)/target
	$(MAKE) site

test: ## all tests but those of the other engines
	uv run pytest -n auto -m "not engines"

engines: ## the same marts on stand-ins for Athena, BigQuery and Synapse; needs setup-all
	uv run pytest -n auto tests/engines

emulators: ## servers of the clouds' protocols for tests/clouds, in build/emulators; needs npm
	uv run python tests/clouds/emulators.py

fuzz: ## a thousand mutated bills of each provider, landed and reconciled
	CLOUDTALLY_FUZZ_CASES=1000 uv run pytest tests/fuzz

bench: ## the pipeline against a hand-written statement; writes docs/performance.md
	uv run python -m benchmarks

lint: ## code style, Python and SQL
	uv run ruff check .
	uv run ruff format --check .
	CLOUDTALLY_LAKE=$(FIXTURES)/lake uv run sqlfluff lint --processes 2 --disable-progress-bar models tests
	uv run sqlfluff lint --templater raw --disable-progress-bar reports/sources
	uv run check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs: build ## dbt's documentation of the fixtures' warehouse
	CLOUDTALLY_LAKE=$(FIXTURES)/lake uv run dbt docs generate

site: ## the documentation as a site, in build/site
	NO_MKDOCS_2_WARNING=1 uv run mkdocs build

validate: build ## the official FOCUS validator on the fixtures' ledger; left out where there is no Python 3.12
	CLOUDTALLY_LAKE=$(FIXTURES)/lake uv run tally validate || test $$? -eq 3
