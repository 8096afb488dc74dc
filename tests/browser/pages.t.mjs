// Every page of the demonstration district: found by following links, held against docs/routes.md so
// that none is left out; by axe-core, at 320, 390 and 1280 pixels, light and dark, from right to left in
// a made-up language, and by keyboard.  With DUET_PICTURES=FOLDER it leaves a picture of each.
import { readFileSync } from "node:fs";
import path from "node:path";
import {
    accessible, done, fits, launch, ok, picture, root, same, tabThrough, targets, withoutLooks,
} from "./lib.mjs";
import { start } from "./duet.mjs";

if (process.env.DUET_SANITIZED) {
    withoutLooks();
}
const duet = await start({ demo: true, options: ["--pseudo-languages"] });
const browser = await launch();

// -- Patterns of docs/routes.md ----------------------------------------------------------------------
const table = readFileSync(path.join(root, "docs/routes.md"), "utf8");
const patterns = [...table.matchAll(/^\| `GET (\S+)` \| ([^|]+) \|/gm)].map(([, pattern, whom]) => ({
    pattern,
    whom: whom.trim(),
    fits: new RegExp(`^${pattern.replace(/:\w+/g, "\\d+").replace(/\*\w+/g, "[\\w-]+")}$`),
    words: pattern.split("/").filter((part) => /^\w/.test(part)).length,
}));
patterns.sort((a, b) => b.words - a.words); // "/skills/rate" before "/skills/:id"

// Addresses that no link leads to, or that answer with something else than a page.
const elsewhere = [/^\/my-data\/export$/, /^\/meetings\/(\d+|:id)\/calendar$/, /^\/sign-in\/oidc/, /\/export/, /\/(csv|case|sheet)$/];
const patternOf = (name) => patterns.find((p) => p.fits.test(name))?.pattern;

// -- Finding pages -------------------------------------------------------------------------------------
async function signIn(persona) {
    const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const link = persona && duet.links[persona];
    await page.goto(link || `${duet.url}/sign-in`);
    if (link) {
        await Promise.all([page.waitForNavigation(), page.click("main button")]);
    }
    return page;
}

// One example of each pattern, by following links of pages not seen yet; as text, so that the browser
// shows only what is looked at.
async function explore(page, from) {
    const examples = new Map();
    const todo = [...from];
    const seen = new Set();
    while (todo.length > 0) {
        const address = todo.shift();
        const pattern = patternOf(address.split(/[?#]/)[0]);
        if (!pattern || examples.has(pattern) || elsewhere.some((e) => e.test(address))) {
            continue;
        }
        const answer = await page.evaluate(async (at) => {
            const got = await fetch(at);
            return { status: got.status, url: got.url, text: await got.text() };
        }, duet.url + address);
        if (answer.status !== 200) {
            ok(false, `${address} answers ${answer.status}`);
            continue;
        }
        if (new URL(answer.url).pathname !== address.split(/[?#]/)[0]) {
            continue; // it led elsewhere
        }
        examples.set(pattern, address);
        const links = [...answer.text.matchAll(/<a [^>]*?href="(\/[^"]*)"/g)]
            .map(([, link]) => link.replaceAll("&amp;", "&"));
        for (const link of links.filter((l) => !seen.has(l))) {
            seen.add(link);
            todo.push(link);
        }
    }
    return examples;
}

// -- Looking at pages ------------------------------------------------------------------------------------
const looks = [
    { width: 390, scheme: "light", axe: true, all: true },
    { width: 390, scheme: "dark" },
    { width: 1280, scheme: "light" },
    { width: 1280, scheme: "dark", axe: true },
    { width: 320, scheme: "light" },
];

const nameOf = (address) => address.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "today";

// Once loaded, a page follows the window and the colours by itself.
async function look(page, who, address) {
    // what is neither measured nor read is only for the pictures
    const wanted = looks.filter(({ axe, scheme }) => axe || scheme === "light" ||
        process.env.DUET_PICTURES);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(duet.url + address);
    ok(await page.locator("main h1").count() > 0, `${who}: ${address} has its heading`);
    for (const { width, scheme, axe, all } of wanted) {
        const name = `${who}: ${address} at ${width}, ${scheme}`;
        await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
        await page.emulateMedia({ colorScheme: scheme });
        if (axe) {
            await accessible(page, name, [], !all);
            await targets(page, name);
        }
        if (scheme === "light") {
            await fits(page, name);
        }
        await picture(page, `${who}-${nameOf(address)}-${width}-${scheme}`);
    }
}

// What the program itself says is in the page's language: buttons, headings of tables, summaries.
async function inPseudo(page, who, address) {
    await page.goto(duet.url + address);
    const state = await page.evaluate(() => ({
        dir: document.documentElement.dir,
        english: [...document.querySelectorAll(
            "button:not([name=language]), thead th, summary, .skip, .hint, .lead")]
            .map((e) => e.textContent.trim())
            .filter((text) => /[A-Za-z]{3}/.test(text) && !/[^\x00-\x7f]/.test(text)),
    }));
    same(state.dir, "rtl", `${who}: ${address} is written from right to left`);
    ok(state.english.length === 0,
        `${who}: ${address} is in the made-up language`, state.english);
    await fits(page, `${who}: ${address} from right to left`);
    await picture(page, `${who}-${nameOf(address)}-390-rtl`);
}

// A sheet of people that waits to be looked at: an example of an import.
async function uploadPeople(page) {
    await page.goto(`${duet.url}/setup/import`);
    await page.setInputFiles("input[type=file]", {
        name: "people.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("id,name,e-mail,school\nx1,Ana Ruiz,ana@example.org,Hill\nx2,,wrong,Hill\n"),
    });
    await Promise.all([page.waitForNavigation(), page.click("main form[enctype] button")]);
    return new URL(page.url()).pathname;
}

const problems = [];
const covered = new Set();
const begin = ["/", "/skills", "/people", "/profile", "/sharing", "/opened", "/devices", "/my-data",
    "/notices", "/calendar", "/privacy", "/styleguide", "/written", "/programmes"];
for (const [who, from] of [
    // the pair at work and its open cycle, which have pages that other partnerships lack
    ["teacher", ["/partnerships/1", "/cycles/2", "/cycles/2/pad", ...begin]],
    ["coordinator", ["/"]],
    ["administrator", ["/setup", "/start", "/start/schools", "/start/skills", "/start/people",
        ...begin]],
    ["nobody", ["/sign-in", "/code", "/forgotten"]],
]) {
    const page = await signIn(who);
    page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
        if (message.type() === "error") {
            problems.push(`${page.url()}: ${message.text()}`);
        }
    });
    if (who === "administrator") {
        from.push(await uploadPeople(page));
    }
    const examples = await explore(page, from);
    for (const [pattern, address] of examples) {
        if (covered.has(pattern)) {
            continue;
        }
        covered.add(pattern);
        await look(page, who, address);
    }
    await page.context().close();
}

// On paper: one A4 page for the board, and the agreement, without what can only be pressed.
for (const [who, address] of [["coordinator", "/programmes/1/board"], ["teacher", "/partnerships/1/agreement"]]) {
    const page = await signIn(who);
    await page.goto(duet.url + address);
    const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
    same(pdf.match(/\/Type\s*\/Page\b/g)?.length, 1, `${address} is one page of paper`);
    await page.emulateMedia({ media: "print" });
    same(await page.locator(".masthead, .footer, .back, form, button").filter({ visible: true }).count(), 0,
        `${address} has nothing to press on paper`);
    await page.context().close();
}
const missing = patterns.map((p) => p.pattern)
    .filter((p) => !covered.has(p) && !elsewhere.some((e) => e.test(p)) && !p.includes("*"));
same(missing, [], "every page of docs/routes.md was looked at");
same(problems, [], "the browser has nothing to complain about");

// -- From right to left, and by keyboard -----------------------------------------------------------------
const page = await signIn("teacher");
await page.goto(duet.url);
await Promise.all([page.waitForNavigation(),
    page.click('form[action="/language"] button[value="qps"]')]);
for (const address of ["/", "/skills", "/wishes", "/people", "/profile", "/sharing", "/coaching",
    "/partnerships/1", "/partnerships/1/agreement", "/cycles/2", "/cycles/2/pad"]) {
    await inPseudo(page, "teacher", address);
}
for (const address of ["/", "/wishes", "/profile", "/cycles/2"]) {
    await page.goto(duet.url + address);
    await tabThrough(page, address);
}
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
