# The sample files of docs/serving: nginx in front of a site as they say, over TLS.  Skipped where
# there is no nginx or openssl.
use strict;
use warnings;
use lib 'tests/http';
use Site;
use File::Temp;
use IO::Socket::INET;
use Test::More;

my ($nginx) = grep { -x } '/usr/sbin/nginx', '/usr/local/sbin/nginx';
my ($openssl) = grep { -x } '/usr/bin/openssl';
plan skip_all => 'no nginx or openssl here' unless $nginx && $openssl;

my $dir = File::Temp->newdir;
my $site = Site->start('--workers', 1, '--listen', "unix:$dir/http", '--trust', 'unix');

# The sample as it stands, but for names of files, ports, and no IPv6 or HTTP/2 (which need neither).
my ($plain, $tls) = map { my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1'); $s->sockport } 1 .. 2;
my $conf = Site::slurp('docs/serving/nginx.conf');
$conf =~ s{unix:/run/duet/http}{unix:$dir/http};
$conf =~ s{listen 80;}{listen 127.0.0.1:$plain;};
$conf =~ s{listen 443 ssl http2;}{listen 127.0.0.1:$tls ssl;};
$conf =~ s{^\s*listen \[::\].*\n}{}mg;
$conf =~ s{/etc/letsencrypt/live/duet\.example\.org/\w+\.pem}{$dir/tls.pem}g;
$conf =~ s{/var/lib/nginx/body}{$dir/body};
open my $out, '>', "$dir/nginx.conf" or die;
print $out <<"TEXT";
daemon off; pid $dir/pid; error_log $dir/log;
events { }
http { proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
$conf
}
TEXT
close $out;
is(system("$openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=duet.example.org "
    . "-keyout $dir/key -out $dir/crt >/dev/null 2>&1 && cat $dir/key $dir/crt >$dir/tls.pem"), 0, 'a certificate');
chmod 0755, "$dir";
my $pid = fork;
if ($pid == 0) {
    open STDERR, '>', "$dir/err";
    exec $nginx, '-c', "$dir/nginx.conf", '-g', $> == 0 ? 'user root;' : '' or die;
}
END { kill 'TERM', $pid if $pid }
ok(Site::wait_for(sub { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $tls) }), 'nginx runs')
    or diag(Site::slurp("$dir/err"), Site::slurp("$dir/log"));

# What comes back for bytes sent over TLS.
sub over_tls {
    my ($bytes) = @_;
    open my $file, '>:raw', "$dir/request" or die;
    print $file $bytes;
    close $file;
    return `($openssl s_client -quiet -connect 127.0.0.1:$tls -servername duet.example.org <$dir/request 2>/dev/null)`;
}

sub request {
    my ($target, $headers) = @_;
    return over_tls("GET $target HTTP/1.1\r\nHost: duet.example.org\r\nConnection: close\r\n" . ($headers // '') . "\r\n");
}

my $echo = request('/echo', "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: http\r\n");
like($echo, qr/^address 127\.0\.0\.1\nsecure 1\nloopback 0$/m, 'what the client claims is dropped, TLS is known');
like($echo, qr/^Strict-Transport-Security: max-age=/m, 'HSTS');
like(request('/metrics'), qr/^HTTP\/1\.1 404 /, 'counters are not for the world');
my ($token) = request('/change') =~ /^([\w-]{43})$/m;
my $body = "csrf=$token";
my $post = "POST /change HTTP/1.1\r\nHost: duet.example.org\r\nConnection: close\r\nOrigin: https://duet.example.org\r\n"
    . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
like(over_tls($post), qr/changed/, 'forms of the name in the address are accepted');
like(over_tls($post =~ s{https://duet}{https://evil}r), qr/not from here/, 'others are not');
my $redirect = do {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $plain);
    syswrite $socket, "GET /x HTTP/1.1\r\nHost: duet.example.org\r\nConnection: close\r\n\r\n";
    scalar Site::drain($socket);
};
like($redirect, qr{^Location: https://duet\.example\.org/x\r$}m, 'plain HTTP leads to HTTPS');
is($site->stop, 0, 'stops cleanly');
done_testing;
