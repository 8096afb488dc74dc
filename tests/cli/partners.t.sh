#!/usr/bin/env bash
# duet match, verify, explain and compare on a small programme whose best partners are known.
. tests/cli/lib.sh

# Ana and Cy wait well and want to ask better; Ben and Dee the other way round.  Eli is unseen.
cat >"$dir/people.csv" <<'CSV'
id,name,unit,languages
ana,Ana Diallo,North,French;Spanish
ben,Ben Okafor,North,Spanish
cy,Cy Ångström,South,French
dee,Dee Li,South,French;Spanish
eli,Eli Unseen,South,French
CSV
cat >"$dir/skills.csv" <<'CSV'
id,name,domain,levels
wait,Waiting for an answer,Talk,4
ask,Questions that make pupils think,Talk,4
CSV
{
    echo 'person,skill,level,rater,occasion,date'
    for who in ana:4:1 cy:4:1 ben:1:4 dee:1:4; do
        IFS=: read -r id wait ask <<<"$who"
        for visit in 1 2 3 4; do
            for rater in r1 r2 r3; do
                echo "$id,wait,$wait,$rater,$id-$visit,2026-09-0$visit"
                echo "$id,ask,$ask,$rater,$id-$visit,2026-09-0$visit"
            done
        done
    done
} >"$dir/evidence.csv"
printf 'person,skill,priority\nana,ask,1\nben,wait,1\ncy,ask,1\ndee,wait,1\n' >"$dir/needs.csv"
printf 'person,skill\nana,wait\nben,ask\ncy,wait\ndee,ask\n' >"$dir/offers.csv"
inside='ana<ben<ask ben<ana<wait cy<dee<ask dee<cy<wait'
across='ana<dee<ask dee<ana<wait ben<cy<wait cy<ben<ask'

partners() { # the pairs of a partners file: learner<helper<skill
    tail -n +2 "$1" | cut -d, -f2-4 | tr ',\n' '< ' | sed 's/ $//'
}

run duet match --from "$dir" --within unit --out "$dir/p.csv" --certificate "$dir/c.txt"
status_is 0 'match'
no_complaint 'no complaint'
is "$(head -n 1 "$dir/p.csv")" 'pair,learner,helper,skill,gain,reason' 'the columns of partners.csv'
is "$(partners "$dir/p.csv")" "$inside" 'the known partners'
out_has '4 of 4 people with a need' 'everybody with a need is served'
out_says 'of the best possible: proved' 'proved'
out_has 'no need was given, and none could be proposed' 'why Eli has no partner'
out_has 'Eli Unseen' 'by name'
out_says 'Forced partners in small pools do harm' 'a small pool is told'
ok 'reasons are sentences' grep -q 'Ben Okafor can do alone .* of what Ana Diallo is ready for in Questions that make pupils think; seen on 4 visits by 3 colleagues. Both in North, speak Spanish.' "$dir/p.csv"
widest=$(wc -L <"$dir/.out")
ok "fits 80 columns ($widest)" test "$widest" -le 80
cp "$dir/p.csv" "$dir/p1.csv"
cp "$dir/c.txt" "$dir/c1.txt"
run duet match --from "$dir" --within unit --out "$dir/p.csv" --certificate "$dir/c.txt"
same "$dir/p1.csv" "$dir/p.csv" 'the same partners again, byte for byte'
same "$dir/c1.txt" "$dir/c.txt" 'the same certificate again'

# As a spreadsheet on Windows writes them.
mkdir "$dir/dos"
for f in people skills evidence needs offers; do
    { printf '\357\273\277'; sed 's/;/ /g; s/,/;/g; s/$/\r/' "$dir/$f.csv"; } >"$dir/dos/$f.csv"
done
sed -i 's/French Spanish/"French, Spanish"/' "$dir/dos/people.csv"
run duet match --from "$dir/dos" --within unit --out "$dir/dos/p.csv"
status_is 0 'semicolons, CRLF and a byte order mark'
is "$(partners "$dir/dos/p.csv")" "$inside" 'give the same partners'

# Verification, and refusal of every change.
run duet verify --from "$dir" --within unit --partners "$dir/p.csv" --certificate "$dir/c.txt"
status_is 0 'verify'
out_says 'serves more people' 'says what was proved'
lines=$(wc -l <"$dir/c.txt") missed=0 tried=0
for ((line = 1; line <= lines; line++)); do
    n=$(sed -n "${line}p" "$dir/c.txt" | grep -oE '[0-9]+' | wc -l)
    for ((k = 1; k <= n && k <= 4; k++)); do
        awk -v at="$line" -v which="$k" 'NR == at {
            out = ""; rest = $0; i = 0
            while (match(rest, /[0-9]+/)) {
                word = substr(rest, RSTART, RLENGTH)
                if (++i == which) {
                    last = substr(word, length(word))
                    word = substr(word, 1, length(word) - 1) (last == "9" ? 8 : last + 1)
                }
                out = out substr(rest, 1, RSTART - 1) word
                rest = substr(rest, RSTART + RLENGTH)
            }
            print out rest; next } { print }' "$dir/c.txt" >"$dir/bad.txt"
        duet verify --from "$dir" --within unit --partners "$dir/p.csv" \
            --certificate "$dir/bad.txt" >/dev/null 2>"$dir/.err"
        code=$?
        tried=$((tried + 1))
        if [ $code != 3 ] || ! [ -s "$dir/.err" ]; then
            missed=$((missed + 1))
            echo "# line $line number $k: status $code"
        fi
    done
done
ok "each of $tried changed numbers of the certificate is refused with status 3" test "$missed" = 0
head -c 60 "$dir/c.txt" >"$dir/bad.txt"
run duet verify --from "$dir" --within unit --partners "$dir/p.csv" --certificate "$dir/bad.txt"
status_is 3 'a certificate cut short'
for edit in '2s/,ask,0\.[0-9]*/,ask,0.1234/' '2s/ben/dee/' '2d' '3s/ana,wait/ana,ask/' '4s/^2/1/' \
    '2s/ask/wait/' '2s/^1,ana/1,ghost/' '2s/,0\./,x./' '1s/gain/loss/'; do
    sed "$edit" "$dir/p.csv" >"$dir/bad.csv"
    run duet verify --from "$dir" --within unit --partners "$dir/bad.csv" --certificate "$dir/c.txt"
    status_is 3 "partners changed by $edit"
    ok 'and it says what is wrong' test -s "$dir/.err"
done
run duet verify --from "$dir" --partners "$dir/p.csv" --certificate "$dir/c.txt"
status_is 3 'other options'
err_has 'other inputs or other options' 'are named'
sed 's/ana,ask,1/ana,ask,2/' "$dir/needs.csv" >"$dir/needs2.csv"
run duet verify --from "$dir" --needs "$dir/needs2.csv" --within unit --partners "$dir/p.csv" \
    --certificate "$dir/c.txt"
status_is 3 'other needs'
run duet verify --from "$dir" --within unit --partners "$dir/p.csv"
status_is 2 'no certificate'

# The other strategies.
for strategy in guide trio; do
    run duet match --from "$dir" --strategy $strategy --out "$dir/q.csv" --certificate "$dir/d.txt"
    status_is 0 "$strategy"
    run duet verify --from "$dir" --partners "$dir/q.csv" --certificate "$dir/d.txt"
    status_is 0 "$strategy is verified"
    sed 's/^total \(.*\)/total 9\1/' "$dir/d.txt" >"$dir/bad.txt"
    run duet verify --from "$dir" --partners "$dir/q.csv" --certificate "$dir/bad.txt"
    status_is 3 "$strategy with another total"
done
for strategy in stable random; do
    run duet match --from "$dir" --strategy $strategy --out "$dir/q.csv"
    status_is 0 "$strategy"
    run duet verify --from "$dir" --strategy $strategy --partners "$dir/q.csv"
    status_is 0 "$strategy is verified"
    run duet match --from "$dir" --strategy $strategy --certificate "$dir/d.txt"
    status_is 2 "$strategy has no certificate"
done
run duet match --from "$dir" --lift --out "$dir/q.csv" --certificate "$dir/d.txt"
run duet verify --from "$dir" --partners "$dir/q.csv" --certificate "$dir/d.txt"
status_is 0 'lifting is verified'
run duet match --from "$dir" --strategy trio --lift
status_is 2 'lifting does not go with trios'

# Rules.
printf 'rule,person,other\nnever,ana,ben\n' >"$dir/rules.csv"
run duet match --from "$dir" --out "$dir/q.csv"
is "$(partners "$dir/q.csv")" "$across" 'never'
printf 'rule,person,other\nmust,ana,dee\n' >"$dir/rules.csv"
run duet match --from "$dir" --out "$dir/q.csv" --certificate "$dir/d.txt"
is "$(partners "$dir/q.csv")" "$across" 'must'
ok 'the reason says so' grep -q 'Asked for by a rule' "$dir/q.csv"
run duet verify --from "$dir" --partners "$dir/q.csv" --certificate "$dir/d.txt"
status_is 0 'and it is verified'
run duet match --from "$dir" --within unit
status_is 1 'must against --within'
err_has 'rules.csv:2' 'names the line'
err_has 'must help' 'and the reason'
printf 'rule,person,other\nmust,ana,dee\nnever,dee,ana\n' >"$dir/rules.csv"
run duet match --from "$dir"
status_is 1 'must against never'
printf 'rule,person,other\nkeep,ana,dee\n' >"$dir/rules.csv"
run duet match --from "$dir" --out "$dir/q.csv"
is "$(partners "$dir/q.csv")" "$across" 'keep'
run duet match --from "$dir" --within unit --out "$dir/q.csv"
is "$(partners "$dir/q.csv")" "$inside" 'keep gives way to --within'
out_says 'does not go on' 'and that is told'
rm "$dir/rules.csv"

# Explain, compare, JSON.
run duet explain --from "$dir" --within unit ana
status_is 0 'explain'
out_has 'wants to grow in Questions that make pupils think' 'the need'
out_has 'Ben Okafor helps Ana Diallo' 'the proposal'
run duet match --from "$dir" --out "$dir/q.csv"
other=ben
grep -q '^[0-9]*,ana,ben' "$dir/q.csv" && other=dee
run duet explain --from "$dir" ana $other
status_is 0 'explain a colleague'
out_has 'If the two were put together' 'at what cost'
out_says '2 other people change' 'and who else changes'
run duet explain --from "$dir" --within unit ana dee
out_has 'Not possible: partners must agree in unit' 'why not'
run duet explain --from "$dir" anna
status_is 1 'an unknown person'
err_has 'did you mean "ana"' 'with a suggestion'
run duet compare --from "$dir"
status_is 0 'compare'
for strategy in reciprocal guide trio stable random; do
    ok "compares $strategy" grep -q "^$strategy " "$dir/.out"
done
run duet match --from "$dir" --within unit --json
status_is 0 'JSON'
ok 'is JSON' /usr/bin/python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
assert d["served"] == 4 and d["proved"] and len(d["proposals"]) == 4' "$dir/.out"
run duet match --from "$dir" --within nowhere
status_is 2 'an unknown column'
err_has 'unit' 'the columns are named'
done_testing
