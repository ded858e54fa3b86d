# Sourced by the scripts that measure, after scripts/lib/install.sh. Builds the programs, and starts servers on free ports of
# 127.0.0.1. Their data is deleted when the script ends.

# build_programs TARGET...: builds release programs; sets `bin`, their folder, and `run`, a new folder for data.
build_programs() {
    local build=build/bench
    say "Building"
    cmake --preset release -B $build -DBREAKWATER_BUILD_TESTS=OFF -DBREAKWATER_BUILD_BENCH=ON >/dev/null
    ninja -C $build "$@" >&2
    bin=$PWD/$build/bin
    # On the disk of the build, not in /tmp: if /tmp is in memory, commits cost nothing and the results are meaningless.
    run=$(mktemp -d "$PWD/$build/run.XXXXXX")
}

pids=() # the processes that end with the script
run=
clean_up() {
    [ "${#pids[@]}" -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait
    [ -z "$run" ] || rm -rf "$run"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# start_server NAME LOG COMMAND...: starts a server with a clean environment; sets `address` and `server_pid`, and appends to `pids`.
start_server() {
    local name=$1 log=$2
    shift 2
    # The output goes to a file, like the log of a service.
    (cd "$run" && exec env -i PATH="$PATH" HOME="$run" "$@" >"$log" 2>"$log.err") &
    server_pid=$!
    pids+=("$server_pid")
    address=
    for _ in $(seq 200); do
        address=$(sed -n 's/.*listening on \(http:[^ ]*\).*/\1/p' "$log" 2>/dev/null | head -n 1)
        [ -z "$address" ] || break
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.05
    done
    if [ -z "$address" ]; then
        echo "$name did not start:" >&2
        cat "$log" "$log.err" >&2
        exit 1
    fi
}

# start_upload_server DEVICES: starts Breakwater for uploads without a limit of rate, with so many devices, whose tokens are in
# $run/tokens.
start_upload_server() {
    start_server "Breakwater" "$run/breakwater.log" BCRYPT_COST=4 DEVICE_BCRYPT_COST=4 MIN_SECONDS_BETWEEN_READINGS=0 \
        BACKFILL_READINGS_PER_SECOND=1000000 BACKFILL_BURST=10000000 ACCESS_TOKEN_EXP_MINUTES=600 \
        TELEMETRY_SIMULATION_ENABLED=false DEVICE_TOKEN_EXP_MINUTES=60 MAX_CALLS_PER_MINUTE_OF_ADMIN=0 "$bin/breakwater" serve --port 0
    "$bin/breakwater-load" wait "$address/healthz"
    memory_at_start=$(memory VmRSS)
    say "Creating $1 devices"
    "$bin/breakwater-load" fleet "$address" --devices "$1" --email admin@example.com --password 'Admin123!' --tokens "$run/tokens"
}

# memory FIELD: a field of the server's /proc/PID/status, in KiB.
memory() { sed -nE "s/^$1:\s+([0-9]+) kB/\1/p" "/proc/$server_pid/status"; }
