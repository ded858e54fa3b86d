# shellcheck shell=bash
# Runs the examples of a document: with a server of its own, and a curl that stores the response. To be sourced.
# REQUIRES: `binary`, `test_folder` (the folder of this file).

fail() {
    printf '%s\n' "$*" >&2
    touch "$scratch/failed"
    exit 1
}

# start_server NAME=VALUE...: in a new folder, with only these settings. Sets `address` and `scratch`.
start_server() {
    local folder
    folder=$(mktemp -d)
    scratch=$folder/scratch
    mkdir "$scratch" "$folder/server"
    touch "$scratch/out" # the loop below may read it before the server's shell creates it
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

# Stores the body in `body`, and the status in the last line of `status`.
curl() {
    [ ! -e "$scratch/unchecked" ] || fail "$(cat "$scratch/block"): a call has no '# → status' below it"
    command curl -sS --max-time 60 -w '%{stderr}\n%{http_code}' "$@" 2>"$scratch/status" | tee "$scratch/body"
    touch "$scratch/unchecked"
}

at_block() { printf '%s' "$1" >"$scratch/block"; }

# expect STATUS PLACE
expect() {
    [ -e "$scratch/unchecked" ] || fail "$2: there is no call above this status"
    rm "$scratch/unchecked"
    local status
    status=$(tail -n 1 "$scratch/status")
    [ "$status" = "$1" ] || fail "$2: the status is $status instead of $1:" "$(cat "$scratch/status" "$scratch/body")"
}

# compare_json PLACE <EXPECTED
compare_json() {
    cat >"$scratch/expected"
    if ! jq -en -L "$test_folder" --slurpfile expected "$scratch/expected" --slurpfile actual "$scratch/body" \
        'include "answers"; ($actual | length) == 1 and matches($expected[0]; $actual[0])' >/dev/null 2>"$scratch/jq"; then
        cat "$scratch/jq" >&2
        diff <(jq -S . "$scratch/expected") <(jq -S . "$scratch/body") | head -n 40 >&2
        fail "$1: the response differs from the document (<: the document, >: the server)"
    fi
}

# compare_text PLACE <EXPECTED
compare_text() {
    cat >"$scratch/expected"
    if ! jq -en -L "$test_folder" --rawfile expected "$scratch/expected" --rawfile actual "$scratch/body" \
        'include "answers"; text_matches($expected; $actual)' >/dev/null 2>"$scratch/jq"; then
        cat "$scratch/jq" >&2
        diff "$scratch/expected" <(tr -d '\r' <"$scratch/body") | head -n 40 >&2
        fail "$1: the response differs from the document (<: the document, >: the server)"
    fi
}

# run_document FILE: runs its examples in order, in this shell.
run_document() {
    local script
    script=$(awk -f "$test_folder/extract.awk" "$1") || exit 1
    script=${script//http:\/\/127.0.0.1:8000/$address}
    script=${script//build\/release\/bin\/breakwater/$binary}
    printf '%s\n' "$script" >"$scratch/script"
    [ "$(grep -c '^expect ' "$scratch/script")" -gt 0 ] || fail "$1 has no example to check."
    trap 'echo "$(cat "$scratch/block"): a command of this block failed" >&2' ERR
    set -E
    # shellcheck disable=SC1091
    source "$scratch/script" >"$scratch/printed"
    set +E
    trap - ERR
    [ ! -e "$scratch/failed" ] || exit 1
    [ ! -e "$scratch/unchecked" ] || fail "$1: its last call has no '# → status' below it"
    echo "$1: $(grep -c '^expect ' "$scratch/script") calls, $(grep -c '^compare_' "$scratch/script") responses"
}
