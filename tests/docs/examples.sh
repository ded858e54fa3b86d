# shellcheck shell=bash
# What an extracted document runs in: a server of its own, and a curl that remembers its answer. Sourced.
# REQUIRES: `binary`, `here` (this folder).

complain() {
    printf '%s\n' "$*" >&2
    touch "$scratch/failed"
    exit 1
}

# start_server NAME=VALUE...: in a new folder with nothing but these settings; sets `address` and `scratch`.
start_server() {
    local folder
    folder=$(mktemp -d)
    scratch=$folder/scratch
    mkdir "$scratch" "$folder/server"
    (cd "$folder/server" && exec env -i "$@" "$binary" serve --port 0 >"$scratch/out" 2>"$scratch/log") &
    server=$!
    trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "'"$folder"'"' EXIT
    address=
    for _ in $(seq 600); do
        address=$(sed -n 's/.*listening on \(http:[^ ]*\).*/\1/p' "$scratch/out" | head -n 1)
        [ -z "$address" ] || break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    if [ -z "$address" ]; then
        cat "$scratch/out" "$scratch/log" >&2
        echo "The server did not start." >&2
        exit 1
    fi
    cd "$folder/server" || exit 1
}

curl() {
    [ ! -e "$scratch/unread" ] || complain "$(cat "$scratch/block"): a call has no '# → status' under it"
    command curl -sS --max-time 60 -w '%{stderr}\n%{http_code}' "$@" 2>"$scratch/said" | tee "$scratch/body"
    touch "$scratch/unread"
}

at_block() { printf '%s' "$1" >"$scratch/block"; }

# expect STATUS PLACE
expect() {
    [ -e "$scratch/unread" ] || complain "$2: there is no call to have this status"
    rm "$scratch/unread"
    local got
    got=$(tail -n 1 "$scratch/said")
    [ "$got" = "$1" ] || complain "$2: the answer is $got instead of $1:" "$(cat "$scratch/said" "$scratch/body")"
}

# compare_json PLACE <EXPECTED
compare_json() {
    cat >"$scratch/want"
    if ! jq -en -L "$here" --slurpfile want "$scratch/want" --slurpfile got "$scratch/body" \
        'include "answers"; ($got | length) == 1 and matches($want[0]; $got[0])' >/dev/null 2>"$scratch/jq"; then
        cat "$scratch/jq" >&2
        diff <(jq -S . "$scratch/want") <(jq -S . "$scratch/body") | head -n 40 >&2
        complain "$1: the answer differs from what is written here (<: the document, >: the server)"
    fi
}

# compare_text PLACE <EXPECTED
compare_text() {
    cat >"$scratch/want"
    if ! jq -en -L "$here" --rawfile want "$scratch/want" --rawfile got "$scratch/body" \
        'include "answers"; text_matches($want; $got)' >/dev/null 2>"$scratch/jq"; then
        cat "$scratch/jq" >&2
        diff "$scratch/want" <(tr -d '\r' <"$scratch/body") | head -n 40 >&2
        complain "$1: the answer differs from what is written here (<: the document, >: the server)"
    fi
}

# run_document FILE: its examples in their order, in this shell.
run_document() {
    local script
    script=$(awk -f "$here/extract.awk" "$1") || exit 1
    script=${script//http:\/\/127.0.0.1:8000/$address}
    script=${script//build\/release\/bin\/breakwater/$binary}
    printf '%s\n' "$script" >"$scratch/script"
    [ "$(grep -c '^expect ' "$scratch/script")" -gt 0 ] || complain "$1 has no example to check."
    trap 'echo "$(cat "$scratch/block"): a command of this block failed" >&2' ERR
    set -E
    # shellcheck disable=SC1091
    source "$scratch/script" >"$scratch/printed"
    set +E
    trap - ERR
    [ ! -e "$scratch/failed" ] || exit 1
    [ ! -e "$scratch/unread" ] || complain "$1: its last call has no '# → status' under it"
    echo "$1: $(grep -c '^expect ' "$scratch/script") calls, $(grep -c '^compare_' "$scratch/script") answers"
}
