#!/bin/sh
# desktop_test.sh [desktop folder]: the desktop client knows the network alone, its core no widgets, and nothing in it waits:
# no nested event loop, no blocking call.
set -eu
desktop=${1:-$(cd "$(dirname "$0")" && pwd)/../../desktop}
cd "$desktop"
failed=0
refuse() { # refuse WHY PATTERN FILE...
    why=$1 pattern=$2
    shift 2
    if grep -nE "$pattern" "$@" /dev/null; then
        echo "the lines above: $why"
        failed=1
    fi
}

files=$(find . -name '*.[ch]pp' | sort)
[ -n "$files" ] || { echo "no file was checked"; exit 1; }
# shellcheck disable=SC2086
{
    others=$(grep -nE '#include "' $files | grep -vE '#include "(core|keyring|widgets)/[a-z_]+\.hpp"|#include "[a-z_]+\.moc"' || true)
    [ -z "$others" ] || { printf '%s\nonly parts of desktop/ are included by name\n' "$others"; failed=1; }
    refuse "core knows no widgets and no keyring" '#include ("(widgets|keyring)/|<Q(Widget|Application|GuiApplication|Label|Dialog|Color|Palette|Painter)>)' $(find core -name '*.[ch]pp')
    refuse "widgets know no keyring" '#include "keyring/' $(find widgets -name '*.[ch]pp')
    refuse "nothing waits" 'QEventLoop|processEvents|waitFor[A-Z]|BlockingQueuedConnection|QThread::(sleep|msleep|usleep)|(->|\.)exec\(' $files
}
[ $failed -ne 0 ] || printf '%d files of the desktop client keep to their parts\n' "$(printf '%s\n' "$files" | wc -l)"
exit $failed
