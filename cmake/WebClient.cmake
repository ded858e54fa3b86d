# breakwater_web_client(<variable for the folder> <variable for the files>)
#
# Builds the web client of web/ (with types and schemas from docs/openapi.json and docs/asyncapi.json) into a folder. The files variable contains the
# files with fixed names, which every build updates; the chunks that pages load later have other names after a change.
function(breakwater_web_client folder variable)
    set(source ${CMAKE_SOURCE_DIR}/web)
    if(NOT EXISTS ${source}/node_modules)
        message(FATAL_ERROR "web/node_modules is missing: run scripts/run, or `npm ci` in web/, then configure again.")
    endif()
    set(out ${CMAKE_BINARY_DIR}/generated/web)
    set(files ${out}/index.html ${out}/app.css ${out}/app.js)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${source}/src/*.ts ${source}/src/*.tsx ${source}/src/*.css)
    list(FILTER sources EXCLUDE REGEX "lib/(asyncapi|openapi|requests)\\.ts$")
    add_custom_command(
        OUTPUT ${files}
        COMMAND npm --silent --prefix ${source} run build -- --outDir ${out} --logLevel warn
        DEPENDS ${sources} ${source}/index.html ${source}/package-lock.json ${source}/vite.config.ts
            ${source}/scripts/messages.js ${source}/scripts/requests.js ${source}/tsconfig.json
            ${CMAKE_SOURCE_DIR}/docs/openapi.json ${CMAKE_SOURCE_DIR}/docs/asyncapi.json
        COMMENT "Building the web client"
        VERBATIM)
    set(${folder} ${out} PARENT_SCOPE)
    set(${variable} ${files} PARENT_SCOPE)
endfunction()
