/* Values on their way to the server and back.  Numbers go in binary form where the server's type
 * fits, else as text, which the server reads into whatever type it wants. */
#include "db/postgres.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMERIC_DIGITS                                                                             \
    16 /* groups of four decimal digits that are read: more than a double has                      \
        */

static void put_big_endian(char *p, uint64_t value, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        p[i] = (char)(value & 0xff);
        value >>= 8;
    }
}

static uint64_t big_endian(const char *p, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++) {
        value = value << 8 | (unsigned char)p[i];
    }
    return value;
}

static void binary(struct postgres_parameter *parameter, uint64_t value, int n)
{
    put_big_endian(parameter->scratch, value, n);
    parameter->p = parameter->scratch;
    parameter->n = n;
    parameter->format = 1;
}

static void bits_of_double(struct postgres_parameter *parameter, double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    binary(parameter, bits, 8);
}

static void text(struct postgres_parameter *parameter, int n)
{
    parameter->p = parameter->scratch;
    parameter->n = n;
    parameter->format = 0;
}

static void encode_int(int64_t i, Oid type, struct postgres_parameter *parameter)
{
    if (type == POSTGRES_INT8) {
        binary(parameter, (uint64_t)i, 8);
    } else if (type == POSTGRES_INT4 && i >= INT32_MIN && i <= INT32_MAX) {
        binary(parameter, (uint64_t)i, 4);
    } else if (type == POSTGRES_FLOAT8) {
        bits_of_double(parameter, (double)i);
    } else if (type == POSTGRES_BOOL && (i == 0 || i == 1)) {
        binary(parameter, (uint64_t)i, 1);
    } else {
        text(parameter, snprintf(parameter->scratch, POSTGRES_SCRATCH, "%" PRId64, i));
    }
}

bool postgres_encode(const struct db_value *value, Oid type, struct postgres_parameter *parameter)
{
    parameter->p = NULL;
    parameter->n = parameter->format = 0;
    switch (value->type) {
    case DB_INT:
        encode_int(value->i, type, parameter);
        return type != POSTGRES_BYTEA;
    case DB_DOUBLE:
        if (type == POSTGRES_FLOAT8) {
            bits_of_double(parameter, value->d);
        } else {
            text(parameter, snprintf(parameter->scratch, POSTGRES_SCRATCH, "%.17g", value->d));
        }
        return type != POSTGRES_BYTEA;
    case DB_TEXT:
        parameter->p = value->s.p;
        parameter->n = (int)value->s.n;
        return type != POSTGRES_BYTEA;
    case DB_BLOB:
        parameter->p = value->s.p;
        parameter->n = (int)value->s.n;
        parameter->format = 1;
        return type == POSTGRES_BYTEA;
    default:
        return true;
    }
}

bool postgres_can_decode(Oid type)
{
    switch (type) {
    case POSTGRES_BOOL:
    case POSTGRES_BYTEA:
    case POSTGRES_NAME:
    case POSTGRES_INT8:
    case POSTGRES_INT2:
    case POSTGRES_INT4:
    case POSTGRES_TEXT:
    case POSTGRES_OID:
    case POSTGRES_FLOAT4:
    case POSTGRES_FLOAT8:
    case POSTGRES_VARCHAR:
    case POSTGRES_NUMERIC:
    case POSTGRES_VOID:
        return true;
    default:
        return false;
    }
}

/* A numeric: number of groups, weight of the first, sign, digits behind the point; then the groups,
 * each 0 .. 9999 (src/backend/utils/adt/numeric.c, numeric_send).  Without digits behind the point
 * it is an integer, as the sum of integers is. */
static void decode_numeric(const char *p, struct db_value *value)
{
    int n = (int)big_endian(p, 2);
    int weight = (int16_t)big_endian(p + 2, 2);
    unsigned sign = (unsigned)big_endian(p + 4, 2);
    bool whole = big_endian(p + 6, 2) == 0;
    char digits[4 * NUMERIC_DIGITS + 24];
    int used = n < NUMERIC_DIGITS ? n : NUMERIC_DIGITS;
    int at = snprintf(digits, sizeof digits, "%s0", sign == 0x4000 ? "-" : "");
    for (int i = 0; i < used; i++) {
        at += snprintf(digits + at, sizeof digits - (size_t)at, "%04d",
                       (int)big_endian(p + 8 + 2 * i, 2));
    }
    int zeros = 4 * (weight - used + 1);
    if (sign != 0 && sign != 0x4000) {
        return; /* not a number: reads as NULL */
    }
    if (whole && weight <= 4) { /* five groups: 64 bits, or a little more */
        for (int i = 0; i < zeros; i++) {
            at += snprintf(digits + at, sizeof digits - (size_t)at, "0");
        }
        errno = 0;
        value->type = DB_INT;
        value->i = strtoll(digits, NULL, 10);
        if (errno == 0) {
            return;
        }
        zeros = 0;
    }
    snprintf(digits + at, sizeof digits - (size_t)at, "e%d", zeros);
    value->type = DB_DOUBLE;
    value->d = strtod(digits, NULL);
}

void postgres_decode(Oid type, const char *p, int n, struct db_value *value)
{
    uint64_t bits;
    uint32_t half;
    float f;
    value->type = DB_INT;
    switch (type) {
    case POSTGRES_BOOL:
        value->i = p[0] != 0;
        break;
    case POSTGRES_INT8:
        value->i = (int64_t)big_endian(p, 8);
        break;
    case POSTGRES_INT4:
        value->i = (int32_t)big_endian(p, 4);
        break;
    case POSTGRES_INT2:
        value->i = (int16_t)big_endian(p, 2);
        break;
    case POSTGRES_OID:
        value->i = (int64_t)big_endian(p, 4);
        break;
    case POSTGRES_FLOAT8:
        bits = big_endian(p, 8);
        memcpy(&value->d, &bits, sizeof bits);
        value->type = DB_DOUBLE;
        break;
    case POSTGRES_FLOAT4:
        half = (uint32_t)big_endian(p, 4);
        memcpy(&f, &half, sizeof half);
        value->d = f;
        value->type = DB_DOUBLE;
        break;
    case POSTGRES_NUMERIC:
        value->type = DB_NULL;
        decode_numeric(p, value);
        break;
    case POSTGRES_VOID:
        value->type = DB_NULL;
        break;
    default:
        value->type = type == POSTGRES_BYTEA ? DB_BLOB : DB_TEXT;
        value->s = (struct str){p, (size_t)n};
        break;
    }
}
