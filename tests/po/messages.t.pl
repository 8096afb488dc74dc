# The interface's texts: the template has what the source has, and every language has all of it.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use Test::More;

# The entries of a .po text: "context\4id" => {id, plural, forms}, without the header.
sub entries {
    my ($text) = @_;
    my %found;
    for my $block (split /\n\s*\n/, $text) {
        my (%entry, @forms, $into);
        for my $line (split /\n/, $block) {
            $entry{fuzzy} = 1 if $line =~ /^#,.*\bfuzzy\b/;
            if ($line =~ /^(msgctxt|msgid|msgid_plural)\s+"(.*)"$/) {
                $entry{$1} = $2;
                $into = \$entry{$1};
            } elsif ($line =~ /^msgstr(?:\[(\d+)\])?\s+"(.*)"$/) {
                my $form = $1 // 0;
                $forms[$form] = $2;
                $into = \$forms[$form];
            } elsif ($line =~ /^"(.*)"$/ && $into) {
                $$into .= $1;
            }
        }
        next unless length($entry{msgid} // '');
        $entry{forms} = \@forms;
        my $key = (defined $entry{msgctxt} ? "$entry{msgctxt}|" : '') . $entry{msgid};
        $found{$key} = \%entry;
    }
    return \%found;
}

sub slots {
    my ($text) = @_;
    return join ' ', sort $text =~ /(\{\/?[a-z0-9_]+\})/g;
}

# What is wrong with a language, given the template.
sub wrong_in {
    my ($template, $language) = @_;
    my @wrong;
    for my $key (sort keys %$template) {
        my $entry = $language->{$key};
        if (!$entry || grep { !length($_ // '') } @{$entry->{forms}}) {
            push @wrong, "\"$key\" is not translated";
            next;
        }
        push @wrong, "\"$key\" is marked fuzzy" if $entry->{fuzzy};
        my $plural = $template->{$key}{msgid_plural};
        my $expected = slots($plural // $template->{$key}{msgid});
        for my $i (0 .. $#{$entry->{forms}}) {
            my $has = slots($entry->{forms}[$i]);
            next if $has eq $expected;
            next if defined $plural && $i == 0 && $has eq slots($template->{$key}{msgid});
            push @wrong, "\"$key\" has the placeholders \"$has\", expected \"$expected\"";
        }
    }
    return @wrong;
}

my $two = entries(qq{msgid ""\nmsgstr "x"\n\nmsgid "a {n}"\nmsgstr ""\n\nmsgctxt "c"\nmsgid "b"\nmsgstr ""\n});
is(join(' ', sort keys %$two), 'a {n} c|b', 'messages: reads entries and contexts');
for my $sample (
    [qq{msgid "a {n}"\nmsgstr "x {n}"\n}, qr/c\|b" is not translated/],
    [qq{msgid "a {n}"\nmsgstr "x {m}"\n\nmsgctxt "c"\nmsgid "b"\nmsgstr "y"\n}, qr/placeholders/],
    [qq{#, fuzzy\nmsgid "a {n}"\nmsgstr "x {n}"\n\nmsgctxt "c"\nmsgid "b"\nmsgstr "y"\n}, qr/fuzzy/],
) {
    my @said = wrong_in($two, entries($sample->[0]));
    ok((grep { $_ =~ $sample->[1] } @said), "messages: refuses a sample ($sample->[1])");
}
ok(!wrong_in($two, entries(qq{msgid "a {n}"\nmsgstr ""\n"{n} x"\n\nmsgctxt "c"\nmsgid "b"\nmsgstr "y"\n})),
    'messages: accepts a sample');

my $hint = 'run tools/messages, then translate what is new in po/*.po';
my $source = entries(scalar `tools/messages extract`);
my $template = entries(Lint::slurp('po/duet.pot'));
ok(scalar keys %$source, 'messages: the source has texts');
my @new = grep { !$template->{$_} } sort keys %$source;
my @gone = grep { !$source->{$_} } sort keys %$template;
ok(!@new && !@gone, 'messages: po/duet.pot has the texts of the source')
    or diag(join "\n", $hint, (map { "new: $_" } @new), (map { "gone: $_" } @gone));
for my $po (glob 'po/*.po') {
    my @wrong = wrong_in($template, entries(Lint::slurp($po)));
    ok(!@wrong, "messages: $po is complete")
        or diag(join "\n", $hint, @wrong > 30 ? (@wrong[0 .. 29], '...') : @wrong);
    is(system("msgfmt --check -o /dev/null $po"), 0, "messages: msgfmt accepts $po");
}
# What is wrong with a file reaches people through these functions, which look their texts up: texts
# that are not marked stay English.
my $told = qr/\b(?:\w+_bad(?:_field|_row)?|roster_problems_(?:add|note)|complaint_add\w*)\(/;
# Read by the command line only, which speaks English.
my %plain = map { ("src/coach/$_.c" => 1) } qw(roster roster_build roster_people roster_rules roster_skills
    roster_wishes round_partners);
sub unmarked {
    my ($text) = @_;
    my @found;
    my $string = qr/"(?:[^"\\]|\\.)*"/;
    $text =~ s{/\*.*?\*/}{}gs;
    while ($text =~ /$told/g) {
        my $call = substr($text, pos($text), 4000);
        $call =~ /^((?:[^()"']|$string|'(?:[^'\\]|\\.)+'|(\((?:[^()"']|$string|'(?:[^'\\]|\\.)+'|(?2))*\)))*)\)/ or next;
        my $arguments = $1;
        $arguments =~ s/\bN_\(\s*(?:$string\s*)+\)//g;
        push @found, grep { /[a-z] +[a-z]/ } $arguments =~ /($string)/g;
    }
    return @found;
}
is(scalar unmarked('x_bad(t, 1, "a b", N_("c d"), f(2));'), 1, 'messages: finds a text that is not marked');
is(scalar unmarked('x_bad(t, "", c ? N_("a b" "c d") : N_("e f"), "%s", g("x"));'), 0,
    'messages: accepts marked ones');
my @unmarked;
for my $path (grep { !$plain{$_} } glob('src/coach/*.c src/web/*.c')) {
    push @unmarked, map { "$path: $_" } unmarked(Lint::slurp($path));
}
ok(!@unmarked, 'messages: what is wrong with a file or a form is said in every language')
    or diag(join "\n", @unmarked);
done_testing;
