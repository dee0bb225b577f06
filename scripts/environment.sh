# Sourced by scripts/serve and scripts/test: a virtual environment with exactly the locked versions.
# DATELINE_VENV chooses its folder.
venv=${DATELINE_VENV:-.venv}
bin=$venv/bin
python=$bin/python

# Debian's Python may lack the part of venv that brings pip, and refuses to install outside of one:
# the machine's own pip then installs into the environment from outside.
install_locked() {
    if [ ! -x "$python" ]; then
        "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
            echo "Dateline needs Python 3.11 or newer; name one with PYTHON=/path/to/python3." >&2
            exit 1
        }
        "${PYTHON:-python3}" -m venv --without-pip "$venv"
    fi
    stamp=$venv/installed-$(basename "$1")
    current=$(cat "$1" pyproject.toml hatch_build.py package-lock.json | cksum)
    if [ ! -e geo/webmap/assets/.stamp ] || [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$current" ]; then
        echo "Installing what $1 lists (once) …"
        "${PYTHON:-python3}" -m pip --python "$python" install --quiet --require-hashes --no-deps -r "$1" || {
            echo "The packages could not be installed: the first time pip must reach a package index. Then run this again." >&2
            exit 1
        }
        # The build requirements are in the lock file too, so the build takes them from the environment.
        "${PYTHON:-python3}" -m pip --python "$python" install --quiet --no-deps --no-build-isolation --editable .
        # pip compiles what it installs, but not an editable package: commands would start slower the first time, and
        # each time where PYTHONDONTWRITEBYTECODE is set.
        "$python" -m compileall -q geo webapp
        echo "$current" >"$stamp"
    fi
}
