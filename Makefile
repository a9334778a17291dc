# Semua pekerjaan harian. `make help` menampilkan daftarnya.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.siap
ASSETS := shared/web/static/dist/manifest.json
LOCK = $(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --unsafe-package none
.DEFAULT_GOAL := help
.PHONY: help setup assets demo up down test check pytest bench chaos docs clean lock \
	test-browser gambar test-compose compose-build compose-up compose-status compose-restart backup restore

help: ## Daftar perintah
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

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
		$(shell find shared/web services -name '*.html' -o -name nav.py) \
		$(shell find docs/panduan -type f)
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
	@$(BIN)/python -m tests

bench: setup ## Ukur kecepatan dan memori; hasil di build/bench.json
	@$(BIN)/python -m tests.bench

chaos: setup ## Uji gangguan; hasil di build/chaos.json
	@$(BIN)/python -m tests.chaos

test-browser: setup ## Uji halaman di Chromium; tangkapan layar di build/tangkapan, ukuran di build/halaman.json
	@$(BIN)/pytest tests/browser

gambar: setup ## Ambil ulang gambar panduan (docs/panduan/gambar) dengan uji halaman
	@EKINERJA_GAMBAR=1 $(BIN)/pytest tests/browser

test-compose: setup ## Uji pemasangan dengan kontainer (UKURAN=penuh untuk ukuran penuh); hasil di build/compose.json
	@UKURAN=$(UKURAN) $(BIN)/pytest tests/compose -s

compose-build: ## Bangun semua citra kontainer
	@deploy/compose/kelola bangun

compose-up: compose-build ## Jalankan dengan kontainer di peladen ini (rahasia dibuat pada kali pertama)
	@deploy/compose/kelola nyala

compose-status: ## Kontainer yang berjalan dan memorinya
	@deploy/compose/kelola status

compose-restart: ## Ganti setiap replika satu per satu, tanpa henti layanan
	@deploy/compose/kelola gulir

backup: ## Buat cadangan pemasangan kontainer di cadangan/
	@deploy/compose/kelola cadang

restore: ## Pulihkan dari cadangan: make restore FROM=cadangan/<waktu>
	@deploy/compose/kelola pulih "$(FROM)"

docs: setup ## Tulis ulang skema event, AsyncAPI, dan OpenAPI
	@$(BIN)/ekinerja docs

lock: ## Tulis ulang daftar paket (hash, tanpa alamat); yang untuk citra kontainer adalah bagian darinya
	@$(LOCK) --extra embedded --extra aset --extra surel --extra dev -o requirements.lock
	@$(LOCK) -c requirements.lock -o deploy/image/app.lock
	@$(LOCK) -c requirements.lock --extra embedded --extra aset --extra surel -o deploy/image/backends.lock

clean: ## Hapus hasil bangunan dan lingkungan Python (data di .ekinerja tetap)
	rm -rf build shared/web/static/dist $(VENV) .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
