#!/bin/sh
# Installs the servers that the tests marked "lab" talk to: Dovecot, Postfix, a certified OpenID provider, pcscd with a
# virtual reader. LAB_ALSO names further Debian packages: the bench's peers. As root on Debian; elsewhere it says what is
# missing and the tests are skipped (they fail under CI=true).
set -eu
packages="dovecot-core dovecot-imapd dovecot-lmtpd dovecot-auth-lua postfix isync pcscd vsmartcard-vpcd libpcsclite-dev redis-server gnome-keyring dbus-daemon desktop-file-utils ${LAB_ALSO:-}"
missing=
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq || true
        echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
            echo "lab: apt-get could not install:$missing" >&2
    else
        echo "lab: these Debian packages are missing, and only root can install them:$missing" >&2
    fi
fi
node_folder=build/lab/node
if [ ! -d "$node_folder/node_modules/oidc-provider" ]; then
    if command -v npm >/dev/null 2>&1; then
        mkdir -p "$node_folder"
        npm install --silent --no-audit --no-fund --prefix "$node_folder" oidc-provider >/dev/null ||
            echo "lab: npm could not install oidc-provider" >&2
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null || true
        mkdir -p "$node_folder"
        npm install --silent --no-audit --no-fund --prefix "$node_folder" oidc-provider >/dev/null ||
            echo "lab: npm could not install oidc-provider" >&2
    else
        echo "lab: npm is missing: the tests against the OpenID provider are left out" >&2
    fi
fi
