# E-licensing portal. `make run` starts it in demo mode, `make test` proves it, `make help` lists the rest.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# No version stamp from git: in a checkout that belongs to another user git refuses to answer, and the build would fail.
# Without msgpack, which nothing here speaks: gin's reader and writer of it are a third of the program.
export GOFLAGS := $(GOFLAGS) -buildvcs=false -tags=nomsgpack

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

WEB_SOURCES := $(shell find frontend/src frontend/public -type f ! -name signer.wasm ! -name wasm_exec.js 2>/dev/null) \
	$(wildcard frontend/*.json frontend/*.ts frontend/*.html frontend/scripts/*)

GO_FILES := find . -name '*.go' -not -path './frontend/node_modules/*' -not -path './.tools/*' -not -path './data/*'

SIGNER := frontend/public/signer.wasm frontend/public/wasm_exec.js
PACKAGES := frontend/node_modules/.installed
PAGES := frontend/dist/index.html

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- Run --------------------------------------------------------------------------------------------------------------------------

.PHONY: run
run: build ## Build what changed and start the portal in demo mode at http://localhost:8080
	@if [ -n "$$ELICENSING_DATABASE_URL" ]; then exec bin/elicensing demo; fi; \
	bin=$$(.ci/postgres get) && PATH="$$PATH:$$bin" exec bin/elicensing demo

.PHONY: dev
dev: $(PACKAGES) ## Serve the pages with hot reload at http://localhost:5173, against the portal that runs (make run)
	@cd frontend && exec npm run dev

# --- Build ------------------------------------------------------------------------------------------------------------------------

.PHONY: build
build: binaries ## Build the browser signer, the pages and the binaries (bin/)

.PHONY: wasm
wasm: $(SIGNER) ## Build the browser signer (WebAssembly)

.PHONY: web
web: $(PAGES) ## Build the pages

first-time = $(if $(wildcard $1),, (the first time this takes a minute or two))

.PHONY: build-tools
build-tools:
	@.ci/prerequisites build

# Go knows by itself what changed, so it is always asked; a copy that is the same stays as old as it is, and the pages with it.
.PHONY: FORCE
FORCE:

frontend/public/signer.wasm: FORCE | build-tools
	@echo "==> Browser signer$(call first-time,bin/signer.wasm)"
	@mkdir -p bin && signing/wasm/build.sh "$(CURDIR)/bin/signer.wasm"
	@cmp -s bin/signer.wasm $@ || install -m 0644 bin/signer.wasm $@

frontend/public/wasm_exec.js: FORCE | build-tools
	@cmp -s "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@ || install -m 0644 "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@

$(PACKAGES): frontend/package.json frontend/package-lock.json | build-tools
	@echo "==> Packages of the pages (npm ci)"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGES): $(WEB_SOURCES) $(PACKAGES) $(SIGNER)
	@echo "==> Pages"
	@cd frontend && npm run --silent build
	@touch $@

.PHONY: binaries
binaries: $(PAGES)
	@echo "==> Portal$(call first-time,bin/elicensing)"
	@mkdir -p bin && go build -o bin/ ./cmd/...

# --- Test -------------------------------------------------------------------------------------------------------------------------

.PHONY: test
test: prerequisites ## Run everything: formatting, lint, Go tests with the race detector, page tests, browser stories
	@.ci/step "Packages of the pages and of Go" $(MAKE) --no-print-directory -j2 $(PACKAGES) go-modules
	@.ci/step "Formatting and lint" $(MAKE) --no-print-directory -j2 --output-sync=target lint
	@.ci/step "Generated files" $(MAKE) --no-print-directory contract-check
	@.ci/step "Page tests" .ci/once pages npm --prefix frontend run --silent test
	@# Built before the Go tests: the binary holds the pages, so what is built later would make Go forget which tests have passed.
	@.ci/step "Build" $(MAKE) --no-print-directory build
	@.ci/step "Go tests" $(MAKE) --no-print-directory test-go
	@.ci/step "Browser stories" .ci/once stories .ci/stories
	@echo "==> All passed"

.PHONY: prerequisites
prerequisites:
	@.ci/prerequisites test

.PHONY: go-modules
go-modules:
	@go mod download

# Where libraries only compute (draw, pack, reckon with large numbers), the race detector takes a quarter of the time and sees nothing: they share
# nothing by themselves, and whoever shares what they work on is watched. What keeps something for all (encoding/json) cannot be among them.
UNWATCHED := codeberg.org/go-pdf/fpdf compress/flate compress/zlib hash/adler32 crypto/internal/fips140/bigmod math/big
# Neither are unsafe pointers looked at, which -race does by itself: nothing of ours uses one. What only a debugger needs is left out.
RACE := -race -gcflags=all='-d=checkptr=0 -dwarf=false' $(UNWATCHED:%=-gcflags=%='-race=false -dwarf=false')

.PHONY: test-go
test-go: ## Run the Go tests with the race detector, then in full those that are short under it
	@bin=$$(.ci/postgres find || true); PATH="$$PATH:$$bin" CGO_ENABLED=1 GORACE=atexit_sleep_ms=100 go test $(RACE) -short -vet=off -timeout 30m ./...
	@bin=$$(.ci/postgres find || true); PATH="$$PATH:$$bin" .ci/wide

.PHONY: test-web
test-web: $(PACKAGES) ## Run the page tests
	@cd frontend && npm run --silent test

.PHONY: stories
stories: build prerequisites ## Play the browser stories in Chromium
	@.ci/stories

.PHONY: pictures
pictures: build prerequisites ## Play the story of a licence and take the README's pictures anew
	@E2E_PICTURES=1 .ci/stories licence

.PHONY: lint lint-go lint-pages
lint: lint-go lint-pages ## Check formatting, vet, staticcheck, biome and types

lint-go: | $(PACKAGES)
	@unformatted=$$(gofmt -l $$($(GO_FILES))); \
	if [ -n "$$unformatted" ]; then echo "not formatted (make fmt):"; echo "$$unformatted"; exit 1; fi
	@echo "go vet" && go vet ./... && signing/wasm/build.sh vet
	@echo "staticcheck" && go run $(STATICCHECK) ./...

lint-pages: $(PACKAGES)
	@echo "biome" && cd frontend && npm run --silent lint
	@echo "tsc" && cd frontend && npm run --silent typecheck

.PHONY: fmt
fmt: $(PACKAGES) ## Format everything
	@gofmt -w $$($(GO_FILES))
	@cd frontend && npm run --silent format

.PHONY: contract
contract: $(PACKAGES) ## Generate the TypeScript types from server/openapi.yaml
	@cd frontend && npm run --silent contract

.PHONY: contract-check
contract-check: $(PACKAGES)
	@cd frontend && npm run --silent contract:check || { echo "The types differ from server/openapi.yaml: make contract"; exit 1; }

.PHONY: conformance
conformance: ## Run the conformance suites of the signature library: one line a suite, then what was missed by name
	@.ci/conformance

MINUTES := 10

.PHONY: fuzz
fuzz: ## Fuzz every reader for MINUTES (10) each and keep what was found in its testdata/fuzz; ONLY=signing/cms for one folder
	@.ci/fuzz $(MINUTES) $(ONLY)

.PHONY: bench
bench: ## Run the benchmarks; those named Ratio tell the share of a reference on this machine (OpenSSL's gost engine, the raw RSA operation)
	@.ci/prerequisites bench
	@go test -run '^$$' -bench Ratio -benchtime 1x -timeout 20m ./signing/bench
	@go test -run '^$$' -bench . -benchmem $$(go list ./... | grep -v /signing/bench)

.PHONY: clean
clean: ## Remove what was built and fetched; the portal's data stay
	@rm -rf bin .tools frontend/node_modules frontend/test-results frontend/playwright-report $(SIGNER)
	@find frontend/dist -mindepth 1 ! -name placeholder.txt -delete
