// A page that shows how far work in the background has come: where scripts run only the bar and its
// words change, so that nothing is read aloud or scrolled away each second; without script the whole
// page comes again.  Given up, one press by keyboard lets it go on.
import { accessible, done, launch, ok, picture, same } from "./lib.mjs";
import { start } from "./duet.mjs";
import { person } from "./person.mjs";

const duet = await start({ demo: true });
const browser = await launch();
const problems = [];
const [id, programme] = duet.sql("SELECT max(id), max(programme_id) FROM round").split(" ");

// Publishing in part, and nobody at it: its job waits far in the future.
const dealt = (n) => duet.sql(`UPDATE round SET state = 'published', publish_pair = ${n}, ` +
    `n_dealt = ${n} WHERE id = ${id}`);
dealt(10);
duet.sql("INSERT INTO job (kind, payload, state, run_at_ms, created_ms) " +
    `VALUES ('publish', '${id}', 'ready', 4000000000000, 1)`);

const ada = await person(browser, "Ada", { keyboard: true, width: 390, problems });
await ada.go(duet.links.coordinator);
await ada.press("Begin");
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
same(ada.unseen, [], "each stop of the keyboard is seen");
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
