// The style guide in Chromium: every component in every state, in three languages, light and dark,
// from 320 pixels to wide, under the strict policy; axe-core, keyboard, print.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
    accessible, build, done, fits, launch, ok, picture, root, serve, tabThrough, targets,
} from "../browser/lib.mjs";

const program = path.join(build, "tests/html/styleguide_page");
const asset = (name) => readFileSync(path.join(root, "assets", name));
const names = ["duet.css", "duet.js", "duet.svg", "fonts/sans.woff2", "fonts/sans-bold.woff2", "fonts/serif.woff2"];
const files = Object.fromEntries(names.map((name) => [`/${name}`, asset(name)]));
for (const language of ["en", "es", "qps"]) {
    for (const theme of ["light", "dark", "auto"]) {
        files[`/${language}-${theme}`] = execFileSync(program, [language, theme]);
    }
}

const server = await serve(files);
const browser = await launch();
const complaints = [];

async function open(name, options) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") {
            complaints.push(`${name}: ${message.text()}`);
        }
    });
    page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`));
    await page.goto(`${server.url}/${name}`);
    return page;
}

// Language, theme, width, and whether axe-core looks too (it takes a while).
const looks = [
    ["en", "light", 320, false], ["en", "light", 390, true], ["en", "light", 1280, false],
    ["en", "dark", 390, false], ["en", "dark", 1280, true],
    ["qps", "light", 320, false], ["qps", "light", 1280, true], ["es", "light", 320, false],
];
for (const [language, theme, width, axe] of looks) {
    const name = `${language}-${theme}-${width}`;
    const page = await open(`${language}-${theme}`, { viewport: { width, height: 900 } });
    await fits(page, name);
    if (axe) {
        await accessible(page, name);
    }
    if (language === "en" && theme === "light") {
        await targets(page, name);
    }
    await picture(page, name);
    await page.context().close();
}

const keyed = await open("en-light", { viewport: { width: 390, height: 844 } });
await tabThrough(keyed, "keyboard");
await keyed.keyboard.press("Home");
await keyed.locator(".menu summary").focus();
await keyed.keyboard.press("Enter");
ok(await keyed.locator(".menu ul").isVisible(), "the menu opens by keyboard");
await fits(keyed, "open menu");
await picture(keyed, "menu-390", { fullPage: false });
await keyed.keyboard.press("Escape");
ok(!(await keyed.locator(".menu ul").isVisible()), "and closes on Escape");
await keyed.context().close();

const zoomed = await open("en-light", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
await fits(zoomed, "zoomed to 200 %");
await zoomed.context().close();

const dark = await open("en-auto", { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
const ground = await dark.evaluate(() => getComputedStyle(document.body).backgroundColor);
ok(ground === "rgb(26, 24, 20)", "without a choice the device's dark is followed", ground);
await dark.context().close();

const plain = await open("en-light", { viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
ok(await plain.locator("h1").isVisible(), "without scripts");
await plain.context().close();

const contrast = await open("en-light", { viewport: { width: 1280, height: 900 }, forcedColors: "active" });
await picture(contrast, "forced-colours");
await contrast.context().close();

const paper = await open("en-light", { viewport: { width: 794, height: 1123 } });
await paper.emulateMedia({ media: "print" });
ok(!(await paper.locator(".masthead").isVisible()), "the masthead is not printed");
await picture(paper, "print");
await paper.context().close();

ok(complaints.length === 0, "the browser has nothing to complain about", complaints);
await browser.close();
await server.close();
done();
