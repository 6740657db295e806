# Everything the project needs from outside. Each part looks first, quickly, and does nothing where nothing is missing.
# Downloads live in the user's cache folder, what is unpacked from them in .deps/ of this clone.

mm_cache="${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/modelmora"
mm_deps="$mm_root/.deps"
mm_packages="$mm_root/resources/packages"
mm_system_python=${MM_PYTHON:-/usr/bin/python3}
mm_test_python="$mm_deps/python/bin/python"

listed() { sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$@"; }

stamp_of() { cat "$@" | sha256sum | cut -d ' ' -f 1; }
stamp_is() { [[ -f $1 && $(<"$1") == "$2" ]]; }

# as_administrator COMMAND...: as root, or by sudo where it can be used; returns 100 where neither is possible.
as_administrator() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]; }; then
        sudo "$@"
    else
        return 100
    fi
}

install_debian_packages() {
    local apt=(apt-get -o DPkg::Lock::Timeout=300)
    local install=("${apt[@]}" install --yes --no-install-recommends "$@") status=0
    announce "Debian packages: $# missing, installing"
    say "    $*"
    as_administrator "${apt[@]}" update --quiet || status=$?
    if ((status == 100)); then
        say "Packages are missing and this user can neither act as root nor use sudo. Someone who can must run:" >&2
        printf '\n    apt-get update && apt-get install --yes --no-install-recommends %s\n\n' "$*" >&2
        fail "set-up goes on with ./dev after that"
    fi
    as_administrator env DEBIAN_FRONTEND=noninteractive "${install[@]}" || fail "apt-get could not install: $*"
}

need_debian_packages() {
    command -v dpkg-query >/dev/null ||
        fail "this set-up knows Debian 12 only; elsewhere install by hand what resources/packages/debian.txt lists"
    local wanted installed missing=()
    mapfile -t wanted < <(listed "$@")
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
    local name
    for name in "${wanted[@]}"; do
        grep --quiet --line-regexp --fixed-strings "installed $name" <<<"$installed" || missing+=("$name")
    done
    ((${#missing[@]} == 0)) || install_debian_packages "${missing[@]}"
}

# The newest-enough cargo of this machine in mm_cargo; Debian's cargo-web where there is none.
find_cargo() {
    local wanted=$1 candidate version
    for candidate in "${MM_CARGO:-}" "$(command -v cargo || true)" "$HOME/.cargo/bin/cargo" /usr/bin/cargo; do
        [[ -n $candidate && -x $candidate ]] || continue
        version=$("$candidate" --version 2>/dev/null | cut -d ' ' -f 2) || continue
        [[ $(printf '%s\n' "$wanted" "$version" | sort --version-sort | head -n 1) == "$wanted" ]] || continue
        mm_cargo=$candidate
        return 0
    done
    return 1
}

setup_cargo() {
    local manifest="$mm_root/worker/text/tokenizer/Cargo.toml" wanted=
    [[ -f $manifest ]] && wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$manifest")
    wanted=${wanted:-1.80}
    find_cargo "$wanted" && return
    say "    no cargo $wanted or newer here; Debian's cargo-web is (it takes the place of the package cargo)"
    need_debian_packages "$mm_packages/debian-rust.txt"
    find_cargo "$wanted" || fail "cargo $wanted or newer is needed and Debian's cargo-web is older; set MM_CARGO to one"
}

# pip of a pinned version, in the cache: all clones share it.
setup_pip() {
    local stamp
    stamp=$(stamp_of "$mm_packages/tools.txt")
    mm_pip="$mm_cache/tools/${stamp:0:16}/bin/pip"
    [[ -x $mm_pip && -f $mm_cache/tools/${stamp:0:16}/.complete ]] && return
    local folder=${mm_pip%/bin/pip}
    announce "pip, in the cache folder"
    rm -rf "$folder"
    "$mm_system_python" -m venv "$folder"
    "$mm_pip" --disable-pip-version-check install --quiet --require-hashes --requirement "$mm_packages/tools.txt" ||
        fail "pip could not be fetched (its message is above)"
    touch "$folder/.complete"
}

# fetch_wheels [PINS]
fetch_wheels() {
    setup_pip
    "$mm_system_python" "$mm_packages/fetch_wheels.py" --pip "$mm_pip" --cache "$mm_cache/downloads" \
        "$mm_packages/${1:-wheels.txt}" || exit 1
}

# setup_unpacked WHAT FOLDER [PINS]: a folder of .deps unpacked from the pinned wheels
setup_unpacked() {
    local what=$1 folder=$2 pins=${3:-wheels.txt} stamp start=$SECONDS
    stamp=$(stamp_of "$mm_packages/$pins" "$mm_packages/unpack_wheels.py")
    stamp_is "$folder/.stamp" "$stamp" && return
    announce "$what into ${folder#"$mm_root"/}"
    fetch_wheels "$pins"
    mkdir -p "$(dirname "$folder")"
    "$mm_system_python" "$mm_packages/unpack_wheels.py" --cache "$mm_cache/downloads" \
        --pins "$mm_packages/$pins" "$what" "$folder" || exit 1
    printf '%s' "$stamp" >"$folder/.stamp"
    say "    done in $(clock_since "$start")"
}

# pip_into PYTHON ARGUMENTS...
pip_into() {
    local python=$1
    shift
    "$mm_pip" --python "$python" --disable-pip-version-check install --quiet --no-deps --no-compile \
        --cache-dir "$mm_cache/pip" "$@" || fail "the Python packages could not be installed (pip's message is above)"
}

# setup_torch_python FOLDER LOCKED WHAT-FOR: an environment with torch from the same wheel as LibTorch, its CUDA libraries
# replaced by stubs, and the packages of a locked list.
setup_torch_python() {
    local folder=$1 locked=$2 stamp start=$SECONDS
    stamp=$(stamp_of "$mm_packages"/{"$locked",wheels.txt,make_cuda_stubs.py})
    stamp_is "$folder/.stamp" "$stamp" && return
    announce "Python packages for $3 into ${folder#"$mm_root"/}"
    fetch_wheels
    rm -rf "$folder"
    "$mm_system_python" -m venv --without-pip "$folder"
    pip_into "$folder/bin/python" --require-hashes --requirement "$mm_packages/$locked"
    local torch_pin torch_wheels
    torch_pin=$(sed -n 's/^torch==.*sha256://p' "$mm_packages/wheels.txt")
    torch_wheels=("$mm_cache/downloads/${torch_pin:0:16}"/torch-*.whl)
    pip_into "$folder/bin/python" "${torch_wheels[0]}"
    local site
    site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    cp -lf "$mm_deps"/libtorch/lib/*.so* "$site/torch/lib/" 2>/dev/null || cp -f "$mm_deps"/libtorch/lib/*.so* "$site/torch/lib/"
    "$mm_system_python" "$mm_packages/make_cuda_stubs.py" "$site/torch/lib"
    "$folder/bin/python" -c 'import torch; assert not torch.cuda.is_available()' ||
        fail "torch cannot be imported in ${folder#"$mm_root"/}; the message is above"
    printf '%s' "$stamp" >"$folder/.stamp"
    say "    done in $(clock_since "$start")"
}

# The reference implementation for tests.
setup_test_python() { setup_torch_python "$mm_deps/python" python-test.txt tests; }

# The peers that benchmarks compare with, on top of the test packages.
setup_bench_python() {
    setup_test_python
    local stamp
    stamp=$(stamp_of "$mm_packages"/{python-bench.txt,python-test.txt})
    stamp_is "$mm_deps/python/.stamp-bench" "$stamp" && return
    announce "Python packages for benchmarks into .deps/python"
    setup_pip
    pip_into "$mm_test_python" --require-hashes --requirement "$mm_packages/python-bench.txt"
    printf '%s' "$stamp" >"$mm_deps/python/.stamp-bench"
}

# A peer whose packages do not agree with the others'.
setup_infinity_python() { setup_torch_python "$mm_deps/python-infinity" python-infinity.txt "the peer Infinity"; }

# One set-up at a time per user: a second clone waits and then finds the downloads ready.
with_setup_lock() {
    mkdir -p "$mm_cache"
    exec 9>"$mm_cache/setup.lock"
    if ! flock --nonblock 9; then
        say "    waiting for another ./dev to finish its set-up"
        flock 9
    fi
    "$@"
    exec 9>&-
}

setup_runtime_parts() {
    need_debian_packages "$mm_packages/debian.txt"
    setup_cargo
    setup_unpacked libtorch "$mm_deps/libtorch"
    setup_unpacked model "$mm_deps/models/all-MiniLM-L6-v2"
    setup_unpacked page "$mm_deps/swagger-ui" page.txt
    setup_unpacked icons "$mm_deps/icons" icons.txt
}

setup_runtime() { with_setup_lock setup_runtime_parts; }
setup_tests() { setup_runtime && with_setup_lock setup_test_python; }
setup_bench() { setup_runtime && with_setup_lock setup_bench_python; }
setup_rest_peers() { with_setup_lock setup_infinity_python; }
