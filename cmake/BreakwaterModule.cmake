# breakwater_module(<name> [USES <module>...] [LIBRARIES <target>...])
#
# Creates the static library of a module, which is a folder of server/. It links only the modules that it may use. tests/layers checks
# that the includes follow the same edges.
function(breakwater_module name)
    cmake_parse_arguments(MODULE "" "" "USES;LIBRARIES" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_library(breakwater_${name} STATIC ${sources})
    target_include_directories(breakwater_${name} PUBLIC ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(breakwater_${name} PUBLIC breakwater_options)
    foreach(module IN LISTS MODULE_USES)
        target_link_libraries(breakwater_${name} PUBLIC breakwater_${module})
    endforeach()
    target_link_libraries(breakwater_${name} PUBLIC ${MODULE_LIBRARIES})
    target_precompile_headers(breakwater_${name} REUSE_FROM breakwater_precompiled)
endfunction()
