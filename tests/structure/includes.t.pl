# Arrows point down only: which room may include which, and that the engines stay pure.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use Test::More;

my %may = (
    base => [qw(base)],
    zone => [qw(base zone)],
    match => [qw(base match)],
    talk => [qw(base talk)],
    db => [qw(base db)],
    coach => [qw(base db zone match talk coach)],
    http => [qw(base http)],
    html => [qw(base html)],
    web => [qw(base coach http html web)],
    jobs => [qw(base coach jobs)],
    cli => [qw(base zone match talk db coach http html web jobs cli)],
);
my %engine = map { $_ => 1 } qw(zone match talk);
# stdio.h is for snprintf (banned.t.pl refuses its input and output); the hash of libsodium is a
# function of its input like any other.
my %pure = map { $_ => 1 }
    qw(assert.h float.h inttypes.h limits.h math.h stdalign.h stdarg.h stdbool.h stddef.h stdint.h
       stdio.h stdnoreturn.h string.h sodium/crypto_generichash.h);

# Libraries that one room hides from the others: pattern of the header => room.
my @hidden = (
    [qr{^(sqlite3|sqlite3ext|libpq-fe|libpq/.*)\.h$} => 'db'],
    [qr{^zxcvbn\.h$} => 'coach'],
    [qr{^event2/|^(event|evhttp|evdns|evrpc|evutil)\.h$} => 'http'],
);

# What the checker of certificates may see of the room it checks: the data (source.h has the units),
# and how gains arise.
my %verifier_may = map { $_ => 1 } qw(certificate.h gain.h source.h verify.h verify_report.h);

sub check {
    my ($path, $text) = @_;
    my ($room, $file) = $path =~ m{^src/(\w+)/(.+)$} or return ();
    return ("the room '$room' has no place in the house") unless $may{$room};
    my %allowed = map { $_ => 1 } @{$may{$room}};
    my @wrong;
    for my $pair (Lint::lines($text)) {
        my ($n, $line) = @$pair;
        if ($line =~ /^\s*#\s*include\s+"([^"]+)"/) {
            my $what = $1;
            my ($to, $header) = $what =~ m{^(\w+)/(.+)$};
            if (!defined $to || !$may{$to}) {
                push @wrong, "$n: include \"$what\" by its path from src/";
            } elsif (!$allowed{$to}) {
                push @wrong, "$n: $room may not include $what";
            } elsif ($room eq 'match' && $file =~ /^verify/ && $to eq 'match'
                && !$verifier_may{$header}) {
                push @wrong, "$n: the verifier shares nothing with the solvers, not $what";
            }
        } elsif ($engine{$room} && $line =~ /^\s*#\s*include\s+<([^>]+)>/ && !$pure{$1}) {
            push @wrong, "$n: the engine $room is pure and may not include <$1>";
        }
        if ($line =~ /^\s*#\s*include\s+[<"]([^>"]+)[>"]/) {
            my $header = $1;
            push @wrong, map { "$n: only $_->[1] may include <$header>" }
                grep { $header =~ $_->[0] && $room ne $_->[1] } @hidden;
        }
    }
    return @wrong;
}

lint(
    name => 'includes',
    files => [Lint::sources('src')],
    check => \&check,
    bad => [
        ['src/base/x.c', "#include \"zone/zone.h\"\n", qr/^1: base may not include/],
        ['src/zone/x.h', "\n#include \"match/gain.h\"\n", qr/^2: zone may not/],
        ['src/match/x.c', "#include \"coach/roster.h\"\n", qr/match may not/],
        ['src/coach/x.c', "#include \"http/server.h\"\n", qr/coach may not/],
        ['src/web/x.c', "#include \"db/db.h\"\n", qr/web may not/],
        ['src/zone/x.c', "#include <unistd.h>\n", qr/is pure/],
        ['src/match/x.c', "# include <time.h>\n", qr/is pure/],
        ['src/match/verify.c', "#include \"match/pairing.h\"\n", qr/shares nothing/],
        ['src/cli/x.c', "#include \"x.h\"\n", qr/by its path/],
        ['src/attic/x.c', "int x;\n", qr/no place/],
        ['src/coach/x.c', "#include <sqlite3.h>\n", qr/^1: only db may/],
        ['src/cli/x.c', "#include \"libpq-fe.h\"\n", qr/only db may/],
        ['src/web/x.c', "#include <event2/http.h>\n", qr/only http may/],
    ],
    good => [
        ['src/zone/x.c', "#include \"base/arena.h\"\n#include \"zone/zone.h\"\n#include <math.h>\n"],
        ['src/cli/x.c', "#include \"coach/roster.h\"\n#include <stdio.h>\n"],
        ['src/match/verify.c', "#include \"match/certificate.h\"\n"],
        ['src/db/x.c', "#include <sqlite3.h>\n#include <libpq-fe.h>\n"],
        ['src/http/x.c', "#include <event2/event.h>\n"],
    ],
);
done_testing;
