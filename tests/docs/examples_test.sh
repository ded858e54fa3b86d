#!/usr/bin/env bash
# examples_test.sh BINARY: the examples of README.md and docs/api_usage.md do what is written there, and docs/api_usage.md calls
# every endpoint of the OpenAPI document.
set -euo pipefail
binary=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
source "$here/examples.sh"

# Cheap hashes, and an interval that no slow machine outlasts; the rest is as a reader has it.
settings=(BCRYPT_COST=4 MIN_SECONDS_BETWEEN_READINGS=3600)

(
    start_server "${settings[@]}"
    run_document "$project/README.md"
)
(
    start_server "${settings[@]}"
    run_document "$project/docs/api_usage.md"

    # The server itself counts what was called.
    command curl -sS "$address/openapi.json" |
        jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | select(. != "parameters") | (. | ascii_upcase) + " " + $path' |
        sort >"$scratch/offered"
    command curl -sS "$address/metrics" |
        sed -n 's/^breakwater_http_requests_total{route="\([^"]*\)".*/\1/p' | sort -u >"$scratch/called"
    [ -s "$scratch/offered" ] || complain "The OpenAPI document names no path."
    missing=$(comm -23 "$scratch/offered" "$scratch/called")
    [ -z "$missing" ] || complain "docs/api_usage.md has no example of:" "$missing"
)
