#!/bin/sh
# Compiles i18n/*.ts into i18n/*.qm; with "update", first collects the French strings of the sources again.
set -eu
tools=.venv/bin
[ -d "$tools" ] || tools=.venv/Scripts
if [ "${1:-}" = update ]; then
    "$tools/python" installer/fresh_catalogues.py --update
fi
for catalogue in i18n/*.ts; do
    [ -f "$catalogue" ] || continue
    "$tools/pyside6-lrelease" -silent "$catalogue" -qm "${catalogue%.ts}.qm"
done
