# breakwater_embed_assets(<new target> HEADER <header> FILES <file>... PREFIX <prefix> FOLDER <folder> FOLDER_DEPENDS <file>...)
#
# Creates a library that embeds files with .incbin, because compiling megabytes of numbers is slow. The path of each of FILES is
# its name. The path of each file in FOLDER is <prefix>/<name>; its files are known only after FOLDER_DEPENDS are built. The
# header declares `struct asset {path, content_type, bytes}` and `assets()`, which the generated source defines.
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
    # The names may stay the same while the content changes.
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${EMBED_FILES};${EMBED_FOLDER_DEPENDS}")
    add_library(${target} STATIC ${source})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(${target} PRIVATE breakwater_options)
endfunction()
