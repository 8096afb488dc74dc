#!/usr/bin/env bash
# duet framework: what is in a file, turning it into another kind, and the official schema of CASE.
. tests/cli/lib.sh

schema=${DUET_SHARED:-../shared}/data/case/case-v1p1-cfpackage.schema.json

for name in teaching peer-coaching; do
    run duet framework "content/frameworks/$name.csv"
    status_is 0 "$name is read"
    run duet framework "content/frameworks/$name.csv" --out "$dir/$name.json"
    status_is 0 "$name becomes a CASE package"
    run duet framework "$dir/$name.json" --out "$dir/$name.csv"
    status_is 0 'which becomes a sheet'
    run duet framework "$dir/$name.csv" --out "$dir/$name-2.json"
    same "$dir/$name.json" "$dir/$name-2.json" 'and the same package again'
done
run duet framework content/frameworks/teaching.csv
out_has '18 skills in 6 domains' 'it says how many skills'
out_has 'wait-time' 'and which'

# Everything that can be in a framework, and hardly anything.
cat >"$dir/all.csv" <<'CSV'
kind,code,level,name,description,difficulty,retired,id,language,publisher,licence,name:es,description:ar
framework,,,"All of ""it"" <&>",Two lines,,,FW-1,en-GB,A house,CC BY 4.0,Todo,كل شيء
domain,,,Domain,,,,,,,,Dominio,
skill,a.1,,First,About it,,,11111111-2222-3333-4444-555555555555,,,,Primera,
level,,1,Low,,,,,,,,Bajo,
level,,2,High,What is seen,,,,,,,,
task,,,Try it,,-0.5,,,,,,,
task,,,Try again,,,yes,,,,,,
skill,b,,Second,,,yes,,,,,,
CSV
printf 'name\nOnly skill\n' >"$dir/least.csv"
run duet framework "$dir/all.csv" --out "$dir/all.json" --url https://skills.school.example
status_is 0 'a framework with everything in it'
run duet framework "$dir/least.csv" --out "$dir/least.json"
status_is 0 'and with hardly anything'
has "$dir/all.json" 'https://skills.school.example/ims/case/v1p1/CFItems/' 'addresses as asked for'
run duet framework "$dir/least.csv"
out_has least 'a sheet without a name has the name of its file'

if [ ! -f "$schema" ]; then
    skip "the official schema: $schema is not there"
elif ! python3 -c 'import jsonschema' 2>/dev/null; then
    fail 'python3-jsonschema is installed'
else
    for name in teaching peer-coaching all least; do
        ok "$name.json keeps to the official schema of CASE v1.1" \
            python3 tests/cli/case_schema.py "$schema" "$dir/$name.json"
    done
    sed 's/"caseVersion": "1.1"/"caseVersion": "1.2"/' "$dir/least.json" >"$dir/wrong.json"
    ok 'the check can fail' sh -c '! python3 tests/cli/case_schema.py "$1" "$2" 2>/dev/null' - \
        "$schema" "$dir/wrong.json"
fi

guides=${DUET_SHARED:-../shared}/data/frameworks/ipg.json
if [ -f "$guides" ]; then
    run duet framework "$guides"
    status_is 0 'observation guides'
    out_has math_k8 'all four of them'
    run duet framework "$guides" --out "$dir/guide.csv"
    status_is 2 'several: which one?'
    run duet framework "$guides" --out "$dir/guide.csv" --name ela_k2
    status_is 0 'one of them becomes a sheet'
    run duet framework "$dir/guide.csv"
    out_has '17 skills in 4 domains' 'that can be read'
else
    skip "observation guides: $guides is not there"
fi

printf 'kind,name\nskill,A\nlevel,x\nskil,B\n' >"$dir/bad.csv"
run duet framework "$dir/bad.csv" --out "$dir/bad.json"
status_is 1 'a wrong sheet'
err_has 'bad.csv:4' 'the line'
err_has 'kind must be framework, domain, skill, level or task' 'and what was expected'
ok 'nothing is written' test ! -e "$dir/bad.json"
printf '{"CFDocument": {"title": "T"},\n "CFItems": [}' >"$dir/bad.json"
run duet framework "$dir/bad.json"
status_is 1 'no JSON'
err_has 'bad.json:2' 'the line of it'
run duet framework "$dir/none.csv"
status_is 1 'no file'
run duet framework "$dir/all.csv" --out "$dir/all.csv"
status_is 2 'not over itself'
done_testing
