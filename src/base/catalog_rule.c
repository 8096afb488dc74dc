/* Plural rules: recursive descent with a stated depth into postfix steps, and their evaluation. */
#include "base/catalog_rule.h"

#define DEPTH_MAX 32 /* nesting of parentheses, conditions and negations */

enum op {
    OP_NUMBER,
    OP_N,
    OP_NOT,
    OP_CHOOSE,
    OP_OR,
    OP_AND,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_GREATER,
    OP_MOST,
    OP_LEAST,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER
};

/* Binary operators from the loosest to the tightest; longer signs first within a level. */
static const struct binary {
    const char *sign;
    enum op op;
    int level;
} binaries[] = {
    {"||", OP_OR, 0},       {"&&", OP_AND, 1},     {"==", OP_EQUAL, 2},   {"!=", OP_UNEQUAL, 2},
    {"<=", OP_MOST, 3},     {">=", OP_LEAST, 3},   {"<", OP_LESS, 3},     {">", OP_GREATER, 3},
    {"+", OP_ADD, 4},       {"-", OP_SUBTRACT, 4}, {"*", OP_MULTIPLY, 5}, {"/", OP_DIVIDE, 5},
    {"%", OP_REMAINDER, 5},
};
#define N_BINARIES (sizeof binaries / sizeof *binaries)
#define LEVEL_UNARY 6

struct reading {
    struct str text;
    size_t at;
    int depth;
    enum err err;
    struct catalog_rule *rule;
};

static void skip_blanks(struct reading *in)
{
    while (in->at < in->text.n && memchr(" \t", in->text.p[in->at], 2)) {
        in->at++;
    }
}

/* Whether the sign comes next; consumes it then. */
static bool take(struct reading *in, const char *sign)
{
    size_t n = strlen(sign);
    skip_blanks(in);
    if (in->text.n - in->at < n || memcmp(in->text.p + in->at, sign, n) != 0) {
        return false;
    }
    in->at += n;
    return true;
}

static void fail(struct reading *in, enum err err)
{
    in->err = in->err ? in->err : err;
}

static void emit(struct reading *in, enum op op, uint32_t number)
{
    if (in->rule->n_steps == CATALOG_MAX_RULE) {
        fail(in, ERR_LIMIT);
    }
    if (!in->err) {
        in->rule->steps[in->rule->n_steps++] = (struct catalog_step){(unsigned char)op, number};
    }
}

/* Decimal digits up to a million. */
static bool take_number(struct reading *in, uint32_t *number)
{
    size_t from;
    skip_blanks(in);
    from = in->at;
    *number = 0;
    while (in->at < in->text.n && in->text.p[in->at] >= '0' && in->text.p[in->at] <= '9') {
        *number = *number * 10 + (uint32_t)(in->text.p[in->at++] - '0');
        if (*number > 1000000) {
            fail(in, ERR_LIMIT);
            *number = 0;
        }
    }
    return in->at > from;
}

static void read_condition(struct reading *in);

static void read_unary(struct reading *in)
{
    uint32_t number;
    if (take(in, "!")) {
        if (++in->depth > DEPTH_MAX) {
            fail(in, ERR_LIMIT);
            return;
        }
        read_unary(in);
        in->depth--;
        emit(in, OP_NOT, 0);
    } else if (take(in, "(")) {
        read_condition(in);
        if (!take(in, ")")) {
            fail(in, ERR_INVALID);
        }
    } else if (take(in, "n")) {
        emit(in, OP_N, 0);
    } else if (take_number(in, &number)) {
        emit(in, OP_NUMBER, number);
    } else {
        fail(in, ERR_INVALID);
    }
}

static const struct binary *take_binary(struct reading *in, int level)
{
    for (size_t i = 0; i < N_BINARIES; i++) {
        if (binaries[i].level == level && take(in, binaries[i].sign)) {
            return &binaries[i];
        }
    }
    return NULL;
}

static void read_binary(struct reading *in, int level)
{
    if (level == LEVEL_UNARY) {
        read_unary(in);
        return;
    }
    read_binary(in, level + 1);
    const struct binary *binary;
    while (!in->err && (binary = take_binary(in, level))) {
        read_binary(in, level + 1);
        emit(in, binary->op, 0);
    }
}

/* a ? b : c, from right to left */
static void read_condition(struct reading *in)
{
    if (++in->depth > DEPTH_MAX) {
        fail(in, ERR_LIMIT);
    }
    if (in->err) {
        return;
    }
    read_binary(in, 0);
    if (!in->err && take(in, "?")) {
        read_condition(in);
        if (!take(in, ":")) {
            fail(in, ERR_INVALID);
        }
        read_condition(in);
        emit(in, OP_CHOOSE, 0);
    }
    in->depth--;
}

enum err catalog_rule_read(struct str text, struct catalog_rule *rule)
{
    struct catalog_rule made = {0};
    struct reading in = {.text = text, .rule = &made};
    uint32_t n_forms = 0;
    if (!take(&in, "nplurals") || !take(&in, "=") || !take_number(&in, &n_forms) ||
        !take(&in, ";") || !take(&in, "plural") || !take(&in, "=")) {
        return ERR_INVALID;
    }
    read_condition(&in);
    take(&in, ";");
    skip_blanks(&in);
    if (!in.err && (in.at != text.n || n_forms == 0)) {
        in.err = ERR_INVALID;
    }
    if (!in.err && n_forms > CATALOG_MAX_FORMS) {
        in.err = ERR_LIMIT;
    }
    if (!in.err) {
        made.n_forms = (int32_t)n_forms;
        *rule = made;
    }
    return in.err;
}

static uint64_t apply(enum op op, uint64_t a, uint64_t b)
{
    switch (op) {
    case OP_OR:
        return a || b;
    case OP_AND:
        return a && b;
    case OP_EQUAL:
        return a == b;
    case OP_UNEQUAL:
        return a != b;
    case OP_LESS:
        return a < b;
    case OP_GREATER:
        return a > b;
    case OP_MOST:
        return a <= b;
    case OP_LEAST:
        return a >= b;
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    case OP_DIVIDE:
        return b ? a / b : 0;
    case OP_REMAINDER:
        return b ? a % b : 0;
    case OP_NUMBER:
    case OP_N:
    case OP_NOT:
    case OP_CHOOSE:
        break;
    }
    return 0;
}

int32_t catalog_rule_form(const struct catalog_rule *rule, uint64_t n)
{
    uint64_t stack[CATALOG_MAX_RULE] = {0};
    int32_t top = -1; /* reading made sure that each step finds its operands */
    for (int32_t i = 0; i < rule->n_steps; i++) {
        const struct catalog_step *step = &rule->steps[i];
        switch ((enum op)step->op) {
        case OP_NUMBER:
            stack[++top] = step->number;
            break;
        case OP_N:
            stack[++top] = n;
            break;
        case OP_NOT:
            stack[top] = !stack[top];
            break;
        case OP_CHOOSE:
            top -= 2;
            stack[top] = stack[top] ? stack[top + 1] : stack[top + 2];
            break;
        default:
            top--;
            stack[top] = apply((enum op)step->op, stack[top], stack[top + 1]);
            break;
        }
    }
    return stack[0] < (uint64_t)rule->n_forms ? (int32_t)stack[0] : 0;
}
