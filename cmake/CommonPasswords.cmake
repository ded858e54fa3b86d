# breakwater_common_passwords(<target> HEADER <header> COUNT <count> MIN_LENGTH <bytes> MAX_LENGTH <bytes>)
#
# Links to the target a library that defines the most common passwords which the length rule alone would let pass. (A library
# of its own, so that the generating waits for no other target.)
include(NodePackages)

function(breakwater_common_passwords target)
    cmake_parse_arguments(LIST "" "HEADER;COUNT;MIN_LENGTH;MAX_LENGTH" "" ${ARGN})
    breakwater_node_file(frequency_lists zxcvbn/lib/frequency_lists.js)
    set(generator ${CMAKE_SOURCE_DIR}/cmake/generate/common_passwords.cmake)
    set(source ${CMAKE_BINARY_DIR}/generated/common_passwords.cpp)
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} -D INPUT=${frequency_lists} -D OUTPUT=${source} -D HEADER=${LIST_HEADER}
            -D COUNT=${LIST_COUNT} -D MIN_LENGTH=${LIST_MIN_LENGTH} -D MAX_LENGTH=${LIST_MAX_LENGTH} -P ${generator}
        DEPENDS ${frequency_lists} ${generator}
        COMMENT "Generating the list of common passwords"
        VERBATIM)
    add_library(breakwater_common_passwords STATIC ${source})
    target_include_directories(breakwater_common_passwords PRIVATE ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(breakwater_common_passwords PRIVATE breakwater_options)
    target_link_libraries(${target} PRIVATE breakwater_common_passwords)
endfunction()
