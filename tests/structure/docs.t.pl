# Documents and scripts hold together: links lead somewhere, scripts parse, nothing names a machine.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use File::Basename;
use Test::More;

my @all = grep { -T $_ } Lint::files('.');

# Relative links of Markdown: [text](target#part).
sub links {
    my ($path, $text) = @_;
    my @wrong;
    while ($text =~ /\]\(([^)\s]+)\)/g) {
        my $target = $1;
        next if $target =~ /^(https?:|mailto:|#)/;
        $target =~ s/#.*//;
        push @wrong, "the link to $target leads nowhere" unless -e dirname($path) . "/$target";
    }
    return @wrong;
}

# Paths and hosts that exist on one machine, or one network, only.
my $machine = join '|', '/' . 'work/', '/' . 'home/\w', '/' . 'root/', 'localhost:\d',
    '\b10\.\d+\.\d+\.\d+\b', '\b192\.168\.', 'registry' . '\.', 'pypi' . '\.org';

sub machines {
    my ($path, $text) = @_;
    return map { "$_->[0]: names a machine: $_->[1]" } grep { $_->[1] =~ /($machine)/ }
        Lint::lines($text);
}

lint(name => 'links', files => [grep { /\.md$/ } @all], check => \&links,
    bad => [['docs/x.md', "see [there](nowhere.md)\n", qr/nowhere/]],
    good => [['docs/x.md', "see [here](../README.md#x) and [there](https://example.org)\n"]]);
lint(name => 'no machine', files => [grep { !/^(LICENSE|tests\/fuzz\/)/ } @all],
    check => \&machines,
    bad => [['run', 'cd /' . "work/main\n", qr/names a machine/],
        ['run', 'curl http://192' . ".168.0.1/x\n", qr/machine/]],
    good => [['run', "mktemp\ncd framework/x\n"]]);

my @bash = grep { Lint::slurp($_) =~ /\A#!.*\bbash\b/ } @all;
my @perl = grep { /\.(pl|pm)$/ || Lint::slurp($_) =~ /\A#!.*\bperl\b/ } @all;
is(join(' ', grep { system("bash -n $_ 2>/dev/null") != 0 } @bash), '', 'every bash script parses');
is(join(' ', grep { system("perl -c $_ >/dev/null 2>&1") != 0 } @perl), '',
    'every perl script parses');
is(join(' ', grep { !-x $_ } @bash, grep { m{^tools/} } @perl), '', 'scripts can be executed');
done_testing;
