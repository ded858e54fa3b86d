#!/usr/bin/env bash
# commands_test.sh BINARY: README.md lists exactly the commands of the program.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."

# list_subcommands COMMAND...: the subcommands in its help.
list_subcommands() { "$binary" "$@" --help | sed -nE '/^Subcommands:/,/^$/s/^  ([a-z-]+) .*/\1/p'; }

implemented=$(for command in $(list_subcommands); do
    subcommands=$(list_subcommands "$command")
    if [ -z "$subcommands" ]; then
        echo "$command"
    else
        for subcommand in $subcommands; do echo "$command $subcommand"; done
    fi
done | sort)
documented=$(sed -nE 's/^\| `breakwater ([a-z -]+)`.*/\1/p' README.md | sort)
if [ -z "$implemented" ] || [ "$implemented" != "$documented" ]; then
    echo "README.md (<) and the program (>) have different commands:"
    diff <(echo "$documented") <(echo "$implemented")
    exit 1
fi
