# Compares a response with the one in a document. `…` in the document stands for parts that differ from run to run:
#   "…"            any value           "eyJ…"      a string with any characters in that place
#   [1, "…"]       and further items   {"…": "…"}  and further members
#   a line of `…`  any lines           (in ```text blocks)

def as_pattern: gsub("(?<c>[\\\\^$.|?*+()\\[\\]{}])"; "\\\(.c)") | gsub("…"; "[^\n]*");

def matches($expected; $actual):
    if $expected == "…" then true
    elif ($expected | type) != ($actual | type) then false
    elif ($expected | type) == "object" then
        ($expected | del(.["…"])) as $members
        | all($members | keys[]; . as $name | ($actual | has($name)) and matches($members[$name]; $actual[$name]))
          and (($expected | has("…")) or ($actual | length) == ($members | length))
    elif ($expected | type) == "array" then
        (($expected | length) > 0 and $expected[-1] == "…") as $open
        | (if $open then $expected[:-1] else $expected end) as $items
        | (if $open then ($actual | length) >= ($items | length) else ($actual | length) == ($items | length) end)
          and all(range($items | length); matches($items[.]; $actual[.]))
    elif ($expected | type) == "string" then $actual | test("\\A" + ($expected | as_pattern) + "\\z")
    else $expected == $actual
    end;

def lines: gsub("\r"; "") | rtrimstr("\n");

def text_matches($expected; $actual):
    ($expected | lines | split("\n")
        | map(if . == "…" then "(?:[^\n]*\n)*" else as_pattern + "\n" end) | join("")) as $pattern
    | ($actual | lines) + "\n" | test("\\A" + $pattern + "\\z");
