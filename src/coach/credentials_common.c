/* Passwords that are guessed first: by their pattern, and by a list of the commonest words. */
#include "coach/credentials_common.h"

#include <stddef.h>

#define DIFFERENT 5 /* fewest different bytes */
#define PERIOD 5    /* longest piece whose repetition makes a whole password */
#define FEW 3       /* common words that do not make a password, however they are put together */
#define WHOLE 1024  /* bytes of a password that is looked at */

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

/* The commonest words in leaked lists (words and names of which the longer passwords there are
 * made); what consists of these, figures and signs is refused. */
static const char *const words[] = {
    "password",
    "passwort",
    "passw",
    "pass",
    "contrasena",
    "motdepasse",
    "letmein",
    "welcome",
    "willkommen",
    "bienvenue",
    "bienvenido",
    "login",
    "admin",
    "administrator",
    "administrador",
    "root",
    "user",
    "guest",
    "test",
    "testing",
    "changeme",
    "change",
    "secret",
    "default",
    "master",
    "access",
    "hello",
    "hallo",
    "hola",
    "bonjour",
    "iloveyou",
    "loveyou",
    "iloveu",
    "love",
    "lovely",
    "teamo",
    "tequiero",
    "jetaime",
    "princess",
    "prinzessin",
    "princesa",
    "sunshine",
    "sonnenschein",
    "football",
    "fussball",
    "futbol",
    "soccer",
    "baseball",
    "basketball",
    "hockey",
    "monkey",
    "dragon",
    "shadow",
    "superman",
    "batman",
    "spiderman",
    "pokemon",
    "starwars",
    "trustno",
    "whatever",
    "freedom",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "microsoft",
    "windows",
    "michael",
    "jennifer",
    "jessica",
    "ashley",
    "daniel",
    "thomas",
    "charlie",
    "jordan",
    "andrew",
    "joshua",
    "matthew",
    "anthony",
    "alexander",
    "nicole",
    "michelle",
    "maria",
    "jose",
    "carlos",
    "summer",
    "winter",
    "spring",
    "autumn",
    "sommer",
    "verano",
    "invierno",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "qwerty",
    "qwertz",
    "azerty",
    "asdf",
    "zxcvbn",
    "qwer",
    "abc",
    "xyz",
    "flower",
    "cookie",
    "chocolate",
    "schokolade",
    "cheese",
    "pepper",
    "ginger",
    "banana",
    "orange",
    "purple",
    "yellow",
    "silver",
    "golden",
    "summer",
    "angel",
    "baby",
    "buddy",
    "daddy",
    "mommy",
    "mother",
    "father",
    "family",
    "familia",
    "familie",
    "friends",
    "forever",
    "blessed",
    "jesus",
    "christ",
    "heaven",
    "school",
    "schule",
    "escuela",
    "ecole",
    "college",
    "student",
    "teacher",
    "lehrer",
    "maestra",
    "maestro",
    "profesor",
    "profesora",
    "classroom",
    "education",
    "learning",
    "coach",
    "coaching",
    "duet",
    "company",
    "office",
    "liverpool",
    "arsenal",
    "chelsea",
    "barcelona",
    "realmadrid",
    "juventus",
    "america",
    "london",
    "berlin",
    "paris",
    "madrid",
    "mexico",
    "deutschland",
    "england",
    "espana",
    "france",
    "hunter",
    "killer",
    "ranger",
    "mustang",
    "ferrari",
    "harley",
    "yamaha",
    "corvette",
    "mercedes",
    "porsche",
    "tigger",
    "snoopy",
    "minecraft",
    "fortnite",
    "matrix",
    "phoenix",
    "eagles",
    "cowboys",
    "lakers",
    "yankees",
    "steelers",
    "correct horse battery staple",
    "correcthorsebatterystaple",
    "dog",
    "cat",
    "god",
    "sex",
    "fuck",
    "bitch",
    "asshole",
};

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

/* What a figure or sign stands for in the middle of a word, or 0. */
static char letter_of(char c)
{
    static const char from[] = "013457@$!+8", to[] = "oieastasitb";
    for (size_t i = 0; from[i]; i++) {
        if (from[i] == c) {
            return to[i];
        }
    }
    return '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Whether the word stands at `at`, letter by letter or with figures in their place. */
static bool stands(struct str text, size_t at, const char *word)
{
    size_t n = strlen(word);
    if (n > text.n - at) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        char c = text.p[at + i];
        if (c != word[i] && letter_of(c) != word[i]) {
            return false;
        }
    }
    return true;
}

bool credentials_is_common(struct str plain)
{
    int fewest[WHOLE + 1]; /* words before byte i, when that is all but figures and signs */
    if (plain.n > WHOLE) {
        return false;
    }
    for (size_t i = 0; i <= plain.n; i++) {
        fewest[i] = i == 0 ? 0 : FEW + 1;
    }
    for (size_t at = 0; at < plain.n; at++) {
        if (!is_letter(plain.p[at]) && fewest[at] < fewest[at + 1]) {
            fewest[at + 1] = fewest[at];
        }
        for (size_t i = 0; i < sizeof words / sizeof *words && fewest[at] < FEW; i++) {
            size_t end = at + strlen(words[i]);
            if (stands(plain, at, words[i]) && fewest[at] + 1 < fewest[end]) {
                fewest[end] = fewest[at] + 1;
            }
        }
    }
    return fewest[plain.n] <= FEW;
}
