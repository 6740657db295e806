# ./dev test: every suite, its output in build/test-logs/, and one line of counts at the very end.

mm_logs="$mm_root/build/test-logs"
mm_results="$mm_logs/results.tsv"

# record SUITE PASSED FAILED
record() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$mm_results"; }

# one_check SUITE TITLE COMMAND...: a suite that either holds or does not
one_check() {
    local suite=$1 title=$2
    shift 2
    if logged "$title" "$mm_logs/$suite.log" "$@"; then record "$suite" 1 0; else record "$suite" 0 1; fi
}

# counted SUITE TITLE REPORT COMMAND...: a suite whose tests are counted from the JUnit report that it writes
counted() {
    local suite=$1 title=$2 report=$3 status=0 passed failed
    shift 3
    rm -f "$report"
    logged "$title" "$mm_logs/$suite.log" "$@" || status=$?
    read -r passed failed < <(python3 "$mm_root/resources/dev/count_results.py" "$report" "$status")
    say "    $passed passed, $failed failed"
    record "$suite" "$passed" "$failed"
}

run_ctest() {
    local suite=$1 folder=$2 title=$3 report="$mm_logs/$1.xml"
    shift 3
    counted "$suite" "$title" "$report" ctest --test-dir "$folder" --parallel "$(nproc)" --output-on-failure \
        --no-tests=error --test-output-size-passed 1000000 --test-output-size-failed 1000000 \
        --output-junit "$report" "$@"
}

# run_pytest SUITE TITLE FOLDER [ARGUMENT...]
run_pytest() {
    local suite=$1 title=$2 folder=$3 report="$mm_logs/$1.xml" select=()
    shift 3
    [[ -d $mm_root/$folder ]] || return 0
    [[ -z $mm_select ]] || select=(-k "$mm_select")
    counted "$suite" "$title" "$report" env MM_BUILD="$(build_folder "$mm_preset")" MM_DEPS="$mm_deps" \
        "$mm_test_python" -m pytest "$folder" --junitxml "$report" "$@" "${select[@]+"${select[@]}"}"
}

check_format() { cpp_files | xargs --no-run-if-empty clang-format --dry-run -Werror; }

suite_lint() {
    one_check format "Format of the C++ sources" check_format
    one_check architecture "Architecture: include directions, cycles, sizes" \
        python3 "$mm_root/tests/architecture/check_architecture.py" "$mm_root"
    run_pytest project "Tests of the project's own scripts" tests/architecture
}

# Apart from the default suites until it was seen clean over everything.
suite_tidy() {
    one_check tidy "clang-tidy, naming included" python3 "$mm_root/resources/dev/clang_tidy.py" \
        --build "$(build_folder "$mm_preset")" --cache "$mm_cache/clang-tidy" --jobs "$(job_count)"
}

suite_unit() {
    local select=()
    [[ -z $mm_select ]] || select=(--tests-regex "$mm_select")
    run_ctest unit "$(build_folder "$mm_preset")" "Unit and contract tests" "${select[@]+"${select[@]}"}"
}

suite_parity() { run_pytest parity "Parity with the reference implementation" tests/parity; }
# Two files at a time: most of their time is waiting, two minutes of it for the storm of test_chaos alone.
suite_integration() { run_pytest integration "The running programs" tests/integration --numprocesses 2 --dist loadfile; }

suite_fuzz() {
    local targets
    mapfile -t targets < <(cd "$mm_root/tests/fuzz" && printf '%s\n' fuzz_*.cpp | sed 's/\.cpp$//')
    if ! build_preset fuzz "${targets[@]}"; then
        record fuzz 0 1
        return
    fi
    run_ctest fuzz "$(build_folder fuzz)" "Fuzzers, briefly" --label-regex fuzz ${mm_select:+--tests-regex "$mm_select"}
}

suite_sanitizers() {
    local preset
    for preset in asan-ubsan tsan; do
        if ! build_preset "$preset" mm_engine_tests; then
            record "$preset" 0 1
            continue
        fi
        ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
            TSAN_OPTIONS="suppressions=$mm_root/tests/support/tsan.supp:history_size=4" \
            run_ctest "$preset" "$(build_folder "$preset")" "Engine tests under $preset" \
            --label-regex '^engine$' ${mm_select:+--tests-regex "$mm_select"}
    done
}

# The table, and the line of counts last of all; false where anything failed.
report_results() {
    local suite passed failed all_passed=0 all_failed=0
    printf '\n'
    while IFS=$'\t' read -r suite passed failed; do
        printf '  %-14s %5d passed  %3d failed\n' "$suite" "$passed" "$failed"
        all_passed=$((all_passed + passed))
        all_failed=$((all_failed + failed))
    done <"$mm_results"
    printf '\n  in %s; logs in build/test-logs\n%d passed, %d failed\n' \
        "$(clock_since 0)" "$all_passed" "$all_failed"
    ((all_failed == 0 && all_passed > 0))
}

command_test() {
    local suites=() suite
    mm_select=
    while (($#)); do
        case $1 in
            lint | tidy | unit | parity | integration | fuzz | sanitizers) suites+=("$1") ;;
            -k)
                (($# >= 2)) || fail "-k wants an expression"
                mm_select=$2
                shift
                ;;
            *) fail "./dev test knows lint, tidy, unit, parity, integration, fuzz, sanitizers and -k EXPRESSION, not '$1'" ;;
        esac
        shift
    done
    ((${#suites[@]})) || suites=(lint unit parity integration fuzz sanitizers)
    setup_tests
    mkdir -p "$mm_logs"
    : >"$mm_results"
    # Fuzzers and sanitizers have builds of their own.
    if [[ " ${suites[*]} " =~ \ (lint|tidy|unit|parity|integration)\  ]] && ! build_preset "$mm_preset"; then
        record build 0 1
        suites=()
    fi
    for suite in "${suites[@]+"${suites[@]}"}"; do
        "suite_$suite"
    done
    report_results
}
