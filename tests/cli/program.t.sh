#!/usr/bin/env bash
# The program itself: dispatch, options, help in all its forms, exit statuses, outputs.
. tests/cli/lib.sh

run duet
status_is 2 'no command: usage'
err_has 'Commands' 'no command: the overview on stderr'
run duet --help
status_is 0 '--help'
out_has 'duet zone --from district' '--help shows first steps'
err_empty '--help writes nothing to stderr'
run duet --version
out_has 'duet 0.' '--version'
run duet zoen
status_is 2 'unknown command'
err_has 'did you mean "zone"?' 'a typing error is recognised'
run duet qqqqqq
err_has 'lists them' 'no suggestion where nothing is near'

for command in $("$DUET" help --format bash | sed -n "s/^        words='\([a-z ]*\) --help --version'$/\1/p"); do
    run duet "$command" --help
    status_is 0 "$command --help"
    out_has "duet $command" "$command --help names itself"
    cp "$dir/.out" "$dir/first"
    run duet help "$command"
    same "$dir/first" "$dir/.out" "help $command says the same"
    widest=$(wc -L <"$dir/first")
    ok "$command --help fits 80 columns ($widest)" test "$widest" -le 80
done
run duet help nonsense
status_is 2 'help for no command'

run duet demo --people
status_is 2 'a value is missing'
err_has '--people needs a value' 'and it says so'
run duet demo "$dir/x" --people twelve
status_is 2 'not a number'
err_has '"twelve" is not a whole number from 8 to 200000' 'and it says what was expected'
run duet demo "$dir/x" --people 12x
status_is 2 'not quite a number'
run duet demo "$dir/x" --people 99999999999999999999999
status_is 2 'a number beyond 64 bits'
run duet demo "$dir/x" --people 7
status_is 2 'below the range'
run duet demo "$dir/x" --people=9 --people=9
status_is 2 'an option twice'
run duet demo "$dir/x" --force=yes
status_is 2 'a flag with a value'
run duet demo "$dir/x" --sed 3
err_has 'did you mean --seed?' 'an option misspelt'
run duet demo "$dir/x" -f
status_is 2 'a single dash'
run duet demo
status_is 2 'an operand is missing'
err_has 'demo needs a folder to write to' 'and it says which'
run duet demo a b
status_is 2 'an operand too many'
run duet help --format pdf
status_is 2 'no such choice'
err_has '"pdf" is none of text|man|bash|markdown' 'and it lists the choices'
run sh -c 'cd "$1" && "$2" demo -- --people' - "$dir" "$DUET"
status_is 0 'after -- a word is an operand'
ok 'nothing was made by wrong command lines' test ! -e "$dir/x"

run duet help --format markdown
same docs/commands.md "$dir/.out" 'docs/commands.md is up to date (tools/manual)'
run duet help --format routes
same docs/routes.md "$dir/.out" 'docs/routes.md is up to date (tools/manual)'
run duet help --format bash
ok 'the completion is bash' bash -n "$dir/.out"
complete_words() { # WORDS...: what bash would offer
    bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _duet; echo "${COMPREPLY[*]}"' \
        - "$dir/.out" "$@"
}
is "$(complete_words duet dem)" 'demo' 'completes a command'
is "$(complete_words duet demo --pe)" '--people' 'completes an option'
is "$(complete_words duet help --format ma)" 'man markdown' 'completes a choice'
run duet help --format man
if command -v man >/dev/null && [ -x /usr/bin/groff ]; then
    cp "$dir/.out" "$dir/duet.1"
    is "$(man --warnings=all -l "$dir/duet.1" 2>&1 >/dev/null)" '' 'the man page has no warnings'
else
    skip 'no man here'
fi
for s in 0 1 2 3 4 5; do
    ok "exit status $s is in the man page" grep -qx "$s" "$dir/.out"
done

"$DUET" --help >/dev/full 2>"$dir/.err"
is $? 5 'a full disk is a failure'
err_has 'could not be written' 'and it says so'
{ "$DUET" help --format markdown; echo $? >"$dir/code"; } | head -n 1 >/dev/null
is "$(cat "$dir/code")" 0 'a reader who leaves is no failure'

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    TERM=xterm script -qec "$DUET --help" /dev/null >"$dir/tty" </dev/null
    ok 'colours on a terminal' grep -q $'\033' "$dir/tty"
    NO_COLOR=1 TERM=xterm script -qec "$DUET --help" /dev/null >"$dir/tty" </dev/null
    ok 'none with NO_COLOR' sh -c '! grep -q "$(printf "\033")" "$1"' - "$dir/tty"
    TERM=dumb script -qec "$DUET --help" /dev/null >"$dir/tty" </dev/null
    ok 'none on a dumb terminal' sh -c '! grep -q "$(printf "\033")" "$1"' - "$dir/tty"
else
    skip 'no script(1) or no terminals here'
fi
ok 'no colours in a file' sh -c '! "$1" --help | grep -q "$(printf "\033")"' - "$DUET"
done_testing
