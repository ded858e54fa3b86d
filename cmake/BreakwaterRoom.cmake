# breakwater_room(<name> [USES <room>...] [LIBRARIES <target>...])
#
# A folder of server/ is a room: a static library of all its sources, linked to nothing but the rooms it may know. The link
# edges are the architecture; tests/layers checks that the includes keep to them.
function(breakwater_room name)
    cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_library(breakwater_${name} STATIC ${sources})
    target_include_directories(breakwater_${name} PUBLIC ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(breakwater_${name} PUBLIC breakwater_options)
    foreach(room IN LISTS ROOM_USES)
        target_link_libraries(breakwater_${name} PUBLIC breakwater_${room})
    endforeach()
    target_link_libraries(breakwater_${name} PUBLIC ${ROOM_LIBRARIES})
endfunction()
