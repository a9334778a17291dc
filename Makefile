# Semua pekerjaan harian. `make help` menampilkan daftarnya.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.siap
ASSETS := shared/web/static/dist/manifest.json
.DEFAULT_GOAL := help
.PHONY: help setup assets demo up down test check pytest bench chaos docs clean lock

help: ## Daftar perintah
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) $(ASSETS) ## Siapkan lingkungan Python, semua paket, dan aset halaman (diulang bila berubah)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) deploy/setup_check.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Memasang paket (beberapa menit pada kali pertama) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

# Templates and menus count too: the icons they name are built into the sprite.
$(ASSETS): $(STAMP) shared/web/package-lock.json shared/web/build.py $(wildcard shared/web/static/*.*) \
		$(shell find shared/web services -name '*.html' -o -name nav.py)
	@$(BIN)/python -m shared.web.build

assets: $(ASSETS) ## Bangun aset halaman dari npm dan dari shared/web/static

demo: setup ## Satu bulan penuh pada pemda contoh, lalu tetap melayani (Ctrl-C untuk berhenti)
	@$(BIN)/ekinerja demo

up: setup ## Jalankan platform pada mesin ini
	@$(BIN)/ekinerja up

down: setup ## Hentikan platform
	@$(BIN)/ekinerja down

test: check pytest ## Semua pemeriksaan dan uji; jumlahnya di baris terakhir

check: setup ## Gaya, tipe, batas impor, migrasi, dokumen
	@$(BIN)/ruff check services shared deploy tests
	@$(BIN)/ruff format --check --quiet services shared deploy tests
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/squawk --config .squawk.toml $$(git ls-files '*/migrations/*.sql' 2>/dev/null || find shared services -path '*/migrations/*.sql')
	@$(BIN)/ekinerja docs --check

pytest: setup
	@$(BIN)/pytest

bench: setup ## Ukur kecepatan dan memori; hasil di build/bench.json
	@$(BIN)/python -m tests.bench

chaos: setup ## Uji gangguan; hasil di build/chaos.json
	@$(BIN)/python -m tests.chaos

docs: setup ## Tulis ulang skema event, AsyncAPI, dan OpenAPI
	@$(BIN)/ekinerja docs

lock: ## Tulis ulang requirements.lock (hash, tanpa alamat)
	@$(BIN)/uv pip compile -q pyproject.toml --extra embedded --extra aset --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --unsafe-package none -o requirements.lock

clean: ## Hapus hasil bangunan dan lingkungan Python (data di .ekinerja tetap)
	rm -rf build shared/web/static/dist $(VENV) .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
