#!/usr/bin/env bash
# duet zone: what it shows and writes, and what it refuses.
. tests/cli/lib.sh

# A small programme with everything in it: two raters, self-ratings, tasks, somebody unseen.
cat >"$dir/people.csv" <<'CSV'
id,name,unit
z9,Zoë Ångström,North
a1,Amina Diallo,North
m5,李静,South
n0,Nobody Sees,South
CSV
cat >"$dir/skills.csv" <<'CSV'
id,name,domain,levels
wait,Waiting for an answer,Talk,4
ask,Questions that make pupils think,Talk,4
CSV
{
    echo 'person,skill,level,kind,rater,occasion,support,task,date'
    for visit in 1 2 3 4 5; do
        echo "z9,wait,2,observed,a1,z9-$visit,independent,,2026-09-0$visit"
        echo "z9,ask,$((2 + visit % 2)),observed,a1,z9-$visit,independent,,2026-09-0$visit"
        echo "a1,wait,$((3 + visit % 2)),observed,m5,a1-$visit,independent,,2026-09-1$visit"
        echo "a1,ask,3,observed,z9,a1-$visit,independent,,2026-09-1$visit"
        echo "m5,wait,$((1 + visit % 2)),observed,z9,m5-$visit,independent,,2026-10-0$visit"
    done
    echo 'm5,wait,4,self,,,independent,,2026-09-01'
    echo 'm5,wait,0,task,,,independent,wait-1,2026-10-12'
    echo 'm5,wait,1,task,,,prompted,wait-1,2026-10-12'
} >"$dir/evidence.csv"
files=(--people "$dir/people.csv" --skills "$dir/skills.csv" --evidence "$dir/evidence.csv")

run duet zone "${files[@]}"
status_is 0 'the summary'
no_complaint 'no complaint'
out_has '4, 3 of them observed' 'people'
out_has '2 in 1 domain' 'skills'
out_has '28 pieces' 'evidence'
out_has '25 ratings' 'ratings'
out_says '1 self-rating,' 'self-ratings, one'
out_has '2 attempts at tasks' 'tasks'
out_has '2026-09-01 to 2026-10-12' 'dates'
out_has '1 person has no evidence' 'who has none'
out_has 'Questions that make pupils think' 'skills in words'
ok 'no mean of fewer than five people' sh -c '! grep -E "think +[0-9] (person|people) +[0-9]\.[0-9]" "$1"' - "$dir/.out"
cp "$dir/.out" "$dir/first"
run duet zone --from "$dir"
same "$dir/first" "$dir/.out" '--from finds the same files'
widest=$(wc -L <"$dir/first")
ok "fits 80 columns ($widest)" test "$widest" -le 80

run duet zone "${files[@]}" --person m5
status_is 0 'one person'
out_has '李静' 'by name'
out_has 'own view: level 4' 'the own view beside'
out_has '1 done with help' 'tasks in words'
out_has 'Not enough evidence yet' 'what is not known'
cp "$dir/.out" "$dir/person"
LC_ALL=C run duet zone "${files[@]}" --person m5
ok 'a band in ASCII where letters are' grep -q '^    1 [.=OH-]* 4' "$dir/.out"
run duet zone "${files[@]}" --person M5
status_is 1 'an unknown person'
err_has 'did you mean "m5"?' 'and who was meant'

run duet zone "${files[@]}" --person 'Amina Diallo'
status_is 0 'a person by name'
out_has 'Amina Diallo' 'the right one'

run duet zone "${files[@]}" --out "$dir/zones.csv" --raters-out "$dir/raters.csv"
status_is 0 'files'
is "$(head -n 1 "$dir/zones.csv")" 'person,skill,alone,alone_se,helped,helped_se,alone_level,alone_level_lo,alone_level_hi,helped_level,zone_lo,zone_hi,evidence,raters,occasions,last_date,status' 'the columns of the zones'
is "$(tail -n +2 "$dir/zones.csv" | cut -d, -f1,2 | tr '\n' ' ')" 'z9,wait z9,ask a1,wait a1,ask m5,wait m5,ask n0,wait n0,ask ' 'rows in the order of the files: nobody is ranked'
is "$(grep '^n0,ask' "$dir/zones.csv" | cut -d, -f13-)" '0,0,0,,not enough evidence' 'without evidence it says so'
is "$(grep '^m5,wait' "$dir/zones.csv" | cut -d, -f13-16)" '8,1,5,2026-10-12' 'pieces, raters, visits, date'
is "$(cut -d, -f1,6 "$dir/raters.csv" | tr '\n' ' ')" 'rater,ratings a1,10 m5,5 z9,10 ' 'raters in the order of the file'
ok 'severities are centred' awk -F, 'NR > 1 { s += $2 } END { exit !(s < 0.5 && s > -0.5) }' "$dir/raters.csv"
ok 'with help is never below alone' awk -F, 'NR > 1 && $5 < $3 { bad = 1 } END { exit bad }' "$dir/zones.csv"
ok 'the level lies in its range' awk -F, 'NR > 1 && ($7 < $8 || $7 > $9 || $8 < 1 || $9 > 4) { bad = 1 } END { exit bad }' "$dir/zones.csv"
is "$(stat -c %a "$dir/zones.csv")" 600 'a new file is private'

run duet zone "${files[@]}" --json
status_is 0 'JSON'
ok 'it is JSON and says the same' perl -MJSON::PP -e '
    local $/; my $j = decode_json(<STDIN>);
    my ($p) = grep { $_->{person} eq "m5" } @{$j->{zones}};
    exit !(@{$j->{zones}} == 4 && $j->{summary}{evidence} == 28 && $p->{skills}[0]{evidence} == 8
        && $p->{skills}[1]{status} eq "not enough evidence" && $p->{name} eq "\x{674e}\x{9759}");
' <"$dir/.out"
run duet zone "${files[@]}" --json --person a1
ok 'JSON of one person' perl -MJSON::PP -e 'local $/; exit(@{decode_json(<STDIN>)->{zones}} != 1)' <"$dir/.out"

# The same bits again, and from another compiler.
cp "$dir/zones.csv" "$dir/zones.first"
run duet zone "${files[@]}" --out "$dir/zones.csv"
same "$dir/zones.first" "$dir/zones.csv" 'the same bits again'
other=$PWD/build-release/src/cli/duet
if [ "$DUET" != "$other" ] && [ -x "$other" ]; then
    "$other" zone "${files[@]}" --out "$dir/zones.csv" >/dev/null
    same "$dir/zones.first" "$dir/zones.csv" 'the same bits from another compiler'
fi

# Nothing is written over, by whatever name, and nothing is half written.
for out in "$dir/people.csv" "$dir/./people.csv" "$dir/link" "$dir/hard"; do
    ln -sf people.csv "$dir/link"
    ln -f "$dir/people.csv" "$dir/hard"
    cp "$dir/people.csv" "$dir/before"
    run duet zone --from "$dir" --out "$out"
    status_is 2 "an input is no output: ${out##*/}"
    same "$dir/before" "$dir/people.csv" 'and it is as it was'
done
run duet zone "${files[@]}" --out "$dir/x" --raters-out "$dir/x"
status_is 2 'two outputs are two files'
chmod 640 "$dir/zones.csv"
run duet zone "${files[@]}" --out "$dir/zones.csv"
is "$(stat -c %a "$dir/zones.csv")" 640 'a file that was there keeps its mode'
run duet zone "${files[@]}" --out "$dir/no/zones.csv"
status_is 5 'no folder to write to'
err_has "$dir/no/zones.csv" 'and it says which file'
run duet zone "${files[@]}" --out /dev/full
status_is 5 'a full disk'
is "$(find "$dir" -name 'zones.csv.*')" '' 'no temporary file stays'

# Bad input: said with its place, and nothing written.
sed 's/^z9,wait,2/z9,wait,9/; s/^a1,ask/a1,aks/' "$dir/evidence.csv" >"$dir/bad.csv"
rm -f "$dir/zones.csv"
run duet zone "${files[@]:0:4}" --evidence "$dir/bad.csv" --out "$dir/zones.csv"
status_is 1 'levels out of range, unknown skills'
err_has "$dir/bad.csv:2: column 3 (level): \"9\"" 'file, line, column and value'
err_has "$dir/bad.csv:5: column 2 (skill): \"aks\"" 'every problem, not just the first'
out_empty 'no results'
ok 'nothing written' test ! -e "$dir/zones.csv"
run duet zone "${files[@]:0:4}" --evidence "$dir/none.csv"
status_is 5 'a file that is not there'
err_has "$dir/none.csv" 'and it says which'
run duet zone --people "$dir/people.csv" --skills "$dir/skills.csv"
status_is 2 'evidence is required'
err_has '--evidence FILE is missing' 'and it says so'
run duet zone --from "$dir/none"
status_is 5 'a folder that is not there'

# Two groups that nothing links.
{
    echo 'person,skill,level,rater'
    for level in 1 2 3 2 1; do
        echo "z9,wait,$level,east"
        echo "a1,wait,$level,east"
        echo "m5,wait,$level,west"
        echo "n0,wait,$level,west"
    done
} >"$dir/split.csv"
run duet zone "${files[@]:0:4}" --evidence "$dir/split.csv" --raters
status_is 0 'two groups that nothing links'
out_has '2 sets that have seen nobody in common' 'it says so'
out_has 'rate one shared video' 'and what to do'
out_has 'Set 2: 2 people seen by 1 rater (west)' 'and who they are'
out_has 'too few ratings to say' 'raters: nothing from few ratings'

gti=${DUET_SHARED:-../shared}/data/gti
if [ ! -d "$gti" ]; then
    skip "no $gti here"
elif [ -n "${DUET_SANITIZED-}" ]; then
    skip 'real ratings: not under the sanitizers, it takes long'
else
    run duet zone --from "$gti" --out "$dir/zones.csv"
    status_is 0 'real ratings: 545 teachers, 127,551 ratings'
    out_has '127,551 pieces' 'all of them'
    out_has 'sets that have seen nobody in common' 'six countries, no rater in common'
    is "$(wc -l <"$dir/zones.csv")" 9811 'a row for each person and skill'
fi
done_testing
