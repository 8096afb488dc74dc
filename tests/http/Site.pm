# The frame of the end-to-end tests of http/: starts tests/http/site and talks to it in raw bytes.
#
#     use lib 'tests/http';
#     use Site;
#     my $site = Site->start('--workers', 2);
#     my $answer = $site->get('/echo');               # {status, headers => {lower case}, body, raw}
#     my $raw = $site->raw("GET / HTTP/1.1\r\n...");  # everything until it closes, or a second of silence
#     $site->stop;                                    # SIGTERM; its exit status
#
# A sanitizer's report in the log of the site is a failure of its own.
package Site;
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use File::Temp;
use POSIX ':sys_wait_h';
use Test::More;
use Time::HiRes qw(time sleep);

$SIG{PIPE} = 'IGNORE';
my $build = $ENV{DUET_BUILD} // 'build-release';
our $sanitized = $ENV{DUET_SANITIZED};

sub start {
    my ($class, @options) = @_;
    my $dir = File::Temp->newdir;
    my $self = bless {dir => $dir, log => "$dir/log"}, $class;
    # A sanitizer keeps calls for itself that the sandbox refuses.
    push @options, '--no-sandbox' if $sanitized;
    $self->{pid} = fork;
    if ($self->{pid} == 0) {
        open STDOUT, '>', "$dir/out" or die;
        open STDERR, '>', "$dir/log" or die;
        exec "$build/tests/http/site", '--data', "$dir/data", @options or die;
    }
    for (1 .. 200) {
        my $out = slurp("$dir/out");
        if ($out =~ /^listening http:\/\/127\.0\.0\.1:(\d+)$/m || $out =~ /^listening unix:(.+)$/m) {
            $self->{port} = $1;
            return $self;
        }
        last if waitpid($self->{pid}, WNOHANG) != 0;
        sleep 0.05;
    }
    die "the site does not start: " . slurp($self->{log});
}

sub slurp {
    my ($path) = @_;
    open my $in, '<:raw', $path or return '';
    local $/;
    return <$in> // '';
}

sub connect {
    my ($self) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}, Timeout => 5);
}

# Reads until the other side closes or has said nothing for `silence` seconds.
# The bytes, and whether it closed.
sub drain {
    my ($socket, $silence) = @_;
    my ($bytes, $closed) = ('', 0);
    my $select = IO::Select->new($socket);
    while ($select->can_read($silence // 1)) {
        my $n = sysread $socket, $bytes, 65536, length $bytes;
        if (!$n) {
            $closed = 1;
            last;
        }
    }
    return wantarray ? ($bytes, $closed) : $bytes;
}

sub raw {
    my ($self, $bytes, $silence) = @_;
    my $socket = $self->connect or return '';
    syswrite $socket, $bytes;
    return drain($socket, $silence);
}

# One answer off a connection; undef when there is none.
sub read_answer {
    my ($socket, $head_only) = @_;
    my $bytes = '';
    while ($bytes !~ /\r\n\r\n/) {
        my $n = sysread $socket, $bytes, 1, length $bytes;
        return undef unless $n;
    }
    my %answer = (raw => $bytes, body => '', headers => {});
    ($answer{status}) = $bytes =~ /^HTTP\/1\.1 (\d+) /;
    push @{$answer{all}{lc $1}}, $2 while $bytes =~ /^([\w-]+): ?(.*?)\r$/mg;
    $answer{headers}{$_} = $answer{all}{$_}[0] for keys %{$answer{all}};
    my $left = $head_only ? 0 : $answer{headers}{'content-length'} // 0;
    while (length $answer{body} < $left) {
        my $n = sysread $socket, $answer{body}, $left - length $answer{body}, length $answer{body};
        last unless $n;
    }
    return \%answer;
}

sub request {
    my ($self, $method, $target, $headers, $body) = @_;
    my $socket = $self->connect or return {status => 0, headers => {}, body => ''};
    my $text = "$method $target HTTP/1.1\r\nHost: 127.0.0.1:$self->{port}\r\nConnection: close\r\n"
        . ($headers // '');
    $text .= 'Content-Length: ' . length($body) . "\r\n" if defined $body;
    syswrite $socket, "$text\r\n" . ($body // '');
    return read_answer($socket, $method eq 'HEAD') // {status => 0, headers => {}, body => ''};
}

sub get {
    my ($self, $target, $headers) = @_;
    return $self->request('GET', $target, $headers);
}

# Pids of the workers: those that have answered, asked until `expected` have (which worker answers is
# chance) or for a while.
sub workers {
    my ($self, $expected) = @_;
    my %pids;
    for (1 .. 1000) {
        my ($pid) = $self->get('/echo')->{body} =~ /^pid (\d+)$/m or next;
        $pids{$pid}++;
        last if keys %pids == ($expected // 1);
    }
    my @sorted = sort keys %pids;
    return @sorted;
}

sub log_text {
    my ($self) = @_;
    return slurp($self->{log});
}

# Waits until `what` is true; false after `seconds`.
sub wait_for {
    my ($what, $seconds) = @_;
    my $end = time + ($seconds // 5);
    while (time < $end) {
        return 1 if $what->();
        sleep 0.05;
    }
    return 0;
}

sub stop {
    my ($self, $signal) = @_;
    my $pid = delete $self->{pid} or return;
    kill $signal // 'TERM', $pid;
    my $status = -1;
    wait_for(sub { $status = $?, return 1 if waitpid($pid, WNOHANG) == $pid; 0 }, 30)
        or kill 'KILL', $pid;
    my $log = $self->log_text;
    unlike($log, qr/(?:Address|Leak|Undefined\w*)Sanitizer|runtime error:/, 'no sanitizer report')
        or diag(join "\n", (grep { /Sanitizer|runtime error|#\d/ } split /\n/, $log)[0 .. 20]);
    return $status;
}

sub DESTROY {
    my ($self) = @_;
    kill 'KILL', $self->{pid} if $self->{pid};
}

1;
