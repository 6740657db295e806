# Builds a Rust static library with cargo and copies it to ARCHIVE. Clones may share TARGET_DIR, where each build puts its
# archive in the same place; the lock keeps another clone's from being copied.
file(MAKE_DIRECTORY "${TARGET_DIR}")
file(LOCK "${TARGET_DIR}/.clones" GUARD PROCESS)
get_filename_component(bin "${CARGO}" DIRECTORY)
set(ENV{PATH} "${bin}:$ENV{PATH}") # cargo looks for its rustc there
set(ENV{CC} "${CC}")
execute_process(
    COMMAND "${CARGO}" build --release --locked --quiet --manifest-path "${CRATE}/Cargo.toml" --target-dir "${TARGET_DIR}"
    COMMAND_ERROR_IS_FATAL ANY)
get_filename_component(name "${ARCHIVE}" NAME)
get_filename_component(folder "${ARCHIVE}" DIRECTORY)
file(MAKE_DIRECTORY "${folder}")
file(COPY_FILE "${TARGET_DIR}/release/${name}" "${ARCHIVE}")
file(TOUCH "${ARCHIVE}")
