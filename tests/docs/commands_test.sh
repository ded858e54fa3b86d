#!/usr/bin/env bash
# commands_test.sh BINARY: the commands in README.md are those that the program has.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."

# subcommands COMMAND...: as its help lists them.
subcommands() { "$binary" "$@" --help | sed -nE '/^Subcommands:/,/^$/s/^  ([a-z-]+) .*/\1/p'; }

offered=$(for command in $(subcommands); do
    under=$(subcommands "$command")
    if [ -z "$under" ]; then
        echo "$command"
    else
        for one in $under; do echo "$command $one"; done
    fi
done | sort)
written=$(sed -nE 's/^\| `breakwater ([a-z -]+)`.*/\1/p' README.md | sort)
if [ -z "$offered" ] || [ "$offered" != "$written" ]; then
    echo "The commands in README.md (<) are not those of the program (>):"
    diff <(echo "$written") <(echo "$offered")
    exit 1
fi
