// A round over everybody as a coordinator has it: from the click in the browser to the list, how the
// progress was shown meanwhile, and how long the pages that list people take to answer.
//
//     node bench/coach/pages.mjs DATABASE [STRATEGY]      reciprocal, guide, trio or self
//
// DATABASE is a file that `duet demo --db DATABASE --people 10000 --refit` has filled; a copy is used.
// DUET or DUET_BUILD say which program; start on a machine that does nothing else.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { launch } from "../../tests/browser/lib.mjs";
import { start } from "../../tests/browser/duet.mjs";
import { beside } from "../../tests/browser/term_school.mjs";

const [, , from, strategy = "reciprocal"] = process.argv;
if (!from) {
    console.error("usage: node bench/coach/pages.mjs DATABASE [STRATEGY]");
    process.exit(2);
}
const asked = 1000; // times that each page is asked for
const most = { round: 10, gap: 1, page: 100 }; // s, s, ms
let missed = 0;

function bound(what, value, limit, unit) {
    missed += value > limit;
    console.log(`    ${what}: ${value.toFixed(2)} ${unit}, at most ${limit}: ${
        value > limit ? "MISSED" : "kept"}`);
}

const folder = mkdtempSync(path.join(tmpdir(), "duet-bench."));
const copy = path.join(folder, "duet.db");
copyFileSync(from, copy);
const duet = await start({ demo: true, db: copy });
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
await page.goto(duet.links.coordinator);
await Promise.all([page.waitForNavigation(), page.click("main button")]);
const who = await beside(duet.url, { context });

const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);
const optionIn = (text, name) =>
    text.match(new RegExp(`<select[^>]*name="${name}"[\\s\\S]*?<option value="(\\d+)"`))[1];
const form = (await who.get("/programmes/new")).text;
const made = await who.post("/programmes/new", { name: "Everybody", framework:
    form.match(/name="framework"[^>]*value="(\d+)"/)?.[1] ?? optionIn(form, "framework"),
starts: day(0), ends: day(90) });
const programme = made.answer.headers.get("location").match(/\d+/)[0];
const people = (await who.get(`/programmes/${programme}/people`)).text;
await who.post(`/programmes/${programme}/units`, { unit: people.match(/name="unit" value="(\d+)"/)[1] });
const matching = (await who.get(`/programmes/${programme}/matching`)).text;
const objective = matching.match(/name="objective" value="(\w+)"[^>]* checked/)?.[1];
await who.post(`/programmes/${programme}/matching`, { strategy, objective });
await who.post(`/programmes/${programme}/open`, {});

// The window says by itself when its progress changes: asking it would take the processors that the
// round needs.
let last;
let gap = 0;
let shown = -1;
let listed;
const list = new Promise((resolve) => (listed = resolve));
page.on("console", (message) => {
    const [what, value] = message.text().split(" ");
    if (what === "progress" && Number(value) > shown) {
        gap = Math.max(gap, (performance.now() - last) / 1000);
        last = performance.now();
        shown = Number(value);
    } else if (what === "listed") {
        listed();
    }
});
await page.addInitScript(() => {
    const tell = () => {
        const bar = document.querySelector("main progress");
        if (bar) {
            console.log(`progress ${bar.value}`);
        } else if (location.pathname.startsWith("/rounds/")) {
            console.log("listed");
        }
        return bar;
    };
    document.addEventListener("DOMContentLoaded", () => {
        if (tell()) {
            new MutationObserver(tell).observe(document.querySelector("main"),
                { childList: true, subtree: true });
        }
    });
});
await page.goto(`${duet.url}/programmes/${programme}/plan`);
const clicked = performance.now();
last = clicked;
await page.click("main form[action$='/rounds'] button");
await list;
const took = (performance.now() - clicked) / 1000;
const round = new URL(page.url()).pathname;
console.log(`${strategy}, ${await page.locator("main .lead, main p").first().innerText()}`);
bound("from the click to the list", took, most.round, "s");
bound("longest time that progress stood still in the window", gap, 3 * most.gap, "s");

async function ask(address) {
    const times = [];
    for (let i = 0; i < asked; i++) {
        const begin = performance.now();
        const { status } = await who.get(address).catch((error) => {
            throw new Error(`${address}, time ${i}: ${error.cause?.code}\n${
                duet.output.split("\n").slice(-12).join("\n")}`);
        });
        times.push(performance.now() - begin);
        if (status !== 200) {
            throw new Error(`${address} answers ${status}`);
        }
    }
    times.sort((a, b) => a - b);
    bound(`${address} p99 (median ${times[asked / 2].toFixed(1)})`, times[Math.floor(asked * 0.99)],
        most.page, "ms");
}
for (const address of [round, `${round}?q=an`, `${round}/left`, `/programmes/${programme}/people`,
    `/programmes/${programme}/overview`, `/programmes/${programme}/figures`,
    `/programmes/${programme}/board`, "/people"]) {
    await ask(address);
}
await browser.close();
await duet.stop();
rmSync(folder, { recursive: true });
process.exitCode = missed > 0 ? 1 : 0;
