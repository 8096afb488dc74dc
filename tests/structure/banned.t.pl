# Functions that are not used: unbounded strings, hidden state, and what differs between machines.
use strict;
use warnings;
use lib 'tests/structure';
use Lint;
use Test::More;

my %why = (
    (map { $_ => 'has no bound: use struct buf or snprintf' }
        qw(sprintf vsprintf strcpy strcat stpcpy gets)),
    (map { $_ => 'overflows without a word: use strtoll and the like' } qw(scanf sscanf fscanf)),
    (map { $_ => 'truncates silently: use struct buf or memcpy with a checked size' }
        qw(strncpy strncat)),
    (map { $_ => 'keeps hidden state' } qw(strtok rand srand random srandom localtime gmtime
        strerror_l asctime ctime tmpnam tempnam mktemp setlocale)),
    (map { $_ => 'cannot tell an error from a number' } qw(atoi atol atoll atof)),
    (map { $_ => 'may run out of stack' } qw(alloca longjmp setjmp siglongjmp sigsetjmp)),
    (map { $_ => 'runs a shell' } qw(system popen)),
);
# The C library's elementary functions differ between versions and processors: base/num.h.
my %libm = map { $_ => 'differs between machines: use base/num.h' }
    map { ($_, $_ . 'f', $_ . 'l') }
    qw(exp exp2 exp10 expm1 log log2 log10 log1p pow sin cos tan asin acos atan atan2 sinh cosh tanh
       asinh acosh atanh erf erfc lgamma tgamma cbrt hypot fma);
my %engine = (
    (map { $_ => 'engines take all memory from base/arena.h' }
        qw(malloc calloc realloc free strdup strndup aligned_alloc posix_memalign)),
    (map { $_ => 'engines do no input or output' }
        qw(printf vprintf fprintf vfprintf puts fputs putc fputc putchar fopen fdopen freopen fread
           fwrite fgets getc fgetc getchar getline perror remove rename tmpfile open read write
           getenv)),
    (map { $_ => 'engines have no clock' } qw(time clock clock_gettime gettimeofday)),
    (qsort => 'allocates behind the arena and differs between machines in ties: use base/sort.h'),
);

sub check {
    my ($path, $text) = @_;
    my %ban = %why;
    %ban = (%ban, %libm) if $path =~ m{^src/};
    %ban = (%ban, %engine) if $path =~ m{^src/(zone|match|talk)/};
    my @wrong;
    for my $pair (Lint::lines(Lint::code_of($text))) {
        my ($n, $line) = @$pair;
        while ($line =~ /(?<![\w.>])(\w+)\s*\(/g) {
            push @wrong, "$n: $1 $ban{$1}" if $ban{$1};
        }
    }
    return @wrong;
}

lint(
    name => 'banned functions',
    files => [Lint::sources(qw(src tests bench tools))],
    check => \&check,
    bad => [
        ['src/cli/x.c', "void f(char *b)\n{\n    sprintf(b, \"x\");\n}\n", qr/^3: sprintf/],
        ['tests/cli/x.t.c', "int n = atoi (\"1\");\n", qr/^1: atoi/],
        ['src/zone/x.c', "double y = exp(x);\n", qr/num\.h/],
        ['src/match/x.c', "double y = logf(x) + pow(x, 2);\n", qr/pow/],
        ['src/match/x.c', "void *p = malloc(3);\n", qr/arena/],
        ['src/zone/x.c', "/* a */ printf(\"x\");\n", qr/no input or output/],
        ['src/cli/x.c', "char *p = \"//\"; strcat(p, \"\");\n", qr/strcat/],
    ],
    good => [
        ['src/zone/x.c', "/* exp(x) and malloc(n) */ double y = num_exp(x); /* log(\n) */\n"],
        ['src/cli/x.c', "const char *s = \"system(1)\"; struct_atoi(s); p->free(p); a.log(1);\n"],
        ['tests/zone/x.t.c', "double y = exp(x);\n"],
    ],
);
done_testing;
