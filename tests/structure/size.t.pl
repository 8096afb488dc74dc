# A file is at most 600 lines, a function of the program at most 60: one idea each.
# clang-format puts a function's braces alone in the first column, which is how it is found.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use Test::More;

my ($max_file, $max_function) = (600, 60);
my $listed = Lint::exceptions('size');
my %used;

sub check {
    my ($path, $text) = @_;
    my (@wrong, $begin, $name, $before);
    my @lines = Lint::lines(Lint::code_of($text));
    pop @lines if @lines && $lines[-1][1] eq '';
    if (@lines > $max_file && !$listed->{$path}) {
        push @wrong, scalar(@lines) . " lines, at most $max_file";
    }
    $used{$path} = 1 if @lines > $max_file;
    for my $pair (@lines) {
        my ($n, $line) = @$pair;
        if ($line eq '{') {
            ($begin, $name) = ($n, $before // '?');
        } elsif ($line eq '}' && defined $begin) {
            my $length = $n - $begin - 1;
            if ($length > $max_function && $path !~ m{^tests/}) {
                $used{"$path:$name"} = 1;
                push @wrong, "$begin: $name has $length lines, at most $max_function"
                    unless $listed->{"$path:$name"};
            }
            undef $begin;
        }
        $before = $1 if $line =~ /^\w[\w\s*]*?\b(\w+)\(/ && $line !~ /^(__attribute__|MUST_CHECK)\(/;
    }
    return @wrong;
}

my $long = "static int work(int a,\n                int b)\n{\n" . ("    a++;\n" x 61) . "}\n";
my $fits = "int work(int a)\n{\n" . ("    a++;\n" x 60) . "}\n";
lint(
    name => 'size',
    files => [Lint::sources(qw(src tests bench))],
    check => \&check,
    bad => [
        ['src/cli/x.c', "int x;\n" x 601, qr/601 lines/],
        ['src/cli/x.c', $long, qr/^3: work has 61 lines/],
        ['bench/zone/x.c', $long, qr/work has 61/],
    ],
    good => [['src/cli/x.c', "int x;\n" x 600], ['src/cli/x.c', $fits], ['tests/cli/x.t.c', $long]],
);
ok(!(grep { !$used{$_} } keys %$listed), 'size: every listed exception is still needed')
    or diag(join "\n", grep { !$used{$_} } sort keys %$listed);
done_testing;
