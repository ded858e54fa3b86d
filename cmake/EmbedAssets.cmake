# breakwater_embed_assets(<new target> HEADER <header> FILES <file>... PREFIX <prefix> FOLDER <folder> FOLDER_DEPENDS <file>...)
#
# Makes a library of files as they are, through the assembler's .incbin: no compiler reads megabytes of numbers. FILES are
# there by their names; what is in FOLDER (known only once it is built, which FOLDER_DEPENDS tell) as <prefix>/<name>. The
# header declares `struct asset {path, content_type, bytes}` and `assets()`, which the made source defines.
function(breakwater_embed_assets target)
    cmake_parse_arguments(EMBED "" "HEADER;PREFIX;FOLDER" "FILES;FOLDER_DEPENDS" ${ARGN})
    set(list ${CMAKE_BINARY_DIR}/generated/${target}.txt)
    set(source ${CMAKE_BINARY_DIR}/generated/${target}.cpp)
    string(REPLACE ";" "\n" names "${EMBED_FILES}")
    file(CONFIGURE OUTPUT ${list} CONTENT "${names}\n")
    set(script ${CMAKE_SOURCE_DIR}/cmake/generate/assets.cmake)
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} -DLIST=${list} -DPREFIX=${EMBED_PREFIX} -DFOLDER=${EMBED_FOLDER} -DEMBED_HEADER=${EMBED_HEADER}
            -DOUTPUT=${source} -P ${script}
        DEPENDS ${list} ${EMBED_FILES} ${EMBED_FOLDER_DEPENDS} ${script} ${CMAKE_SOURCE_DIR}/cmake/generate/assets.cpp.in
        VERBATIM)
    # The names may be the same, and the bytes others.
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${EMBED_FILES};${EMBED_FOLDER_DEPENDS}")
    add_library(${target} STATIC ${source})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(${target} PRIVATE breakwater_options)
endfunction()
