# Benchmarks are programs under tests/bench/, one per name; each compares ratios measured in one run.

bench_names() {
    local file
    for file in "$mm_root"/tests/bench/*.py; do
        [[ -f $file ]] || continue
        file=$(basename "$file" .py)
        [[ $file == _* || $file == conftest ]] || printf '%s\n' "$file"
    done
}

command_bench() {
    local name=${1:-}
    if [[ -z $name ]]; then
        say "benchmarks (./dev bench NAME [ARGUMENTS]):"
        bench_names | sed 's/^/  /'
        return
    fi
    shift
    [[ -f $mm_root/tests/bench/$name.py && -n $(bench_names | grep --line-regexp --fixed-strings "$name") ]] ||
        fail "there is no benchmark '$name'; there are: $(bench_names | paste -sd ' ')"
    setup_bench
    [[ $name != rest ]] || setup_rest_peers
    build_preset "$mm_preset"
    MM_BUILD="$(build_folder "$mm_preset")" MM_DEPS="$mm_deps" PYTHONPATH="$mm_root" \
        "$mm_test_python" "$mm_root/tests/bench/$name.py" "$@"
}
