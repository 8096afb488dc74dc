# Processes that end, and what is not lost by it: a worker killed under load, stop, reload, recycling,
# a master that is killed, escapes from the sandbox; memory that does not grow.
use strict;
use warnings;
use lib 'tests/http';
use Site;
use Test::More;
use Time::HiRes qw(time sleep);

# Asks for `target` on a new connection; the status, 0 when the connection broke.
sub ask {
    my ($site, $target) = @_;
    return $site->get($target)->{status};
}

sub alive {
    my ($pid) = @_;
    return 0 unless kill 0, $pid;
    return Site::slurp("/proc/$pid/stat") !~ /^\d+ \(.*\) Z/s;
}

sub children_of {
    my ($pid) = @_;
    return split ' ', Site::slurp("/proc/$pid/task/$pid/children");
}

sub resident_kb {
    my ($pid) = @_;
    my ($kb) = Site::slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+) kB/m;
    return $kb;
}

sub peak_kb {
    my ($pid) = @_;
    my ($peak) = Site::slurp("/proc/$pid/status") =~ /^VmHWM:\s+(\d+) kB/m;
    return $peak;
}

# --- a worker killed under load

my $site = Site->start('--workers', 2);
my @workers = $site->workers(2);
is(scalar @workers, 2, 'two workers answer');
my $master = $site->{pid};
my $clock = "$site->{dir}/data/clock";
ok(Site::wait_for(sub { Site::slurp($clock) =~ /^(\d+)/ && $1 > 2 }), 'the other process runs');
my ($good, $broken) = (0, 0);
my $violent = $Site::sanitized ? 'KILL' : 'SEGV';    # a sanitizer answers SIGSEGV itself
for my $round (1 .. 60) {
    kill $violent, $workers[0] if $round == 20;
    kill 'KILL', $workers[1] if $round == 40;
    ask($site, '/echo') == 200 ? $good++ : $broken++;
}
cmp_ok($broken, '<=', 2, "two workers killed: $broken connections broke, $good were answered");
ok(Site::wait_for(sub { !grep { alive($_) } @workers }), 'both are gone');
is(scalar($site->workers(2)), 2, 'and replaced');
like($site->log_text, qr/event="process ended" name=worker pid=$workers[0] signal=@{[$Site::sanitized ? 9 : 11]} /, 'which the log tells');

# --- escapes

SKIP: {
    skip 'a sanitizer works outside of the sandbox', 12 if $Site::sanitized;
    like($site->get('/sandbox')->{body}, qr/^seccomp 1 landlock \d+ /, 'in a sandbox');
    is($site->get('/escape?how=none')->{body}, "done\n", 'what is allowed is done');
    my $landlock = $site->get('/sandbox')->{body} =~ /landlock [1-9]/;
    for my $how (qw(passwd write)) {
        skip 'the kernel has no landlock', 1 unless $landlock;
        is($site->get("/escape?how=$how")->{body}, "refused\n", "$how: refused");
    }
    is($site->get("/escape?how=$_")->{body}, "refused\n", "$_: refused") for qw(socket kill);
    for my $how (qw(exec fork ptrace)) {
        is(ask($site, "/escape?how=$how"), 0, "$how: ends the worker");
        ok(Site::wait_for(sub { ask($site, '/') == 200 }), 'another one goes on');
    }
    like($site->log_text, qr/name=worker pid=\d+ signal=31 /, 'which the log tells');
}

# --- reload

ok(Site::wait_for(sub { scalar($site->workers(2)) == 2 }), 'two workers again');
my @before = $site->workers(2);
my $long = $site->connect;
syswrite $long, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
sleep 0.1;
kill 'HUP', $master;
$broken = 0;
for (1 .. 100) {
    $broken++ if ask($site, '/echo') != 200;
}
is($broken, 0, 'reload: no request is lost');
like(scalar Site::drain($long, 2), qr/200 OK.*slow/s, 'reload: what was begun is finished');
ok(Site::wait_for(sub { !grep { alive($_) } @before }), 'reload: the old workers are gone');
is(scalar($site->workers(2)), 2, 'reload: two new ones');
ok(Site::wait_for(sub { Site::slurp($clock) =~ /^(\d+)/ && $1 > 2 }), 'reload: the other process runs again');

# --- no memory, a crash

is(ask($site, '/fail?how=nomem'), 503, 'a handler without memory: 503');
ok(Site::wait_for(sub { scalar($site->workers(2)) == 2 }), 'and a new worker');
is(ask($site, '/fail?how=crash'), 0, 'a handler that crashes');
is(ask($site, '/echo'), 200, 'harms nobody else');

# --- stop

my @inflight = map { $site->connect } 1 .. 3;
my $idle = $site->connect;
syswrite $_, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" for @inflight;
my $asking = $site->connect;
syswrite $asking, "GET /hash?password=a&again=a HTTP/1.1\r\nHost: a\r\n\r\n";
sleep 0.2;
my @children = children_of($master);
cmp_ok(scalar @children, '>=', 5, 'workers, services and the other process');
is($site->stop, 0, 'stop: cleanly');
is(scalar(grep { scalar(Site::drain($_, 3)) =~ /200 OK.*slow/s } @inflight), 3, 'stop: what was begun is finished');
like(scalar Site::drain($asking, 3), qr/right/, 'stop: also what waited for a service');
my ($nothing, $closed) = Site::drain($idle, 1);
ok($closed && $nothing eq '', 'stop: idle connections are closed');
is(scalar(grep { alive($_) } @children), 0, 'stop: nobody is left');
ok(!-e $clock, 'stop: the other process ended in its own way');

# --- a stop that takes too long

$site = Site->start('--workers', 1, '--stop-ms', 100);
my $stuck = $site->connect;
syswrite $stuck, "POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
sleep 0.1;
my $begun = time;
is($site->stop, 0, 'a client that never ends does not hold up the stop');
cmp_ok(time - $begun, '<', 3, 'for long');

# --- the master is killed

$site = Site->start('--workers', 2);
@children = children_of($site->{pid});
my $busy = $site->connect;
syswrite $busy, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
sleep 0.2;
$site->stop('KILL');
like(scalar Site::drain($busy, 3), qr/200 OK.*slow/s, 'master killed: what was begun is finished');
ok(Site::wait_for(sub { !grep { alive($_) } @children }), 'master killed: nobody is left');

# --- what the counters say when processes end

$site = Site->start('--workers', 2);
my $counter = sub {
    my ($name) = @_;
    return ($site->get('/metrics')->{body} =~ /^\Q$name\E (\d+)$/m)[0];
};
my $all = children_of($site->{pid});
ok(Site::wait_for(sub { $counter->('duet_processes_ready') == $all }), "$all processes are ready");
my (@held, %held);    # connections that stay open, by the pid of their worker
for (1 .. 1000) {
    my $socket = $site->connect;
    syswrite $socket, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    my ($pid) = Site::read_answer($socket)->{body} =~ /^pid (\d+)$/m;
    push @held, $socket;
    push @{$held{$pid}}, $socket;
    last if keys %held == 2;
}
my ($doomed, $other) = sort keys %held;
is($counter->('duet_http_connections_open'), @held + 1, 'open connections, and the one that asks');
my $answered = $counter->('duet_http_requests_total{class="2xx"}');
kill 'KILL', $doomed;
ok(Site::wait_for(sub { !alive($doomed) && $counter->('duet_process_restarts_total') == 1 }), 'one restart');
is($counter->('duet_http_connections_open'), @{$held{$other}} + 1, 'connections of a killed worker are not open');
cmp_ok($counter->('duet_http_requests_total{class="2xx"}'), '>', $answered, 'what it had answered still counts');
ok(Site::wait_for(sub { $counter->('duet_processes_ready') == $all }), 'and all are ready again');
is($site->get('/healthz')->{body}, "ok\n", 'and well');
my $endless = $site->connect;
syswrite $endless, "POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
sleep 0.1;
my @old = grep { Site::slurp("/proc/$_/comm") eq "duet-worker\n" } children_of($site->{pid});
is(scalar @old, 2, 'ps shows who is a worker');
undef @held;
undef %held;
kill 'HUP', $site->{pid};
ok(Site::wait_for(sub { @old = grep { alive($_) } @old; @old == 1 }), 'reload: one of the old workers is held up');
ok(Site::wait_for(sub { $counter->('duet_http_connections_open') == 2 }), 'its connection is open');
kill 'KILL', @old;
ok(Site::wait_for(sub { !alive($old[0]) && $counter->('duet_http_connections_open') == 1 }),
    'until it is killed');
ok(Site::wait_for(sub { $counter->('duet_processes_ready') == $all }), 'as many are ready as before');
$site->stop;

# --- recycling

$site = Site->start('--workers', 1, '--worker-requests', 50);
my ($old) = $site->workers;
$broken = grep { ask($site, '/') != 200 } 1 .. 60;
ok(Site::wait_for(sub { my ($new) = $site->workers; $new && $new != $old }), 'a worker is replaced after many requests');
is($broken, 0, 'without losing one');
$site->stop;

# --- memory

$site = Site->start('--workers', 1);
my ($worker) = $site->workers;
$site->get('/table') for 1 .. 200;
my $begin_kb = resident_kb($worker);
my $megabytes = $Site::sanitized ? 20 : 200;
my $chunk = join '', map { chr($_ % 251) } 1 .. 1 << 20;
my $upload = $site->connect;
syswrite $upload, "PUT /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
    . ($megabytes << 20) . "\r\n\r\n";
for (1 .. $megabytes) {
    for (my $at = 0; $at < length $chunk;) {
        $at += syswrite($upload, $chunk, length($chunk) - $at, $at) // last;
    }
}
like(Site::read_answer($upload)->{body}, qr/^file   @{[$megabytes << 20]} /m, "$megabytes MB arrive");
my $grown = peak_kb($worker) - $begin_kb;
cmp_ok($grown, '<', 16384, "$megabytes MB grow the worker by $grown kB at most");
my $form = $site->connect;
my $size = ($Site::sanitized ? 4 : 60) << 20;
my $opening = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n";
syswrite $form, "POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    . "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
    . (length($opening) + $size + 9) . "\r\n\r\n$opening";
for (1 .. $size >> 20) {
    for (my $at = 0; $at < length $chunk;) {
        $at += syswrite($form, $chunk, length($chunk) - $at, $at) // last;
    }
}
syswrite $form, "\r\n--b--\r\n";
like(Site::read_answer($form)->{body}, qr/^file f x $size /m, 'a form with a file arrives');
$grown = peak_kb($worker) - $begin_kb;
cmp_ok($grown, '<', 16384, "and grows the worker by $grown kB at most");
my $many = $Site::sanitized ? 2000 : 20_000;
my $page = "GET /table HTTP/1.1\r\nHost: a\r\n";
my $pipe = ("$page\r\n" x 99) . "${page}Connection: close\r\n\r\n";
my ($count, $middle_kb) = (0, 0);
for my $round (1 .. $many / 100) {
    my $answers = $site->raw($pipe, 5);
    $count++ while $answers =~ /^HTTP\/1\.1 200 OK\r$/mg;
    $middle_kb = resident_kb($worker) if $round == $many / 200;
}
is($count, $many, "$many pages");
my $end_kb = resident_kb($worker);
is(($site->workers)[0], $worker, 'the same worker as at the beginning');
SKIP: {
    skip 'a sanitizer keeps freed memory for a while; it looks for leaks at the end', 2 if $Site::sanitized;
    cmp_ok($end_kb - $middle_kb, '<=', 256, "$many pages later: $middle_kb kB, $end_kb kB");
    cmp_ok($end_kb, '<', 24 << 10, 'less than 24 MiB');
}
is($site->stop, 0, 'stops cleanly');
done_testing;
