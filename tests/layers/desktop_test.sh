#!/bin/sh
# desktop_test.sh [desktop folder]: checks that the desktop client includes no server code, that its core uses no widgets, and
# that nothing blocks: no nested event loop, no blocking call.
set -eu
desktop=${1:-$(cd "$(dirname "$0")" && pwd)/../../desktop}
cd "$desktop"
failed=0
refuse() { # refuse REASON PATTERN FILE...
    reason=$1 pattern=$2
    shift 2
    if grep -nE "$pattern" "$@" /dev/null; then
        echo "the lines above: $reason"
        failed=1
    fi
}

files=$(find . -name '*.[ch]pp' | sort)
[ -n "$files" ] || { echo "no file was checked"; exit 1; }
# shellcheck disable=SC2086
{
    others=$(grep -nE '#include "' $files | grep -vE '#include "(core|keyring|widgets)/[a-z_]+\.hpp"|#include "[a-z_]+\.moc"' || true)
    [ -z "$others" ] || { printf '%s\nthe desktop client may include only its own parts by name\n' "$others"; failed=1; }
    refuse "core must not use widgets or the keyring" '#include ("(widgets|keyring)/|<Q(Widget|Application|GuiApplication|Label|Dialog|Color|Palette|Painter)>)' $(find core -name '*.[ch]pp')
    refuse "widgets must not use the keyring" '#include "keyring/' $(find widgets -name '*.[ch]pp')
    refuse "blocking calls are not allowed" 'QEventLoop|processEvents|waitFor[A-Z]|BlockingQueuedConnection|QThread::(sleep|msleep|usleep)|(->|\.)exec\(' $files
}
[ $failed -ne 0 ] || printf 'checked %d files of the desktop client\n' "$(printf '%s\n' "$files" | wc -l)"
exit $failed
