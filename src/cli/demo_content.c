/* Schools, subjects and a framework of eighteen skills in six domains, in our own words. */
#include "cli/demo_content.h"

const struct demo_skill demo_skills[DEMO_SKILLS] = {
    {"warm-talk", "Warm and respectful talk", "A safe room", -1.6},
    {"every-voice", "Every voice is heard", "A safe room", -0.2},
    {"mistakes-welcome", "Mistakes are welcome", "A safe room", 0.3},
    {"smooth-starts", "Smooth starts and endings", "Running the room", -1.5},
    {"clear-directions", "Directions everyone can follow", "Running the room", -0.9},
    {"calm-response", "Calm answers to disruption", "Running the room", -0.6},
    {"clear-explaining", "Explaining clearly", "Making things clear", -0.8},
    {"worked-examples", "Examples worked aloud", "Making things clear", 0.1},
    {"prior-knowledge", "Building on what pupils know", "Making things clear", 0.4},
    {"deep-questions", "Questions that make pupils think", "Thinking and talking", 1.0},
    {"wait-time", "Waiting for the answer", "Thinking and talking", 0.7},
    {"pupil-talk", "Pupils talking to each other", "Thinking and talking", 1.1},
    {"checking", "Finding out who understood", "Seeing and answering", 0.5},
    {"useful-feedback", "Feedback that can be used", "Seeing and answering", 0.8},
    {"adjusting", "Changing the plan in the lesson", "Seeing and answering", 1.2},
    {"language-support", "Support for language learners", "Reaching everyone", 0.9},
    {"stretch", "More for those who are ready", "Reaching everyone", 1.4},
    {"families", "Families as partners", "Reaching everyone", 0.6},
};

const char *const demo_subjects[DEMO_SUBJECTS] = {
    "Mathematics", "Language", "Science", "History",   "Geography",
    "Art",         "Music",    "Sport",   "Languages", "Computing",
};

const char *const demo_schools[DEMO_SCHOOLS] = {
    "Alder Lane",   "Bridge Street", "Canal Row",    "Dovecote",     "Eastfield", "Fern Hill",
    "Garden Gate",  "Harbour View",  "Ivy Court",    "Juniper Road", "Kestrel",   "Lakeside",
    "Meadow Bank",  "Northgate",     "Orchard Park", "Pinewood",     "Quarry",    "Riverside",
    "Station Road", "Thornbury",     "Upland",       "Valley",       "Willow",    "Yew Tree",
};

const char *const demo_school_kinds[DEMO_SCHOOL_KINDS] = {"Primary", "Middle School", "Secondary"};

const char *const demo_districts[DEMO_DISTRICTS] = {"North", "South", "East", "West"};
