# Good requests through a socket: connections, bodies, files, assets, cookies, proxies, services,
# the log and the counters.
use strict;
use warnings;
use lib 'tests/http';
use Site;
use Test::More;
use Time::HiRes qw(time sleep);

my $site = Site->start('--workers', 1, '--trust', '127.0.0.1');
my $data = "$site->{dir}/data";
my $form = "Content-Type: application/x-www-form-urlencoded\r\n";

# Adler-32, as the site sums a file up.
sub sum {
    my ($bytes) = @_;
    my ($a, $b) = (1, 0);
    for my $byte (unpack 'C*', $bytes) {
        $a = ($a + $byte) % 65521;
        $b = ($b + $a) % 65521;
    }
    return sprintf '%08x', $b << 16 | $a;
}

# --- connections

my $socket = $site->connect;
my @pids;
for (1 .. 3) {
    syswrite $socket, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    my $answer = Site::read_answer($socket);
    is($answer->{headers}{connection}, 'keep-alive', 'the connection goes on');
}
syswrite $socket, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
my ($last, $closed) = Site::drain($socket);
ok($closed && $last =~ /^Connection: close\r$/m, 'and ends when asked');

my $many = join '', map { "GET /echo?n=$_ HTTP/1.1\r\nHost: a\r\n\r\n" } 1 .. 200;
my $answers = $site->raw($many, 0.5);
my @order = $answers =~ /^query n=(\d+)$/mg;
is("@order", join(' ', 1 .. 200), '200 requests at once are answered in order');

my $mixed = $site->raw("POST /echo HTTP/1.1\r\nHost: a\r\n${form}Content-Length: 3\r\n\r\na=1"
    . "GET /ask?say=x HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    . "GET /echo?z HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
like($mixed, qr/form a=1.*ok: x.*HTTP\/1\.1 200.*query z=/s, 'bodies, services and HEAD in one go');

like($site->raw("GET / HTTP/1.0\r\n\r\n"), qr/^HTTP\/1\.1 200 OK\r\n.*^Connection: close\r$/ms, 'HTTP/1.0');
my $head = $site->request('HEAD', '/table');
my $whole = $site->get('/table');
is($head->{headers}{'content-length'}, length $whole->{body}, 'HEAD has the length of GET');
cmp_ok(length $whole->{body}, '>', 8000, 'a page of some size');

$socket = $site->connect;
syswrite $socket, "POST /raw HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
like(scalar Site::drain($socket, 0.3), qr/\AHTTP\/1\.1 100 Continue\r\n\r\n\z/, '100 Continue, and nothing else');
syswrite $socket, 'hello';
like(Site::read_answer($socket)->{body}, qr/^body hello$/m, 'then the answer');
syswrite $socket, "POST /closed HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
like(scalar Site::drain($socket, 0.3), qr/\AHTTP\/1\.1 403 /, 'a refusal comes before the body');

# --- headers of every answer

for my $target ('/', '/nothing', '/fail') {
    my $answer = $site->get($target);
    for my $name (qw(content-security-policy x-content-type-options referrer-policy permissions-policy
        cross-origin-opener-policy cross-origin-resource-policy x-frame-options x-request-id date)) {
        ok($answer->{headers}{$name}, "$target: $name");
    }
    is($answer->{headers}{'cache-control'}, 'no-store', "$target: no-store");
    ok(!$answer->{headers}{'strict-transport-security'}, "$target: no HSTS without TLS");
    ok(!$answer->{headers}{server}, "$target: does not say what it is made of");
}
my $tls = $site->get('/', "X-Forwarded-Proto: https\r\n");
ok($tls->{headers}{'strict-transport-security'}, 'HSTS behind TLS');

# --- proxies

like($site->get('/echo', "X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-Proto: https\r\n")->{body},
    qr/^address 203\.0\.113\.5\nsecure 1\nloopback 0$/m, 'a trusted proxy is believed');

# --- failures

for my $how (qw(split redirect io)) {
    my $answer = $site->get("/fail?how=$how");
    is($answer->{status}, 500, "$how: 500");
    unlike($answer->{raw} . $answer->{body}, qr/half a page|evil|Set-Cookie/, "$how: nothing of what was half made");
}
is($site->get('/fail?how=busy')->{status}, 503, 'busy: 503');

# --- bodies

my $posted = $site->request('POST', '/echo', $form, 'a=1&b=%C3%A9+x&a=2');
like($posted->{body}, qr/^form a=1\nform b=\xc3\xa9 x\nform a=2$/m, 'a form');
sub multipart {
    my ($fields, @files) = @_;
    my $body = '';
    for my $name (sort keys %$fields) {
        $body .= "--XyZ\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$fields->{$name}\r\n";
    }
    for my $file (@files) {
        $body .= "--XyZ\r\nContent-Disposition: form-data; name=\"$file->[0]\"; filename=\"$file->[1]\"\r\n"
            . "Content-Type: application/octet-stream\r\n\r\n$file->[2]\r\n";
    }
    return $body . "--XyZ--\r\n";
}
my $multi = "Content-Type: multipart/form-data; boundary=XyZ\r\n";
my $bytes = join '', map { chr(($_ * 7919 + ($_ >> 8)) % 256) } 1 .. 300_000;
my $sent = $site->request('POST', '/upload', $multi,
    multipart({note => 'hello'}, ['f', '../x.zip', $bytes], ['g', '', ''], ['h', 'y', "\r\n--Xy\r"]));
like($sent->{body}, qr/^form note=hello$/m, 'multipart: the field');
like($sent->{body}, qr/^file f x\.zip 300000 @{[sum($bytes)]}$/m, 'multipart: the file, every byte of it');
like($sent->{body}, qr/^file h y 7 @{[sum("\r\n--Xy\r")]}$/m, 'multipart: another file');
unlike($sent->{body}, qr/^file g/m, 'multipart: no file was chosen');
is($site->request('POST', '/echo', $multi, multipart({}, ['f', 'x', 'abc']))->{status}, 413,
    'a file where only fields are taken');
is($site->request('POST', '/upload', $multi, multipart({a => 'x' x 300_000}))->{status}, 413, 'a field that is too long');
is($site->request('POST', '/upload', $multi, multipart({}, map { ["f$_", 'x', ''] } 1 .. 17))->{status}, 413,
    'too many files');
is($site->request('POST', '/upload', $multi, multipart({a => "\xff"}))->{status}, 400, 'a field that is not UTF-8');
is(join(' ', glob "$data/incoming/*"), '', 'nothing is left lying about');
is($site->request('PUT', '/keep', '', 'keep me')->{body}, "kept\n", 'a file that is kept');
is(Site::slurp("$data/kept"), 'keep me', 'lies where it was wanted');

# --- a large file in parts

my $id = $site->get('/parts/begin?total=600000')->{body};
like($id, qr/^[0-9a-f]{32}-927c0$/, 'an id');
my $big = $bytes . $bytes;
is($site->request('PUT', "/parts?id=$id&offset=0", '', substr $big, 0, 250_000)->{body}, 250000, 'the first part');
is($site->request('PUT', "/parts?id=$id&offset=300000", '', 'x')->{status}, 409, 'a gap');
is($site->request('PUT', "/parts?id=$id&offset=0", '', 'x')->{body}, 250000, 'says where to go on');
is($site->get("/parts/end?id=$id")->{status}, 409, 'not the end yet');
is($site->request('PUT', "/parts?id=$id&offset=250000", '', substr $big, 250_000)->{body}, 600000, 'the rest');
is($site->request('PUT', "/parts?id=$id&offset=600000", '', 'x')->{status}, 413, 'no more than was said');
is($site->get("/parts/end?id=$id")->{status}, 200, 'the end');
is(Site::slurp("$data/whole"), $big, 'every byte in its place');

# --- files

open my $out, '>:raw', "$data/file" or die;
print $out $big;
close $out;
my $file = $site->get('/file');
is($file->{body}, $big, 'a file');
is($file->{headers}{'cache-control'}, 'private, no-cache', 'which the browser may keep and must ask about');
like($file->{headers}{'content-security-policy'}, qr/sandbox/, 'under a sandbox');
my $part = $site->get('/file', "Range: bytes=1000-1999\r\n");
is($part->{status}, 206, 'a part of it');
is($part->{body}, substr($big, 1000, 1000), 'the right one');
is($part->{headers}{'content-range'}, 'bytes 1000-1999/600000', 'says which');
is($site->get('/file', "Range: bytes=600000-\r\n")->{status}, 416, 'beyond the end');
my $unchanged = $site->get('/file', "If-None-Match: $file->{headers}{etag}\r\n");
is($unchanged->{status}, 304, 'unchanged');
ok(!defined $unchanged->{headers}{'content-length'}, 'without a body');
my $named = $site->get('/file?as=r%C3%A9sum%C3%A9.mp4', "Range: bytes=0-0\r\n");
like($named->{headers}{'content-disposition'}, qr/filename\*=UTF-8''r%C3%A9sum%C3%A9\.mp4/, 'a name to save it under');

# A reader who takes little at a time gets all of it, and holds nobody else up.
$socket = $site->connect;
syswrite $socket, "GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
sleep 0.1;
my $begun = time;
is($site->get('/')->{status}, 200, 'others are answered meanwhile');
cmp_ok(time - $begun, '<', 1, 'at once');
my $slowly = '';
while (sysread $socket, $slowly, 20_000, length $slowly) {
}
is(substr($slowly, index($slowly, "\r\n\r\n") + 4), $big, 'a slow reader gets every byte');

# --- assets

my $css = $site->get('/a/00000000000000bb/style.css', "Accept-Encoding: gzip, br\r\n");
is($css->{body}, 'brotli bytes', 'brotli where it is taken');
is($css->{headers}{'cache-control'}, 'public, max-age=31536000, immutable', 'for good');
is($site->get('/a/00000000000000bb/style.css')->{body}, "body { color: #222 }\n", 'plain where it is not');
is($site->get('/a/0000000000000000/style.css')->{headers}{location}, '/a/00000000000000bb/style.css', 'an old hash');
is($site->get('/a/00000000000000bb/none.css')->{status}, 404, 'no such asset');

# --- cookies and origins

my $first = $site->get('/cookie');
is($first->{headers}{'set-cookie'}, '__Host-site=new-value; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600', 'a cookie');
is($site->get('/cookie', "Cookie: __Host-site=old\r\n")->{body}, 'had old', 'comes back');
is($site->get('/cookie', "Cookie: site=planted\r\n")->{body}, 'had none', 'a planted one does not');
my $token = $site->get('/change')->{body};
my $origin = "Origin: http://127.0.0.1:$site->{port}\r\n";
is($site->request('POST', '/change', $form . $origin, "csrf=$token")->{status}, 200, 'a change from our page');
is($site->request('POST', '/change', $form . $origin, 'csrf=x')->{status}, 403, 'without the token');
is($site->request('POST', '/change', $form, "csrf=$token")->{status}, 403, 'without an origin');
is($site->request('POST', '/change', $form . "Origin: http://evil.example\r\n", "csrf=$token")->{status}, 403, 'from elsewhere');
is($site->request('POST', '/change', "X-Csrf-Token: $token\r\nSec-Fetch-Site: same-origin\r\n", undef)->{status}, 200, 'from a script');

# --- services

is($site->get('/hash?password=a&again=a')->{body}, "right\n", 'a password is right');
is($site->get('/hash?password=a&again=b')->{body}, "wrong\n", 'or wrong');
my @waiting = map { $site->connect } 1 .. 8;
syswrite $_, "GET /hash?password=a&again=a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" for @waiting;
sleep 0.05;
$begun = time;
is($site->get('/')->{status}, 200, 'a page while eight passwords are hashed');
cmp_ok(time - $begun, '<', $Site::sanitized ? 2 : 0.5, 'at once');
is(scalar(grep { scalar(Site::drain($_, 10)) =~ /right/ } @waiting), 8, 'all eight are answered');
is($site->get('/ask?say=hello')->{body}, 'ok: hello', 'a question');
is($site->get('/ask?say=no')->{body}, 'forbidden: ', 'a service that says no');
my $asker = $site->connect;
syswrite $asker, "GET /ask?say=slow HTTP/1.1\r\nHost: a\r\n\r\n";
close $asker;    # nobody waits any more
is($site->get('/ask?say=die')->{body}, 'limit reached: ', 'behind one that takes too long: a limit');
ok(Site::wait_for(sub { $site->get('/ask?say=back')->{body} eq 'ok: back' }, 10), 'a service that ended is back');
is($site->get('/ask?say=die')->{body}, 'input or output failed: ', 'a service that ends while it is asked');
is($site->get('/ask?say=back')->{body}, 'ok: back', 'the next question waits for its return');

# --- health, counters, log

is($site->get('/healthz')->{body}, "ok\n", 'healthy');
my $counters = $site->get('/metrics')->{body};
like($counters, qr/^duet_http_requests_total\{class="2xx"\} [1-9]\d+$/m, 'counters');
like($counters, qr/^duet_http_connections_open 1$/m, 'one connection is open: this');
like($counters, qr/^site_visits_total 7$/m, 'a counter of the site');
like($counters, qr/^duet_process_restarts_total 2$/m, 'two restarts');
is($site->get('/metrics', "X-Forwarded-For: 203.0.113.5\r\n")->{status}, 404, 'counters are not for everybody');
my $log = $site->log_text;
like($log, qr/^at=\d{4}-\d\d-\d\dT[\d:.]+Z event=request id=\w{16} method=GET route=\/echo status=200 bytes=\d+ ms=\d+\.\d+$/m,
    'a line per request');
unlike($log, qr/password|hello|planted|203\.0\.113|127\.0\.0\.1 |style\.css/, 'without what was asked, or by whom');
is($site->stop, 0, 'stops cleanly');

# --- other sockets

my $dir = File::Temp->newdir;
my $local = Site->start('--workers', 1, '--listen', "unix:$dir/s");
require IO::Socket::UNIX;
my $unix = IO::Socket::UNIX->new("$dir/s");
syswrite $unix, "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
like(Site::read_answer($unix)->{body}, qr/^address unix$/m, 'a unix socket');
is($local->stop, 0, 'stops cleanly');
ok(!-e "$dir/s", 'and takes its socket away');
done_testing;
