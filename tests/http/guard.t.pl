# Malformed and oversized requests, byte by byte through a socket: each is refused, the connection is
# closed, and nothing that was hidden behind it is answered.
use strict;
use warnings;
use lib 'tests/http';
use Site;
use Test::More;
use Time::HiRes qw(time sleep);

my $site = Site->start('--workers', 1, '--times', 700);
my $hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

# Begun first, looked at when their time is over.
my %slow;
for my $kind (qw(nothing head trickle body)) {
    my $socket = $slow{$kind}{socket} = $site->connect;
    $slow{$kind}{begun} = time;
    syswrite $socket, "GET / HTTP/1.1\r\nHost: a\r\nX: " if $kind eq 'head' || $kind eq 'trickle';
    syswrite $socket, "POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nabc" if $kind eq 'body';
}

# The 13 probes.
my $post = "POST /raw HTTP/1.1\r\nHost: a\r\n";
my @probes = (
    ['two different Content-Length', 400, $post . "Content-Length: 5\r\nContent-Length: 43\r\n\r\nhello$hidden"],
    ['Content-Length and chunked', 400,
        $post . "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$hidden"],
    ['gzip, chunked and Content-Length', 400,
        $post . "Transfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\n\r\nhello$hidden"],
    ['a chunk size of 0x5', 411, $post . "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n$hidden"],
    ['Content-Length: +5', 400, $post . "Content-Length: +5\r\n\r\nhello$hidden"],
    ['a blank before the colon', 400, $post . "Content-Length : 5\r\n\r\nhello$hidden"],
    ['two Host', 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n$hidden"],
    ['no Host', 400, "GET / HTTP/1.1\r\nX: a\r\n\r\n$hidden"],
    ['a folded header', 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n$hidden"],
    ['NUL', 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n$hidden"],
    ['a bare CR', 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n$hidden"],
    ['a header of 64 kB', 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " . ('a' x 65536) . "\r\n\r\n$hidden"],
    ['15,000 slashes', 414, 'GET ' . ('/' x 15000) . " HTTP/1.1\r\nHost: a\r\n\r\n$hidden"],
);
for my $probe (@probes) {
    my ($name, $status, $bytes) = @$probe;
    my ($answer, $closed) = $site->raw($bytes);
    my @answers = $answer =~ /HTTP\/1\.1 (\d+) /g;
    is("@answers", $status, "$name: one answer, $status");
    ok($closed && $answer =~ /^Connection: close\r$/m, "$name: closed");
}

my @more = (
    ['a method that nobody uses', 405, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ['a target of 20 kB without end', 414, 'GET /' . ('a' x 20000)],
    ['a head that never ends', 431, "GET / HTTP/1.1\r\n" . ("X: a\r\n" x 4000)],
    ['HTTP/2', 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ['TLS', 400, "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03"],
    ['a path with ..', 400, "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"],
    ['a body that is too large', 413, $post =~ s{/raw}{/echo}r
        . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000000\r\n\r\n" . ('a' x 100000)],
    ['a body of a type that is not taken', 415, $post =~ s{/raw}{/echo}r . "Content-Length: 2\r\n\r\n{}"],
    ['a body where none is taken', 403, $post =~ s{/raw}{/closed}r . "Content-Length: 2\r\n\r\n{}"],
    ['an expectation', 417, $post . "Expect: magic\r\nContent-Length: 2\r\n\r\n{}"],
    ['a broken escape in a form', 400, $post =~ s{/raw}{/echo}r
        . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\na=%z"],
    ['a multipart that breaks off', 400, $post =~ s{/raw}{/upload}r
        . "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n\r\n--y\r\n"],
);
for my $case (@more) {
    my ($name, $status, $bytes) = @$case;
    my $answer = $site->raw($bytes);
    my @answers = $answer =~ /HTTP\/1\.1 (\d+) /g;
    is("@answers", $status, "$name: $status");
}
like($site->raw("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), qr/^Allow: GET, HEAD, POST, PUT, DELETE\r$/m, 'says what it allows');

# One byte every tenth of a second does not keep a head open.
my $trickle = $slow{trickle}{socket};
for (1 .. 12) {
    last unless syswrite $trickle, 'a';
    sleep 0.1;
}
for my $kind (qw(head trickle body)) {
    my ($answer, $closed) = Site::drain($slow{$kind}{socket}, 3);
    like($answer, qr/^HTTP\/1\.1 408 /, "slow $kind: 408");
    ok($closed, "slow $kind: closed");
}
my ($nothing, $closed) = Site::drain($slow{nothing}{socket}, 3);
ok($nothing eq '' && $closed, 'nothing at all: closed without a word');
cmp_ok(time - $slow{nothing}{begun}, '<', 6, 'soon');

# Whatever the pieces it comes in, a good request is answered.
my $whole = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=1&b=2";
my $pieces = $site->connect;
for my $byte (split //, $whole) {
    syswrite $pieces, $byte;
}
like(Site::drain($pieces), qr/^form b=2$/m, 'byte by byte');

my $log = $site->log_text;
like($log, qr/event=request id=\w{16} method=- route=refused status=400 /, 'a refusal is logged');
unlike($log, qr/hidden/, 'nothing of what was hidden ran');
is($site->stop, 0, 'stops cleanly');

# More connections than a worker takes: who is idle gives way, who asks does not.
my $small = Site->start('--workers', 1, '--connections', 10);
my $first = $small->connect;
syswrite $first, "GET /ask?say=slow HTTP/1.1\r\nHost: a\r\n\r\n";
sleep 0.1;
my @idle = map { $small->connect } 1 .. 30;
sleep 0.1;
is($small->get('/')->{status}, 200, 'answered although thirty connections do nothing');
my $gone = grep { my ($bytes, $closed) = Site::drain($_, 0.001); $closed } @idle;
cmp_ok($gone, '>=', 20, "$gone idle ones have given way");
like(scalar Site::drain($first, 3), qr/limit reached/, 'the one that waited for its answer has it');
is($small->stop, 0, 'stops cleanly');
done_testing;
