# The frame of the structure tests: a check reads files and names what is wrong in them.
#
#     use lib 'tests/structure';
#     use Lint;
#     lint(name => 'no tabs', files => [Lint::sources('src')],
#          check => sub { my ($path, $text) = @_; return map { "line $_" } ... },
#          bad => [['src/base/x.c', "\tint x;\n", qr/line 1/]],      # samples it must refuse
#          good => [['src/base/x.c', "int x;\n"]]);                  # samples it must accept
#
# `check` returns a list of complaints; each sample shows that the check can fail.
package Lint;
use strict;
use warnings;
use Test::More;
use Exporter 'import';
our @EXPORT = qw(lint);

# Tracked and new files below the folders named, as paths from the repository root.
sub files {
    my @found = `git ls-files --cached --others --exclude-standard -- @_ 2>/dev/null`;
    @found = `find @_ -type f` if $? != 0 || !@found;
    chomp @found;
    s{^\./}{} for @found;
    return grep { -f $_ && !m{(^|/)(build[^/]*|\.git)/} } sort @found;
}

sub sources {
    return grep { /\.(c|h|cc|cpp)$/ } files(@_);
}

sub slurp {
    my ($path) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    local $/;
    my $text = <$in>;
    close $in;
    return $text // '';
}

# The code with comments and the insides of strings blanked; line numbers stay.
sub code_of {
    my ($text) = @_;
    $text =~ s{(/\*.*?\*/|//[^\n]*)|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)+)'}
              {defined $1 ? blank($1) : defined $2 ? '"' . blank($2) . '"' : "'" . blank($3) . "'"}gse;
    return $text;
}

sub blank {
    my ($part) = @_;
    $part =~ s/[^\n]/ /g;
    return $part;
}

# [number, line] for each line of a text.
sub lines {
    my ($text) = @_;
    my $n = 0;
    return map { [++$n, $_] } split /\n/, $text, -1;
}

# The exceptions listed for a check in exceptions.txt: subject => reason.
sub exceptions {
    my ($kind) = @_;
    my %found;
    for my $line (split /\n/, slurp('tests/structure/exceptions.txt')) {
        next if $line =~ /^\s*(#|$)/;
        my ($of, $subject, $reason) = split ' ', $line, 3;
        die "exceptions.txt: '$line' gives no reason\n" unless $reason;
        $found{$subject} = $reason if $of eq $kind;
    }
    return \%found;
}

sub lint {
    my (%job) = @_;
    my ($check, $count) = ($job{check}, 0);
    for my $sample (@{$job{bad}}) {
        my ($path, $text, $expected) = @$sample;
        my @said = $check->($path, $text);
        ok((grep { $_ =~ $expected } @said), "$job{name}: refuses sample " . ++$count)
            or diag("said: @said");
    }
    for my $sample (@{$job{good} // []}) {
        my @said = $check->(@$sample);
        ok(!@said, "$job{name}: accepts sample " . ++$count) or diag("said: @said");
    }
    my @wrong = map { my $path = $_; map { "$path: $_" } $check->($path, slurp($path)) }
        @{$job{files}};
    ok(!@wrong, "$job{name}: " . scalar(@{$job{files}}) . ' files')
        or diag(join "\n", @wrong > 40 ? (@wrong[0 .. 39], '... and ' . (@wrong - 40) . ' more') : @wrong);
    return;
}

1;
