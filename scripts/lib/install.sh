# shellcheck shell=bash
# Installs what is missing, and nothing where nothing is. Sourced from scripts that stand in the project's top folder.

# shellcheck source=scripts/lib/packages.sh
source scripts/lib/packages.sh

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root: '$*'. Run it as root, or install sudo." >&2
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
    # A list that can't be fetched need not be one of ours: the installing says whether it is.
    as_root apt-get update -q >&2 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${missing[@]}" >&2
}

# npm of Node 18 or newer, as Debian 12 has it.
install_npm() {
    if command -v npm >/dev/null && [ "$(node --version | sed -E 's/^v([0-9]+).*/\1/')" -ge 18 ]; then
        return 0
    fi
    install_debian nodejs npm
}

# install_node_packages [FOLDER...]: what each package-lock.json pins, into node_modules beside it; the first two are what the server
# is built from. A copy of the lock file there tells that it is done.
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
