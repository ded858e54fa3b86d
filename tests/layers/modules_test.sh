#!/bin/sh
# modules_test.sh [server folder]: checks that every include in server/ follows edges.txt, that only one module includes a library
# that it hides behind its interface, and that only app names a storage backend, also in comments.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
server=${1:-$here/../../server}
cd "$server"

find . -name '*.[ch]pp' | sed 's|^\./||' | sort | xargs awk -v edges="$here/edges.txt" '
function refuse(reason) { printf "server/%s:%d: %s\n", FILENAME, FNR, reason; refused++ }
function hidden(header, prefix, home) {
    if (index(header, prefix) == 1 && index(FILENAME, home) != 1)
        refuse("only " home " may include <" header ">")
}
function in_backend(    backend) {
    for (backend in backends)
        if (index(FILENAME, backends[backend]) == 1) return 1
    return 0
}
BEGIN {
    backends["sqlite"] = "storage/sqlite/"
    backends["postgres"] = "storage/postgres/"
    while ((getline line < edges) > 0) {
        if (line ~ /^#/ || line !~ /:/) continue
        split(line, sides, ":")
        modules[sides[1]] = 1
        may[sides[1], sides[1]] = 1
        count = split(sides[2], targets, " ")
        for (i = 1; i <= count; i++) may[sides[1], targets[i]] = 1
    }
    if (!("base" in modules)) { print "no edges in " edges; exit 2 }
}
FNR == 1 {
    files++
    module = FILENAME
    sub("/.*", "", module)
    if (!(module in modules)) refuse("the folder " module " is not a module in edges.txt")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    header = $0
    sub(/^[^"]*"/, "", header)
    sub(/".*/, "", header)
    target = header
    if (!sub("/.*", "", target)) { refuse("\"" header "\" does not name its module"); next }
    if (!(target in modules)) refuse("\"" header "\" is not in a module of edges.txt")
    else if (!((module, target) in may)) refuse("the module " module " may not include " target ": \"" header "\"")
    for (backend in backends)
        if (index(header, backends[backend]) == 1 && module != "app" && index(FILENAME, backends[backend]) != 1)
            refuse("only app may include a storage backend: \"" header "\"")
    if (index(header, "storage/engine/") == 1 && index(FILENAME, "storage/") != 1)
        refuse("only storage backends may include what they share: \"" header "\"")
    if (header == "storage/database.hpp" && module != "app" && !in_backend())
        refuse("only app may include all storage ports: \"" header "\"")
}
tolower($0) ~ /sqlite|postgres/ && module != "app" && !in_backend() && $0 !~ /#[ \t]*include/ {
    refuse("only app may name a storage backend")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    header = $0
    sub(/^[^<]*</, "", header)
    sub(/>.*/, "", header)
    hidden(header, "sqlite3.h", "storage/sqlite/")
    hidden(header, "libpq-fe.h", "storage/postgres/")
    hidden(header, "boost/beast", "http/")
    hidden(header, "crypt.h", "crypto/")
    hidden(header, "CLI/", "app/")
}
END {
    if (refused) { printf "%d forbidden includes or names\n", refused; exit 1 }
    if (files == 0) { print "no file was checked"; exit 1 }
    printf "checked %d files of the server\n", files
}'
