#!/usr/bin/env bash
# Prints the path of a Chromium that starts, installing one where none is found; all else goes to stderr.
# Usage: .ci/chromium.sh PYTHON, a Python that has Playwright. CHROMIUM in the environment names one to use.
set -uo pipefail
python=$1

starts() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

use() {
    echo "Browser for the tests: $1 ($("$1" --version 2>/dev/null))" >&2
    printf '%s\n' "$1"
    exit 0
}

use_present() {
    local name path
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name") && starts "$path" && use "$path"
    done
    path="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    if starts "$path"; then use "$path"; fi
}

use_playwrights_own() {
    local path
    path=$("$python" -c 'from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)') && starts "$path" && use "$path"
}

# Ubuntu's package of that name only points to a snap, which a container cannot run.
on_debian_as_root() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && grep -q '^ID=debian' /etc/os-release
}

if [ -n "${CHROMIUM:-}" ]; then
    if starts "$CHROMIUM"; then use "$CHROMIUM"; fi
    echo "CHROMIUM is set to $CHROMIUM, which does not start. Name another, or unset it to have one found." >&2
    exit 1
fi

use_present
use_playwrights_own

if on_debian_as_root; then
    echo "No Chromium here: installing Debian's." >&2
    apt-get update -qq >&2 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >&2
    use_present
fi

echo "No Chromium here: installing Playwright's." >&2
"$python" -m playwright install --no-shell chromium >&2
use_playwrights_own

cat >&2 <<'MESSAGE'
No Chromium could be found or installed, so the page cannot be tested. Any one of these helps:
  - install Chromium or Google Chrome, so that `chromium` or `google-chrome` is on PATH
  - name one: make test CHROMIUM=/path/to/chromium
  - where Playwright's was downloaded but does not start, install the libraries it misses:
    sudo .venv/bin/python -m playwright install-deps chromium
MESSAGE
exit 1
