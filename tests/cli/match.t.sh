#!/usr/bin/env bash
# duet match, verify, compare and explain: the main job from outside.
. tests/cli/lib.sh

# Under the sanitizers half as many: each command estimates everything anew.
people=80
[ -z "${DUET_SANITIZED-}" ] || people=30
duet demo "$dir/d" --people $people --seed 5 >/dev/null
from=(--from "$dir/d")

# partners.csv without quotes: pair,learner,helper,skill,gain
rows() {
    tail -n +2 "$1" | cut -d, -f1-5
}

for strategy in reciprocal guide trio stable random; do
    run duet match "${from[@]}" --strategy $strategy --out "$dir/$strategy.csv" \
        --certificate "$dir/$strategy.txt"
    if [ "$status" = 2 ]; then # no proof for this one
        run duet match "${from[@]}" --strategy $strategy --out "$dir/$strategy.csv"
    fi
    status_is 0 "$strategy: match"
    no_complaint "$strategy: no complaint"
    out_has 'Total gain' "$strategy: a summary"
    is "$(head -n 1 "$dir/$strategy.csv")" 'pair,learner,helper,skill,gain,reason' "$strategy: columns"
    ok "$strategy: somebody is helped" test "$(wc -l <"$dir/$strategy.csv")" -gt 1
    is "$(rows "$dir/$strategy.csv" | awk -F, '$2 == $3' | wc -l)" 0 "$strategy: nobody helps themselves"
    is "$(rows "$dir/$strategy.csv" | cut -d, -f1 | sort -n | cmp - <(rows "$dir/$strategy.csv" | cut -d, -f1) && echo sorted)" sorted "$strategy: sorted"
    # Nobody works with who evaluates them, or with whom they never should.
    forbidden=$(awk -F, 'NR == FNR { if ($1 == "evaluator" || $1 == "never") { no[$2 "," $3] = no[$3 "," $2] = 1 } next }
        FNR > 1 && no[$2 "," $3]' "$dir/d/rules.csv" "$dir/$strategy.csv" | wc -l)
    is "$forbidden" 0 "$strategy: the rules are kept"
    cp "$dir/$strategy.csv" "$dir/again.csv"
    run duet match "${from[@]}" --strategy $strategy --out "$dir/again.csv"
    same "$dir/$strategy.csv" "$dir/again.csv" "$strategy: the same again"
    other=$PWD/build-release/src/cli/duet
    if [ "$DUET" != "$other" ] && [ -x "$other" ]; then
        "$other" match "${from[@]}" --strategy $strategy --out "$dir/again.csv" >/dev/null 2>&1
        same "$dir/$strategy.csv" "$dir/again.csv" "$strategy: the same from another compiler"
    fi
done

for strategy in reciprocal guide trio; do
    proof=(--partners "$dir/$strategy.csv" --certificate "$dir/$strategy.txt")
    run duet verify "${from[@]}" "${proof[@]}"
    status_is 0 "$strategy: verified"
    # Somebody else as the helper in the first row; a larger number anywhere in the proof.
    awk -F, -v OFS=, 'NR == 2 { $3 = $3 == "p020" ? "p021" : "p020" } { print }' \
        "$dir/$strategy.csv" >"$dir/forged.csv"
    run duet verify "${from[@]}" --partners "$dir/forged.csv" --certificate "$dir/$strategy.txt"
    status_is 3 "$strategy: another helper is refused"
    ok "$strategy: and it says why" test -s "$dir/.err"
    lines=$(wc -l <"$dir/$strategy.txt")
    for at in $((lines / 4)) $((lines / 2)) $((3 * lines / 4)); do
        awk -v at=$at 'NR == at && sub(/[0-9]+$/, "7&") { } { print }' "$dir/$strategy.txt" >"$dir/forged.txt"
        cmp -s "$dir/$strategy.txt" "$dir/forged.txt" && continue
        run duet verify "${from[@]}" --partners "$dir/$strategy.csv" --certificate "$dir/forged.txt"
        ok "$strategy: a changed proof (line $at) is refused" test "$status" != 0
    done
    head -n $((lines / 2)) "$dir/$strategy.txt" >"$dir/half.txt"
    run duet verify "${from[@]}" --partners "$dir/$strategy.csv" --certificate "$dir/half.txt"
    ok "$strategy: half a proof is refused" test "$status" != 0
done
# The proof belongs to these inputs.
duet demo "$dir/e" --people $people --seed 6 >/dev/null
run duet verify --from "$dir/e" --partners "$dir/reciprocal.csv" --certificate "$dir/reciprocal.txt"
status_is 3 'the proof of another district is refused'

# Partners in one school.
run duet match "${from[@]}" --within unit --out "$dir/unit.csv"
status_is 0 '--within unit'
across=$(awk -F, 'NR == FNR { unit[$1] = $3; next } FNR > 1 && unit[$2] != unit[$3]' \
    "$dir/d/people.csv" "$dir/unit.csv" | wc -l)
is "$across" 0 'partners are in one school'
run duet match "${from[@]}" --within schol
ok 'an unknown column is refused' test "$status" != 0
ok 'and nothing is promised' test ! -s "$dir/.out"

# Limits of the people file.
run duet match "${from[@]}" --strategy guide --max-helps 1 --out "$dir/guide1.csv"
over=$(awk -F, 'NR == FNR { most[$1] = $(NF - 1); next } FNR > 1 && ++n[$3] > most[$3]' \
    <(sed 's/"[^"]*"//g' "$dir/d/people.csv") "$dir/guide1.csv" | wc -l)
is "$over" 0 'nobody helps more people than they said'

run duet match "${from[@]}" --json
status_is 0 'JSON'
ok 'it is JSON' perl -MJSON::PP -e 'local $/; decode_json(<STDIN>)' <"$dir/.out"

# Without wishes and rules: needs are proposed.
files=(--people "$dir/d/people.csv" --skills "$dir/d/skills.csv" --evidence "$dir/d/evidence.csv")
run duet match "${files[@]}" --out "$dir/bare.csv"
status_is 0 'without needs, offers and rules'
ok 'needs are proposed' test "$(wc -l <"$dir/bare.csv")" -gt 1

run duet compare "${from[@]}"
status_is 0 'compare'
for strategy in reciprocal guide trio stable random; do
    out_has "$strategy" "compare shows $strategy"
done
learner=$(rows "$dir/reciprocal.csv" | head -n 1 | cut -d, -f2)
helper=$(rows "$dir/reciprocal.csv" | head -n 1 | cut -d, -f3)
run duet explain "${from[@]}" "$learner"
status_is 0 'explain'
out_has "$(grep "^$helper," "$dir/d/people.csv" | cut -d, -f2)" 'names the partner'
run duet explain "${from[@]}" "$learner" "$helper"
status_is 0 'explain a pair'
run duet explain "${from[@]}" nobody-of-that-id
status_is 1 'explain nobody'

run duet match "${from[@]}" --out "$dir/d/needs.csv"
status_is 2 'an input of the folder is no output'
ok 'and it is as it was' grep -q '^person,skill,priority' "$dir/d/needs.csv"

gti=${DUET_SHARED:-../shared}/data/gti
if [ ! -d "$gti" ]; then
    skip "no $gti here"
elif [ -n "${DUET_SANITIZED-}" ]; then
    skip 'real ratings: not under the sanitizers, it takes long'
else
    for arguments in 'reciprocal --within district' 'guide'; do
        run duet match --from "$gti" --strategy $arguments --out "$dir/gti.csv" --certificate "$dir/gti.txt"
        status_is 0 "545 teachers: $arguments"
        # shellcheck disable=SC2086
        set -- $arguments
        shift
        run duet verify --from "$gti" "$@" --partners "$dir/gti.csv" --certificate "$dir/gti.txt"
        status_is 0 "545 teachers: $arguments, verified"
    done
fi
done_testing
