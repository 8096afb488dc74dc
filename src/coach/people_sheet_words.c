/* Words of spreadsheets in English, Spanish, German, French, Italian, Portuguese and Dutch. */
#include "coach/people_sheet_words.h"

/* The likelier words stand first: where two columns may be a field, the earlier word has it. */
static const char *const fields[PEOPLE_SHEET_FIELD__MAX] = {
    [PEOPLE_SHEET_NOTHING] = "",
    [PEOPLE_SHEET_ID] =
        "id|sourcedid|person_id|staff_id|employee_id|external_id|staff_number|employee_number|"
        "staff_no|employee_no|personalnummer|kennung|identificador|identificación|"
        "número_de_empleado|código|identifiant|matricule|matricola|codice|matrícula|"
        "personeelsnummer|nummer|number|user_id|username",
    [PEOPLE_SHEET_GIVEN_NAME] = "given_name|givenname|first_name|firstname|forename|given|first|"
                                "vorname|rufname|nombres|nombre_de_pila|prénom|prenom|"
                                "primeiro_nome|voornaam|imię",
    [PEOPLE_SHEET_FAMILY_NAME] =
        "family_name|familyname|last_name|lastname|surname|family|last|nachname|familienname|"
        "zuname|apellidos|apellido|primer_apellido|nom_de_famille|cognome|sobrenome|apelido|"
        "achternaam|nazwisko",
    [PEOPLE_SHEET_NAME] = "name|full_name|fullname|display_name|teacher|teacher_name|staff_name|"
                          "vollständiger_name|lehrkraft|nombre_completo|nombre_y_apellidos|nombre|"
                          "docente|nom_complet|nom|nome_completo|nome|naam",
    [PEOPLE_SHEET_EMAIL] =
        "email|e_mail|mail|email_address|e_mail_address|work_email|e_mail_adresse|mail_adresse|"
        "mailadresse|correo_electrónico|correo|courriel|adresse_e_mail|adresse_mail|"
        "adresse_électronique|posta_elettronica|indirizzo_email|indirizzo_e_mail|"
        "endereço_de_email|endereço_de_e_mail|e_mailadres|mailadres",
    [PEOPLE_SHEET_UNIT] = "unit|school|schools|units|school_name|site|campus|building|schule|"
                          "schulen|standort|escuela|colegio|centro|instituto|école|"
                          "établissement|etablissement|scuola|plesso|istituto|escola|"
                          "agrupamento|locatie|department|abteilung|departamento",
    [PEOPLE_SHEET_POSITION] = "position|job|job_title|post|funktion|stelle|puesto|cargo|función|"
                              "poste|fonction|qualifica|mansione|função|functie",
    [PEOPLE_SHEET_ROLE] = "role|roles|duet_role|rolle|rollen|rol|rôle|ruolo|papel",
    [PEOPLE_SHEET_LANGUAGES] = "languages|language|sprachen|sprache|idiomas|idioma|lenguas|lengua|"
                               "langues|langue|lingue|lingua|línguas|língua|talen|taal",
    [PEOPLE_SHEET_SUBJECTS] =
        "subjects|subject|teaches|fächer|fach|unterrichtsfächer|asignaturas|asignatura|materias|"
        "materia|matières|matière|discipline|materie|disciplinas|disciplina|vakken|vak",
    [PEOPLE_SHEET_GRADES] =
        "grades|grade|grade_bands|grade_band|grade_levels|grade_level|year_groups|year_group|"
        "years|klassenstufen|klassenstufe|jahrgänge|jahrgang|stufen|stufe|grados|grado|cursos|"
        "curso|niveles|nivel|niveaux|niveau|classes|classe|classi|anos|ano|leerjaren|leerjaar",
    [PEOPLE_SHEET_FREE_PERIODS] =
        "free_periods|free_period|free|planning_periods|planning_period|freistunden|"
        "freie_stunden|springstunden|horas_libres|períodos_libres|periodos_libres|"
        "heures_libres|ore_libere|horas_livres|vrije_uren|tussenuren",
    [PEOPLE_SHEET_MAX_HELPS] = "max_helps|max_help|may_help|hilft_höchstens|ayuda_máx|"
                               "máx_ayuda|aide_max|max_aide|aiuta_max|ajuda_máx|helpt_max",
    [PEOPLE_SHEET_MAX_LEARNS] = "max_learns|max_learn|may_learn|lernt_höchstens|aprende_máx|"
                                "máx_aprende|apprend_max|max_apprend|impara_max|leert_max",
    [PEOPLE_SHEET_EVALUATOR] =
        "evaluator|evaluator_id|evaluated_by|appraiser|line_manager|manager|supervisor|"
        "vorgesetzter|vorgesetzte|beurteiler|evaluador|evaluadora|supervisora|évaluateur|"
        "évaluatrice|evaluateur|responsable|valutatore|avaliador|avaliadora|beoordelaar",
    [PEOPLE_SHEET_ACTIVE] = "active|status|state|aktiv|activo|activa|estado|actif|active|"
                            "statut|attivo|stato|ativo|actief",
};

static const char *const weekdays[7] = {
    "mon|monday|mo|montag|lun|lunes|lundi|lunedì|lunedi|seg|segunda|segunda_feira|maandag",
    "tue|tues|tuesday|di|dienstag|mar|martes|mardi|martedì|martedi|ter|terça|terça_feira|dinsdag",
    "wed|wednesday|mi|mittwoch|mié|mie|miércoles|miercoles|mer|mercredi|mercoledì|mercoledi|qua|"
    "quarta|quarta_feira|woensdag",
    "thu|thur|thurs|thursday|do|donnerstag|jue|jueves|jeu|jeudi|gio|giovedì|giovedi|qui|quinta|"
    "quinta_feira|donderdag",
    "fri|friday|fr|freitag|vie|viernes|ven|vendredi|venerdì|venerdi|sex|sexta|sexta_feira|vrijdag",
    "sat|saturday|sa|samstag|sonnabend|sáb|sab|sábado|sabado|sam|samedi|sabato|zaterdag",
    "sun|sunday|so|sonntag|dom|domingo|dim|dimanche|domenica|zondag",
};

static const struct {
    const char *code, *words;
} languages[] = {
    {"ar", "arabic|árabe|arabisch|arabe|arabo|العربية"},
    {"bn", "bengali|bengalí|bengalisch|বাংলা"},
    {"ca", "catalan|catalán|katalanisch|catalano|català"},
    {"cs", "czech|checo|tschechisch|tchèque|ceco|čeština"},
    {"cy", "welsh|galés|walisisch|gallois|cymraeg"},
    {"da", "danish|danés|dänisch|danois|dansk"},
    {"de", "german|alemán|deutsch|allemand|tedesco|alemão|duits"},
    {"el", "greek|griego|griechisch|grec|greco|ελληνικά"},
    {"en", "english|inglés|englisch|anglais|inglese|inglês|engels"},
    {"es", "spanish|español|castellano|spanisch|espagnol|spagnolo|espanhol|spaans"},
    {"eu", "basque|euskera|euskara|baskisch"},
    {"fa", "persian|farsi|persa|persisch|persan|فارسی"},
    {"fi", "finnish|finés|finnisch|finnois|suomi"},
    {"fr", "french|francés|französisch|français|francese|francês|frans"},
    {"ga", "irish|irlandés|irisch|irlandais|gaeilge"},
    {"gl", "galician|gallego|galego|galicisch"},
    {"gu", "gujarati|ગુજરાતી"},
    {"he", "hebrew|hebreo|hebräisch|hébreu|עברית"},
    {"hi", "hindi|हिन्दी"},
    {"hmn", "hmong"},
    {"hr", "croatian|croata|kroatisch|croate|hrvatski"},
    {"ht", "haitian_creole|haitian|kreyòl|kreyòl_ayisyen|criollo_haitiano"},
    {"hu", "hungarian|húngaro|ungarisch|hongrois|magyar"},
    {"it", "italian|italiano|italienisch|italien|italiaans"},
    {"ja", "japanese|japonés|japanisch|japonais|日本語"},
    {"ko", "korean|coreano|koreanisch|coréen|한국어"},
    {"ne", "nepali|नेपाली"},
    {"nl", "dutch|neerlandés|holandés|niederländisch|néerlandais|olandese|nederlands"},
    {"no", "norwegian|noruego|norwegisch|norvégien|norsk"},
    {"pa", "punjabi|panjabi|ਪੰਜਾਬੀ"},
    {"pl", "polish|polaco|polnisch|polonais|polacco|polski"},
    {"pt", "portuguese|portugués|portugiesisch|portugais|portoghese|português|portugees"},
    {"ro", "romanian|rumano|rumänisch|roumain|română"},
    {"ru", "russian|ruso|russisch|russe|русский"},
    {"so", "somali|somalí|soomaali"},
    {"sq", "albanian|albanés|albanisch|albanais|shqip"},
    {"sr", "serbian|serbio|serbisch|serbe|srpski|српски"},
    {"sv", "swedish|sueco|schwedisch|suédois|svenska"},
    {"sw", "swahili|suajili|suaheli|kiswahili"},
    {"ta", "tamil|தமிழ்"},
    {"te", "telugu|తెలుగు"},
    {"tl", "tagalog|filipino"},
    {"tr", "turkish|turco|türkisch|turc|türkçe|turks"},
    {"uk", "ukrainian|ucraniano|ukrainisch|ukrainien|українська"},
    {"ur", "urdu|اردو"},
    {"vi", "vietnamese|vietnamita|vietnamesisch|vietnamien|tiếng_việt"},
    {"zh", "chinese|mandarin|chino|chinesisch|chinois|cinese|中文"},
    {"zh-HK", "cantonese|cantonés|kantonesisch|cantonais|粵語"},
    {"ase", "american_sign_language|asl"},
    {"bfi", "british_sign_language|bsl"},
};
enum { N_LANGUAGES = sizeof languages / sizeof *languages };

static const char *const answers[PEOPLE_SHEET_ANSWER__MAX] = {
    [PEOPLE_SHEET_YES] = "yes|y|true|1|x|active|ja|aktiv|sí|si|activo|activa|oui|actif|sì|attivo|"
                         "sim|ativo|actief",
    [PEOPLE_SHEET_NO] = "no|n|false|0|left|inactive|nein|inaktiv|ausgeschieden|inactivo|inactiva|"
                        "baja|non|inactif|parti|partie|inattivo|não|inativo|nee|inactief",
    [PEOPLE_SHEET_PARTICIPANT] = "participant|participants|member|teilnehmer|teilnehmerin|"
                                 "teilnehmende|participante|"
                                 "partecipante|deelnemer",
    [PEOPLE_SHEET_COORDINATOR] =
        "coordinator|koordinator|koordinatorin|coordinador|coordinadora|coordinateur|"
        "coordinatrice|coordonnateur|coordonnatrice|coordinatore|coordenador|coordenadora|"
        "coördinator",
    [PEOPLE_SHEET_ADMINISTRATOR] =
        "administrator|admin|administratorin|administrador|administradora|administrateur|"
        "administratrice|amministratore|amministratrice|beheerder",
};

/* How many words stand before this one, or -1. */
static int word_rank(const char *words, struct str wanted)
{
    int rank = 0;
    for (const char *at = words; *at && wanted.n > 0; rank++) {
        size_t n = strcspn(at, "|");
        if (n == wanted.n && memcmp(at, wanted.p, n) == 0) {
            return rank;
        }
        at += n + (at[n] == '|');
    }
    return -1;
}

int people_sheet_words_rank(enum people_sheet_field field, struct str folded)
{
    return word_rank(fields[field], folded);
}

int people_sheet_words_weekday(struct str folded)
{
    for (int day = 0; day < 7; day++) {
        if (word_rank(weekdays[day], folded) >= 0) {
            return day;
        }
    }
    return -1;
}

const char *people_sheet_words_language(struct str folded)
{
    for (int k = 0; k < N_LANGUAGES; k++) {
        if (word_rank(languages[k].words, folded) >= 0 || str_is(folded, languages[k].code)) {
            return languages[k].code;
        }
    }
    return NULL;
}

enum people_sheet_answer people_sheet_words_answer(struct str folded,
                                                   enum people_sheet_answer first,
                                                   enum people_sheet_answer last)
{
    for (int k = (int)first; k <= (int)last; k++) {
        if (word_rank(answers[k], folded) >= 0) {
            return (enum people_sheet_answer)k;
        }
    }
    return PEOPLE_SHEET_ANSWER__MAX;
}
