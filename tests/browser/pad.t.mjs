// The pad of a visit while the connection comes and goes: lines are written without one, requests are
// cut before they leave and after the server has done its work, the page is loaded again in between.
// In the end every line is there once, in its order.
import { accessible, done, launch, ok, same } from "./lib.mjs";
import { start } from "./duet.mjs";

// A generator of our own, so that a run can be repeated.
let seed = Number(process.env.DUET_SEED ?? 11);
const any = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
};

const duet = await start({ demo: true });
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
let page = await context.newPage();
await page.goto(duet.links.teacher);
await Promise.all([page.waitForNavigation(), page.click("main button")]);
const cycle = `${duet.url}/cycles/2`; // the open one of the pair at work

// -- A plain form, without scripts -------------------------------------------------------------------
const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
const bare = await plain.newPage();
await bare.goto(`${cycle}/pad`);
await bare.fill("input[name=words]", "without a script");
await Promise.all([bare.waitForNavigation(), bare.click("main form.form button")]);
same(await bare.$$eval("#pad-lines li", (all) => all.map((e) => e.textContent.replace(/^\S+ /, ""))),
    ["without a script"], "a line without scripts");
await plain.close();

// -- With a connection that comes and goes ---------------------------------------------------------
let cuts = 0;
await context.route("**/pad", async (route) => {
    const what = route.request().method() === "POST" ? any(5) : 4;
    if (what === 0) {
        cuts += 1;
        return route.abort("connectionreset"); // it never left
    }
    if (what === 1) {
        cuts += 1;
        await route.fetch({ maxRedirects: 0 }).catch(() => {}); // the server has done it ...
        return route.abort("connectionreset"); // ... and nobody hears of it
    }
    return route.continue();
});

await page.goto(`${cycle}/pad`);
await accessible(page, "the pad");
const written = ["without a script"];
let offline = false;
for (let i = 0; i < 40; i++) {
    if (any(3) === 0) {
        offline = !offline;
        await context.setOffline(offline);
    }
    const words = `line ${i}, ${"abcdefgh"[any(8)]} & ünï "quoted"`;
    await page.fill("input[name=words]", words);
    await page.press("input[name=words]", "Enter");
    written.push(words);
    await page.waitForTimeout(any(60));
    if (!offline && any(6) === 0) {
        if (any(2)) {
            await page.reload();
        } else { // the window is closed, another one opened
            await page.close();
            page = await context.newPage();
            await page.goto(`${cycle}/pad`);
        }
    }
}
ok(cuts > 0, `the connection was cut ${cuts} times in the middle of a request`);

// A line half written survives, too.
await context.setOffline(false);
await page.fill("input[name=words]", "half a li");
await page.reload();
same(await page.inputValue("input[name=words]"), "half a li", "what was typed and not sent is there again");
await page.fill("input[name=words]", "");

await context.unroute("**/pad");
await page.evaluate(() => window.dispatchEvent(new Event("online")));
await page.waitForFunction(() => {
    const key = Object.keys(localStorage).find((k) => k.startsWith("duet-pad-"));
    return JSON.parse(localStorage.getItem(key)).lines.length === 0;
}, null, { timeout: 20000 });
await page.reload();
const there = await page.$$eval("#pad-lines li", (all) => all.map((e) => e.textContent.replace(/^\S+ /, "")));
same([...there].sort(), [...written].sort(), `all ${written.length} lines are there, each once`);
const times = await page.$$eval("#pad-lines .pad-time", (all) => all.map((e) => {
    const [minutes, seconds] = e.textContent.split(":");
    return 60 * minutes + Number(seconds);
}));
ok(times.every((t, i) => i === 0 || t >= times[i - 1]), "by the clock of the visit");

// -- They are the author's until shared -------------------------------------------------------------
await page.goto(cycle);
ok(await page.isVisible("text=What I saw"), "the visit stands on the page of the cycle");
await browser.close();
ok(await duet.stop(), "the server ends cleanly");
done();
