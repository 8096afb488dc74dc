# Format is law: clang-format changes nothing.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use File::Temp;
use Test::More;

my @all = Lint::sources(qw(src tests bench tools));
my $dir = File::Temp->newdir;
open my $out, '>', "$dir/bad.c" or die;
print $out "int  f( int a ){ return a ; }\n";
close $out;
isnt(system("clang-format --style=file:.clang-format --dry-run -Werror $dir/bad.c 2>/dev/null"), 0,
    'format: refuses a sample');

my @wrong;
while (my @some = splice @all, 0, 50) {
    push @wrong, grep { /error:/ } `clang-format --dry-run -Werror @some 2>&1`;
}
ok(!@wrong, 'format: clang-format changes nothing') or diag(@wrong > 20 ? @wrong[0 .. 19] : @wrong);
done_testing;
