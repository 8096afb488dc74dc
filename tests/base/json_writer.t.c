/* Writing JSON: texts by hand, and random trees read back by jansson. */
#include "base/json_writer.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "tap.h"

#include <jansson.h>

static void test_texts(struct arena *arena)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 1000);
    struct json_writer json = json_writer_begin(&buf);
    json_writer_object(&json);
    json_writer_key(&json, "a");
    json_writer_array(&json);
    json_writer_int(&json, -1);
    json_writer_double(&json, 0.5);
    json_writer_bool(&json, true);
    json_writer_null(&json);
    json_writer_object(&json);
    json_writer_end_object(&json);
    json_writer_end_array(&json);
    json_writer_key(&json, "b\"");
    json_writer_text(&json, str_of("x\\y\n</script>\x01\x7f\xC3\xA9"));
    json_writer_end_object(&json);
    tap_ok(!buf_end(&buf, &text), "it fits");
    tap_text(text.p,
             "{\"a\":[-1,0.5,true,null,{}],\"b\\\"\":\"x\\\\y\\n\\u003c/script\\u003e\\u0001\\u007f"
             "\xC3\xA9\"}",
             "commas and quotes come by themselves");
    buf_clear(&buf);
    json = json_writer_begin(&buf);
    json_writer_array(&json);
    json_writer_double(&json, (double)INFINITY);
    json_writer_end_array(&json);
    tap_ok(!buf_end(&buf, &text) && str_is(text, "[null]"), "what is no number is null");
}

/* Writes a random value and makes the same for jansson. */
static json_t *make(struct json_writer *json, struct rng *rng, int depth)
{
    static const char *const texts[] = {"",       "a",           "\"",       "\\",
                                        "\n\t\r", "caf\xC3\xA9", "\x01\x1f", "</&>"};
    switch (rng_below(rng, depth > 0 ? 7 : 5)) {
    case 0: {
        int64_t n = (int64_t)rng_next(rng) >> rng_below(rng, 63);
        json_writer_int(json, n);
        return json_integer(n);
    }
    case 1: {
        double d = rng_normal(rng) * (rng_below(rng, 2) ? 1e-9 : 1e12);
        json_writer_double(json, d);
        return json_real(d);
    }
    case 2: {
        const char *t = texts[rng_below(rng, 8)];
        json_writer_text(json, str_of(t));
        return json_string(t);
    }
    case 3: {
        bool b = rng_below(rng, 2);
        json_writer_bool(json, b);
        return json_boolean(b);
    }
    case 4:
        json_writer_null(json);
        return json_null();
    case 5: {
        json_t *list = json_array();
        json_writer_array(json);
        for (uint32_t n = rng_below(rng, 4); n > 0; n--) {
            json_array_append_new(list, make(json, rng, depth - 1));
        }
        json_writer_end_array(json);
        return list;
    }
    default: {
        json_t *object = json_object();
        json_writer_object(json);
        for (uint32_t n = rng_below(rng, 4); n > 0; n--) {
            char key[20];
            snprintf(key, sizeof key, "k%u%s", n, texts[rng_below(rng, 8)]);
            json_writer_key(json, key);
            json_object_set_new(object, key, make(json, rng, depth - 1));
        }
        json_writer_end_object(json);
        return object;
    }
    }
}

static void test_random(struct arena *arena)
{
    struct rng rng = rng_seed(31);
    struct buf buf;
    int wrong = 0, n = 3000;
    buf_init(&buf, arena, 1 << 20);
    for (int i = 0; i < n; i++) {
        struct str text = {"", 0};
        buf_clear(&buf);
        struct json_writer json = json_writer_begin(&buf);
        json_t *made = make(&json, &rng, 5);
        wrong += buf_end(&buf, &text) != 0;
        json_t *read = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
        wrong += !read || !json_equal(made, read);
        json_decref(made);
        json_decref(read);
    }
    tap_ok(wrong == 0, "jansson reads %d random values as they were written", n);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_texts(arena);
    test_random(arena);
    arena_free(arena);
    return tap_done();
}
