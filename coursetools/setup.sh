#!/bin/sh
# Makes a virtual environment and installs the course's packages in it.
#
#   coursetools/setup.sh VENV current      requirements.txt: Python 3.11 to 3.13, with hashes and without resolving
#   coursetools/setup.sh VENV reference    the pip section of environment.yml: Python 3.11, the versions that d2l pins
#
# Set PYTHON to choose the interpreter, or PYTHON_VERSION (such as 3.12) to choose only its version. This may be the
# first thing that runs on a bare machine, so all checks come before any change, and each message says what is missing
# and which command fixes it.
set -eu

venv=$1
stack=$2
case $stack in
    current) versions=${PYTHON_VERSION:-3.13 3.12 3.11} ;;
    reference) versions='3.11' ;;
    *) echo "coursetools/setup.sh: unknown stack '$stack': choose current or reference" >&2; exit 2 ;;
esac

fail() {
    printf '\nThe set-up stopped before it changed anything.\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

check_platform() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64 | Darwin-x86_64) ;;
        Linux-aarch64) ;;
        Darwin-arm64) fail 'MXNet has no build for Apple silicon. Two ways that work:' \
            '  - a Linux container: docker run -it -p 8888:8888 -v "$PWD":/course -w /course python:3.13 bash' \
            '  - a terminal under Rosetta with an Intel Python: arch -x86_64 zsh' ;;
        MINGW* | MSYS* | CYGWIN*) fail 'MXNet has no build for Windows. Use the Windows Subsystem for Linux:' \
            '  wsl --install          then open Ubuntu, and run make there' ;;
        *) fail "MXNet has no build for $(uname -s) on $(uname -m): it runs on Linux (x86-64, ARM64) and macOS (Intel)." ;;
    esac
    if ldd --version 2>&1 | grep -qi musl; then
        fail "MXNet's build needs glibc, and this system (Alpine?) has musl: use a Debian, Ubuntu or Fedora image."
    fi
}

is_version() {  # INTERPRETER VERSION: does the interpreter run, and does it have this version?
    "$1" -c "import sys; sys.exit(sys.version_info[:2] != tuple(map(int, '$2'.split('.'))))" 2>/dev/null
}

find_python() {
    for version in $versions; do
        for candidate in ${PYTHON:-"python$version" python3 python "$HOME/.pyenv/versions/$version".*/bin/python}; do
            if is_version "$candidate" "$version"; then
                command -v "$candidate"
                return
            fi
        done
    done
    [ -z "${PYTHON:-}" ] || return 0
    find_python_with_uv || true
}

find_python_with_uv() {  # if the system has no suitable Python, uv finds or downloads one
    newest=${versions%% *}
    uv=$(command -v uv) || {
        python3 -c 'import venv, ensurepip' 2>/dev/null || return 1
        echo "No Python $versions found; asking uv for one ..." >&2
        python3 -m venv build/uv && build/uv/bin/pip install --quiet uv && uv=build/uv/bin/uv
    } || return 1
    "$uv" python find --system "$newest" 2>/dev/null && return
    "$uv" python install "$newest" >&2 && "$uv" python find --system "$newest"
}

install_line() {  # DEBIAN_PACKAGES FEDORA_PACKAGES: prints the command that installs them on this system
    if command -v apt-get >/dev/null; then echo "  sudo apt-get install -y $1"
    elif command -v dnf >/dev/null; then echo "  sudo dnf install -y $2"
    else echo "  install the packages that Debian calls: $1"
    fi
}

check_python() {
    [ -n "$1" ] || fail "No suitable Python found: the course needs one of $versions${PYTHON:+, and PYTHON=$PYTHON is not one}." \
        'Any of these commands installs one:' \
        "$(install_line "python${versions##* } python${versions##* }-venv" "python${versions##* }")" \
        "  uv python install ${versions%% *}      (uv: docs.astral.sh/uv)" \
        'Or choose one yourself: make PYTHON=/path/to/python ...'
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$1" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "Python $version is installed, but not its venv module. This command installs it:" \
            "$(install_line "python$version-venv" "python$version")"
}

check_system_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    libraries='libgomp.so.1'
    [ "$(uname -m)" != x86_64 ] || libraries="$libraries libquadmath.so.0"
    for library in $libraries; do
        "$1" -c "import ctypes; ctypes.CDLL('$library')" 2>/dev/null ||
            fail "MXNet needs the system library $library, which is not installed. This command installs it:" \
                "$(install_line 'libgomp1 libquadmath0' 'libgomp libquadmath')"
    done
}

pip_part() {  # prints the lines below "- pip:" in environment.yml, without dashes and quotes
    sed -n '/^ *- pip: *$/,$ { /- pip:/d; s/^ *- *//; s/"//g; p; }' environment.yml
}

install() {  # PIP_ARGUMENTS: shows a counter instead of pip's three hundred lines, and its errors
    failed=$venv/.failed
    count=0
    { "$venv/bin/pip" install --disable-pip-version-check "$@" || touch "$failed"; } | while IFS= read -r line; do
        case $line in
            Collecting*) count=$((count + 1)); [ ! -t 1 ] || printf '\r  %3d packages fetched' "$count" ;;
            Installing*) printf '\n  unpacking ...\n' ;;
        esac
    done
    [ ! -e "$failed" ] || { echo 'The installation failed; the lines above say why. Fix that and run make again.' >&2; exit 1; }
}

check_platform
python=$(find_python)
check_python "$python"
check_system_libraries "$python"

echo "Python $version: $python"
"$python" -m venv --clear "$venv"
if [ "$stack" = current ]; then
    echo 'Installing the packages of requirements.txt: about a minute, and 1.4 GB on disk ...'
    install --require-hashes --no-deps -r requirements.txt
else
    echo "Installing the pip part of environment.yml: about two minutes ..."
    pip_part > "$venv/environment.txt"
    install -r "$venv/environment.txt"
fi
