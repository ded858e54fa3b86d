# shellcheck shell=bash
# Functions that install missing packages. Sourced by scripts whose working folder is the top folder of the project.

# shellcheck source=scripts/lib/packages.sh
source scripts/lib/packages.sh

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "'$*' needs root. Run this script as root, or install sudo." >&2
        return 1
    fi
}

# install_debian PACKAGE...
install_debian() {
    local package missing=()
    for package in "$@"; do
        # shellcheck disable=SC2016
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    # Ignore errors: a source that fails may not be needed. Otherwise the installation fails.
    as_root apt-get update -q >&2 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${missing[@]}" >&2
}

# Installs npm unless Node 18 or newer is available; Debian 12 has it.
install_npm() {
    if command -v npm >/dev/null && [ "$(node --version | sed -E 's/^v([0-9]+).*/\1/')" -ge 18 ]; then
        return 0
    fi
    install_debian nodejs npm
}

# install_node_packages [FOLDER...]: installs the packages of package-lock.json for the server (the top folder and web/) and for each
# FOLDER. A copy of the lock file in node_modules marks a complete installation.
install_node_packages() {
    local folder
    for folder in . web "$@"; do
        cmp -s $folder/package-lock.json $folder/node_modules/.installed-lock.json && continue
        install_npm
        say "Installing npm packages"
        npm ci --prefix $folder --no-audit --no-fund --loglevel=error >&2
        cp $folder/package-lock.json $folder/node_modules/.installed-lock.json
    done
}
