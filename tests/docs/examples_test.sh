#!/usr/bin/env bash
# examples_test.sh BINARY: the examples of README.md and docs/api_usage.md have the documented results, and docs/api_usage.md calls
# every endpoint of the OpenAPI document.
set -euo pipefail
binary=$(realpath "$1")
test_folder=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$test_folder/../.." && pwd)
source "$test_folder/examples.sh"

# Cheap hashes, and an interval that doesn't end even on a slow machine; all other settings are the reader's.
settings=(BCRYPT_COST=4 MIN_SECONDS_BETWEEN_READINGS=3600)

(
    start_server "${settings[@]}"
    run_document "$project/README.md"
)
(
    start_server "${settings[@]}"
    run_document "$project/docs/api_usage.md"

    # The metrics of the server count the calls of each endpoint.
    command curl -sS "$address/openapi.json" |
        jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | select(. != "parameters") | (. | ascii_upcase) + " " + $path' |
        sort >"$scratch/endpoints"
    command curl -sS "$address/metrics" |
        sed -n 's/^breakwater_http_requests_total{route="\([^"]*\)".*/\1/p' | sort -u >"$scratch/called"
    [ -s "$scratch/endpoints" ] || fail "The OpenAPI document has no paths."
    missing=$(comm -23 "$scratch/endpoints" "$scratch/called")
    [ -z "$missing" ] || fail "docs/api_usage.md has no example of:" "$missing"
)
