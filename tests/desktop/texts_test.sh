#!/bin/sh
# texts_test.sh LUPDATE: the translations are those of the source, and finished.
set -eu
lupdate=$1
cd "$(dirname "$0")/../../desktop"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
failed=0
for language in en pl; do
    file=breakwater_$language.ts
    cp translations/$file "$made/$file"
    plurals=
    [ $language != en ] || plurals=-pluralonly
    # shellcheck disable=SC2086
    "$lupdate" -silent -I . -locations none $plurals core widgets -ts "$made/$file"
    if grep -B 3 -E 'type="(unfinished|vanished|obsolete)"' "$made/$file"; then
        echo "the texts above of $file aren't translated, or no longer used (target breakwater_desktop_texts)"
        failed=1
    fi
done
exit $failed
