# Every target is one line of intent; what needs more is a script in .make/.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint format bench coverage generate icons release clean ui

TAURI_CLI := npm exec --yes --package=@tauri-apps/cli@2.12.5 -- tauri

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what building, running and testing need, if it is missing
	@.make/setup test

run: ## Open the window; without a display, serve the same UI and print the link
	@.make/setup run
	@.make/run

test: ## Run every check and test, in timed stages
	@.make/setup test
	@.make/test

lint: ## Check format and lints of the Rust and the UI code
	@.make/setup build
	@.make/test lint-ui lint-rust

format: ## Format the Rust and the UI code
	cargo fmt --all
	npm --prefix ui run format
	ui/node_modules/.bin/prettier --config ui/.prettierrc.json --write 'tests/e2e/{.,lib,browser,window}/*.js'

bench: ## Measure the engine against its floors in a release build (quiet machine)
	@.make/setup bench
	cargo bench -p comanda-tests --bench service

coverage: ## Say how much of the code each kind of test runs (about 40 minutes)
	@.make/setup test
	@.make/coverage

generate: ## Refresh the generated files: openapi.json and the UI's schema.d.ts
	cargo run --quiet -p comanda-engine -- openapi > target/openapi.json
	mv target/openapi.json src-tauri/crates/engine/openapi.json
	npm --prefix ui run schema

icons: ## Refresh the icons from icons/icon.svg
	$(TAURI_CLI) icon icons/icon.svg -o target/icons
	cp target/icons/32x32.png target/icons/128x128.png target/icons/128x128@2x.png \
	   target/icons/icon.png target/icons/icon.icns target/icons/icon.ico icons/

release: ## Build the optimised `comanda` and the window's packages, signed if there is a key (about 10 minutes)
	@.make/setup build
	@TAURI_CLI='$(TAURI_CLI)' .make/release

clean: ## Remove everything that was built or installed inside this folder
	cargo clean
	rm -rf ui/dist ui/node_modules tests/e2e/node_modules tests/e2e/shots src-tauri/gen

# The page bundle, built again only when one of its sources is newer.
ui: ui/dist/index.html
ui/dist/index.html: $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print 2>/dev/null)
	npm --prefix ui run build
