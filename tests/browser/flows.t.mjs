// What people do, in a browser without script: say what they want and offer, rate themselves, try a
// task, show a skill to a colleague, see who opened it, take it back, change language, take their data
// with them, sign out.  Two people in two browsers.
import { readFileSync } from "node:fs";
import { done, launch, ok, picture, same } from "./lib.mjs";
import { start } from "./duet.mjs";
import { unzip } from "./zip.mjs";

const duet = await start({ demo: true });
const browser = await launch();

async function enter(persona) {
    const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        javaScriptEnabled: false,
    });
    const page = await context.newPage();
    await page.goto(duet.links[persona]);
    await click(page, "main button");
    return page;
}

const click = (page, what) =>
    Promise.all([page.waitForNavigation(), page.locator(what).first().click()]);
const path = (page) => new URL(page.url()).pathname;
const text = (page, what = "main") => page.textContent(what);
const go = (page, where) => page.goto(duet.url + where);
const said = (page) => text(page, ".status");

const teacher = await enter("teacher");
const colleague = await enter("coordinator");
same(path(teacher), "/", "the demonstration's link signs in");
ok((await text(teacher, "h1")).length > 3, "Today greets");
for (const question of ["Am I a knowledgeable other?", "Do I have one?", "How do I get one?"]) {
    ok((await text(teacher)).includes(question), `Today asks: ${question}`);
}

// -- Needs and offers ----------------------------------------------------------------------------------
await go(teacher, "/wishes");
await teacher.selectOption("#need", { index: 3 });
await teacher.selectOption("#need2", { index: 3 });
await click(teacher, "main form button");
ok((await text(teacher, ".errors")).includes("once"), "one skill twice is told");
same(await teacher.inputValue("#need2"), await teacher.inputValue("#need"),
    "and the form keeps what was chosen");
await teacher.selectOption("#need2", { index: 5 });
await teacher.fill("#note", "in Year 9, with <b>fractions</b>");
await teacher.locator("input[name=offer]").nth(6).check();
await click(teacher, "main form button");
ok((await said(teacher)).startsWith("Saved"), "wishes are saved");
ok((await text(teacher)).includes("in Year 9, with <b>fractions</b>"), "what was typed is text");
await teacher.reload();
same((await said(teacher)).trim(), "", "a message is said once");
await go(teacher, "/wishes");
ok(await teacher.locator("input[name=offer]").nth(6).isChecked(), "the offer is there");
same(await teacher.inputValue("#note"), "in Year 9, with <b>fractions</b>", "the note too");

// -- Rating oneself, trying a task ----------------------------------------------------------------------
await go(teacher, "/skills");
await click(teacher, ".card-heading a");
const skill = path(teacher);
await click(teacher, `a[href="${skill}/self"]`);
await click(teacher, "main form button");
ok((await teacher.locator(".errors a").count()) === 1, "a level must be chosen");
await teacher.locator("input[name=level]").nth(1).check();
await teacher.fill("#note", "Two lessons this week.");
await click(teacher, "main form button");
same(path(teacher), skill, "back to the skill");
ok((await text(teacher, "#evidence ~ *, .pieces")).includes("Two lessons this week."),
    "the self-rating is in the list");
await click(teacher, `a[href="${skill}/task"]`);
await teacher.locator("input[name=done][value=yes]").check();
await teacher.locator("input[name=support][value=prompted]").check();
await teacher.fill("#task_name", "Waited three seconds after each question");
await click(teacher, "main form button");
ok((await text(teacher, ".pieces")).includes("Waited three seconds"), "the task is in the list");
await click(teacher, ".pieces form[action$=withdraw] button");
ok((await text(teacher, ".pieces")).includes("does not count"), "a piece can be withdrawn");

// -- Sharing ---------------------------------------------------------------------------------------------
await go(colleague, "/profile");
await click(colleague, 'a[href^="/people/"]');
const theirs = path(colleague);
const name = await text(colleague, "h1");
await go(teacher, "/profile");
await click(teacher, 'main a[href^="/people/"]');
const mine = path(teacher);
await go(colleague, `${mine}/skills`);
same(await text(colleague, "h1"), "This is not open to you", "skills are closed to others");
await go(teacher, theirs);
await click(teacher, 'a[href^="/sharing?person="]');
await click(teacher, 'main form[action="/sharing"][method=post] button');
ok((await said(teacher)).startsWith("Shared"), "shared");
ok((await text(teacher, ".table")).includes(name.trim()), "the list says with whom");
await picture(teacher, "sharing-given");
await go(colleague, `${mine}/skills`);
ok((await text(colleague, "h1")).startsWith("Skills of"), "the colleague may look");
await go(colleague, `${mine}${skill.replace("/skills", "/skills")}`);
ok((await text(colleague)).includes("Two lessons this week."), "and read the evidence");
await click(colleague, 'a[href$="/observe"]');
await colleague.locator("input[name=level]").nth(2).check();
await colleague.fill("#note", "Every pupil spoke before the break.");
await click(colleague, "main form button");
ok((await said(colleague)).startsWith("Added"), "an observation is added");
await go(teacher, skill);
ok((await text(teacher, ".pieces")).includes("Every pupil spoke"), "its owner reads it");
await go(teacher, "/opened");
ok((await text(teacher)).includes(name.trim()), "the owner sees who opened it");
await go(teacher, "/sharing");
await click(teacher, `tr:has-text("${name.trim()}") form[action$="take-back"] button`);
await go(colleague, `${mine}/skills`);
same(await text(colleague, "h1"), "This is not open to you", "and can take it back");
await go(colleague, "/written");
ok((await text(colleague)).includes("Every pupil spoke"), "who wrote it still finds it");

// -- Profile, language, data, leaving ----------------------------------------------------------------------
await go(teacher, "/profile");
await teacher.fill("#about", "Ask me about quiet starts.");
await teacher.fill("#subject", "Mathematics, Art");
await teacher.locator("input[name=period]").nth(2).check();
await teacher.fill("#max_helps", "99");
await click(teacher, "main form button");
ok((await teacher.locator(".errors a").count()) === 1, "a wrong number is told");
same(await teacher.inputValue("#about"), "Ask me about quiet starts.", "nothing typed is lost");
ok(await teacher.locator("input[name=period]").nth(2).isChecked(), "nor ticked");
await teacher.fill("#max_helps", "2");
await click(teacher, "main form button");
await go(colleague, mine);
ok((await text(colleague)).includes("Ask me about quiet starts."), "colleagues see the profile");
ok((await text(colleague)).includes("Art, Mathematics"), "with its subjects");
await go(teacher, "/");
await click(teacher, 'form[action="/language"] button[value=es]');
same(await teacher.getAttribute("html", "lang"), "es", "the page is in Spanish");
ok((await text(teacher)).includes("¿Tengo a alguien que me ayude?"), "its words too");
await click(teacher, 'form[action="/language"] button[value=en]');
await go(teacher, "/my-data");
const [download] = await Promise.all([teacher.waitForEvent("download"),
    teacher.click('a[href="/my-data/export"]')]);
const data = unzip(readFileSync(await download.path()));
same(download.suggestedFilename(), "duet-my-data.zip", "the data can be taken along");
ok(JSON.stringify(JSON.parse(data["everything.json"])).includes("Ask me about quiet starts."),
    "with everything in it");
ok(data["tables/account.csv"]?.includes("Ask me about quiet starts.") &&
    data["README.txt"]?.includes("tables/account.csv"), "as tables too, and what they are");
await go(teacher, "/devices");
ok((await text(teacher, ".table")).includes("this one"), "the device is listed");
await go(teacher, "/my-data");
await click(teacher, 'form[action$="delete"] button');
ok((await teacher.locator(".errors a").count()) === 1, "deleting asks twice");
await teacher.check("#sure");
await click(teacher, 'form[action$="delete"] button');
await go(teacher, "/wishes");
same(await teacher.inputValue("#need"), "", "the content is gone");
await teacher.click(".menu summary");
await click(teacher, 'form[action="/sign-out"] button');
same(path(teacher), "/sign-in", "signed out");
await go(teacher, "/");
same(path(teacher), "/sign-in", "and stays so");
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
