#!/usr/bin/env bash
# links_test.sh: what the documents link to exists, sections included, and every control of the threat model names a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
failed=0
wrong() {
    echo "$*"
    failed=1
}

# The names that GitHub gives to a file's headings.
anchors() {
    sed -nE 's/^#{1,6} +(.*)$/\1/p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

checked=0
while read -r document; do
    folder=$(dirname "$document")
    while read -r target; do
        checked=$((checked + 1))
        case $target in
            http://* | https://* | mailto:*) continue ;;
        esac
        file=${target%%#*}
        path=$document
        [ -z "$file" ] || path=$folder/$file
        if [ ! -e "$path" ]; then
            wrong "$document: $target does not exist"
        elif [[ $target == *#* ]] && ! anchors "$path" | grep -qxF -- "${target#*#}"; then
            wrong "$document: $target names no section"
        fi
    done < <(grep -oE '\]\([^) ]+\)' "$document" | sed -E 's/^\]\((.*)\)$/\1/')
done < <(find . -maxdepth 1 -name '*.md'; find docs -name '*.md')
[ "$checked" -gt 50 ] || wrong "only $checked links were found"

# The last two columns of the threat model: where the control is, and what shows it.
rows=0
while IFS='|' read -r _ _ threat _ where test _; do
    rows=$((rows + 1))
    [[ $where == *'](../server/'* ]] || wrong "docs/security.md: no code is named for:$threat"
    [[ $test == *'_test.cpp)'* || $test == *'.spec.ts)'* ]] || wrong "docs/security.md: no test is named for:$threat"
done < <(sed -n '/^## Threat model/,/^## /p' docs/security.md | grep '^|' | tail -n +3)
[ "$rows" -gt 20 ] || wrong "the threat model has only $rows rows"

[ $failed -ne 0 ] || echo "$checked links, $rows controls"
exit $failed
