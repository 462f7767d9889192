# What people do with Frontrow, and CI too. Every target does its own set-up.

# rustup puts cargo here, and tells only the shells that start after it.
export PATH := $(PATH):$(HOME)/.cargo/bin
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)

SCHEMATHESIS := $(TARGET_DIR)/schemathesis/bin/schemathesis

# What the site is built from, and what says that it was.
SITE := web/dist/sw.js
SITE_SOURCES := $(shell find web -type d \( -name node_modules -o -name dist -o -name generated -o -name art -o -name journeys -o -name measure -o -name screenshots \) -prune \
	-o -type f ! -name '*.test.ts' -print 2>/dev/null)
OPENAPI := tests/integration/http/snapshots/integration__http__openapi__openapi.snap

.DEFAULT_GOAL := help
.PHONY: help run test api ci verify chaos bench bench-catalogue lab rush lint fmt setup cargo
.PHONY: site site-test site-verify screenshots

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24

run: setup $(SITE) examples/stadium.json ## Build and start site and service, with their own Redis and PostgreSQL
	@# The name of the site's build, so that cargo builds anew when it is another.
	FRONTROW_SITE="$$(cksum <$(SITE))" cargo build --release
	$(TARGET_DIR)/release/frontrow dev

# Nine megabytes that a script makes in a second are not worth committing. A half-written file must
# not pass for a seat map the next time, so it gets its name last.
examples/stadium.json: examples/make_seat_maps.py
	@command -v python3 >/dev/null || { \
		echo "frontrow: python3 not found: install it, it draws the stadium of the demo season" >&2; \
		exit 1; }
	python3 $< stadium >$@.part
	@mv $@.part $@

site: $(SITE) ## Build the site into web/dist

$(SITE): web/node_modules/.package-lock.json $(SITE_SOURCES) $(OPENAPI)
	npm --prefix web run --silent build

web/node_modules/.package-lock.json: web/package-lock.json
	@deploy/check-node.sh
	npm --prefix web ci --no-audit --no-fund
	@touch $@

site-test: cargo $(SITE) ## Test the site: its logic, and journeys through it in a browser
	@deploy/install-packages.sh site
	npm --prefix web run --silent check
	cargo build
	FRONTROW_BINARY=$(abspath $(TARGET_DIR))/debug/frontrow npm --prefix web run --silent journeys

site-verify: cargo $(SITE) examples/stadium.json ## Measure the site against its budgets, and what its techniques are worth
	@deploy/install-packages.sh site
	FRONTROW_SITE="$$(cksum <$(SITE))" cargo build --release
	npm --prefix web run --silent verify

screenshots: cargo $(SITE) examples/stadium.json ## Photograph every page of the site into web/screenshots
	@deploy/install-packages.sh site
	cargo build
	npm --prefix web run --silent screenshots

test: cargo ## Run the tests
	@deploy/install-packages.sh
	cargo test
	cargo test --test chaos -- --rounds 3 --seconds 6 --short
	@$(MAKE) --no-print-directory api

api: cargo $(SCHEMATHESIS) ## Hold every answer of the API against its OpenAPI document
	@deploy/install-packages.sh
	SCHEMATHESIS=$(abspath $(SCHEMATHESIS)) cargo test --test api

$(SCHEMATHESIS): tests/api/requirements.txt
	@command -v python3 >/dev/null || { \
		echo "frontrow: python3 not found: install it, schemathesis runs in it" >&2; exit 1; }
	@rm -rf $(TARGET_DIR)/schemathesis # What an installation left that was cut off.
	@mkdir -p $(TARGET_DIR)
	@python3 -m venv $(TARGET_DIR)/schemathesis || { \
		echo "frontrow: python3 cannot make an environment: install python3-venv" >&2; exit 1; }
	$(TARGET_DIR)/schemathesis/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

ci: cargo ## All that has to pass before a change goes in
	@deploy/install-packages.sh ci
	@CI=true $(MAKE) --no-print-directory lint test site-test

verify: cargo ## Run what is too heavy for every change: a stadium, plans of listings, new requests, the budgets of the site
	@deploy/install-packages.sh
	cargo bench --bench scale --bench pace --bench protocol
	cargo bench --bench catalogue -- plans
	API_SEED="$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')" $(MAKE) --no-print-directory api
	@$(MAKE) --no-print-directory site-verify

chaos: cargo ## Break the service and its stores in every way under load; see docs/reliability.md
	@REDIS_URL= DATABASE_URL= deploy/install-packages.sh chaos
	cargo test --test chaos -- --rounds 100

bench: cargo ## Measure what claims and a stadium cost, beside what they cost otherwise
	@deploy/install-packages.sh
	cargo bench --bench claims --bench scale --bench choose

bench-catalogue: cargo ## Measure what listings cost, on a season of 100,000 concerts
	@deploy/install-packages.sh
	cargo bench --bench catalogue

lab: cargo ## Sell one house in every way there is to book a seat; see docs/strategies.md
	@# It starts servers of its own even when the service is pointed at others.
	@REDIS_URL= DATABASE_URL= deploy/install-packages.sh
	cargo build --release
	$(TARGET_DIR)/release/frontrow lab

rush: cargo ## Let a crowd come to a concert of its own, check every answer, and report how it went
	@REDIS_URL= DATABASE_URL= deploy/install-packages.sh
	cargo build --release
	$(TARGET_DIR)/release/frontrow rush

lint: cargo ## Check format and lints
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	deploy/lint-scripts.sh

fmt: cargo ## Format the code
	cargo fmt

setup: cargo ## Install the system packages that are missing
	@# What all of these start is servers of their own, whatever others the shell is pointed at.
	@deploy/install-packages.sh

cargo:
	@command -v cargo >/dev/null || { \
		echo "frontrow: cargo not found: install Rust 1.95 or newer from https://rustup.rs" >&2; \
		exit 1; }
