#!/bin/sh
# Tests modules_test.sh: it refuses forbidden includes and accepts allowed ones.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

try() { # try FILE INCLUDE-OR-COMMENT
    rm -rf "$folder/server"
    mkdir -p "$folder/server/$(dirname "$1")"
    case $2 in
    //*) printf '%s\n' "$2" ;;
    *) printf '#include %s\n' "$2" ;;
    esac >"$folder/server/$1"
    sh "$here/modules_test.sh" "$folder/server" >"$folder/out" 2>&1
}
refuses() {
    if try "$1" "$2"; then
        echo "not refused: $2 in $1"
        exit 1
    fi
    grep -q 'forbidden includes' "$folder/out" || { cat "$folder/out"; exit 1; }
}
allows() {
    try "$1" "$2" || { echo "refused: $2 in $1"; cat "$folder/out"; exit 1; }
}

allows api/routes.cpp '"http/route.hpp"'
allows app/main.cpp '"storage/sqlite/sqlite_database.hpp"'
allows storage/sqlite/connection.cpp '<sqlite3.h>'
allows storage/sqlite/writer.hpp '"storage/engine/write_queue.hpp"'
refuses services/auth.cpp '"storage/engine/write_queue.hpp"'
refuses http/session.cpp '"domain/device.hpp"'
refuses domain/device.hpp '"storage/device_store.hpp"'
refuses services/auth.cpp '"telemetry/ingest.hpp"'
refuses services/auth.cpp '"storage/sqlite/connection.hpp"'
refuses api/routes.cpp '"storage/sqlite/connection.hpp"'
refuses services/auth.cpp '"storage/database.hpp"'
allows services/auth.cpp '"storage/catalogue.hpp"'
allows app/core.hpp '"storage/database.hpp"'
refuses storage/database.cpp '<sqlite3.h>'
refuses storage/database.hpp '// as in SQLite'
allows storage/sqlite/writer.hpp '// as in SQLite'
allows app/core.cpp '// SQLite by default'
refuses api/routes.cpp '<boost/beast/http.hpp>'
refuses api/routes.cpp '"routes.hpp"'
refuses cellar/wine.cpp '"base/time.hpp"'
