# Turns a document into a bash script: ```sh blocks are run, `# → 201` under a call checks its status, and ```json and ```text
# blocks are compared with the answer to the last call. Other blocks are only to be read.
function quoted(text) { gsub(/'/, "'\\''", text); return "'" text "'" }
function place() { return quoted(FILENAME ":" FNR) }
/^```/ {
    if (inside != "") {
        if (inside == "json" || inside == "text") print "END_OF_ANSWER"
        inside = ""
    } else {
        inside = substr($0, 4)
        if (inside == "") inside = "plain"
        if (inside == "sh") print "at_block " place()
        if (inside == "json" || inside == "text") print "compare_" inside " " place() " <<'END_OF_ANSWER'"
    }
    next
}
inside == "sh" && /^# → / { print "expect " $3 " " place(); next }
inside == "sh" || inside == "json" || inside == "text" { print }
END { if (inside != "") { print FILENAME ": a block has no end" >"/dev/stderr"; exit 1 } }
