#!/usr/bin/env bash
# Passwords held against the lists of zxcvbn as Debian's Python package has them: the thirty thousand
# commonest passwords that are long enough, and the three thousand commonest made long enough in the
# ways that people do.
. tests/cli/lib.sh
check=${DUET_BUILD:-$PWD/build-release}/tests/coach/password_check

list() { # EXPRESSION over p, the passwords by how common they are
    /usr/bin/python3 -c "
from zxcvbn.frequency_lists import FREQUENCY_LISTS
p = [w.strip() for w in FREQUENCY_LISTS['passwords']]
print('\n'.join($1))"
}

if ! /usr/bin/python3 -c 'import zxcvbn' 2>/dev/null; then
    fail 'python3-zxcvbn is installed'
    done_testing
fi
list '[w for w in p if len(w) >= 12]' >"$dir/long"
"$check" <"$dir/long" >"$dir/taken"
ok "$(wc -l <"$dir/long") of the commonest passwords are long enough" test -s "$dir/long"
is "$(cat "$dir/taken")" '' 'none of them is taken'

list '[w.capitalize() + "2025!" for w in p[:3000] if len(w) > 6 and w.isalpha()]' >"$dir/longer"
"$check" <"$dir/longer" >"$dir/taken"
ok "$(wc -l <"$dir/longer") words of the first three thousand, with a year and a sign" \
    test "$(wc -l <"$dir/longer")" -gt 500
is "$(cat "$dir/taken")" '' 'none of them is taken'

# Four words, drawn from a list of 7,776 as for dice.
/usr/bin/python3 -c "
import random
from zxcvbn.frequency_lists import FREQUENCY_LISTS
random.seed(1)
words = [w for w in map(str.strip, FREQUENCY_LISTS['english_wikipedia']) if w.isalpha() and len(w) > 3][:7776]
print('\n'.join(' '.join(random.sample(words, 4)) for k in range(2000)))" >"$dir/phrases"
"$check" <"$dir/phrases" >"$dir/taken"
is "$(wc -l <"$dir/taken")" 2000 '2000 phrases of four words are all taken'
done_testing
