/* The words of a cycle; see cycle_words.h. */
#include "web/cycle_words.h"

#include "coach/complaint.h"

static const struct cycle_words stages[CYCLE_STAGE__MAX] = {
    [CYCLE_PLAN] =
        {
            .name = N_("Plan"),
            .purpose = N_("One goal, small enough for one lesson. Who learns decides; who helps "
                          "asks."),
            .alone = N_("One goal, small enough for one lesson. You decide."),
            .before = {N_("Which moment of a lesson would I like to go better?"),
                       N_("What would pupils say or do if it did?"),
                       N_("What have I tried already?")},
            .learners = true,
            .talk = {N_("Say what the lesson is about and what you hope for."),
                     N_("Say how you would notice that it works: what would be seen or heard?"),
                     N_("Think through what you will do, and what may get in the way."),
                     N_("Say what you would like to learn about yourself."),
                     N_("Agree on one thing that your partner watches for.")},
            .stems = {N_("At the end of the lesson, pupils can ..."),
                      N_("I will know that it works when ..."),
                      N_("What might get in the way, and what would you do then?"),
                      N_("What would you like me to look for?")},
            .guide = {N_("Write your goal as something that can be seen: who does what, when?"),
                      N_("Cross out half of it. What is left is often the right size."),
                      N_("Choose one thing to watch for, and how you will count it.")},
        },
    [CYCLE_FEEDBACK] =
        {
            .name = N_("Feedback"),
            .purpose = N_("First a strength, with the moment in which it was seen. Then what the "
                          "learner makes of it."),
            .alone = N_("First a strength, with the moment in which you saw it. Then what you make "
                        "of it."),
            .before = {N_("Which moment showed the strength best?"),
                       N_("What do the lines show about the goal, without judging?"),
                       N_("Which question would make my partner think?")},
            .talk = {N_("The learner begins: how was it, seen from inside?"),
                     N_("The helper names one thing that worked, and when."),
                     N_("Look at the lines together: what do they say about the goal?"),
                     N_("Look for reasons. Ask three times before you offer one."),
                     N_("The learner says what they take from it.")},
            .stems = {N_("What stayed with you?"), N_("When you ..., I saw pupils ..."),
                      N_("What made you decide to ...?"), N_("What do you think led to that?"),
                      N_("How does it compare with what you had planned?")},
            .guide = {N_("Write down first what worked, and the moment in which you noticed."),
                      N_("Then look at what you counted. What does it say about your goal?"),
                      N_("Find three reasons for it. The third is often the interesting one.")},
        },
    [CYCLE_SOLVE] =
        {
            .name = N_("Next step"),
            .purpose = N_("From what you saw to one step, small enough to try within two weeks."),
            .before = {N_("What is in my hands here, and what is not?")},
            .learners = true,
            .talk = {N_("Say how it is now."), N_("Say how it would be if it went well."),
                     N_("Find at least three ways; the learner names the first."),
                     N_("Choose one, and say when and with which class."),
                     N_("Choose the day on which you look at it again.")},
            .stems = {N_("So now it is ..., and you would like ..."),
                      N_("What would be the smallest step in that direction?"),
                      N_("Which of these fits you and your class?"),
                      N_("What would make it easier?")},
            .guide = {N_("Write down three ways. Then choose the one that you could try tomorrow."),
                      N_("Say it as: on ..., when ..., I will ...")},
        },
    [CYCLE_CHECK] =
        {
            .name = N_("Check"),
            .purpose = N_("A short look at the step: did it happen, and what came of it?"),
            .before = {N_("What happened when I tried it?")},
            .learners = true,
            .talk = {N_("The learner tells what happened."),
                     N_("Ask what surprised them, before you say what you think."),
                     N_("Decide what stays, what changes, what goes.")},
            .stems = {N_("What happened when you tried it?"), N_("What surprised you?"),
                      N_("What will you keep?")},
            .guide = {N_("If it did not happen: what stood in the way? Make the step smaller, not "
                         "the day later."),
                      N_("If it did: what did pupils do that they had not done before?")},
        },
    [CYCLE_REFLECT] =
        {
            .name = N_("Reflect"),
            .purpose = N_("What has each of you learned, and what comes next?"),
            .alone = N_("What have you learned, and what comes next?"),
            .before = {N_("What can I do now that I could not do before?")},
            .talk = {N_("Each says what they have learned: who helped, too."),
                     N_("Say what helped in how you worked, and what to do differently."),
                     N_("Decide: swap roles, go on, or end here.")},
            .stems = {N_("I used to think ..., now I think ..."), N_("What helped me most was ..."),
                      N_("Next time, I can do alone ...")},
            .guide = {N_("Write one sentence: I used to ..., now I ..."),
                      N_("Who among your colleagues might like to hear of it?")},
        },
};

static const struct cycle_words visits[CYCLE_WAY__MAX] = {
    [CYCLE_OBSERVE] =
        {
            .name = N_("Observe"),
            .purpose = N_("Who helps watches one thing. Write down what is said and done, not what "
                          "you think of it."),
            .alone = N_("You watch one thing in a lesson of your own. Write down what is said and "
                        "done, not what you think of it."),
            .before = {N_("What am I to look for, and how will I note it?")},
            .talk = {N_("Be there before it begins, and sit where you see faces."),
                     N_("Write what you see and hear, in the words that are said."),
                     N_("Count what can be counted: who is asked, how long the wait is."),
                     N_("Keep opinions for yourself; a question mark is enough."),
                     N_("Say thank you, and nothing about the lesson yet.")},
            .stems = {N_("Teacher: ... Pupil: ..."),
                      N_("10:05, four hands up, waits three "
                         "seconds"),
                      N_("Table 3: two pupils talk about the task")},
            .guide = {N_("Nobody watches: watch yourself. Record a few minutes, or write down five "
                         "lines right after the lesson."),
                      N_("Write what was said and done. Leave out whether it was good.")},
        },
    [CYCLE_MODEL] =
        {
            .name = N_("Watch a model"),
            .purpose =
                N_("The learner watches the helper. What matters is the thinking behind it."),
            .alone = N_("You read how it can be done. What matters is the thinking behind it."),
            .before = {N_("What do I want to borrow?")},
            .learners = true,
            .talk = {N_("The helper says beforehand what to look for."),
                     N_("The learner writes down words and moves worth borrowing."),
                     N_("Afterwards the helper thinks aloud: what did I see, what could I have "
                        "done, why did I choose this?"),
                     N_("The learner says what they would do the same way, and what otherwise.")},
            .stems = {N_("When ... happened, I thought ..."), N_("I could have ..., but ..."),
                      N_("What I would borrow is ...")},
            .guide = {N_("Read how it looks when it works. Which words and moves are in it?"),
                      N_("Imagine your own lesson with them. Say the first sentence aloud.")},
        },
};

const struct cycle_words *cycle_words(enum cycle_stage stage, enum cycle_way way)
{
    return stage == CYCLE_VISIT ? &visits[way] : &stages[stage];
}

const char *const cycle_words_least[] = {
    N_("Wait: count to five. Most people go on by themselves."),
    N_("Say back what you heard, in other words."),
    N_("Ask an open question: what, how, what else?"),
    N_("Offer two or three ideas, never one."),
    N_("Show it, or do it together, and say what you think while you do."),
    NULL};

const char *const cycle_words_prepare[] = {
    N_("When do I do this myself, and what do I think at that moment?"),
    N_("What made it hard for me at first?"), N_("Which question would have helped me then?"),
    N_("Read the levels and tasks of the skill once more."), NULL};

const char *const cycle_words_support[EVIDENCE_SUPPORT__MAX] = {
    [EVIDENCE_JOINT] = N_("This time the guide goes through every part with you: a model to read, "
                          "and all its questions."),
    [EVIDENCE_MODELLED] = N_("This time the guide gives you a model to read, then its questions."),
    [EVIDENCE_PROMPTED] = N_("This time the guide only asks. Try it without a model."),
    [EVIDENCE_INDEPENDENT] = N_("This time the guide stays silent: you can do this by yourself."),
};

const char cycle_words_agreement[] = N_(
    "What we see, hear and write stays between us. We do not speak about it with others, and never "
    "with whoever evaluates one of us.\n\n"
    "Who learns decides on the goal. Who helps asks first, and gives advice when it is wanted.\n\n"
    "In feedback we begin with something that worked, and say what we saw before what we think of "
    "it.\n\n"
    "We meet about every two weeks. If one of us cannot, we say so early.\n\n"
    "While we work together, each of us lets the other see the zone and the evidence of the skills "
    "that we work on. Either of us can take that back under Sharing.\n\n"
    "Each of us can pause or end this at any time, without a reason.");
