# mm_library(NAME SOURCES a.cpp b.cpp LINKS mm_base ...): a static library of ours with the project's flags.
# mm_executable(NAME SOURCES ... LINKS ...): a program of ours; it lands in build/bin/.
# mm_test(FILE.cpp LINKS ...): one Qt Test class in one file; the test is named after its path under tests/.
include(CMakeParseArguments)

function(mm_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC mm_flags ${arg_LINKS})
endfunction()

function(mm_executable name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE mm_flags ${arg_LINKS})
endfunction()

function(mm_test file)
    cmake_parse_arguments(arg "" "" "LINKS" ${ARGN})
    cmake_path(ABSOLUTE_PATH file OUTPUT_VARIABLE path)
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY "${CMAKE_SOURCE_DIR}/tests" OUTPUT_VARIABLE relative)
    string(REGEX REPLACE "\\.cpp$" "" test_name "${relative}")
    string(REPLACE "/" "_" target "test_${test_name}")
    string(REPLACE "_test_" "_" target "${target}")
    add_executable(${target} ${file})
    set_target_properties(${target} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_link_libraries(${target} PRIVATE mm_flags Qt6::Test ${arg_LINKS})
    add_test(NAME "${test_name}" COMMAND ${target})
    set_tests_properties("${test_name}" PROPERTIES TIMEOUT 120 ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
endfunction()
