# Run with cmake -P: turns the password list of zxcvbn, which goes from common to rare, into a sorted C++ table.
cmake_minimum_required(VERSION 3.25)

file(READ ${INPUT} text)
if(NOT text MATCHES "passwords: \"([^\"]*)\"")
    message(FATAL_ERROR "${INPUT} holds no password list.")
endif()
set(text ",${CMAKE_MATCH_1},")
# What a CMake list or a C++ literal can't hold plainly is left out: some thirty of thirty thousand.
string(REGEX REPLACE ",[^,]*[][;\\][^,]*" "" text "${text}")
string(REPLACE "," ";" ranked "${text}")

set(chosen "")
set(count 0)
foreach(password IN LISTS ranked)
    string(LENGTH "${password}" length)
    if(length GREATER_EQUAL MIN_LENGTH AND length LESS_EQUAL MAX_LENGTH)
        list(APPEND chosen "${password}")
        math(EXPR count "${count} + 1")
        if(count EQUAL COUNT)
            break()
        endif()
    endif()
endforeach()

list(TRANSFORM chosen TOLOWER)
list(SORT chosen)
list(REMOVE_DUPLICATES chosen)
list(LENGTH chosen length)
if(NOT length EQUAL COUNT)
    message(FATAL_ERROR "${INPUT} gives ${length} passwords where ${COUNT} are wanted.")
endif()

list(JOIN chosen "\",\n    \"" entries)
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace breakwater::crypto {

static constexpr std::string_view entries[] = {
    \"${entries}\"};

constinit const std::span<const std::string_view> common_passwords{entries};

} // namespace breakwater::crypto
")
