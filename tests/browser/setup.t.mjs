// Set-up, as an administrator of the demonstration district goes through it: people, rosters, sheets,
// frameworks, settings, backups, safety; then what a coordinator finds there.  axe on every page.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import {
    accessible, done, fits, focusComes, launch, ok, picture, root, same, skip,
} from "./lib.mjs";
import { start } from "./duet.mjs";
import { zipFolder } from "./zip.mjs";

const shared = process.env.DUET_SHARED ?? path.join(root, "../shared");
const duet = await start({ demo: true });
const browser = await launch();
const problems = [];
const seen = new Set();

async function open() {
    const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10000);
    page.on("dialog", (dialog) => dialog.accept());
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
        if (message.type() === "error" && !/status of (4\d\d|303)/.test(message.text())) {
            problems.push(message.text());
        }
    });
    page.on("response", (answer) => {
        if (answer.status() >= 500) {
            problems.push(`${answer.request().method()} ${answer.url()}: ${answer.status()}`);
        }
    });
    return page;
}
async function enter(persona) {
    const page = await open();
    await page.goto(duet.links[persona]);
    await Promise.all([page.waitForNavigation(), page.click("main button")]);
    return page;
}

// One part of the journey; one that breaks off does not hide the others.
async function part(name, steps) {
    try {
        await steps();
    } catch (error) {
        ok(false, `${name}: goes on to its end`, `at ${page.url()}\n${error.stack}`);
    }
}

const page = await enter("administrator");
let code; // on paper, for Zoë Quill, who coordinates one school

// Looks once at what comes of a step (axe, width, a picture); pages as such are looked at in pages.t.mjs.
async function check(name) {
    if (!seen.has(name)) {
        seen.add(name);
        await accessible(page, name);
        await fits(page, name);
        await picture(page, `setup-${name.replace(/\W+/g, "-")}`);
    }
}
async function go(where, name) {
    const answer = await page.goto(duet.url + where);
    ok(answer.status() === 200, `${name ?? where} is there`, answer.status());
}
const click = (what) => Promise.all([page.waitForNavigation(), page.locator(what).first().click()]);
const press = (name, inside = "main") => Promise.all([page.waitForNavigation(),
    page.locator(inside).getByRole("button", { name, exact: false }).first().click()]);
const follow = (name) => Promise.all([page.waitForNavigation(),
    page.locator("main").getByRole("link", { name, exact: false }).first().click()]);
const text = (what = "main") => page.locator(what).first().innerText();
const said = async () => (await text(".status")).trim();
const where = () => new URL(page.url()).pathname;
const value = (what) => page.inputValue(what);
const has = async (words, what, name) => {
    const found = await text(what);
    return ok(found.includes(words), name ?? words, found);
};
// After a mistake: the summary has the focus, and its first link leads to the field.
async function mistake(field, name) {
    same(await focusComes(page, ".errors"), true,
        `${name}: the focus is on what is wrong`);
    same(await page.locator(".errors a").first().getAttribute("href"), `#${field}`,
        `${name}: it leads to the field`);
    ok(await page.locator(`#${field}`).count() === 1, `${name}: which is there`);
}
const upload = (name, bytes, what = "#file") => page.setInputFiles(what,
    { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });

// -- People --------------------------------------------------------------------------------------------
await part("People", async () => {
    await go("/setup", "set-up");
    await has("Invite them", ".next", "the next thing is told");
    await follow("People");
    await check("people");
    await click('a[href="/setup/people/new"]');
    await check("a new person");
    await page.fill("#given_name", "Zoë");
    await page.fill("#email", "not an address");
    await press("Save");
    await mistake("email", "a wrong address");
    same(await value("#given_name"), "Zoë", "what was typed is kept");
    await page.fill("#family_name", "Quill");
    await page.fill("#email", "zoe@example.org");
    await page.fill("#position", "coach");
    await page.selectOption("#unit", { label: "Kestrel Secondary" });
    await press("Save");
    await has("Saved.", ".status", "a person is added");
    same(await text("h1"), "Zoë Quill", "and shown");
    await check("one person");
    const zoe = where();
    await has("Participant at Kestrel Secondary", "#roles ~ ul, main");
    await page.fill("#position", "head coach");
    await press("Save");
    same(await value("#position"), "head coach", "and changed");
    await page.locator("summary", { hasText: "Add a role" }).click();
    await page.selectOption("#unit", { label: "Kestrel Secondary" });
    await page.selectOption("#role", { label: "Coordinator" });
    await press("Add", "details[open]");
    await has("Coordinator at Kestrel Secondary", "main", "a role is added");
    await page.fill("#evaluator", "nobody@example.org");
    await press("Add", "form[action$=evaluators]");
    await mistake("evaluator", "an evaluator that nobody is");
    same(await value("#evaluator"), "nobody@example.org", "the address is kept");
    same(await value("#position"), "head coach", "and so is the rest");
    await page.fill("#evaluator", "p005@example.org");
    await press("Add", "form[action$=evaluators]");
    await has("Thomas Archer", "main", "an evaluator is added");
    await press("Take away", 'li:has-text("Thomas Archer")');
    ok(!(await text()).includes("Thomas Archer"), "and taken away");
    await press("Take away", 'li:has-text("Coordinator at")');
    ok(!(await text()).includes("Coordinator at"), "a role too");
    await press("Make a code on paper");
    await check("a code");
    ok(/\S{8,}/.test(await text(".code")), "a code is made");
    await page.emulateMedia({ media: "print" });
    await picture(page, "setup-code-printed");
    same(await page.locator(".nav, .masthead").first().isVisible(), false,
        "what is printed has no navigation");
    await page.emulateMedia({ media: "screen" });
    await go(zoe, "one person");
    await press("This person has left");
    await has("This person has left", "main", "a person leaves");
    await page.goto(`${duet.url}/setup/people?state=left`);
    await has("Zoë Quill", "main", "is among those who left");
    await follow("Zoë Quill");
    await press("This person is back");
    await page.goto(`${duet.url}/setup/people?q=zoe`);
    await has("Zoë Quill", ".table", "is found without the diaeresis");
    await follow("Zoë Quill");
    await page.locator("summary", { hasText: "Add a role" }).click();
    await page.selectOption("#unit", { label: "Kestrel Secondary" });
    await page.selectOption("#role", { label: "Coordinator" });
    await press("Add", "details[open]");
    const account = where();
    await go("/setup/invitations", "invitations");
    await press("Invite");
    await mistake("unit", "no unit");
    await page.selectOption("#unit", { label: "Kestrel Secondary" });
    await press("Invite");
    await check("a sheet of codes");
    ok(await page.locator(".code").count() > 20, "everybody of the unit gets a code");
    await page.goto(duet.url + account);
    await press("Make a code on paper");
    code = (await text(".code")).trim();
});

// -- Units ---------------------------------------------------------------------------------------------
await part("Units", async () => {
    await go("/setup/units", "units");
    await follow("Add a unit");
    await check("a new unit");
    await press("Save");
    await mistake("name", "a unit without a name");
    await page.fill("#name", "Willow Annex");
    await press("Save");
    await has("Willow Annex", ".table", "a unit is added");
    await follow("Willow Annex");
    await check("one unit");
    await press("Close this unit");
    await has("Closed", 'tr:has-text("Willow Annex")', "and closed");
    await follow("Kestrel Secondary");
    await press("Close this unit");
    await has("There are people in this unit", ".status", "one with people stays open");
});

// -- Bringing people in -------------------------------------------------------------------------------------
await part("Bringing people in", async () => {
    async function look(kind, name, bytes) {
        await go("/setup/import", "import");
        await page.check(`input[name=kind][value=${kind}]`);
        if (bytes !== null) {
            await upload(name, bytes);
        }
        await press("Look at the file");
    }
    await look("people", "", null);
    await mistake("file", "no file");
    const rows = [
        "\ufeffVorname;Nachname;E-Mail;Schule;Funktion",
        "Änne;Öz;aenne@example.org;Pinewood Primary;teacher",
        "Bo;Lind;bo(at)example.org;Pinewood Primary;teacher",
        "Cem;Kaya;cem@example.org;Willow School;teacher",
        "Dee;Day;dee@example.org;Pinewood Primary;coach",
    ];
    await look("people", "staff.csv", rows.join("\r\n"));
    await check("a sheet with mistakes");
    await has("line 3", "main", "the line of a mistake is told");
    ok(await page.getByRole("button", { name: "Do it" }).count() === 0, "nothing can be brought in yet");
    await page.check("#skip_bad");
    await press("Look again");
    await has("New people: ", "main", "what would change is told");
    await check("a sheet");
    await press("Do it");
    await has("Done.", ".status", "the sheet is brought in");
    await check("a file brought in");
    await page.goto(`${duet.url}/setup/people?q=oz`);
    await has("Änne Öz", "main", "its people are there");
    await look("people", "staff.csv", rows.filter((row) => !/Bo;/.test(row)).join("\r\n"));
    await has("Everything in the file is in Duet already.", "main", "the second time nothing changes");
    await press("Throw the file away");
    await has("thrown away", ".status", "a file can be thrown away");
    await look("people", "notes.csv", "this is no sheet\n");
    ok(where().startsWith("/setup/import"), "a file that is no sheet is told", await text());
    ok(await page.getByRole("button", { name: "Do it" }).count() === 0, "and brings nothing");
    await look("oneroster", "roster.zip", "PK no zip");
    ok(await page.getByRole("button", { name: "Do it" }).count() === 0, "nor does a zip that is none",
        await text());

    await look("evidence", "ratings.csv",
        "person,skill,level,date\np005,warm-talk,3,2026-03-02\np006,no-such-skill,3,2026-03-02\n");
    await page.selectOption("#framework", { label: "Everyday teaching" });
    await press("Look again");
    await check("ratings");
    await has("line 3", "main", "an unknown skill is told");
    await has("all together or not at all", ".notice", "and nothing can be brought in");
    await look("evidence", "ratings.csv", "person,skill,level,date\np005,warm-talk,3,2026-03-02\n");
    await page.selectOption("#framework", { label: "Everyday teaching" });
    await press("Look again");
    await check("ratings that are right");
    await press("Do it");
    await has("Done.", ".status", "ratings are brought in");

    const folders = ["Test_minimal_data_set", "Test_full_data_set", "oneroster_test_data", "v1p2_full_dataset"];
    for (const name of folders) {
        const folder = path.join(shared, "data/oneroster", name);
        if (!existsSync(folder)) {
            skip(`${name} is not here`);
            continue;
        }
        const bytes = zipFolder(folder);
        await look("oneroster", `${name}.zip`, bytes);
        await check(`a roster: ${name}`);
        if (await page.locator("#skip_bad").count()) {
            await page.check("#skip_bad");
            await press("Look again");
        }
        const go = await page.getByRole("button", { name: "Do it" }).count();
        if (!go) {
            ok(/problems|line \d|whole file|already/.test(await text()), `${name}: says why not`, await text());
            continue;
        }
        await press("Do it");
        await has("Done.", ".status", `${name} is brought in`);
        await look("oneroster", `${name}.zip`, bytes);
        await has("is in Duet already", "main", `${name}: the second time nothing changes`);
    }
});

// -- Frameworks ----------------------------------------------------------------------------------------------
await part("Frameworks", async () => {
    await go("/setup/frameworks", "frameworks");
    same(await page.locator("section:has(#shipped) button").count(), 0,
        "what is here already is not offered again");
    await has("It is in use", "main", "but said to be in use");
    await upload("broken.csv", "code,level 1\nA,B,C,D\n");
    await press("Read the file");
    await check("a framework with mistakes");
    await mistake("file", "a framework with mistakes");
    ok(/line \d|whole file/.test(await text()), "the lines are told", await text());
    await upload("own.csv", "code,domain,skill,level 1,level 2,level 3\n" +
        "q1,Questions,Open questions,closed,mixed,open\nq2,Questions,Wait time,none,some,enough\n");
    await press("Read the file");
    await check("one framework");
    ok(where().startsWith("/setup/frameworks/"), "a framework comes from a sheet", await text());
    const own = where();
    await has("Not in use", "main", "it is not in use yet");
    await press("Use it");
    await has("Stop using it", "main", "and then it is");
    await follow("Name and description");
    await check("the head of a framework");
    await page.fill("#name", "Asking well");
    await press("Save");
    same(await text("h1"), "Asking well", "a framework is renamed");
    await follow("Add a domain");
    await check("a new domain");
    await page.fill("#name", "Listening");
    await press("Save");
    await click('section:has-text("Listening") a[href$="/new"]');
    await check("a new skill");
    await page.fill("#name", "Paraphrase");
    await page.fill("#code", "q1");
    await page.fill("#level-name-1", "Now and then");
    await press("Save");
    await mistake("code", "a code that is taken");
    same(await value("#level-name-1"), "Now and then", "names of levels are kept");
    await page.fill("#code", "l1");
    for (let i = 1; i <= 4; i += 1) {
        await page.fill(`#level-name-${i}`, `Step ${i}`);
    }
    await press("Save");
    ok((await text()).includes("Paraphrase"), "a skill is added", await text());
    await page.goto(duet.url + own);
    await follow("Paraphrase");
    await check("one skill");
    await page.fill("#task-0", "Say it back once a lesson");
    await page.fill("#difficulty-0", "hard");
    await press("Add the step");
    await mistake("difficulty-0", "a wrong number");
    same(await value("#task-0"), "Say it back once a lesson", "the step is kept");
    await page.fill("#difficulty-0", "0.5");
    await press("Add the step");
    await has("Say it back once a lesson", "main", "a step is added");
    await page.locator("summary", { hasText: "Say it back" }).click();
    await press("Take it out", "details[open]");
    ok(!(await text()).includes("Say it back"), "and taken out");
    await page.goto(duet.url + own);
    const order = () => page.locator("section").first().locator("li a").allInnerTexts();
    same((await order()).map((t) => t.trim()), ["Open questions", "Wait time"], "skills are in the order of the sheet");
    await follow("Wait time");
    await press("Move up");
    await page.goto(duet.url + own);
    same((await order()).map((t) => t.trim()), ["Wait time", "Open questions"], "and can be moved");
    await follow("Paraphrase");
    await press("Retire this skill");
    await page.goto(duet.url + own);
    ok(!(await text()).includes("Paraphrase"), "a skill that nothing refers to is deleted");
    await page.goto(`${duet.url}/setup/frameworks/1`);
    await follow("Warm and respectful talk");
    await press("Retire this skill");
    await page.goto(`${duet.url}/setup/frameworks/1`);
    await has("Retired", 'li:has-text("Warm and respectful talk")', "one with evidence is retired");
    await follow("Warm and respectful talk");
    await press("Use this skill again");
    await page.goto(duet.url + own);
    for (const [name, ending] of [["CSV", "csv"], ["CASE", "case"]]) {
        const [download] = await Promise.all([page.waitForEvent("download"),
            page.locator("main").getByRole("link", { name: new RegExp(name) }).click()]);
        const bytes = readFileSync(await download.path());
        ok(bytes.toString().includes("Wait time"), `the framework can be taken along: ${name}`);
        await page.goto(`${duet.url}/setup/frameworks`);
        await upload(`again.${ending === "csv" ? "csv" : "json"}`, bytes);
        await press("Read the file");
        ok(where().startsWith("/setup/frameworks/"), `and read again: ${name}`, await text());
        await page.goto(duet.url + own);
    }
    const ipg = path.join(shared, "data/frameworks/ipg.json");
    if (existsSync(ipg)) {
        await page.goto(`${duet.url}/setup/frameworks`);
        await upload("ipg.json", readFileSync(ipg));
        await press("Read the file");
        await check("a real framework");
        ok(where().startsWith("/setup/frameworks/"), "a published CASE package is read", await text());
    } else {
        skip("no published CASE package here");
    }
});

// -- Settings ------------------------------------------------------------------------------------------------
await part("Settings", async () => {
    await go("/setup/organisation", "the organisation");
    await page.fill("#organisation", "Riverbend District");
    await page.fill("#time_zone", "Mars/Olympus");
    await press("Save");
    await mistake("time_zone", "a time zone that is none");
    same(await value("#organisation"), "Riverbend District", "the name is kept");
    await page.fill("#time_zone", "Europe/Madrid");
    await press("Save");
    await has("Saved.", ".status", "settings are saved");
    await has("Riverbend District", ".masthead, header", "and seen at once");
    await go("/setup/sign-in", "sign-in");
    await page.uncheck("#passwords");
    await press("Save");
    await mistake("passwords", "nobody may be locked out");
    await go("/setup/mail", "mail");
    await page.fill("#smtp_url", "ftp://mail.example.org");
    await page.fill("#smtp_user", "duet");
    await press("Save");
    await mistake("smtp_url", "an address that is none of a mail server");
    same(await value("#smtp_user"), "duet", "the user is kept");
});

// -- Backups, jobs, safety -------------------------------------------------------------------------------------
await part("Backups, jobs, safety", async () => {
    await go("/setup/backups", "backups");
    await press("Make one now");
    await has("being made", ".status", "a backup is asked for");
    for (let i = 0; i < 40 && await page.locator(".table").count() === 0; i += 1) {
        await page.waitForTimeout(250);
        await page.reload();
    }
    ok(await page.locator(".table tbody tr").count() === 1, "and made", duet.output);
    await check("a backup");
    await press("Download the newest");
    await mistake("sure", "taking a backup without a promise");
    await page.check("#sure");
    const [taken] = await Promise.all([page.waitForEvent("download"),
        page.getByRole("button", { name: "Download the newest" }).click()]);
    ok(readFileSync(await taken.path()).subarray(0, 15).toString() === "SQLite format 3", "it can be taken along");
    await go("/setup/jobs", "jobs");
    await has("Nothing has failed.", "main", "no job failed");
    await go("/setup/security", "safety");
    await has("today or yesterday", "main", "the backup is seen there");
    await follow("Check the whole log");
    await check("the log");
    await has("The log is whole", "main", "the log is whole");
});

// -- Coordinators --------------------------------------------------------------------------------------------
await part("Coordinators", async () => {
    const other = await open();
    await other.goto(`${duet.url}/code`);
    await other.fill("#code", code);
    await Promise.all([other.waitForNavigation(), other.click("main button")]);
    await other.fill("#password", "violet gravel otter lamp");
    await Promise.all([other.waitForNavigation(), other.click("main button")]);
    await Promise.all([other.waitForNavigation(), other.click('nav a[href="/setup"]')]);
    await accessible(other, "set-up of a coordinator");
    same(await other.locator("main .card a, main .card-heading").allInnerTexts()
        .then((all) => [...new Set(all)]), ["People", "Invitations"], "a coordinator finds two things in Set-up");
    await other.goto(`${duet.url}/setup/people`);
    await accessible(other, "people of a coordinator");
    const units = new Set(await other.locator("tbody td:nth-child(3)").allInnerTexts());
    ok(units.size >= 1 && [...units].every((unit) => unit.includes("Kestrel Secondary")),
        "of their school", [...units]);
    ok(await other.locator('a[href^="/setup/people/"]').count() === 0, "accounts are the administrators'");
    const offered = await other.goto(`${duet.url}/setup/invitations`)
        .then(() => other.locator("#unit option").allInnerTexts());
    ok(offered.length === 2, "and may invite the people of one unit only", offered);
    await accessible(other, "invitations of a coordinator");
    await other.selectOption("#unit", { index: 1 });
    await Promise.all([other.waitForNavigation(), other.click("main form button")]);
    ok(await other.locator(".code").count() > 0, "with codes");
    for (const closed of ["/setup/units", "/setup/import", "/setup/people/5", "/setup/security"]) {
        same((await other.goto(duet.url + closed)).status(), 403, `${closed} is closed to coordinators`);
    }
});

same(problems, [], "the browser has nothing to complain about, and the server never fails");
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
