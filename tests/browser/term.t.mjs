// A term, as three people live it: Ada coordinates, with a mouse; Ben teaches, and never touches one;
// Cleo teaches, on a phone.  Import, programme, comparison, round, review, publication, yes and yes,
// agreement, a cycle with its visit, roles swapped, a meeting, messages, a second round in mid-term, the
// end.  Dora and the others of the sheet fill the school.
//
// After every step three who have no business there - Ada, who may do everything else; Dora, a colleague;
// Emil, who evaluates Ben - ask for every page of the pair: nothing that the two wrote is in any answer.
import ICAL from "ical.js";
import { done, fits, launch, ok, picture, same } from "./lib.mjs";
import { start } from "./duet.mjs";
import { person } from "./person.mjs";
import {
    beside, checking, client, day, explaining, filler, names, password, people, ratings, talking,
    waiting, watcher,
} from "./term_school.mjs";

const duet = await start();
const browser = await launch();
const problems = [];
const ada = await person(browser, "Ada", { problems });
const ben = await person(browser, "Ben", { problems, keyboard: true });
const cleo = await person(browser, "Cleo", { problems, width: 390 });
const codes = {};
const others = {}; // those without a window: Ada beside hers, Dora, Emil, Finn, Gita
const watch = watcher(() => ({ Ada: others.Ada, Dora: others.Dora, Emil: others.Emil }));
const { secret } = watch;

// One part of the term; after one that breaks off, those that build on it are not tried.
let broken = false;
async function part(name, steps) {
    try {
        await (broken || steps());
    } catch (error) {
        broken = true;
        ok(false, `${name}: goes on to its end`, [error.stack,
            ...[ada, ben, cleo].map((who) => `${who.name} is at ${who.page.url()}`)].join("\n"));
    }
}
const says = async (who, words, name) => ok(await who.says(words), name ?? `${who.name}: ${words}`,
    await who.text());
const saysNot = async (who, words, name) => ok(!(await who.says(words)), name, await who.text());
const look = async (who, name) => {
    await fits(who.page, `${who.name}: ${name}`);
    await picture(who.page, `term-${who.name}-${name.replace(/\W+/g, "-")}`);
};
const upload = (who, name, text) => who.page.setInputFiles("#file",
    { name, mimeType: "text/csv", buffer: Buffer.from(text) });

// -- The school ------------------------------------------------------------------------------------
await part("The school", async () => {
    await ada.go(duet.link);
    await ada.fill("E-mail address", "ada@example.org");
    await ada.fill("New password", password);
    await ada.press("Set password");
    await ada.fill("Name of the organisation", "Riverside");
    await ada.fill("Given name", "Ada");
    await ada.fill("Family name", "Kovač");
    await ada.press("Go on");
    await ada.press("Go on"); // schools come with the sheet
    await ada.press("Go on"); // skills: what is shipped
    await ada.follow("From a file");
    await ada.choose("A sheet of people");
    await upload(ada, "people.csv", people);
    await ada.press("Look at the file");
    await says(ada, "New people: 6");
    await ada.press("Do it");
    await ada.menu("Set-up");
    await ada.follow("Bring people in");
    await ada.choose("Ratings of people");
    await upload(ada, "ratings.csv", ratings);
    await ada.press("Look at the file");
    await ada.select("Whose skills are these", "Everyday teaching");
    await ada.press("Look again");
    await says(ada, "New pieces of evidence 72");
    await ada.press("Do it");
    await ada.menu("Set-up");
    await ada.follow("The organisation");
    await ada.fill("Times of the periods", "08:30-09:20 09:25-10:15 10:30-11:20 11:25-12:15");
    await ada.press("Save");
    await ada.menu("Set-up");
    await ada.follow("Invitations");
    await ada.select("Unit", "Hill School");
    await ada.choose("Codes on paper");
    await ada.press("Invite");
    const printed = await ada.text();
    for (const name of names) {
        codes[name] = printed.match(new RegExp(`${name} \\w+[^]*?(\\w{4}-\\w{4}-\\w{4})`))?.[1];
    }
    same(Object.values(codes).filter(Boolean).length, 6, "everybody gets a code on paper");
});

await part("Coming in", async () => {
    for (const who of [ben, cleo]) {
        await who.go(`${duet.url}/code`);
        await who.fill("Code", codes[who.name]);
        await who.press("Go on");
        await says(who, `Welcome, ${who.name}`);
        await who.fill("New password", password);
        await who.press("Set password");
        await says(who, `Hello, ${who.name}`);
        await who.follow("Answer the two questions");
    }
    await ben.select("Skill", waiting, "First goal");
    await ben.fill("In which situation", secret("In 8b, after lunch:"), "First goal");
    await ben.choose(talking);
    await ben.press("Save");
    await cleo.select("Skill", talking, "First goal");
    await cleo.choose(waiting);
    await cleo.press("Save");
    for (const name of names.slice(2)) {
        others[name] = await filler(duet.url, name, codes[name]);
    }
    others.Ada = await beside(duet.url, ada);
    await others.Dora.wishes(explaining, checking);
    await others.Emil.wishes(checking, explaining);
    await watch.nobodyElse("wishes");
});

// -- The programme ---------------------------------------------------------------------------------
await part("A programme", async () => {
    await ada.menu("Programmes");
    await ada.follow("Plan a programme");
    await ada.fill("Name", "Winter pairs");
    await ada.day("From", day(0));
    await ada.day("Until", day(90));
    await ada.press("Save");
    await ada.choose("Hill School");
    await ada.press("Save the units");
    await ada.follow("Overview");
    await says(ada, "6 people will be asked.");
    await ada.press("Open it");
    await says(ada, "Wait for answers");
    for (const who of [ben, cleo]) {
        await who.go(duet.url);
        await says(who, "Would you like to take part in Winter pairs?",
            `${who.name} is asked on the first page`);
        await who.follow("Look at it");
        await who.press("Yes, I take part");
        await says(who, "You take part; a partner will be proposed to you.");
        await who.menu("Coaching");
        await who.follow("Programmes that I take part in");
        await says(who, "You take part", `${who.name} finds the programme again`);
    }
    await others.Dora.post("/programmes/1/answer", { answer: "yes" });
    await others.Emil.post("/programmes/1/answer", { answer: "yes" });
    await look(cleo, "programmes");
});

await part("Comparing, and a round", async () => {
    await ada.go(`${duet.url}/programmes/1/plan`);
    await says(ada, "4 people take part.");
    await ada.follow("Compare strategies first");
    await ada.press("Compare now");
    await ada.until("Strategies side by side");
    for (const strategy of ["Pairs who help each other", "Helpers and learners", "Groups of three",
        "People choose themselves", "Drawn by lot"]) {
        await says(ada, strategy);
    }
    await says(ada, "the pool is too small", "a small pool is warned of");
    await ada.follow("Overview");
    await ada.press("Start a round");
    await ada.until("Review, then publish");
    await says(ada, "Cleo Sorel helps Ben Okafor with Waiting for the answer.");
    await says(ada, "It is Ben Okafor's first goal.", "the reason is in words");
    await says(ada, "Proved: no arrangement under these rules is better.");
    await saysNot(ada, "Emil Grau helps Ben", "nobody's evaluator is their partner");
    await ada.follow("Other partners for Ben");
    await says(ada, "What else is possible");
    await ada.follow("The round");
    await ada.press("Lock", "Ben Okafor");
    await says(ada, "Locked: these stay together.");
    await ada.press("Take apart", "Dora Fenn");
    await says(ada, "2 people fewer receive help", "what a change costs is told");
    await ada.press("Work it out again");
    await ada.until("Review, then publish");
    await says(ada, "Emil Grau helps Dora Fenn with Explaining clearly.");
    await saysNot(ada, "people fewer receive help", "and the rest is as good as it was");
    await ada.press("Publish");
    await says(ada, "Published: 2 partnerships are proposed.");
    await watch.nobodyElse("a round");
});

// -- The pair --------------------------------------------------------------------------------------
await part("Yes and yes", async () => {
    for (const who of [ben, cleo]) {
        await who.go(duet.url);
        await says(who, "A partner for you");
        await who.follow("Look at it");
        await says(who, who === ben ? "Cleo Sorel helps you with Waiting for the answer"
            : "Ben Okafor helps you with Pupils talking to each other");
        await says(who, "A no needs no reason");
        await who.press("Yes, gladly");
        await says(who, "You have said yes");
    }
    watch.pair = Number(ben.path().match(/\d+$/)[0]);
    same(await others.Dora.answer("no"), "Emil Grau", "Dora says no");
    const told = (await others.Emil.get("/notices")).text;
    ok(told.includes("does not come about") && !told.includes("Dora"),
        "Emil learns that it does not come about, not who said it");
});

await part("The agreement", async () => {
    await cleo.follow("Read the agreement");
    await says(cleo, "What we see, hear and write stays between us.");
    await cleo.open("Change it");
    await cleo.fill("Agreement", secret("What we say stays here. We meet on Tuesdays."));
    await cleo.press("Save the change");
    await cleo.press("I agree: sign it");
    await says(cleo, "When your partner has signed too, you plan the first cycle.");
    await ben.page.reload();
    await ben.follow("Read the agreement");
    await says(ben, "We meet on Tuesdays.", "Ben reads Cleo's words");
    await ben.open("Change it");
    await ben.fill("Agreement", secret("What we say stays here. We meet on Mondays."));
    await ben.press("Save the change");
    await cleo.page.reload();
    await says(cleo, "Agree on how you work together", "a change takes signatures back");
    await ben.press("I agree: sign it");
    await cleo.follow("Read the agreement");
    await says(cleo, "We meet on Mondays.");
    await cleo.press("I agree: sign it");
    await says(cleo, "Begin a cycle");
    await look(cleo, "partnership");
    await watch.nobodyElse("the agreement");
});

// -- A cycle ---------------------------------------------------------------------------------------
await part("Plan", async () => {
    await cleo.press("Begin a cycle", talking);
    await cleo.page.waitForURL("**/cycles/1");
    await saysNot(cleo, "less than last time", "there was no last time");
    await cleo.press("The plan is made");
    await says(cleo, "One thing needs another look", "a plan needs a goal");
    await cleo.fill("My goal", secret("Every pupil speaks once."));
    await cleo.fill("What my partner shall watch for", secret("Who speaks, and how often."));
    await cleo.choose("My partner visits me");
    await cleo.choose("With a prompt");
    await cleo.press("Keep it for later");
    await ben.go(duet.url);
    await says(ben, "Cleo Sorel makes the plan. You can prepare meanwhile.");
    await ben.follow("Go on with the cycle");
    await says(ben, "Cleo Sorel writes down the plan after your talk");
    await ben.press("I have prepared");
    await cleo.press("The plan is made");
    await says(cleo, "Who helps watches one thing.");
    await look(cleo, "cycle");
    await watch.nobodyElse("a plan");
});

await part("Observe", async () => {
    await ben.page.reload();
    await ben.follow("Open the pad");
    await says(ben, "Who speaks, and how often.", "what to look for is on the pad");
    const lines = ["Asks, eleven hands.", "Pair talk, two minutes.", "Kim speaks for the first time."]
        .map(secret);
    for (const [i, line] of lines.entries()) {
        await ben.context.setOffline(i === 1); // the second is written without a connection
        await ben.fill("What do you see and hear?", line);
        await ben.page.keyboard.press("Enter");
        await ben.until(line);
    }
    await ben.until("All lines are sent.");
    await ben.follow("Cycle 1");
    const seen = await ben.page.$$eval("main ol li", (all) => all.map((e) => e.textContent));
    ok(lines.every((line) => seen.filter((text) => text.includes(line)).length === 1),
        "each line is there once", seen);
    await cleo.page.reload();
    await saysNot(cleo, lines[0], "the lines are Ben's until he shares them");
    await ben.press("Share it");
    await ben.press("The visit has taken place");
    await watch.nobodyElse("a visit");
});

await part("Feedback, step, check, reflection", async () => {
    await ben.fill("A strength that was seen", secret("You waited, and Kim spoke."));
    await ben.choose("With a prompt");
    await ben.press("We have talked about it");
    await cleo.go(duet.url);
    await says(cleo, "Choose one step, and the day on which you look at it again.");
    await cleo.follow("Go on with the cycle");
    await says(cleo, "Kim speaks for the first time.", "Cleo reads what Ben shared");
    await cleo.fill("My next step", secret("On Friday with 8b."));
    await cleo.day("We look at it again on", day(40));
    await cleo.press("That is the step");
    await says(cleo, "two weeks", "a step is looked at within two weeks");
    await cleo.day("We look at it again on", day(7));
    await cleo.press("That is the step");
    await cleo.choose("Partly");
    await cleo.fill("What happened", secret("Half of them spoke."));
    await cleo.press("We have looked at it");
    await cleo.open("Record what it showed");
    await cleo.choose("It worked");
    await cleo.fill("What was seen, in a sentence", secret("Nine spoke."));
    await cleo.press("Record it");
    await says(cleo, "You have recorded what you saw in this cycle. It counts.");
    const own = secret("I am afraid of the silence.");
    await cleo.fill("A note", own);
    await cleo.choose("Only for me");
    await cleo.press("Write it");
    await ben.page.reload();
    await saysNot(ben, own, "a note of one's own stays one's own");
    await ben.fill("A note", secret("Waiting is hard for me, too."));
    await ben.choose("My partner reads it");
    await ben.press("Write it");
    await ben.press("Close the cycle");
    await says(ben, "This cycle is done");
    await cleo.page.reload();
    await says(cleo, "Waiting is hard for me, too.");
    await look(cleo, "cycle done");
    await watch.nobodyElse("a cycle");
});

await part("Roles swapped", async () => {
    await ben.follow("Choose what comes next");
    await says(ben, "1 cycle done");
    await ben.press("Begin a cycle", waiting);
    await ben.fill("My goal", secret("Three seconds, five times."));
    await ben.choose("I watch my partner first");
    await ben.press("The plan is made");
    await says(ben, "The learner watches the helper.");
    await cleo.go(duet.url);
    await says(cleo, "You help Ben Okafor with Waiting for the answer");
    await watch.nobodyElse("roles swapped");
});

// -- Together --------------------------------------------------------------------------------------
const events = (text) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent")
    .map((e) => new ICAL.Event(e));

await part("A meeting", async () => {
    await cleo.menu("Coaching");
    await cleo.follow("With Ben");
    await cleo.follow("Meetings");
    await cleo.follow("Propose times");
    await says(cleo, "Times at which you are all free");
    const times = await cleo.page.locator("input[name=time] + label .choice-text").allInnerTexts();
    same([...new Set(times.map((text) => text.match(/\d\d:\d\d/)[0]))], ["08:30", "09:25"],
        "only periods in which both are free");
    await cleo.choose(times[0]);
    await cleo.choose(times[1]);
    await cleo.fill("What is it about", secret("The plan for 8b"));
    await cleo.fill("Where", secret("Room 12"));
    await cleo.press("Propose");
    await says(cleo, "Ben Okafor chooses one of them, or proposes others.");
    await ben.go(duet.url);
    await ben.menu(/new notice/);
    await ben.follow("Cleo Sorel proposes times");
    await ben.choose(times[1]);
    await ben.press("Choose this time");
    await says(ben, "Settled. It is in your meetings now.");
    await watch.nobodyElse("a meeting");

    await cleo.go(`${duet.url}/calendar`);
    await cleo.press("Make an address");
    const feed = new URL((await cleo.text()).match(/http\S+\.ics/)[0]).pathname;
    const read = async () => events((await client(duet.url, "").get(feed)).text);
    const [first] = await read();
    ok(first?.summary.startsWith("The plan for 8b") && first.location.startsWith("Room 12"),
        "the feed holds it");
    await ben.follow("Move it");
    await ben.choose(times[4]);
    await ben.press("Propose");
    await says(ben, "settled; another time is proposed");
    await cleo.go(duet.url);
    await cleo.menu(/new notice/);
    await cleo.follow("Ben Okafor proposes times");
    await cleo.press("Choose this time");
    const [second] = await read();
    ok(second.uid === first.uid && second.sequence > first.sequence &&
        second.startDate.compare(first.startDate) > 0, "the feed has its new time, as the same event");
    await cleo.press("Cancel it");
    const [third] = await read();
    same(third.component.getFirstPropertyValue("status"), "CANCELLED", "and that it is cancelled");
    await ben.go(duet.url);
    await ben.menu(/new notice/);
    await says(ben, "Cleo Sorel has cancelled your meeting.");
    await watch.nobodyElse("a meeting cancelled");

    // Another one; that its time has come is the clock's to bring.
    const meetings = `/partnerships/${watch.pair}/meetings`;
    const { answer } = await (await beside(duet.url, cleo)).post(`${meetings}/new`,
        { time: Date.now() + 3600000, minutes: 30, subject: secret("Once more") });
    await ben.go(new URL(answer.headers.get("location"), duet.url).href);
    await ben.press("Choose this time");
    duet.sql("UPDATE meeting SET starts_ms = starts_ms - 7200000 WHERE state = 'confirmed'");
    await ben.page.reload();
    await says(ben, "did it take place?");
    await ben.press("It did not take place");
    await says(ben, "Thank you. It is written down.");
    await ben.follow("Propose new times");
    await says(ben, "Times at which you are all free");
    await cleo.go(duet.url + meetings);
    await says(cleo, "did not take place", "one has told for both");
    await cleo.go(new URL(answer.headers.get("location"), duet.url).href);
    await cleo.press("It took place");
    await ben.go(duet.url + meetings);
    await says(ben, "took place");
    await saysNot(ben, "did not take place", "and the other has corrected it");
    await watch.nobodyElse("a meeting that took place");
});

await part("Messages", async () => {
    await ben.go(`${duet.url}/partnerships/${watch.pair}`);
    await ben.follow("Messages");
    const words = secret("Shall we say Friday?");
    await ben.fill("Write to your partner", words);
    await ben.press("Send");
    await cleo.go(duet.url);
    await cleo.menu(/new notice/);
    await cleo.follow("Ben Okafor has written");
    await says(cleo, words);
    const taken = secret("Friday is fine.");
    await cleo.fill("Write to your partner", taken);
    await cleo.press("Send");
    await cleo.fill("Write to your partner", secret("Or Monday."));
    await cleo.press("Send");
    await cleo.press("Take back", "Friday is fine.");
    await ben.page.reload();
    await says(ben, "This message was taken back.");
    await saysNot(ben, taken, "what was taken back is gone");
    await says(ben, "Or Monday.");
    await look(cleo, "messages");
    await watch.nobodyElse("messages");
});

// -- In mid-term, and the end ------------------------------------------------------------------------
await part("A second round", async () => {
    for (const [name, need, offer] of [["Finn", checking, explaining], ["Gita", explaining, checking]]) {
        await others[name].post("/programmes/1/answer", { answer: "yes" });
        await others[name].wishes(need, offer);
    }
    await ada.menu("Programmes");
    await ada.follow("Winter pairs");
    await ada.press("Start another round");
    await ada.until("Review, then publish");
    const proposed = await ada.text("#pairs ~ .cards, main .cards");
    ok(!proposed.includes("Ben") && !proposed.includes("Cleo"), "whoever works together is left alone");
    await saysNot(ada, "Dora Fenn and Emil Grau", "a pair that said no is not proposed again");
    await ada.follow("Who stays without help");
    await says(ada, "2 people are not listed: their partnerships run, and leave no room for another.");
    await ada.follow("The round");
    await ada.press("Publish");
    await says(ada, "Published: 2 partnerships are proposed.");
    same(await others.Dora.answer("yes"), "Finn Hale", "Dora has another partner");
    same(await others.Emil.answer("yes"), "Gita Ivers", "so has Emil");
    await ben.go(duet.url);
    await says(ben, "Cleo Sorel helps you with Waiting for the answer", "Ben and Cleo go on");
    await watch.nobodyElse("a second round");
});

await part("The end", async () => {
    await ben.menu("Coaching");
    await ben.follow("With Cleo");
    await ben.follow("End it");
    await ben.press("End it");
    await says(ben, "One thing needs another look", "how it ends is asked");
    await ben.choose("I would like to work with somebody else");
    await ben.press("End it");
    await says(ben, "The partnership has ended.");
    await cleo.go(duet.url);
    await cleo.menu(/new notice/);
    await cleo.follow("Your partnership has ended");
    await says(cleo, "It is nobody's fault.");
    await saysNot(cleo, "Ended: Ben", "who ended it is not told");
    await cleo.follow("Ask a colleague");
    await says(cleo, "You ask, they say yes or no.");
    await watch.nobodyElse("the end");

    // What was written is still there for those who wrote it: the watchers could have found it.
    for (const who of [ben, cleo]) {
        const me = await beside(duet.url, who);
        const own = (await me.get("/cycles/1")).text + (await me.get(`/partnerships/${watch.pair}/messages`)).text;
        const known = watch.secrets.filter((word) => own.includes(word)).length;
        ok(known >= 10, `${who.name} still reads what was written`, `${known} of them`);
    }
});
same([...new Set(ben.unseen)], [], "the focus was seen wherever the keyboard went");
same(problems, [], "the browser has nothing to complain about");
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
