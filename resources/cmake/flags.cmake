# mm_flags: what every target of ours compiles with. The one place for language level, warnings and strict macros.
add_library(mm_flags INTERFACE)
target_compile_features(mm_flags INTERFACE cxx_std_20)
target_compile_options(mm_flags INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    -Wno-missing-field-initializers)
# What Qt and gRPC ask for, asked of every file, so that all of them can share precompiled headers.
target_compile_options(mm_flags INTERFACE -fPIC -fno-semantic-interposition -pthread)
# GCC 12 sees overlaps and overflows in the standard library's own string concatenation that cannot happen (its bug
# 105651), and believes that the value of a moved Result may be read before it is set.
target_compile_options(mm_flags INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds;-Wno-maybe-uninitialized>")
target_compile_definitions(mm_flags INTERFACE
    MM_VERSION="${PROJECT_VERSION}"
    QT_NO_KEYWORDS QT_NO_FOREACH QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING
    QT_NO_CAST_FROM_BYTEARRAY QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS QT_USE_QSTRINGBUILDER
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)
target_include_directories(mm_flags INTERFACE "${CMAKE_SOURCE_DIR}")

if(MM_SANITIZE)
    add_compile_options(-fsanitize=${MM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${MM_SANITIZE})
endif()
if(MM_SANITIZE MATCHES "thread")
    # protobuf's headers give maps another layout where this macro is set, which the packaged library does not know.
    add_compile_options(-U__SANITIZE_THREAD__)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>) # for ccache
endif()
if(MM_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(MM_MOLD mold)
if(MM_MOLD AND NOT MM_SANITIZE)
    add_link_options(-fuse-ld=mold)
endif()

find_program(MM_CCACHE ccache)
if(MM_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER "${MM_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${MM_CCACHE}")
endif()
