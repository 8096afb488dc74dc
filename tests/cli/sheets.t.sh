#!/usr/bin/env bash
# Sheets as people really keep and save them: what is read, and what is said about the rest.
. tests/cli/lib.sh

d=$dir/d
mkdir "$d"
printf 'id,name,school\n' >"$d/people.csv"
names=('Anna Müller' 'José Smith' 'محمد خان' '王芳' 'Ngọc Đỗ' 'Zoë O’Brien' 'Anna Müller' 'Siân Jones' 'Łucja Nowak' 'Owen Khan')
for i in "${!names[@]}"; do
    printf 'T%02d,%s,%s\n' $((i + 1)) "${names[i]}" "School $((i % 2))"
done >>"$d/people.csv"
printf 'id,name\nQ,Asking questions\nF,Feedback\n' >"$d/skills.csv"
{
    printf 'person,skill,level,rater,date\n'
    for i in 2 3 4 5 6 8 9 10; do
        for visit in 1 2; do
            printf 'T%02d,Q,%d,R%d,2026-10-0%d\n' $i $((1 + (i + visit) % 4)) $visit $visit
            printf 'T%02d,F,%d,R%d,2026-10-0%d\n' $i $((1 + (i * 3 + visit) % 4)) $visit $visit
        done
    done
} >"$d/evidence.csv"
run duet match --from "$d" --out "$dir/ids.csv"
status_is 0 'a sheet with ids'
err_empty 'nothing to note'
out_has 'Helper can do alone' 'the table says what the helper can do'
out_has $'(2\u00A0visits\u00A0by\u00A02)' 'and what stands behind it'
ok 'nothing is cut' test -z "$(grep -F … "$dir/.out")"

# The same with names, as saved elsewhere: semicolons, CRLF, a byte order mark, points in dates,
# empty rows and columns at the end.
cp -r "$d" "$dir/names"
sed -e 's/^T02/José Smith/; s/^T03/محمد خان/; s/^T04/王芳/; s/^T05/Ngọc Đỗ/; s/^T08/Siân Jones/' \
    -e 's/,Q,/,Asking questions,/; s/2026-10-0\(.\)/\1.10.2026/; s/$/,,/; s/,/;/g' -e 's/$/\r/' \
    "$d/evidence.csv" | sed '1s/^/\xEF\xBB\xBF/; $s/$/\n;;;;;;\r\n;;;;;;\r/' >"$dir/names/evidence.csv"
run duet match --from "$dir/names" --out "$dir/by-name.csv"
status_is 0 'the same with names, semicolons and dates with points'
same "$dir/ids.csv" "$dir/by-name.csv" 'gives the same partners'

# A row for each person, a column for each skill.
mkdir "$dir/wide"
printf 'Name;School\nAnn;x\nBen;x\nCem;y\nDan;y\n' >"$dir/wide/people.csv"
printf 'Name\nAsking questions\nFeedback\n' >"$dir/wide/skills.csv"
printf 'Name,School,Asking questions,Feedback\nAnn,x,4,1\nBen,x,1,4\nCem,y,,2\nDan,y,3,3\n' >"$dir/wide/evidence.csv"
run duet match --from "$dir/wide"
status_is 0 'a column for each skill, and no ids'
err_has '2 columns have the name of a' 'it is said'
err_has 'evidence.csv:1: The column "School" is not used' 'with the line of the headings'
run duet zone --from "$dir/wide" --person Ben
status_is 0 'a person by name'

# Two of one name.
run duet match --from "$d" --json
printf 'person,skill\nAnna Müller,Q\n' >"$dir/needs.csv"
run duet match --from "$d" --needs "$dir/needs.csv"
status_is 1 'a name that two people have'
err_has 'several people have this name. Write the id of the one who is meant.' 'what to do'
printf 'person,skill\nT01,Q\nT07,Q\n' >"$dir/needs.csv"
run duet match --from "$d" --needs "$dir/needs.csv" --strategy guide
status_is 0 'both of them'
out_says 'Anna Müller (T01)' 'are told apart: the first'
out_says 'Anna Müller (T07)' 'and the second'
run duet explain --from "$d" 'Anna Müller'
status_is 1 'explain: which of the two?'
err_has '2 people are called "Anna Müller"; give the id' 'it asks'
run duet explain --from "$d" 'José Smith' 'Siân Jones'
status_is 0 'explain by names'

# What cannot be read says so once, not in every row.
bad() { # FILE SED-COMMAND NAME
    rm -rf "$dir/bad"
    cp -r "$d" "$dir/bad"
    sed "$2" "$d/$1" >"$dir/bad/$1"
    run duet match --from "$dir/bad" --out "$dir/bad.csv"
    status_is 1 "$3"
    ok "$3: at most 8 lines" test "$(wc -l <"$dir/.err")" -le 8
    ok "$3: nothing is written" test ! -e "$dir/bad.csv"
}
bad evidence.csv 's/2026-10-0\(.\)/0\1\/10\/2026/' 'days with strokes'
err_has 'D.M.YYYY (24.11.2026)' 'what is expected'
err_has '... and 30 more cells like that.' 'and how many there are'
bad evidence.csv 's/,\([1-4]\),/,Level \1,/' 'levels in words'
err_has 'level must be a whole number' 'what is expected'
bad evidence.csv '1s/^/Observations in autumn\n/' 'a title above the table'
err_has 'the columns "person", "skill" and "level" are missing' 'what is missing'
bad evidence.csv '$s/$/\nTotal,,32,,/' 'a row of totals'
err_has 'correct the cell or delete the row' 'what to do'
bad people.csv 's/ü/\xFC/; s/é/\xE9/; s/ë/\xEB/; s/â/\xE2/' 'another character set'
err_has 'Save the file as CSV UTF-8' 'what to do'
is "$(grep -c 'Save the file' "$dir/.err")" 1 'once'

# Free periods of two words.
sed 's/^id,name,school/&,free_periods/; 2,$s/$/,"Mon 3; Tue 4"/' "$d/people.csv" >"$dir/free.csv"
run duet match --from "$d" --people "$dir/free.csv"
err_empty 'separated by semicolons they are as written'
sed 's/^id,name,school/&,free_periods/; 2,$s/$/,Mon 3/' "$d/people.csv" >"$dir/free.csv"
run duet match --from "$d" --people "$dir/free.csv"
tr -s ' \n' '  ' <"$dir/.err" >"$dir/.flat"
has "$dir/.flat" '10 cells such as "Mon 3" were read as two values' 'a number on its own is noted'

# Rules that cannot be kept, by file and line; people on whom nothing depends.
printf 'rule,person,other,column\nmust,T01,T02,\nsame,,,school\n' >"$dir/bad/rules.csv"
cp "$d/people.csv" "$dir/bad/people.csv"
run duet match --from "$dir/bad"
status_is 1 'a must across what must agree'
err_has "$dir/bad/rules.csv:2: T02 must help T01, but they differ in school" 'file, line and column'
sed 's/^id,name,school/&,max_helps/; 2,$s/$/,0/' "$d/people.csv" >"$dir/none.csv"
run duet match --from "$d" --people "$dir/none.csv"
status_is 0 'nobody has room to help'
out_has 'No partners are proposed.' 'no partners'
out_says 'nobody who offers help, and has room for it' 'and why'
COLUMNS=40 run duet match --from "$d"
ok 'narrow: no line above 40 columns' perl -CSD -ne 'exit 1 if length > 41' "$dir/.out"
out_says 'Jones learns' 'narrow: sentences'
run duet compare --from "$d"
ok 'compare: at most 80 columns' perl -CSD -ne 'exit 1 if length > 81' "$dir/.out"
run duet match --from "$d" --within scholl
status_is 2 'no such column'
err_has 'their further columns are: school' 'which there are'
done_testing
