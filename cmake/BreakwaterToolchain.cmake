# Compiler options of all targets.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(breakwater_options INTERFACE)
# Designated initializers omit members with defaults, so the missing-field warning does not help.
target_compile_options(breakwater_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
target_compile_options(breakwater_options INTERFACE -fstack-protector-strong)
# Asio keeps that many freed blocks of each kind for a thread. A request nests more coroutines than the two of
# Asio's default, and each frame above the limit would cost an allocation.
target_compile_definitions(breakwater_options INTERFACE
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(breakwater_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(BREAKWATER_SANITIZE)
    target_compile_options(breakwater_options INTERFACE
        -fsanitize=${BREAKWATER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(breakwater_options INTERFACE -fsanitize=${BREAKWATER_SANITIZE})
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
