/* The columns of a framework's sheet; see framework_sheet.h. */
#include "coach/framework_sheet.h"

#include "base/arena.h"
#include "base/catalog.h"
#include "coach/roster_cell.h"

#include <inttypes.h>

const struct roster_heading framework_sheet_headings[SHEET__MAX + 1] = {
    [SHEET_KIND] = {"kind", false, NULL},
    [SHEET_DOMAIN] = {"domain", false, NULL},
    [SHEET_CODE] = {"code", false, NULL},
    [SHEET_LEVEL] = {"level", false, NULL},
    [SHEET_NAME] = {"name", true, NULL},
    [SHEET_DESCRIPTION] = {"description", false, NULL},
    [SHEET_DIFFICULTY] = {"difficulty", false, NULL},
    [SHEET_LEVELS] = {"levels", false, NULL},
    [SHEET_RETIRED] = {"retired", false, NULL},
    [SHEET_ID] = {"id", false, NULL},
    [SHEET_LANGUAGE] = {"language", false, NULL},
    [SHEET_PUBLISHER] = {"publisher", false, NULL},
    [SHEET_LICENCE] = {"licence", false, NULL},
    [SHEET__MAX] = {NULL, false, NULL},
};

/* Other names of the columns, folded as roster_table_fold() does. */
static const struct {
    const char *name;
    int heading;
} aliases[] = {
    {"type", SHEET_KIND},
    {"tipo", SHEET_KIND},
    {"area", SHEET_DOMAIN},
    {"strand", SHEET_DOMAIN},
    {"dominio", SHEET_DOMAIN},
    {"\303\241mbito", SHEET_DOMAIN},
    {"codigo", SHEET_CODE},
    {"c\303\263digo", SHEET_CODE},
    {"nivel", SHEET_LEVEL},
    {"skill", SHEET_NAME},
    {"nombre", SHEET_NAME},
    {"habilidad", SHEET_NAME},
    {"competencia", SHEET_NAME},
    {"text", SHEET_DESCRIPTION},
    {"descripcion", SHEET_DESCRIPTION},
    {"descripci\303\263n", SHEET_DESCRIPTION},
    {"dificultad", SHEET_DIFFICULTY},
    {"niveles", SHEET_LEVELS},
    {"retirada", SHEET_RETIRED},
    {"idioma", SHEET_LANGUAGE},
    {"editor", SHEET_PUBLISHER},
    {"licencia", SHEET_LICENCE},
    {"license", SHEET_LICENCE},
};

static const char *const yes_no[] = {"yes", "no", "true",      "false", "1",  "0",
                                     "x",   "",   "s\303\255", "no",    "si", NULL};

struct str framework_sheet_cell(const struct framework_sheet *sheet, int heading)
{
    return roster_table_cell(&sheet->table, heading);
}

enum err framework_sheet_bad(struct framework_sheet *sheet, int heading, const char *hint,
                             const char *fmt, ...)
{
    struct roster_table *table = &sheet->table;
    int32_t field = table->at[heading];
    va_list args;
    va_start(args, fmt);
    table->row_problems++;
    enum err err = roster_problems_vadd(
        table->problems, table->file,
        field < 0 ? table->row.line : csv_row_line(&table->row, field < table->row.n ? field : 0),
        field < 0 ? 0 : field + 1, field < 0 ? "" : table->names[field].p,
        field < 0 ? (struct str){"", 0} : roster_table_field(table, field), hint, fmt, args);
    va_end(args);
    return err;
}

enum err framework_sheet_field(struct framework_sheet *sheet, int32_t field, size_t max, bool lines,
                               struct str *text)
{
    *text = (struct str){"", 0};
    if (field < 0) {
        return ERR_OK;
    }
    enum err err = framework_build_clean(
        sheet->build.arena, roster_table_field(&sheet->table, field), max, lines, text);
    if (err == ERR_LIMIT) {
        return roster_table_bad_field(&sheet->table, field, N_("shorten the text"),
                                      N_("the text is longer than %zu bytes"), max);
    }
    return err == ERR_INVALID
               ? roster_table_bad_field(&sheet->table, field, "", N_("the text is not UTF-8"))
               : err;
}

enum err framework_sheet_text(struct framework_sheet *sheet, int heading, size_t max,
                              struct str *text)
{
    return framework_sheet_field(sheet, sheet->table.at[heading], max, false, text);
}

enum err framework_sheet_words(struct framework_sheet *sheet, bool required,
                               struct framework_words *words, struct framework_words **others)
{
    int32_t n = sheet->build.framework->n_languages;
    uint64_t told = sheet->table.problems->total;
    enum err err = framework_sheet_text(sheet, SHEET_NAME, FRAMEWORK_MAX_NAME, &words->name);
    err = err ? err
              : framework_sheet_field(sheet, sheet->table.at[SHEET_DESCRIPTION], FRAMEWORK_MAX_TEXT,
                                      true, &words->description);
    if (!err && required && words->name.n == 0 && sheet->table.problems->total == told) {
        err = framework_sheet_bad(sheet, SHEET_NAME, "", N_("name may not be empty"));
    }
    if (err || n == 0) {
        return err;
    }
    *others = arena_alloc(sheet->build.arena, (size_t)n, sizeof **others);
    if (!*others) {
        return ERR_NOMEM;
    }
    for (int32_t k = 0; k < n && !err; k++) {
        err = framework_sheet_field(sheet, sheet->name_at[k], FRAMEWORK_MAX_NAME, false,
                                    &(*others)[k].name);
        err = err ? err
                  : framework_sheet_field(sheet, sheet->description_at[k], FRAMEWORK_MAX_TEXT, true,
                                          &(*others)[k].description);
    }
    return err;
}

enum err framework_sheet_id(struct framework_sheet *sheet, struct str *case_id)
{
    enum err err = framework_sheet_text(sheet, SHEET_ID, FRAMEWORK_MAX_CODE, case_id);
    err = err ? err : framework_build_identify(&sheet->build, *case_id);
    return err == ERR_CONFLICT
               ? framework_sheet_bad(sheet, SHEET_ID, N_("leave it empty, or give another"),
                                     N_("this id was already used"))
               : err;
}

enum err framework_sheet_number(struct framework_sheet *sheet, int heading, int64_t from,
                                int64_t to, const char *hint, int64_t *value)
{
    struct str cell = framework_sheet_cell(sheet, heading);
    int64_t number = 0;
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (roster_cell_whole(cell, &number) || number < from || number > to) {
        return framework_sheet_bad(
            sheet, heading, hint, N_("%s must be a whole number from %lld to %lld"),
            framework_sheet_headings[heading].name, (long long)from, (long long)to);
    }
    *value = number;
    return ERR_OK;
}

/* Letters, digits and hyphens, a letter first: enough to be a BCP 47 tag. */
static bool sheet_is_language(struct str text)
{
    bool good = text.n >= 2 && text.n <= 35;
    for (size_t i = 0; i < text.n && good; i++) {
        char c = text.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        good = letter || (i > 1 && (c == '-' || (c >= '0' && c <= '9')));
    }
    return good;
}

enum err framework_sheet_language(struct framework_sheet *sheet, struct str *language)
{
    struct str text;
    enum err err = framework_sheet_text(sheet, SHEET_LANGUAGE, 64, &text);
    if (err || text.n == 0) {
        return err;
    }
    *language = text;
    return sheet_is_language(text) ? ERR_OK
                                   : framework_sheet_bad(sheet, SHEET_LANGUAGE,
                                                         N_("write a tag such as en, es or pt-BR"),
                                                         N_("this is no language"));
}

enum err framework_sheet_active(struct framework_sheet *sheet, bool *active)
{
    struct str cell = framework_sheet_cell(sheet, SHEET_RETIRED);
    int word = cell.n == 0 ? 1 : roster_cell_word(cell, yes_no);
    if (word < 0) {
        return framework_sheet_bad(sheet, SHEET_RETIRED, "", N_("retired must be yes or no"));
    }
    *active = word % 2 == 1;
    return ERR_OK;
}

enum err framework_sheet_notes(struct framework_sheet *sheet)
{
    return roster_table_note_unused(&sheet->table);
}

static int32_t *sheet_language_column(struct framework_sheet *sheet, bool description,
                                      struct str language)
{
    struct framework *f = sheet->build.framework;
    int32_t k = 0;
    while (k < f->n_languages && !str_equal(f->languages[k], language)) {
        k++;
    }
    if (k == FRAMEWORK_MAX_LANGUAGES) {
        return NULL;
    }
    if (k == f->n_languages) {
        f->languages[k] = language;
        f->n_languages++;
    }
    return description ? &sheet->description_at[k] : &sheet->name_at[k];
}

/* "name:es": whose words in which language.  Any of the names that a column may have before the
 * colon. */
static bool sheet_split_language(struct str name, struct str *before, struct str *language)
{
    const char *colon = memchr(name.p, ':', name.n);
    if (!colon) {
        return false;
    }
    *before = utf8_trim((struct str){name.p, (size_t)(colon - name.p)});
    *language = utf8_trim((struct str){colon + 1, name.n - (size_t)(colon - name.p) - 1});
    return sheet_is_language(*language);
}

static int sheet_heading_of(struct str name)
{
    char folded[UTF8_MAX_FORM];
    struct str form = roster_table_fold(name, folded);
    for (int k = 0; k < SHEET__MAX; k++) {
        if (str_is(form, framework_sheet_headings[k].name)) {
            return k;
        }
    }
    for (size_t k = 0; k < sizeof aliases / sizeof *aliases; k++) {
        if (str_is(form, aliases[k].name)) {
            return aliases[k].heading;
        }
    }
    return -1;
}

/* "level 2: Developing" or "2": a column of level texts. */
static bool sheet_split_level(struct str name, int *level, struct str *label)
{
    static const char *const words[] = {"level", "nivel"};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        size_t n = strlen(words[w]);
        bool same = name.n > n;
        for (size_t i = 0; i < n && same; i++) {
            same = (name.p[i] | 0x20) == words[w][i];
        }
        if (same) {
            name = utf8_trim((struct str){name.p + n, name.n - n});
            break;
        }
    }
    size_t digits = 0;
    *level = 0;
    while (digits < name.n && digits < 3 && name.p[digits] >= '0' && name.p[digits] <= '9') {
        *level = *level * 10 + (name.p[digits++] - '0');
    }
    name = utf8_trim((struct str){name.p + digits, name.n - digits});
    while (name.n > 0 && strchr(":.-)", name.p[0])) {
        name = utf8_trim((struct str){name.p + 1, name.n - 1});
    }
    *label = name;
    return digits > 0 && *level >= 1 && *level <= FRAMEWORK_MAX_LEVELS;
}

/* Finds a use for a column that no heading has by its plain name. */
static enum err sheet_column(struct framework_sheet *sheet, int32_t field)
{
    struct roster_table *table = &sheet->table;
    struct str name = table->names[field], before, language, label;
    int level;
    int heading = sheet_heading_of(name);
    if (heading >= 0 && table->at[heading] < 0) {
        table->at[heading] = field;
        return ERR_OK;
    }
    if (sheet_split_language(name, &before, &language)) {
        heading = sheet_heading_of(before);
        if (heading == SHEET_NAME || heading == SHEET_DESCRIPTION) {
            int32_t *at = sheet_language_column(sheet, heading == SHEET_DESCRIPTION, language);
            if (!at) {
                table->broken = true;
                return roster_table_bad_field(table, field, "",
                                              N_("there are more than %d further languages"),
                                              FRAMEWORK_MAX_LANGUAGES);
            }
            *at = field;
            table->taken[field] = true;
            return ERR_OK;
        }
    }
    if (!roster_table_has(table, SHEET_KIND) && sheet_split_level(name, &level, &label) &&
        sheet->level_at[level - 1] < 0) {
        sheet->level_at[level - 1] = field;
        table->taken[field] = true;
        return framework_build_clean(sheet->build.arena, label, FRAMEWORK_MAX_NAME, false,
                                     &sheet->level_names[level - 1]);
    }
    return ERR_OK;
}

enum err framework_sheet_open(struct framework_sheet *sheet, struct arena *own, struct arena *work,
                              struct csv_source source, const char *file,
                              struct roster_problems *problems)
{
    struct roster_table *table = &sheet->table;
    sheet->domain = sheet->skill = -1;
    list_init(&sheet->lines, work, sizeof(uint64_t), FRAMEWORK_MAX_SKILLS);
    for (int k = 0; k < FRAMEWORK_MAX_LANGUAGES; k++) {
        sheet->name_at[k] = sheet->description_at[k] = -1;
    }
    for (int k = 0; k < FRAMEWORK_MAX_LEVELS; k++) {
        sheet->level_at[k] = -1;
        sheet->level_names[k] = (struct str){"", 0};
    }
    enum err err = framework_build_init(&sheet->build, own, work);
    if (err) {
        return err;
    }
    struct framework *f = sheet->build.framework;
    f->languages = arena_alloc(own, FRAMEWORK_MAX_LANGUAGES, sizeof *f->languages);
    if (!f->languages) {
        return ERR_NOMEM;
    }
    err = roster_table_begin(table, own, source, file, framework_sheet_headings, problems);
    for (int pass = 0; pass < 2; pass++) { /* plain names first, so that `kind` is known */
        for (int32_t i = 0; i < table->n_names && !err && !table->broken; i++) {
            bool plain = sheet_heading_of(table->names[i]) >= 0;
            if (plain == (pass == 0) && roster_table_is_further(table, i)) {
                err = sheet_column(sheet, i);
            }
        }
    }
    return err || table->broken ? err : roster_table_check_missing(table);
}
