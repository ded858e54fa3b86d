# breakwater_node_file(<variable> <path under node_modules>)
#
# Sets the variable to the path of a file in an npm package. The build embeds these files; package-lock.json pins their versions.
function(breakwater_node_file variable path)
    set(file ${CMAKE_SOURCE_DIR}/node_modules/${path})
    if(NOT EXISTS ${file})
        message(FATAL_ERROR "node_modules/${path} is missing: run scripts/run, or `npm ci` in the top folder, then configure again.")
    endif()
    set(${variable} ${file} PARENT_SCOPE)
endfunction()
