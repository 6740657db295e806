# Formatting in place, and taking things away.

cpp_files() { git -C "$mm_root" ls-files --cached --others --exclude-standard -- '*.cpp' '*.h' | while read -r file; do
    [[ -f $mm_root/$file ]] && printf '%s\n' "$file"
done; }

command_format() {
    need_debian_packages "$mm_packages/debian.txt"
    cpp_files | xargs --no-run-if-empty clang-format -i
    say "formatted $(cpp_files | wc -l) files"
}

command_clean() {
    local folders=(build build-*/ dist) folder
    case ${1:-} in
        '') ;;
        --all) folders+=(.deps) ;;
        *) fail "./dev clean takes only --all, not '$1'" ;;
    esac
    for folder in "${folders[@]}"; do
        [[ -e $folder ]] || continue
        # .deps may be a link to another clone's; then only the link goes.
        if [[ -L ${folder%/} ]]; then rm -f "${folder%/}"; else rm -rf "$folder"; fi
        say "removed ${folder%/}"
    done
}
