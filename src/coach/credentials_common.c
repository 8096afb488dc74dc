/* Passwords that are guessed first: by their pattern, by the lists that zxcvbn comes with, and by
 * words that are not in those. */
#include "coach/credentials_common.h"

#include <stddef.h>
#include <zxcvbn.h>

#define DIFFERENT 5 /* fewest different bytes */
#define PERIOD 5    /* longest piece whose repetition makes a whole password */
#define LOOK 256    /* bytes of a password that are looked at */
#define BITS 36.5   /* 10^11 guesses */

static const char *const rows[] = {
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "qsdfghjklm",
    "zxcvbnm",
    "yxcvbnm",
    "wxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "!@#$%^&*()",
    "qazwsxedcrfvtgbyhnujm",
};

/* What zxcvbn does not know: the name of the service, words of other languages, and those of the
 * thirty thousand commonest passwords that its estimate misses (the list is that of zxcvbn itself,
 * MIT licence; tests/coach/passwords.t.sh compares). */
static const char *const words[] = {
    /* The name of the service; words of other languages. */
    "contrasena", "clave", "secreto", "hola", "amor", "teamo", "tequiero", "teamomucho", "mivida",
    "princesa", "corazon", "familia", "estrella", "bienvenido", "bienvenida", "escuela", "colegio",
    "instituto", "maestra", "maestro", "profesor", "profesora", "alumno", "educacion", "aprender",
    "espana", "futbol", "primavera", "verano", "otono", "invierno", "enero", "febrero", "marzo",
    "abril", "junio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "lunes",
    "martes", "miercoles", "jueves", "viernes", "sabado", "administrador", "usuario", "motdepasse",
    "bonjour", "bienvenue", "soleil", "jetaime", "amour", "ecole", "professeur", "printemps",
    "automne", "janvier", "fevrier", "septembre", "octobre", "novembre", "decembre", "passwort",
    "kennwort", "willkommen", "hallo", "geheim", "schatz", "ichliebedich", "sonnenschein",
    "prinzessin", "sommer", "fruhling", "herbst", "januar", "februar", "oktober", "dezember",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "schule",
    "lehrer", "lehrerin", "fussball", "schokolade", "familie", "deutschland", "senha", "parol",
    "realmadrid", "classroom", "duet", "coaching", "peercoaching", "peercoach", "peerlearning",
    "qwertz", "correcthorsebatterystaple", "correct horse battery staple",
    /* Of the thirty thousand commonest, and stems among the first three thousand. */
    "1q2w3e4r5t6y7u8i", "1qaz2wsx3edc4rfv", "1qaz2wsx3edc", "q1w2e3r4t5y6", "1q2w3e4r5t6y",
    "a1s2d3f4g5h6", "z1x2c3v4b5n6", "qazwsxedcrfv", "qwerasdfzxcv", "1a2s3d4f5g6h", "01telemike01",
    "12qw34er56ty", "1qa2ws3ed4rf", "1qa2ws3ed4rf5tg", "23176djivanfros", "31217221027711",
    "32615948worms", "41d8cd98f00b", "4815162342lost", "59382113kevinp", "89231243658s",
    "89876065093rax", "admin18533362", "amadeusptfcor", "an83546921an13", "antananarivu",
    "bltynbabrfwbz", "boy4u2ownnyc", "bpgjldsgjldthnf", "cjdthitycndj", "corperfmonsy",
    "dkflbvbhjdbx", "dkflbvbhjdyf", "fkmnthyfnbdf", "fktrcfylhjdbx", "fktrcfylhjdf",
    "fktrcfylhjdyf", "flvbybcnhfnjh", "fynfyfyfhbde", "ghbdtnrfrltkf", "ghhh47hj7649",
    "ghjcnjgbpltw", "ghjcnjgfhjkm", "ghjcnjqgfhjkm", "ghjcnjrdfibyj", "ghjnbdjcnjzybt",
    "gjkysqgbpltw", "gtnhjpfdjlcr", "hd764nw5d7e1vb1", "hedimaptfcor", "iampurehaha2",
    "installsqlst", "lhbjkjubz2957704", "lost4815162342", "lytghjgtnhjdcr", "mailcreated5240",
    "maprchem56458", "maurolarastefy", "mevefalkcakk", "momsanaladventure", "msorcloledbr",
    "nemvxyheqdd5oqxyxyzi", "nhecsyfujkjdt", "nhfdvfnjkju123", "nhfycajhvths", "p030710p$e4o",
    "polniypizdec0211", "polniypizdec110211", "ptybnxtvgbjy", "q1w2e3r4t5y6u7", "q1w2e3r4t5y6u7i8",
    "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyh", "qazwsxedcrfvtgb", "rfnthbyf1988", "saun24865709",
    "seemnemaailm", "sojdlg123aljg", "vanyarespekt", "vfvfvskfhfve", "wazzkaprivet", "webuivalidat",
    "weihnachtsbau", "weihnachtsbaum", "z1x2c3v4b5n6m7", "zcfvfzkexifz", "zqjphsyf6ctifgu",
    "gfhjkm", "q1w2e3r4t5", "ghbdtn", "4815162342", "qweasdzxc", "vfhbyf", "usuckballz1",
    "fktrcfylh", "yfnfif", "fylhtq", "rasdzv3", "fyfcnfcbz", "vfrcbv", "serega", "cjkysirj",
    "1029384756", "dbrnjhbz", "nfnmzyf", "cthutq", "123qweasdzxc", "soso123aljg", "hjvfirf",
    "dfvgbh", "trfnthbyf", "fktrctq", "ybrbnf", "rhbcnbyf", "cdtnkfyf", "vfvjxrf", "flatron",
    "exigen", "ghbdtnbr", "1123581321", "cjkywt", "gn56gn56", "lvbnhbq", "rfrfirf", "dkflbvbh",
    "kolobok", "shaney14", "192837465", "rjntyjr", "ghjcnj", "sobaka", "vfhecz", "mersedes",
    "nuttertools", "6751520", "aezakmi", "a1s2d3f4", "kaktus", "cxfcnmt", "romashka", "qawsedrf",
    "rbhbkk", "gjkbyf", "jrcfyf", "agent007", "moloko", "vladik", "vfrcbvrf", "vkontakte",
    "kotenok", "15426378", "rfnthbyf", "dthjybrf", "1366613", "gbpltw", "svetik", "tdutybq",
    "microlab", "pantyhos", "73501505", "dfkthbz", "azsxdcfv", "gabrie", "zxcasd", "rjirfrgbde",
    "rfhbyf", "knopka", "zxcasdqwe", "fktrcfylhf", "rereirf", "vfvekz", "vfczyz", "koshka",
    "anhyeuem", "vitalik", "skorpion", "rfrnec", "vfksirf", "1qa2ws3ed", "13243546", "barsik",
    "rastaman", "rctybz", "solnce", "pupsik", "ktyjxrf", "dfkthf", "dkflbckfd", "gfhjkm123",
    "xbox360", "7753191", "dfktynbyf", "vfhufhbnf", "mamapapa", "kostya", "ybrjkfq", "z1x2c3",
    "ghjcnjnfr", "2128506", "wapbbs", "multiplelo", "motherlode", "ufkbyf", "rjycnfynby", "fghtkm",
    "vfvfgfgf", "zxasqw12", "rtyuehe", "gegcbr", "cambiami", "mazafaka", "cfitymrf", "a1s2d3",
    "sunshin", "crjhgbjy", "nokia6300", "12qw34er", "rhfcjnrf", "montgom240", "sersolution",
    "runescape", "dbrnjh", "784512", "bagira", "leavemealone", "cgfhnfr", "gfhjkm1"};

static bool next_to(char a, char b)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (const char *p = rows[i]; p[1]; p++) {
            if ((p[0] == a && p[1] == b) || (p[0] == b && p[1] == a)) {
                return true;
            }
        }
    }
    return a == b;
}

static bool repeats(struct str text)
{
    for (size_t period = 1; period <= PERIOD; period++) {
        size_t i = period;
        while (i < text.n && text.p[i] == text.p[i - period]) {
            i++;
        }
        if (i == text.n) {
            return true;
        }
    }
    return false;
}

bool credentials_is_monotonous(struct str plain)
{
    bool seen[256] = {false};
    size_t different = 0, neighbours = 0;
    for (size_t i = 0; i < plain.n; i++) {
        unsigned char c = (unsigned char)plain.p[i];
        different += !seen[c];
        seen[c] = true;
        neighbours += i > 0 && next_to(plain.p[i - 1], plain.p[i]);
    }
    return different < DIFFERENT || repeats(plain) || 5 * neighbours >= 4 * (plain.n - 1);
}

bool credentials_is_common(struct str plain, const struct str *about, size_t n_about)
{
    const char *dictionary[CREDENTIALS_ABOUT + sizeof words / sizeof *words + 1];
    char text[LOOK + 1];
    size_t n = 0, looked = plain.n < LOOK ? plain.n : LOOK;
    memcpy(text, plain.p, looked);
    text[looked] = '\0';
    for (size_t i = 0; i < n_about && n < CREDENTIALS_ABOUT; i++) {
        dictionary[n++] = about[i].p;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        dictionary[n++] = words[i];
    }
    dictionary[n] = NULL;
    return ZxcvbnMatch(text, dictionary, NULL) < BITS;
}
