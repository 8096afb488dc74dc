# The frame of the end-to-end tests: TAP from bash, run from the repository root.
#
#     . tests/cli/lib.sh
#     run duet zone --from "$dir"
#     status_is 0 'zone runs'
#     out_has 'People' 'it says how many'
#     done_testing
#
# $DUET is the program (build-release/src/cli/duet otherwise); $dir is a folder that goes away.
# `run` keeps stdout in $dir/.out, stderr in $dir/.err and the exit status in $status.
set -u
DUET=${DUET:-$PWD/build-release/src/cli/duet}
export LC_ALL=C.UTF-8 COLUMNS=80
unset NO_COLOR
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tests=0 failures=0 status=0

duet() {
    "$DUET" "$@"
}

run() {
    "$@" >"$dir/.out" 2>"$dir/.err" </dev/null
    status=$?
    # A sanitizer's report is a failure of its own, whatever the test looks at.
    if grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$dir/.err"; then
        fail "no sanitizer report from: $*"
        sed 's/^/# /' "$dir/.err" | head -n 40
    fi
}

pass() {
    tests=$((tests + 1))
    printf 'ok %d - %s\n' $tests "$1"
}

fail() {
    tests=$((tests + 1)) failures=$((failures + 1))
    printf 'not ok %d - %s\n' $tests "$1"
}

# ok NAME COMMAND...
ok() {
    local name=$1
    shift
    if "$@"; then pass "$name"; else fail "$name"; fi
}

is() { # GOT EXPECTED NAME
    if [ "$1" = "$2" ]; then
        pass "$3"
    else
        fail "$3"
        printf '#   got      %q\n#   expected %q\n' "${1:0:500}" "${2:0:500}"
    fi
}

status_is() { # STATUS NAME
    is "$status" "$1" "$2"
    [ "$status" = "$1" ] || head -n 20 "$dir/.err" | sed 's/^/# /'
}

has() { # FILE TEXT NAME
    if grep -qF -- "$2" "$1"; then
        pass "$3"
    else
        fail "$3"
        printf '#   no "%s" in:\n' "$2"
        head -n 20 "$1" | sed 's/^/#   /'
    fi
}

out_has() { has "$dir/.out" "$1" "$2"; }
# Whatever the line breaks.
out_says() {
    tr -s ' \n' '  ' <"$dir/.out" >"$dir/.flat"
    has "$dir/.flat" "$1" "$2"
}
err_has() { has "$dir/.err" "$1" "$2"; }
out_empty() { is "$(cat "$dir/.out")" '' "$1"; }
# Notes are no complaints.
no_complaint() { is "$(grep -vE '^(Note: |      )' "$dir/.err")" '' "$1"; }
err_empty() { is "$(cat "$dir/.err")" '' "$1"; }

same() { # FILE FILE NAME
    if cmp -s "$1" "$2"; then pass "$3"; else fail "$3"; fi
}

skip() {
    tests=$((tests + 1))
    printf 'ok %d # SKIP %s\n' $tests "$1"
}

done_testing() {
    printf '1..%d\n' $tests
    [ $failures = 0 ]
    exit
}
