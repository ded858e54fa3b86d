#!/usr/bin/env bash
# links_test.sh: all links in the documents lead to existing files and sections, and every control of the threat model names its
# code and a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
failed=0
report() {
    echo "$*"
    failed=1
}

# anchors FILE: the anchors that GitHub derives from its headings.
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
            report "$document: $target does not exist"
        elif [[ $target == *#* ]] && ! anchors "$path" | grep -qxF -- "${target#*#}"; then
            report "$document: $target: the section does not exist"
        fi
    done < <(grep -oE '\]\([^) ]+\)' "$document" | sed -E 's/^\]\((.*)\)$/\1/')
done < <(find . -maxdepth 1 -name '*.md'; find docs -name '*.md')
[ "$checked" -gt 50 ] || report "found only $checked links"

# The last two columns of the threat model: the code of the control, and its test.
rows=0
while IFS='|' read -r _ _ threat _ code test _; do
    rows=$((rows + 1))
    [[ $code == *'](../server/'* ]] || report "docs/security.md names no code for:$threat"
    [[ $test == *'_test.cpp)'* || $test == *'.spec.ts)'* ]] || report "docs/security.md names no test for:$threat"
done < <(sed -n '/^## Threat model/,/^## /p' docs/security.md | grep '^|' | tail -n +3)
[ "$rows" -gt 20 ] || report "the threat model has only $rows rows"

[ $failed -ne 0 ] || echo "$checked links, $rows controls"
exit $failed
