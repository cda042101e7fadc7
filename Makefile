# make run    opens the window; without a display, trains a recipe in the terminal
# make test   runs all checks, as in continuous integration
# make lint, make unit, make window, make smoke, make torture-short, make r   run parts of make test; make r checks the R package
# make bundle builds the program as a folder that does not need Python, dist/rnnstudio; make test-bundle tests it
# make deb, make installer, make appdir, make windows-installer   build packages from the bundle (see INSTALL.md)
# make test-install   tests the .deb and the .run on new Debian systems (as root; 20 minutes)
# make bench  compares speed and memory with Keras and PyTorch; an hour, or ARGS=--quick, or ARGS="--only first"
# make fuzz   gives mutated files to every reader, and generated tables; make fuzz ARGS="--seconds 300 --tables 5000"
# make combinations   trains random combinations of settings and recomputes every number; ARGS="--count 200 --seed 0"
# make torture   kills trainings, damages files, fills stores and more, for hours; ARGS="kills --kills 20" is one of its tools
# make lock   updates the lock files to the newest versions that pyproject.toml allows
# make clean  deletes the results of these commands

.DELETE_ON_ERROR:

PYTHON_BIN := .venv/bin
ARGS ?=
export PYTHON
unexport PYTHONDONTWRITEBYTECODE # the tests start many processes, which read what the first has compiled

.PHONY: run test lint unit window r bundle smoke test-bundle deb installer appdir windows-installer test-install bench fuzz combinations torture torture-short lock clean
.PHONY: ready-run ready-test ready-bundle ready-r

run: ready-run
	@packaging/run.sh

# Checks that keep only one processor core busy run side by side with others.
test: ready-test
	@$(MAKE) --jobs=2 --no-print-directory lint unit
	@$(MAKE) --no-print-directory ready-bundle ready-r
	@$(MAKE) --no-print-directory torture-short
	@echo "== the window, the bundle and R side by side; each prints its output when it ends"
	@$(MAKE) --jobs=3 --output-sync=target --no-print-directory window r smoke
	@echo "== all checks passed"

lint: ready-test
	@echo "== ruff, mypy, import-linter, vulture, vocabulary"
	@$(PYTHON_BIN)/ruff check
	@$(PYTHON_BIN)/ruff format --check
	@$(PYTHON_BIN)/mypy
	@$(PYTHON_BIN)/lint-imports
	@$(PYTHON_BIN)/vulture
	@$(PYTHON_BIN)/python packaging/vocabulary.py

unit: ready-test
	@echo "== tests"
	@QT_QPA_PLATFORM=offscreen $(PYTHON_BIN)/python -m pytest -n 2 --dist worksteal -m "not xvfb and not bundle"

window: ready-test
	@echo "== tests of the window on a display server"
	@QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1366x768x24" $(PYTHON_BIN)/python -m pytest -m xvfb \
		$$(grep -rl --include="*.py" "pytest.mark.xvfb" tests) # only these are imported

r: ready-test ready-r
	@packaging/r/check.sh

bundle: dist/rnnstudio/rnnstudio

dist/rnnstudio/rnnstudio: $(shell find rnnstudio resources packaging/bundle -type f ! -name "*.pyc") pyproject.toml \
		packaging/requirements.txt packaging/requirements-bundle.txt | ready-bundle
	@echo "== building the bundle (some minutes)"
	@$(PYTHON_BIN)/python packaging/bundle/build.py

test-bundle: ready-test bundle
	@echo "== tests of the bundle"
	@$(PYTHON_BIN)/python -m pytest -n 2 -m bundle tests/bundle

smoke: ready-test bundle
	@echo "== self-test of the bundle"
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

combinations: ready-test
	@$(PYTHON_BIN)/python -m tests.combinations.run $(ARGS)

torture: ready-test
	@QT_QPA_PLATFORM=offscreen $(PYTHON_BIN)/python -m tests.torture.run $(ARGS)

torture-short: ready-test
	@echo "== killed trainings"
	@$(PYTHON_BIN)/python -m tests.torture.run --short

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

ready-r:
	@packaging/system-libs.sh r
