# Every task by name: `make` lists them. They need Python 3.11 or newer; all else goes into the folder .venv.

PYTHON ?= python3# another interpreter: make test PYTHON=python3.13
WORKERS ?= 2# processes that run tests and notebooks
PORT ?= 8000# where `make serve` listens

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help book site test serve archive lab notebooks picture bench lock clean
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET SLOPES_PUBLISH

VERSION := $(shell "$(PYTHON)" -c "import sys; print('%d.%d' % sys.version_info[:2])" 2>/dev/null)
READY := .venv/ready-$(VERSION)
LAB := .venv/lab-$(VERSION)
RUN := .venv/bin/python
INSTALL := $(RUN) -m pip install -qq --disable-pip-version-check --constraint lock.txt
LOCK := $(RUN) -P code/slopes/book/lock.py

# One line that says what is wrong, in place of what a shell would say.
usable = $(if $(VERSION),$(if $(filter 2.% 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 3.10,$(VERSION)),$(error \
  $(PYTHON) is Python $(VERSION), and the book needs 3.11 or newer: try `make PYTHON=python3.12`)),$(error \
  $(PYTHON) is missing: install Python 3.11 or newer, or name yours with `make PYTHON=...`))

help: ## list the tasks
	@echo "make TASK, where TASK is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r task line; do printf '  %-10s %s\n' "$$task" "$$line"; done

book: site ## build the site, and print where to open it
	@$(RUN) -c "from pathlib import Path; print('Open', Path('_build/html/index.html').absolute().as_uri())"

test: site ## build the site, then run every test and every notebook
	@echo "Running the tests and the notebooks, $(WORKERS) at a time ..."
	@$(RUN) -m pytest --numprocesses=$(WORKERS) --dist=loadscope

serve: book ## build the site and serve it to browsers on this computer
	@echo "Serving the book at http://localhost:$(PORT)/ until Ctrl-C ..."
	@$(RUN) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

archive: site ## pack the built site into one file, to be opened without a network
	@$(RUN) -c "import shutil; print('Wrote', shutil.make_archive('_build/flat-is-not-finished', 'zip', '_build', 'html'))"

lab: $(LAB) ## open the notebooks in JupyterLab, to run and change them
	@echo "Starting JupyterLab; Ctrl-C stops it ..."
	@$(RUN) -m jupyterlab chapters/index.ipynb

notebooks: $(READY) ## run the notebooks again and store their outputs (some: make notebooks ONLY="PATHS")
	@$(RUN) -m slopes.book.store --workers $(WORKERS) $(ONLY)

picture: $(READY) ## draw the picture in the README again
	@$(RUN) -m slopes.book.picture

bench: $(READY) ## measure the speed of the package, as ratios
	@$(RUN) -m slopes.bench

lock: .venv/made-$(VERSION) ## renew lock.txt with the newest versions that fit together
	@echo "Looking for the newest versions ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check uv
	@$(LOCK)

clean: ## remove what the tasks made: the site, the caches, .venv
	rm -rf _build .venv .pytest_cache build code/*.egg-info
	find code tests chapters -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +

site: $(READY)
	@$(RUN) -m slopes.book.build

.venv/made-$(VERSION):
	$(usable)@"$(PYTHON)" -m venv --clear .venv
	@touch $@

$(READY): .venv/made-$(VERSION) pyproject.toml lock.txt
	@$(LOCK) --check
	@echo "Setting up .venv with Python $(VERSION) (once, about a minute) ..."
	@$(INSTALL) --editable ".[book,test]"
	@$(RUN) -c "import matplotlib.font_manager"
	@touch $@

$(LAB): $(READY)
	@echo "Adding JupyterLab (once) ..."
	@$(INSTALL) --editable ".[run]"
	@touch $@

lock.txt:
	@$(LOCK) --check

.DEFAULT:
	$(error no such task: $@; `make` lists them)
