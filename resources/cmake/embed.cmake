# mm_embed(NAME SOURCES a.cpp FILES "name=type=path" ... LINKS ...): a library that carries files, compressed. A file whose
# path is openapi.json in the binary folder is converted from docs/openapi.yaml first.
find_program(MM_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

function(mm_embed name)
    cmake_parse_arguments(arg "" "" "SOURCES;FILES;LINKS" ${ARGN})
    set(scripts "${CMAKE_SOURCE_DIR}/resources/embed")
    set(description "${CMAKE_CURRENT_BINARY_DIR}/openapi.json")
    add_custom_command(OUTPUT "${description}"
        COMMAND "${MM_SYSTEM_PYTHON}" "${scripts}/openapi_json.py" "${CMAKE_SOURCE_DIR}/docs/openapi.yaml" "${description}"
        DEPENDS "${scripts}/openapi_json.py" "${CMAKE_SOURCE_DIR}/docs/openapi.yaml"
        COMMENT "Converting docs/openapi.yaml" VERBATIM)
    set(paths)
    foreach(file IN LISTS arg_FILES)
        string(REGEX REPLACE "^.*=" "" path "${file}")
        list(APPEND paths "${path}")
        cmake_path(IS_PREFIX MM_DEPS "${path}" is_fetched)
        if(is_fetched AND NOT EXISTS "${path}")
            message(FATAL_ERROR "${path} is not there. Run: ./dev setup")
        endif()
    endforeach()
    set(generated "${CMAKE_CURRENT_BINARY_DIR}/${name}.generated.cpp")
    add_custom_command(OUTPUT "${generated}"
        COMMAND "${MM_SYSTEM_PYTHON}" "${scripts}/embed_files.py" --out "${generated}" ${arg_FILES}
        DEPENDS "${scripts}/embed_files.py" ${paths}
        COMMENT "Compressing what ${name} carries" VERBATIM)
    mm_library(${name} SOURCES "${generated}" ${arg_SOURCES} LINKS ${arg_LINKS})
endfunction()
