# breakwater_node_file(<variable> <path under node_modules>)
#
# Where a file of an npm package is. The packages are data that the build embeds; package-lock.json pins them.
function(breakwater_node_file variable path)
    set(file ${CMAKE_SOURCE_DIR}/node_modules/${path})
    if(NOT EXISTS ${file})
        message(FATAL_ERROR "node_modules/${path} is missing: run scripts/run, or `npm ci` in the top folder, then configure again.")
    endif()
    set(${variable} ${file} PARENT_SCOPE)
endfunction()
