#!/bin/sh
# files_test.sh: no file of the project is over 1 MiB, names a package registry's host, or a path that only one machine has.
set -eu
cd "$(dirname "$0")/../.."

# What git knows, and where there is no git (or not its owner asks), what lies here but for what is made.
list() {
    if git ls-files -z >/dev/null 2>&1; then
        git ls-files -z --cached
    else
        find . \( -name .git -o -name node_modules -o -name build -o -name data -o -name .cache \) -prune -o -type f -print0
    fi
}

failed=0
large=$(list | xargs -0 sh -c 'for f; do [ -f "$f" ] && [ "$(wc -c <"$f")" -gt 1048576 ] && echo "$f"; done; true' sh)
if [ -n "$large" ]; then
    echo "over 1 MiB: $large"
    failed=1
fi

# In pieces, so that this file does not find itself.
hosts='registry\.''npmjs|npm''js\.(org|com)|registry\.''yarnpkg|deb\.''debian\.org|security\.''debian\.org|snapshot\.''debian\.org|py''pi\.org|crates\.''io'
paths='(^|[^[:alnum:]_./-])/(wor''k|roo''t)/'
if list | xargs -0 grep -nIE "$hosts|$paths" /dev/null; then
    echo "the lines above name a package registry or a path of one machine"
    failed=1
fi
exit $failed
