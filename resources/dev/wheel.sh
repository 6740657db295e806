# The Python client as a wheel in dist/, by the pinned tools of the test environment.

command_wheel() {
    (($# == 0)) || fail "./dev wheel takes nothing, not '$1'"
    with_setup_lock setup_wheel_python
    local log="$mm_root/build/wheel.log"
    logged "Building the Python client" "$log" env --chdir="$mm_root/clients/python" \
        "$mm_test_python" -m hatchling build --target wheel --directory "$mm_root/dist" || return
    say "    dist/$(basename "$(tail -n 1 "$log")")"
}

# LibTorch stands in the test environment; nothing else of the program is needed.
setup_wheel_python() {
    setup_unpacked libtorch "$mm_deps/libtorch"
    setup_test_python
}
