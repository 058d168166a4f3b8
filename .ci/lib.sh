# What .ci/run and .ci/full share: a scratch folder, fresh environments, timed stages. Sourced from the checkout's root.

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
wheel_python=$scratch/wheel-venv/bin/python

# stage NAME COMMAND...: runs the command, then prints how long it took.
stage() {
    local name=$1 start=$SECONDS
    shift
    printf '\n=== %s\n' "$name"
    "$@"
    printf '=== %s: %d s\n' "$name" $((SECONDS - start))
}

# The development environment, with the checkout installed in place.
make_environment() {
    python3 -c 'import sys; assert sys.version_info >= (3, 11), f"Python 3.11 or newer is needed, this is {sys.version}"'
    python3 -m venv "$scratch/venv"
    export PATH="$scratch/venv/bin:$PATH"
    python -m pip install --quiet -e ".[dev,docs,peers,nvrtc]"
}

lint() {
    ruff check .
    ruff format --check .
    mypy
    lint-imports --no-cache
}

# The site, into the scratch folder; a page with a broken link or mark fails.
build_site() {
    NO_MKDOCS_2_WARNING=1 mkdocs build --quiet --strict --site-dir "$scratch/site"
}

build_wheel() {
    python -m build --no-isolation --outdir "$scratch/dist" .
    python3 -m venv "$scratch/wheel-venv"
    "$wheel_python" -m pip install --quiet "$(echo "$scratch"/dist/*.whl)[test]"
}

# The tests against the installed wheel, in a folder from which the checkout's dark_jit cannot be imported.
test_wheel() {
    mkdir -p "$scratch/outside"
    cp -r tests examples pyproject.toml "$scratch/outside"
    (cd "$scratch/outside" && "$wheel_python" -m pytest -n 2 -q "$@")
}
