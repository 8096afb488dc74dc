#!/usr/bin/env bash
# duet import from outside: sheets, rosters as zips and folders, evidence.
. tests/cli/lib.sh

db=$dir/a.db
run duet db migrate "$db"
status_is 0 'a database'

# Sheets of people.
printf 'Nombre;Apellidos;Correo;Centro;Idiomas\nAna;García;ana@x.org;IES Norte;español\nLuis;Pérez;luis;IES Norte;inglés\n' >"$dir/p.csv"
run duet import people "$dir/p.csv" --db "$db"
status_is 1 'a sheet with a problem'
err_has 'p.csv:3: column 3 (Correo): "luis": this is not an e-mail address.' 'the place, the value and what is wrong'
err_has 'leave these rows out with --skip-bad-rows' 'what to do'
out_says 'Nombre given_name Ana' 'what the columns are taken for'
run duet import people "$dir/p.csv" --db "$db" --apply
status_is 1 'it is not applied'
sed -i 's/luis;/luis@x.org;/' "$dir/p.csv"
run duet import people "$dir/p.csv" --db "$db"
status_is 0 'corrected'
out_has 'This was only a look. Say --apply to do it.' 'only a look'
run duet import people "$dir/p.csv" --db "$db" --apply
status_is 0 'applied'
out_has 'New people: 2' 'with what was done'
out_has 'Done: everything above is in the database.' 'and that it was'
run duet import people "$dir/p.csv" --db "$db" --apply
status_is 0 'the same again'
out_has 'Everything in this file is here already; nothing was changed.' 'changes nothing'
printf 'a,b\nZoe Zeta,z@x.org\n' >"$dir/q.csv"
run duet import people "$dir/q.csv" --db "$db"
status_is 1 'columns that nobody knows'
err_has 'no column has the names of people' 'are told'
run duet import people "$dir/q.csv" --db "$db" --columns name,email --apply
status_is 0 'columns that are said'
run duet import people "$dir/q.csv" --db "$db" --columns name,phone
status_is 2 'a column that there is not'

# Rosters.
export=$dir/export
mkdir "$export"
printf 'propertyName,value\noneroster.version,1.2\nfile.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\nsource.systemName,Aeries\n' >"$export/manifest.csv"
printf 'sourcedId,name,type\ns1,North,school\n' >"$export/orgs.csv"
roster() { # FROM TO: teachers of these numbers, and a student
    printf 'sourcedId,userSourcedId,role,orgSourcedId\nk,k,student,s1\n' >"$export/roles.csv"
    printf 'sourcedId,givenName,familyName,email\nk,Secret,Kid,kid@x.org\n' >"$export/users.csv"
    for i in $(seq "$1" "$2"); do
        printf 'r%d,t%d,teacher,s1\n' "$i" "$i" >>"$export/roles.csv"
        printf 't%d,Teacher,Number%d,t%d@x.org\n' "$i" "$i" "$i" >>"$export/users.csv"
    done
}
roster 1 30
run duet import oneroster "$export" --db "$db" --apply
status_is 0 'a roster from a folder'
out_has 'New people: 30' 'its staff'
out_has '... and 20 more' 'the first of them shown'
err_has '1 row was left unread: 1 of students' 'a student counted'
ok 'and not shown' test -z "$(cat "$dir/.out" "$dir/.err" | grep -iE 'secret|kid')"
run duet import oneroster "$export" --db "$db" --all --apply
out_has 'nothing was changed' 'again'
if command -v zip >/dev/null; then
    (cd "$dir" && zip -q export.zip export/*)
    run duet import oneroster "$dir/export.zip" --db "$db" --apply
    status_is 0 'the same as a zip'
    out_has 'nothing was changed' 'is the same'
else
    skip 'there is no zip program'
fi
roster 1 12
run duet import oneroster "$export" --db "$db" --apply
status_is 1 'many leave'
err_has 'nothing was changed: 18 people would be deactivated at once; if that is right, say --accept-leavers' 'is asked about'
run duet import oneroster "$export" --db "$db" --apply --accept-leavers --all
status_is 0 'and done when it is right'
out_says 'Teacher Number30 not in the file' 'with the reason'
printf 'PK\003\004 nothing' >"$dir/bad.zip"
run duet import oneroster "$dir/bad.zip" --db "$db"
status_is 1 'a zip that is none'
err_has 'bad.zip: this is not a zip file, or its end is missing.' 'is told'
run duet import oneroster "$dir/none" --db "$db"
status_is 1 'a folder that is not there'
run duet import people "$dir/p.csv" --db "$dir/none.db"
status_is 1 'a database that is not there'
ok 'is not made' test ! -e "$dir/none.db"
run duet import pupils "$dir/p.csv" --db "$db"
status_is 2 'another kind of file'

# Evidence, into the demonstration district.
run duet import evidence "$dir/p.csv" --db "$db"
status_is 2 'evidence without a framework'
demo=$dir/demo.db
run duet demo --people 20 --db "$demo"
run duet import evidence "$dir/p.csv" --db "$demo"
if [ "$status" = 2 ]; then
    name=$(sed -n 's/^  //p' "$dir/.err" | head -n 1)
else
    name=
fi
printf 'person,skill,level\nnobody,nothing,2\n' >"$dir/e.csv"
run duet import evidence "$dir/e.csv" --db "$demo" ${name:+--framework "$name"}
status_is 1 'evidence of nobody'
err_has 'there is no person with this id, e-mail address or name in Duet' 'is told'
run duet import evidence "$dir/e.csv" --db "$demo" --framework 'No such framework'
status_is 2 'a framework that is not there'
done_testing
