#!/bin/sh
# Makes .venv with everything the program needs. Run from the top of the repository: sh installer/setup.sh
# As root on Debian it also installs what Qt and the card reader need from the system; otherwise it names them.
set -eu
python=${PYTHON:-python3}
stamp=.venv/.ready
if [ -f "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && [ "$stamp" -nt installer/setup.sh ]; then
    exit 0
fi

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
    echo "mssclient needs Python 3.11, 3.12 or 3.13; set PYTHON to one of them." >&2
    exit 1
}

# library that must be loadable : Debian package that brings it
# the libxcb ones are for a screen under X11 only
qt_needs="libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0 libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-sync.so.1:libxcb-sync1 libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-xkb.so.1:libxcb-xkb1 libxkbcommon-x11.so.0:libxkbcommon-x11-0 libEGL.so.1:libegl1 libxkbcommon.so.0:libxkbcommon0 libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0"
has_library() {
    "$python" - "$1" <<'PY'
import ctypes, sys
try:
    ctypes.CDLL(sys.argv[1])
except OSError:
    sys.exit(1)
PY
}
missing=
for pair in $qt_needs; do
    has_library "${pair%%:*}" || missing="$missing ${pair##*:}"
done
if [ "$(uname -s)" = Linux ] && command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list 2>/dev/null | head -n 1)" ]; then
    missing="$missing fonts-dejavu-core"
fi
reader_needs=
if [ "$(uname -s)" = Linux ]; then
    [ -f /usr/include/PCSC/winscard.h ] || reader_needs="libpcsclite-dev"
    command -v gcc >/dev/null 2>&1 || reader_needs="$reader_needs gcc libc6-dev"
    command -v swig >/dev/null 2>&1 || reader_needs="$reader_needs swig"
fi
if [ -n "$missing$reader_needs" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq || true
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing $reader_needs >/dev/null ||
        echo "apt-get could not install:$missing $reader_needs" >&2
else
    [ -z "$missing" ] || echo "Qt needs these Debian packages:$missing" >&2
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
if [ "$(uname -s)" = Linux ] && ! .venv/bin/python -c 'import smartcard' 2>/dev/null; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check pyscard >.venv/pyscard.log 2>&1 ||
        echo "The card reader is left out: pyscard could not be built (Debian packages: libpcsclite-dev gcc swig)." >&2
fi
sh installer/catalogues.sh || echo "The English catalogue was not compiled." >&2
touch "$stamp"
