// The first start, by keyboard only: the link of the terminal, password, organisation, schools,
// skills, and what a mistake looks like on the way.
import { accessible, done, focusComes, launch, ok, picture, same, tabThrough } from "./lib.mjs";
import { start } from "./duet.mjs";

const duet = await start();
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
const page = await context.newPage();
const problems = [];
page.on("pageerror", (error) => problems.push(error.message));
page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4\d\d|303)/.test(message.text())) {
        problems.push(message.text());
    }
});

// Tabs forward until the control with this accessible name has the focus; the links of the summary of
// what is wrong have the names of their fields too.
async function reach(name) {
    for (let i = 0; i < 80; i += 1) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
            const e = document.activeElement;
            if (e.closest(".errors")) {
                return "";
            }
            const label = e.labels?.[0]?.textContent ?? e.textContent ?? "";
            return (e.getAttribute("aria-label") ?? label).trim().replace(/\s+/g, " ");
        });
        if (at.startsWith(name)) {
            return true;
        }
    }
    return ok(false, `the keyboard reaches "${name}"`);
}

async function fill(name, text) {
    await reach(name);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
}

async function press(name) {
    await reach(name);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

const path = () => new URL(page.url()).pathname;
const heading = () => page.textContent("h1");

ok(duet.link, "the first start shows a link");
await page.goto(duet.link);
same(await heading(), "Set up Duet", "the link leads to the set-up");
await accessible(page, "the first page");
await fill("E-mail address", "ada@example.org");
await fill("New password", "short");
await press("Set password");
ok((await page.textContent("main")).includes("at least 12 characters"), "a short password is refused");
same(await focusComes(page, ".errors"), true,
    "the focus is on the summary of what is wrong");
ok((await page.textContent(".errors a")).startsWith("New password: "), "which names the field");
await accessible(page, "the first page with a mistake");
await picture(page, "start-mistake");
await fill("New password", "violet gravel otter lamp");
await press("Set password");
same(path(), "/start", "the administrator is signed in and goes on");

await fill("Name of the organisation", "Riverside");
await fill("Given name", "Ada");
await fill("Family name", "Kovač");
await press("Go on");
same(path(), "/start/schools", "the organisation is named");
await fill("Names of schools", "Hill School\nLake School");
await press("Go on");
same(path(), "/start/skills", "schools are entered");
await accessible(page, "skills");
await press("Go on");
same(path(), "/start/people", "skills are chosen");
await press("Finish the set-up");
same(path(), "/", "the set-up is finished");
same(await heading(), "Hello, Ada", "Today greets the person");
await accessible(page, "Today of somebody new");
await tabThrough(page, "Today");
await page.goto(`${duet.url}/people`);
ok((await page.textContent("#unit")).includes("Lake School"), "the schools are there");
await page.goto(`${duet.url}/skills`);
ok((await page.locator(".band").count()) > 10, "the framework is there");

await page.goto(duet.link);
same(await heading(), "This link does not work any more", "the link works once");
same(problems, [], "the browser has nothing to complain about");
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
