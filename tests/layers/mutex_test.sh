#!/bin/sh
# mutex_test.sh [server folder]: checks that the server locks with base/mutex.hpp, because clang can't check the locks of the
# standard library, and that each of its mutexes guards a variable.
set -eu
server=${1:-$(cd "$(dirname "$0")" && pwd)/../../server}
cd "$server"
failed=0
files=$(find . -name '*.[ch]pp' ! -path ./base/mutex.hpp | sort)
[ -n "$files" ] || { echo "no file was checked"; exit 1; }
# shellcheck disable=SC2086
if grep -nE 'std::((shared_|recursive_|timed_)*mutex|lock_guard|unique_lock|shared_lock|scoped_lock|condition_variable)\>' $files; then
    echo "the lines above: use the type of base/mutex.hpp instead"
    failed=1
fi
# A declaration such as `mutable mutex mutex_;`. One that guards nothing says so in a comment.
# shellcheck disable=SC2086
mutexes=$(grep -E '^ *(mutable )?(breakwater::)?(shared_)?mutex [a-z_]+;' $files | grep -v 'guards nothing')
[ -n "$mutexes" ] || { echo "no mutex was checked"; exit 1; }
while IFS=: read -r file declaration; do
    name=$(printf '%s' "$declaration" | sed -E 's/.*mutex ([a-z_]+);.*/\1/')
    grep -q "GUARDED_BY($name)" "$file" || { echo "$file: mark what $name guards with GUARDED_BY($name)"; failed=1; }
done <<LIST
$mutexes
LIST
[ $failed -ne 0 ] || printf 'checked %d mutexes\n' "$(printf '%s\n' "$mutexes" | wc -l)"
exit $failed
