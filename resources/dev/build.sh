# Configure and compile a preset. ccache lives in the user's cache folder and forgets where the clone lies.

export CCACHE_DIR="$mm_cache/ccache" CCACHE_BASEDIR="$mm_root" CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=10G
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

build_folder() {
    if [[ $1 == release ]]; then echo "$mm_root/build"; else echo "$mm_root/build-$1"; fi
}

# As many jobs as processors, but 2 GB of memory for each: a LibTorch file needs that much.
job_count() {
    local processors memory
    processors=$(nproc)
    memory=$(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 2000000))
    ((memory >= 1)) || memory=1
    echo $((processors < memory ? processors : memory))
}

configure() {
    local preset=$1 folder arguments
    folder=$(build_folder "$preset")
    arguments=(--preset "$preset" "-DMM_CARGO=$mm_cargo" "-DMM_CARGO_TARGET_DIR=$mm_cache/cargo-target")
    if [[ -f $folder/build.ninja ]] && stamp_is "$folder/.configured" "${arguments[*]}"; then
        return
    fi
    logged "Configuring $preset" "$folder/configure.log" cmake -S "$mm_root" "${arguments[@]}" || return
    printf '%s' "${arguments[*]}" >"$folder/.configured"
}

# build_preset PRESET [TARGET...]
build_preset() {
    local preset=$1 folder start=$SECONDS
    shift
    folder=$(build_folder "$preset")
    [[ " $(preset_names) " == *" $preset "* ]] ||
        fail "there is no preset $preset; CMakePresets.json has: $(preset_names)"
    configure "$preset" || return
    announce "Building $preset in ${folder#"$mm_root"/}${*:+ ($*)}"
    local status=0
    if [[ $mm_verbose == yes ]]; then
        cmake --build "$folder" --parallel "$(job_count)" --verbose ${*:+--target "$@"} || status=$?
    else
        cmake --build "$folder" --parallel "$(job_count)" ${*:+--target "$@"} || status=$?
    fi
    if ((status != 0)); then
        say "    the build of $preset failed after $(clock_since "$start")" >&2
        return "$status"
    fi
    say "    built in $(clock_since "$start")"
}

preset_names() {
    sed -n 's/^ *"name": "\([a-z-]*\)".*/\1/p' "$mm_root/CMakePresets.json" | grep -v '^base$' | sort -u | paste -sd ' '
}
