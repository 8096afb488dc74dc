// By keyboard: where somebody is after what they did, what is wrong with a form, and how far work in
// the background has come.  Where scripts run only the bar and its words change, so that nothing is
// read aloud or scrolled away each second; without script the whole page comes again.  Publishing that
// was given up goes on at one press.
import { accessible, done, focusComes, launch, ok, picture, same, tabThrough } from "./lib.mjs";
import { start } from "./duet.mjs";
import { person } from "./person.mjs";

const duet = await start({ demo: true });
const browser = await launch();
const problems = [];
const [id, programme] = duet.sql("SELECT max(id), max(programme_id) FROM round").split(" ");
const inSight = (who, words) => who.page.evaluate((text) => [...document.querySelectorAll("main h2, main h3")]
    .some((e) => e.innerText.replace(/\s+/g, " ").includes(text) && e.getBoundingClientRect().top >= 0 &&
        e.getBoundingClientRect().bottom <= innerHeight), words);

// -- A teacher asks ----------------------------------------------------------------------------------
const skill = duet.sql("SELECT skill_id FROM offer GROUP BY skill_id ORDER BY count(*) DESC LIMIT 1");
const ibo = await person(browser, "Ibo", { keyboard: true, width: 390, problems });
await ibo.go(duet.links.teacher);
await ibo.press("Begin");
await ibo.go(`${duet.url}/coaching/ask?skill=${skill}`);
await ibo.press("Ask");
same(await focusComes(ibo.page, ".errors"), true, "the focus is on what is wrong");
ok(await ibo.says("Whom would you like to ask? Choose one.", ".errors"), "which names the question");
await ibo.follow("More");
same(await focusComes(ibo.page, "input[name=to]"), true, "more colleagues: the focus is on the first");
ok(await ibo.says("11 to 20 of"), "of the second ten");
await ibo.go(`${duet.url}/partnerships/1/messages`);
await ibo.fill("Write to your partner", "On Tuesday, then.");
await ibo.press("Send");
ok(await ibo.page.evaluate(() => document.querySelector("textarea").getBoundingClientRect().bottom <=
    innerHeight), "what was sent, and the place to write on, are in sight");

// A cycle with the guide from its plan to its end: after each stage the next one's heading is there.
const guided = duet.sql("SELECT c.id FROM cycle c JOIN partnership p ON p.id = c.partnership_id " +
    "WHERE p.kind = 'guide' AND c.state = 'open'");
const stage = async (heading) => {
    ok(await ibo.says(heading, "main h1") && await ibo.says("The guide is a program"),
        `the guide is at "${heading}", and says that it is a program`);
    await tabThrough(ibo.page, `the guide's ${heading}`);
};
await ibo.go(`${duet.url}/cycles/${guided}`);
await stage("Plan");
await ibo.press("The plan is made");
same(await focusComes(ibo.page, ".errors"), true, "a plan without a goal: the focus is on what is wrong");
await ibo.follow("My goal");
await ibo.page.keyboard.type("Everybody speaks once.");
await ibo.choose("Together");
await ibo.press("The plan is made");
await stage("Watch a model");
await ibo.press("I have done that");
await stage("Feedback");
await ibo.fill("A strength that was seen", "Three spoke who had not before.");
await ibo.choose("With a prompt");
await ibo.press("I have thought about it");
await stage("Next step");
await ibo.fill("My next step", "On Monday in 7b I wait for five hands.");
await ibo.press("That is the step");
await stage("Check");
ok(await ibo.page.evaluate(() => document.querySelector("main").innerText.indexOf("five hands") <
    document.querySelector("main").innerText.indexOf("From the guide")), "the step stands first");
await ibo.choose("Partly");
await ibo.press("I have looked at it");
await stage("Reflect");
await ibo.press("Close the cycle");
ok(await ibo.says("This cycle is done"), "and comes to its end");

// -- A coordinator reviews ---------------------------------------------------------------------------
const ada = await person(browser, "Ada", { keyboard: true, width: 390, problems });
await ada.go(duet.links.coordinator);
await ada.press("Begin");
await ada.go(`${duet.url}/programmes/${programme}/exceptions`);
await ada.press("Add");
ok(await ada.says("First person: Please fill this in.", ".errors"), "each empty field is named");
await ada.go(`${duet.url}/rounds/${id}`);
const pair = await ada.page.locator("main .card h3").nth(4).innerText();
await ada.press("Lock", pair);
ok(await inSight(ada, pair) && await ada.says("Locked"), "who locks a pair is there again");
await ada.press("Unlock", pair);
await ada.press("Take apart", pair);
ok(await ada.says("fewer receive") && !await ada.says(pair), "taken apart, what that costs is told");

// What belongs to the round and the programme.
await ada.go(`${duet.url}/rounds/${id}/left`);
await tabThrough(ada.page, "who stays without help");
const others = await ada.page.getByRole("link", { name: "Other partners for" }).first().innerText();
await ada.follow(others);
ok(await ada.says(others.replace("Other partners for ", "")) && /\/people\/\d+$/.test(ada.path()),
    "from who stays without to whom they could have");
await ada.go(`${duet.url}/rounds/${id}/proof`);
await tabThrough(ada.page, "how good an arrangement is");
await ada.go(`${duet.url}/programmes/1/board`);
await tabThrough(ada.page, "the page for the board");
await ada.follow("Figures");
ok(ada.path().endsWith("/figures"), "and back from it");
await ada.go(`${duet.url}/programmes/1/cycle`);
await tabThrough(ada.page, "the cycle of a programme");
await ada.fill("A step is looked at again within so many days", "99");
await ada.press("Save");
same(await focusComes(ada.page, ".errors"), true, "too many days: the focus is on what is wrong");
await ada.fill("A step is looked at again within so many days", "10");
await ada.press("Save");
await ada.follow("Check");
await tabThrough(ada.page, "the words of a stage");
await ada.fill("In the talk", "What happened?");
await ada.press("Save");
ok(await ada.says("in your words"), "a stage has words of the programme's own");

// Publishing in part, and nobody at it: its job waits far in the future.
const dealt = (n) => duet.sql(`UPDATE round SET state = 'published', publish_pair = ${n}, ` +
    `n_dealt = ${n} WHERE id = ${id}`);
dealt(10);
duet.sql("INSERT INTO job (kind, payload, state, run_at_ms, created_ms) " +
    `VALUES ('publish', '${id}', 'ready', 4000000000000, 1)`);

await ada.go(`${duet.url}/rounds/${id}`);
ok(await ada.says("Being published: 10 of"), "it says how far it has come");
await accessible(ada.page, "a round that is being published");
await picture(ada.page, "publishing-390");
await ada.page.evaluate(() => {
    window.same = true; // as long as the page is not loaded anew
});
dealt(20);
await ada.until("Being published: 20 of");
same(await ada.page.evaluate(() => [window.same, document.querySelector("progress").value]),
    [true, 20], "the bar goes on, on the same page");

duet.sql("UPDATE job SET state = 'dead' WHERE kind = 'publish'");
await ada.until("Publishing has stopped");
await accessible(ada.page, "a round whose publishing was given up");
await picture(ada.page, "publishing-stopped-390");
await ada.press("Go on");
await ada.until("Published:");
ok(await ada.says("Pairs or groups"), "let go on by keyboard, it comes to its end and shows itself");
same([...ada.unseen, ...ibo.unseen], [], "each stop of the keyboard is seen");
await ada.go(`${duet.url}/programmes/${programme}/plan`);
ok(await ada.says("Published"), "and the programme says so");

dealt(30);
const quiet = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await ada.context.storageState(),
});
const page = await quiet.newPage();
await page.goto(`${duet.url}/rounds/${id}`);
duet.sql("INSERT INTO job (kind, payload, state, run_at_ms, created_ms) " +
    `VALUES ('publish', '${id}', 'ready', 4000000000000, 1)`);
await page.goto(`${duet.url}/rounds/${id}`);
ok((await page.textContent("main")).includes("Being published: 30 of"), "without script too");
dealt(40);
let again = false;
for (let i = 0; i < 5 && !again; i += 1) {
    await page.waitForNavigation({ timeout: 10000 });
    again = (await page.textContent("main")).includes("Being published: 40 of");
}
ok(again, "where the page comes again");
same(problems, [], "the browser has nothing to complain about");
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
