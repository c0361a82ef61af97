# Thin: every command stands in bootstrap.py, which also runs where there is no make.
# Another Python: make lab PYTHON=python3.12      Options: make lab ARGS="--no-browser --port 8899"
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help lab test env lessons slides data evidence peers bench lock

help:
	@$(PYTHON) bootstrap.py --help

lab test env lessons slides data evidence peers bench lock:
	@$(PYTHON) bootstrap.py $@ $(ARGS)
