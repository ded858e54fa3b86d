#!/bin/sh
# texts_test.sh LUPDATE: checks that the translation files are complete and match the sources.
set -eu
lupdate=$1
cd "$(dirname "$0")/../../desktop"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for language in en pl; do
    file=breakwater_$language.ts
    cp translations/$file "$work/$file"
    plurals=
    [ $language != en ] || plurals=-pluralonly
    # shellcheck disable=SC2086
    "$lupdate" -silent -I . -locations none $plurals core widgets -ts "$work/$file"
    if grep -B 3 -E 'type="(unfinished|vanished|obsolete)"' "$work/$file"; then
        echo "$file: the texts above have no translation or are obsolete; build the target breakwater_desktop_texts"
        failed=1
    fi
done
exit $failed
