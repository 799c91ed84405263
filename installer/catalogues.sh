#!/bin/sh
# Compiles i18n/*.ts into i18n/*.qm; with "update", first collects the French strings of the sources again.
set -eu
if [ "${1:-}" = update ]; then
    # shellcheck disable=SC2046
    .venv/bin/pyside6-lupdate -no-obsolete -locations none $(find mssclient/ui mssclient/stage -name '*.py' | LC_ALL=C sort) \
        -ts i18n/mssclient_en.ts i18n/mssclient_fr.ts
fi
for catalogue in i18n/*.ts; do
    [ -f "$catalogue" ] || continue
    .venv/bin/pyside6-lrelease -silent "$catalogue" -qm "${catalogue%.ts}.qm"
done
