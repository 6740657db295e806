# Build and start the console, or the engine alone, with the packaged all-MiniLM-L6-v2, in the foreground.

# The value that a flag has among the engine's arguments, in either spelling, or the default.
engine_flag() {
    local flag=$1 value=$2
    shift 2
    while (($#)); do
        case $1 in
            "$flag") value=${2:-} ;;
            "$flag"=*) value=${1#*=} ;;
        esac
        shift
    done
    printf '%s' "$value"
}

# Waits until the engine of process PID has written where it listens, then prints a request that works.
show_first_request() {
    local pid=$1 file=$2 rest
    while kill -0 "$pid" 2>/dev/null; do
        if [[ -f $file ]] && grep --quiet "\"pid\": *$pid\b" "$file"; then
            rest=$(sed -n 's/.*"rest": *"\([^"]*\)".*/\1/p' "$file")
            scheme=http
            ! grep -q '"tls": *true' "$file" || scheme=https
            printf '\nModelMora is ready. Ctrl-C stops it. From another terminal:\n\n'
            printf "  curl -s %s://%s/v1/embeddings -H 'Content-Type: application/json' \\\\\n" "$scheme" "$rest"
            printf "    -d '{\"model\": \"sentence-transformers/all-MiniLM-L6-v2\", \"input\": \"Hello, world\"}'\n\n"
            return
        fi
        sleep 0.1
    done
}

# Whether the console can be shown and is not refused by --headless or by settings that only a service has.
wants_console() {
    [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} && " $* " != *" --headless "* ]]
}

command_run() {
    local program=modelmora-engine
    ! wants_console "$@" || program=modelmora-console
    local arguments=() argument
    for argument in "$@"; do
        [[ $argument == --headless ]] || arguments+=("$argument")
    done
    set -- "${arguments[@]+"${arguments[@]}"}"
    setup_runtime
    # Only what a user runs: the tests would take longer to build than the programs.
    build_preset "$mm_preset" "$program" modelmora-worker modelmora
    local path data
    path="$(build_folder "$mm_preset")/bin/$program"
    [[ -x $path ]] || fail "the build made no $path"
    data=$(engine_flag --data-dir "$mm_deps/run/data" "$@")
    mkdir -p "$data"
    # exec keeps this process's id, so that the program gets the terminal's signals itself and its exit status is ours.
    show_first_request $$ "$data/engine.json" &
    MODELMORA_MODELS="$mm_deps/models" exec "$path" --data-dir "$data" \
        --definitions "$(engine_flag --definitions "$mm_root/resources/definitions" "$@")" "$@"
}
