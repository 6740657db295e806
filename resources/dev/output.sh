# What ./dev prints: one line per step with its time; the output of a step goes to a log unless it fails or --verbose.

fail() {
    printf '\nerror: %s\n' "$*" >&2
    exit 1
}

say() { printf '%s\n' "$*"; }

# announce TITLE: names the step that begins; steps that print their own progress follow it.
announce() { printf '==> %s\n' "$*"; }

# clock_since START: "3 s" or "2 min 05 s"
clock_since() {
    local seconds=$((SECONDS - $1))
    if ((seconds < 60)); then
        printf '%d s' "$seconds"
    else
        printf '%d min %02d s' $((seconds / 60)) $((seconds % 60))
    fi
}

# logged TITLE LOG COMMAND...: runs a command with its output in LOG; on failure shows the end of the log.
logged() {
    local title=$1 log=$2 start=$SECONDS status=0
    shift 2
    mkdir -p "$(dirname "$log")"
    announce "$title"
    if [[ $mm_verbose == yes ]]; then
        "$@" 2>&1 | tee "$log" || status=$?
    else
        "$@" >"$log" 2>&1 || status=$?
    fi
    if ((status != 0)); then
        [[ $mm_verbose == yes ]] || tail -n 60 "$log" | sed 's/^/    /' >&2
        say "    failed after $(clock_since "$start"), exit status $status; all of it: ${log#"$mm_root"/}" >&2
        return "$status"
    fi
    say "    done in $(clock_since "$start")"
}
