# mm_library(NAME SOURCES a.cpp b.cpp LINKS mm_base ...): a static library of ours with the project's flags.
# mm_executable(NAME SOURCES ... LINKS ...): a program of ours; it lands in build/bin/.
# mm_test(FILE.cpp LINKS ...): one Qt Test class in one file; the test is named after its path under tests/. Its label is
# `libtorch` where it links LibTorch in any way, `gui` where it shows windows, and `engine` otherwise; mm_engine_tests
# builds all of the latter, which is what the sanitizers look at.
include(CMakeParseArguments)

function(mm_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC mm_flags ${arg_LINKS})
    set_property(GLOBAL APPEND PROPERTY MM_TARGETS ${name})
endfunction()

function(mm_executable name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE mm_flags ${arg_LINKS})
    set_property(GLOBAL APPEND PROPERTY MM_TARGETS ${name})
endfunction()

# A test is run once or twice: what optimising it costs is never won back.
set(mm_test_options $<$<CONFIG:Release>:-O1>)

add_custom_target(mm_engine_tests)

# Left out of the thread sanitizer: these run on threads of Qt's pool, GLib or gRPC, whose packaged libraries are not
# instrumented, and their reports have not all been told from real races. The address sanitizer looks at them.
string(CONCAT mm_unseen_by_tsan "registry/test_(catalogue|definitions)$|rest/test_.*_routes?$|unit/grpc/"
    "|rest/test_(guard_limits|http_contract|job_results|rest_server|windowed_inference)$"
    "|cli/test_(modelmora|operating)$|access/test_(grpc|rest)_roles$")

function(mm_test file)
    cmake_parse_arguments(arg "" "" "LINKS" ${ARGN})
    cmake_path(ABSOLUTE_PATH file OUTPUT_VARIABLE path)
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY "${CMAKE_SOURCE_DIR}/tests" OUTPUT_VARIABLE relative)
    string(REGEX REPLACE "\\.cpp$" "" test_name "${relative}")
    string(REPLACE "/" "_" target "test_${test_name}")
    string(REPLACE "_test_" "_" target "${target}")
    add_executable(${target} ${file})
    # Not AUTOMOC, which for each of so many small targets takes longer than compiling it.
    cmake_path(GET file STEM stem)
    set(moc "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc/${stem}.moc")
    add_custom_command(OUTPUT "${moc}" COMMAND Qt6::moc "${path}" -o "${moc}" DEPENDS "${path}" VERBATIM)
    target_sources(${target} PRIVATE "${moc}")
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc")
    target_compile_options(${target} PRIVATE ${mm_test_options})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    set_property(GLOBAL APPEND PROPERTY MM_TEST_TARGETS ${target})
    target_link_libraries(${target} PRIVATE mm_flags Qt6::Test ${arg_LINKS})
    add_test(NAME "${test_name}" COMMAND ${target})
    set_tests_properties("${test_name}" PROPERTIES TIMEOUT 120 ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
    mm_leads_to(links_torch mm_torch ${arg_LINKS})
    mm_leads_to(links_gui Qt6::Widgets ${arg_LINKS})
    if(links_torch)
        set_tests_properties("${test_name}" PROPERTIES LABELS libtorch)
    elseif(links_gui)
        set_tests_properties("${test_name}" PROPERTIES LABELS gui)
    elseif(MM_SANITIZE MATCHES "thread" AND test_name MATCHES "${mm_unseen_by_tsan}")
        set_tests_properties("${test_name}" PROPERTIES LABELS unseen)
    else()
        set_tests_properties("${test_name}" PROPERTIES LABELS engine)
        add_dependencies(mm_engine_tests ${target})
    endif()
    if(MM_SANITIZE MATCHES "thread")
        set_property(TEST "${test_name}" APPEND PROPERTY ENVIRONMENT
            "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
    endif()
endfunction()
