# breakwater_api_pages(<target>)
#
# Embeds the web client, Swagger UI and Redoc with their pages into the target.
include(EmbedAssets)
include(NodePackages)
include(WebClient)

function(breakwater_api_pages target)
    breakwater_node_file(swagger_css swagger-ui-dist/swagger-ui.css)
    breakwater_node_file(swagger_js swagger-ui-dist/swagger-ui-bundle.js)
    breakwater_node_file(swagger_licences swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt)
    breakwater_node_file(redoc_js redoc/bundles/redoc.standalone.js)
    breakwater_node_file(redoc_licences redoc/bundles/redoc.standalone.js.LICENSE.txt)

    # Redoc loads a logo from another server; our pages must not load anything from other servers.
    set(redoc_local ${CMAKE_BINARY_DIR}/generated/redoc.standalone.js)
    add_custom_command(
        OUTPUT ${redoc_local}
        COMMAND sed -E "s|https://cdn\\.redoc\\.ly/[^\"']*|data:,|g" ${redoc_js} > ${redoc_local}
        DEPENDS ${redoc_js}
        COMMENT "Generating redoc.standalone.js without URLs of other servers"
        VERBATIM)

    file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/server/api/assets/*.html ${CMAKE_SOURCE_DIR}/server/api/assets/*.css
        ${CMAKE_SOURCE_DIR}/server/api/assets/*.js ${CMAKE_SOURCE_DIR}/server/api/assets/*.svg)
    breakwater_web_client(web_folder web_files)
    breakwater_embed_assets(breakwater_api_assets HEADER api/assets/assets.hpp
        FILES ${pages} ${swagger_css} ${swagger_js} ${swagger_licences} ${redoc_local} ${redoc_licences}
        PREFIX app FOLDER ${web_folder} FOLDER_DEPENDS ${web_files})
    target_link_libraries(${target} PRIVATE breakwater_api_assets)
endfunction()
