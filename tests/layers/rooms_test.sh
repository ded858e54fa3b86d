#!/bin/sh
# rooms_test.sh [server folder]: every include in server/ keeps to edges.txt, and a library that a room hides behind its own
# interface is included in that room alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
server=${1:-$here/../../server}
cd "$server"

find . -name '*.[ch]pp' | sed 's|^\./||' | sort | xargs awk -v edges="$here/edges.txt" '
function refuse(why) { printf "server/%s:%d: %s\n", FILENAME, FNR, why; refused++ }
function hidden(header, prefix, home) {
    if (index(header, prefix) == 1 && index(FILENAME, home) != 1)
        refuse("<" header "> belongs to " home " alone")
}
BEGIN {
    while ((getline line < edges) > 0) {
        if (line ~ /^#/ || line !~ /:/) continue
        split(line, sides, ":")
        rooms[sides[1]] = 1
        may[sides[1], sides[1]] = 1
        count = split(sides[2], seen, " ")
        for (i = 1; i <= count; i++) may[sides[1], seen[i]] = 1
    }
    if (!("base" in rooms)) { print "no edges in " edges; exit 2 }
}
FNR == 1 {
    files++
    room = FILENAME
    sub("/.*", "", room)
    if (!(room in rooms)) refuse("the folder " room " is no room of edges.txt")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    header = $0
    sub(/^[^"]*"/, "", header)
    sub(/".*/, "", header)
    target = header
    if (!sub("/.*", "", target)) { refuse("\"" header "\" does not name its room"); next }
    if (!(target in rooms)) refuse("\"" header "\" is in no room of edges.txt")
    else if (!((room, target) in may)) refuse("the room " room " may not include " target ": \"" header "\"")
    if (index(header, "storage/sqlite/") == 1 && room != "app" && index(FILENAME, "storage/sqlite/") != 1)
        refuse("a storage backend is named by app alone: \"" header "\"")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    header = $0
    sub(/^[^<]*</, "", header)
    sub(/>.*/, "", header)
    hidden(header, "sqlite3.h", "storage/sqlite/")
    hidden(header, "boost/beast", "http/")
    hidden(header, "crypt.h", "crypto/")
    hidden(header, "CLI/", "app/")
}
END {
    if (refused) { printf "%d includes cross a wall\n", refused; exit 1 }
    if (files == 0) { print "no file was checked"; exit 1 }
    printf "%d files keep to their rooms\n", files
}'
