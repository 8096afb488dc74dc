# What is in the files: finished work, clean UTF-8, no stray bytes, no mutable globals, a head
# comment that says what the file is for.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use Test::More;

my @text = grep { !m{^(LICENSE|tests/fuzz/corpus/|tests/.*/data/)} && -T $_ }
    Lint::files(qw(. :!tests/fuzz));
my @c = Lint::sources(qw(src tests bench));
my $non_ascii = Lint::exceptions('ascii');
my $globals = Lint::exceptions('global');

sub marks {
    my ($path, $text) = @_;
    return () if $path eq 'tests/structure/text.t.pl';
    return map { "$_->[0]: unfinished: $_->[1]" }
        grep { $_->[1] =~ /\b(TODO|FIXME|XXX|HACK)\b|(?i:not implemented)/ }
        Lint::lines($text);
}

sub bytes {
    my ($path, $text) = @_;
    my @wrong;
    push @wrong, 'no newline at the end' if length $text && $text !~ /\n\z/;
    my $copy = $text;
    push @wrong, 'not UTF-8' unless utf8::decode($copy);
    for my $pair (Lint::lines($text)) {
        my ($n, $line) = @$pair;
        push @wrong, "$n: carriage return" if $line =~ /\r/;
        push @wrong, "$n: blank at the end" if $line =~ /[ \t]$/ && $path !~ /\.(csv|tsv)$/;
        push @wrong, "$n: tab" if $line =~ /\t/ && $path =~ /\.[ch]$/;
        push @wrong, "$n: control character" if $line =~ /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;
        push @wrong, "$n: not ASCII" if $line =~ /[\x80-\xff]/ && $path =~ m{^src/.*\.[ch]$}
            && !$non_ascii->{$path};
    }
    return @wrong;
}

sub head {
    my ($path, $text) = @_;
    return $text =~ m{\A(/\*|//)} ? () : ('does not open with a comment that says what it is for');
}

# A definition at file scope that is neither const nor a function.
sub globals {
    my ($path, $text) = @_;
    return () if $globals->{$path};
    my @wrong;
    for my $pair (Lint::lines(Lint::code_of($text))) {
        my ($n, $line) = @$pair;
        next unless $line =~ /^(static\s+)?(unsigned |struct |enum |u?int|char|double|float|long|bool|size_t)/;
        next if $line =~ /\bconst\b/ || $line =~ /\(/ || $line !~ /[=;]|\]\s*$/;
        next if $line =~ /^(struct|enum) \w+(;| \{)|^enum \{/;
        push @wrong, "$n: mutable global: $line";
    }
    return @wrong;
}

lint(name => 'finished', files => \@text, check => \&marks,
    bad => [['src/x.c', "/* TODO: more */\n", qr/^1: unfinished/],
        ['docs/x.md', "This is not implemented.\n", qr/^1/]],
    good => [['src/x.c', "char name[] = \"/x.XXXXXX\";\n"]]);
lint(name => 'clean text', files => \@text, check => \&bytes,
    bad => [['src/x.c', "int x; \n", qr/blank at the end/], ['src/x.c', "int x;", qr/no newline/],
        ['src/x.c', "\tint x;\n", qr/tab/], ['docs/x.md', "a\r\n", qr/carriage/],
        ['docs/x.md', "\xff\n", qr/UTF-8/], ['src/cli/x.c', "\"\xc3\xa9\"\n", qr/not ASCII/],
        ['docs/x.md', "a\x01b\n", qr/control/]],
    good => [['docs/x.md', "caf\xc3\xa9\n"]]);
lint(name => 'head comment', files => \@c, check => \&head,
    bad => [['src/x.h', "#ifndef X\n#define X\n#endif\n", qr/does not open/]],
    good => [['src/x.h', "/* What it is. */\n"]]);
lint(name => 'no mutable globals', files => [Lint::sources('src')], check => \&globals,
    bad => [['src/x.c', "static int count;\n", qr/^1: mutable/],
        ['src/x.c', "struct x *all = 0;\n", qr/mutable/],
        ['src/x.c', "static char text[10] = {0};\n", qr/mutable/]],
    good => [['src/x.c', "static const int count = 3;\nstruct x;\nstruct y {\n    int a;\n};\n"
        . "static int f(void);\nenum err g(int x)\n{\n    int y = 3;\n}\n"]]);

my @rooms = grep { my $room = $_; grep { m{^\Q$room\E/[^/]+\.c$} } Lint::files('src') }
    map { s{/$}{}r } glob 'src/*/';
is(join(' ', grep { !-f "$_/README.md" } @rooms), '', 'every room has a README.md');
done_testing;
