# Build and start the engine with the packaged all-MiniLM-L6-v2, in the foreground.

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

command_run() {
    setup_runtime
    # Only what a user runs: the tests would take longer to build than the programs.
    build_preset "$mm_preset" modelmora-engine modelmora-worker modelmora
    local engine data
    engine="$(build_folder "$mm_preset")/bin/modelmora-engine"
    [[ -x $engine ]] || fail "the build made no $engine"
    data=$(engine_flag --data-dir "$mm_deps/run/data" "$@")
    mkdir -p "$data"
    # exec keeps this process's id, so that the engine gets the terminal's signals itself and its exit status is ours.
    show_first_request $$ "$data/engine.json" &
    MODELMORA_MODELS="$mm_deps/models" exec "$engine" --data-dir "$data" \
        --definitions "$(engine_flag --definitions "$mm_root/resources/definitions" "$@")" "$@"
}
