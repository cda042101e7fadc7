# make run    opens the Studio (without a display: trains the echo in the terminal and draws it into files)
# make test   runs every check; this is what CI runs
# make r      is the part of it that checks the R package; make smoke the part that packs the program and tries it
# make bundle makes the program a folder that needs no Python, dist/rnnstudio; make test-bundle tries it thoroughly
# make deb, make installer, make appdir, make windows-installer   make packages of it (see INSTALL.md)
# make test-install   tries the .deb and the .run on fresh Debian systems (as root; 20 minutes)
# make bench  measures speed and memory beside Keras and PyTorch; an hour, or ARGS=--quick, or ARGS="--only first"
# make fuzz   feeds every reader mutated files          make fuzz ARGS="--seconds 300"
# make lock   writes the lock anew from pyproject.toml, with the newest versions it allows
# make clean  removes what these made

.DELETE_ON_ERROR:

PYTHON_BIN := .venv/bin
ARGS ?=
export PYTHON

.PHONY: run test lint unit window r bundle smoke test-bundle deb installer appdir windows-installer test-install bench fuzz lock clean ready-run ready-test

run: ready-run
	@packaging/run.sh

test: lint unit window smoke r
	@echo "== all checks passed"

lint: ready-test
	@echo "== ruff, mypy, import-linter"
	@$(PYTHON_BIN)/ruff check
	@$(PYTHON_BIN)/ruff format --check
	@$(PYTHON_BIN)/mypy
	@$(PYTHON_BIN)/lint-imports

unit: ready-test
	@echo "== tests"
	@QT_QPA_PLATFORM=offscreen $(PYTHON_BIN)/python -m pytest -n 2 -m "not xvfb and not bundle"

window: ready-test
	@echo "== the window on a real display server"
	@QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1366x768x24" $(PYTHON_BIN)/python -m pytest -m xvfb

r: ready-test
	@packaging/system-libs.sh r
	@packaging/r/check.sh

bundle: dist/rnnstudio/rnnstudio

dist/rnnstudio/rnnstudio: $(shell find rnnstudio resources packaging/bundle -type f ! -name "*.pyc") pyproject.toml \
		packaging/requirements.txt packaging/requirements-bundle.txt | ready-bundle
	@echo "== building the bundle, which takes some minutes"
	@$(PYTHON_BIN)/python packaging/bundle/build.py

test-bundle: ready-test bundle
	@echo "== the packaged program"
	@$(PYTHON_BIN)/python -m pytest -n 2 -m bundle tests/bundle

smoke: ready-test bundle
	@echo "== the packaged program in its window"
	@xvfb-run -a -s "-screen 0 1366x768x24" dist/rnnstudio/rnnstudio --smoke

deb: bundle
	@packaging/linux/deb.sh

installer: bundle
	@packaging/linux/run.sh

appdir: bundle
	@packaging/linux/appimage.sh

windows-installer:
	@packaging/windows/installer.sh

test-install: bundle
	@tests/install/run.sh

bench: ready-test
	@$(PYTHON_BIN)/python -m pip show -q torch 2>/dev/null || $(PYTHON_BIN)/python -m pip install -q "torch==2.13.0"
	@$(PYTHON_BIN)/python -m tests.perf.bench $(ARGS)

fuzz: ready-test
	@$(PYTHON_BIN)/python -m pip show -q atheris 2>/dev/null || $(PYTHON_BIN)/python -m pip install -q "atheris>=3,<4"
	@$(PYTHON_BIN)/python -m tests.fuzz.run $(ARGS)

UV_COMPILE = $(PYTHON_BIN)/uv pip compile --universal --python-version 3.11 --fork-strategy fewest --upgrade --quiet \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock" --override packaging/overrides.txt

lock: ready-run
	@$(PYTHON_BIN)/python -m pip install -q uv
	$(UV_COMPILE) pyproject.toml packaging/requirements.in -o packaging/requirements.txt
	$(UV_COMPILE) pyproject.toml packaging/requirements.in --group dev -c packaging/requirements.txt -o packaging/requirements-dev.txt
	$(UV_COMPILE) --group bundle -c packaging/requirements.txt -c packaging/requirements-dev.txt -o packaging/requirements-bundle.txt
	$(UV_COMPILE) packaging/r/numpy1.in --no-deps -o packaging/r/numpy1.txt

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

ready-run ready-test ready-bundle: ready-%:
	@packaging/setup.sh $*
	@packaging/system-libs.sh $*
