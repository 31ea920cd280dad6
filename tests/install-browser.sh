#!/bin/sh
# Chromium for the browser tests: the one that is there, else Debian's where we may install it.
# Without one the browser tests are skipped, and say so.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
    echo "no Chromium found: the browser tests will be skipped; install one to run them" >&2
fi
