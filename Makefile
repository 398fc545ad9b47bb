# `make run`, `make test`: see README. Everything made lands in .venv/ and var/.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
LOCAL := $(BIN)/python -m config.local
EXEC := $(LOCAL) exec --
# Tests and checks see the same machine whatever .env says.
PLAIN_EXEC := $(LOCAL) exec --no-env-file --

.PHONY: run test lint api-answers bench chaos check-deploy lock css css-check clean venv venv-dev
.DEFAULT_GOAL := run

run: venv
	@$(LOCAL) run

test: export TITHI_LOCAL_FAST := 1
test: venv-dev
	@$(LOCAL) browser
	@$(PLAIN_EXEC) $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: export TITHI_LOCAL_FAST := 1
lint: venv-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level high --recursive .
	$(BIN)/djlint templates --lint
	@$(PLAIN_EXEC) $(BIN)/python manage.py check
	@$(PLAIN_EXEC) $(BIN)/python manage.py makemigrations --check --dry-run
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory css-check; \
	else echo "Left out: is the built CSS current? (npm is not installed)"; fi

# What the API's description shows as answers, told anew.
api-answers: export TITHI_LOCAL_FAST := 1
api-answers: venv-dev
	@TITHI_KEEP_ANSWERS=1 $(PLAIN_EXEC) $(BIN)/python -m pytest -q config/tests/test_api_answers.py -k answered

bench: venv
	@$(EXEC) $(BIN)/python manage.py bench $(ARGS)

# A thousand presses under faults and kill -9, or with ARGS=messages a month of 200 salons' messages; then the same judge
# has to catch a driver, or a sender, that is wrong on purpose.
chaos: venv
	@$(EXEC) $(BIN)/python manage.py chaos $(ARGS)
	@$(EXEC) $(BIN)/python manage.py chaos $(if $(findstring messages,$(ARGS)),messages --control --salons 4 --visits 8 --kills 0,--control --presses 150 --kills 8)

# The values only have to be well formed: nothing is connected to.
check-deploy: venv
	@TITHI_ENV=production \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	CALENDAR_KEYS="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	PLATFORM_DOMAIN=salons.example DATABASE_URL=postgres://tithi_web:x@127.0.0.1:1/tithi REDIS_URL=redis://127.0.0.1:1/0 \
	STRIPE_SECRET_KEY=sk_live_check STRIPE_PUBLISHABLE_KEY=pk_live_check \
	STRIPE_WEBHOOK_SECRET=whsec_check STRIPE_CONNECT_WEBHOOK_SECRET=whsec_check EMAIL_URL=smtp+tls://u:p@mail.example:587 \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv (pip install uv)." >&2; exit 1; }
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt

# Not `npm ci`: it insists on every platform's optional binary being in the lock and in the registry.
css:
	npm install --prefix frontend --no-save
	npm run --prefix frontend build

css-check:
	npm install --prefix frontend --no-save
	npm run --prefix frontend check

# Also removes the local database and everything in it.
clean:
	@if [ -x $(BIN)/python ]; then $(LOCAL) clean; fi
	rm -rf .venv var frontend/node_modules .pytest_cache .ruff_cache .hypothesis .import_linter_cache staticfiles

venv:
	@$(PYTHON) config/local/bootstrap.py requirements.txt

venv-dev:
	@$(PYTHON) config/local/bootstrap.py requirements-dev.txt
