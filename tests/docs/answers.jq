# How an answer in the documents is compared with the real one. `…` stands for what differs from run to run:
#   "…"            any value           "eyJ…"      a text with any run of characters there
#   [1, "…"]       and any more        {"…": "…"}  and any more members
#   a line of `…`  any lines           (in ```text blocks)

def as_pattern: gsub("(?<c>[\\\\^$.|?*+()\\[\\]{}])"; "\\\(.c)") | gsub("…"; "[^\n]*");

def matches($want; $got):
    if $want == "…" then true
    elif ($want | type) != ($got | type) then false
    elif ($want | type) == "object" then
        ($want | del(.["…"])) as $named
        | all($named | keys[]; . as $name | ($got | has($name)) and matches($named[$name]; $got[$name]))
          and (($want | has("…")) or ($got | length) == ($named | length))
    elif ($want | type) == "array" then
        (($want | length) > 0 and $want[-1] == "…") as $open
        | (if $open then $want[:-1] else $want end) as $first
        | (if $open then ($got | length) >= ($first | length) else ($got | length) == ($first | length) end)
          and all(range($first | length); matches($first[.]; $got[.]))
    elif ($want | type) == "string" then . as $here | $got | test("\\A" + ($want | as_pattern) + "\\z")
    else $want == $got
    end;

def lines: gsub("\r"; "") | rtrimstr("\n");

def text_matches($want; $got):
    ($want | lines | split("\n")
        | map(if . == "…" then "(?:[^\n]*\n)*" else as_pattern + "\n" end) | join("")) as $pattern
    | ($got | lines) + "\n" | test("\\A" + $pattern + "\\z");
