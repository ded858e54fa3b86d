# Converts a document into a bash script. It runs ```sh blocks, checks the status of a call with the `# → 201` below it, and
# compares ```json and ```text blocks with the response to the last call. It ignores other blocks.
function quoted(text) { gsub(/'/, "'\\''", text); return "'" text "'" }
function place() { return quoted(FILENAME ":" FNR) }
/^```/ {
    if (block != "") {
        if (block == "json" || block == "text") print "END_OF_RESPONSE"
        block = ""
    } else {
        block = substr($0, 4)
        if (block == "") block = "plain"
        if (block == "sh") print "at_block " place()
        if (block == "json" || block == "text") print "compare_" block " " place() " <<'END_OF_RESPONSE'"
    }
    next
}
block == "sh" && /^# → / { print "expect " $3 " " place(); next }
block == "sh" || block == "json" || block == "text" { print }
END { if (block != "") { print FILENAME ": a block has no end" >"/dev/stderr"; exit 1 } }
