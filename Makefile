# What people do with Frontrow, and CI too. Every target does its own set-up.

# rustup puts cargo here, and tells only the shells that start after it.
export PATH := $(PATH):$(HOME)/.cargo/bin
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)

.DEFAULT_GOAL := help
.PHONY: help run test ci lint fmt setup cargo

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

run: setup ## Build and start the service with its own Redis and PostgreSQL
	cargo build --release
	$(TARGET_DIR)/release/frontrow dev

test: cargo ## Run the tests
	@# They start servers of their own even when the service is pointed at others.
	@REDIS_URL= DATABASE_URL= deploy/install-packages.sh
	cargo test

ci: lint test ## All that has to pass before a change goes in

lint: cargo ## Check format and lints
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@if command -v shellcheck >/dev/null; then \
		echo shellcheck; shellcheck .ci/run deploy/*.sh src/embedded/*.sh; \
	else echo "shellcheck is not installed: shell scripts are not checked"; fi

fmt: cargo ## Format the code
	cargo fmt

setup: cargo ## Install the system packages that are missing
	@deploy/install-packages.sh

cargo:
	@command -v cargo >/dev/null || { \
		echo "frontrow: cargo not found: install Rust 1.95 or newer from https://rustup.rs" >&2; \
		exit 1; }
