// What tests in a browser share: TAP lines, Debian's Chromium through playwright-core, axe-core,
// pictures, and a small server with the strict policy of the real one.
//
//     import { ok, done, launch, serve, accessible, picture } from "../browser/lib.mjs";
//     const browser = await launch();
//     const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
//     await page.goto(url);
//     await accessible(page, "Today");
//     await picture(page, "today-390");
//     await browser.close();
//     done();
//
// DUET_PICTURES=FOLDER keeps the pictures there; otherwise none are taken.
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const build = process.env.DUET_BUILD ?? path.join(root, "build-release");

// -- TAP -------------------------------------------------------------------------------------------
let count = 0;
let failures = 0;

export function ok(condition, name, detail) {
    count += 1;
    console.log(`${condition ? "" : "not "}ok ${count} - ${name}`);
    if (!condition) {
        failures += 1;
        if (detail !== undefined) {
            const text = typeof detail === "string" ? detail : JSON.stringify(detail, null, 1);
            console.log(text.split("\n").map((line) => `#   ${line}`).join("\n"));
        }
    }
    return Boolean(condition);
}

export function same(got, expected, name) {
    const a = JSON.stringify(got);
    const b = JSON.stringify(expected);
    return ok(a === b, name, `got ${a}\nexpected ${b}`);
}

export function skip(why) {
    count += 1;
    console.log(`ok ${count} # SKIP ${why}`);
}

export function done() {
    console.log(`1..${count}`);
    process.exitCode = failures > 0 ? 1 : 0;
}

// What an answer sets; fetch of Debian's node joins them by commas, which dates have, too.
export const cookiesOf = (headers) => headers.getSetCookie?.() ??
    (headers.get("set-cookie") ?? "").split(/,\s*(?=[^;,\s]+=)/).filter(Boolean);

// -- Browser ---------------------------------------------------------------------------------------
const flags = [
    "--no-sandbox", // tests may run as root, on pages of our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
];

// The one without windows of its own needs half the processor time of the other.
function chromium() {
    const places = [process.env.DUET_CHROMIUM, "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium", "/usr/bin/chromium-browser"];
    const found = places.find((place) => place && existsSync(place));
    if (!found) {
        throw new Error("no Chromium here: apt-get install --no-install-recommends chromium-headless-shell");
    }
    return found;
}

export async function launch(options = {}) {
    const { chromium: driver } = require("playwright-core");
    return driver.launch({
        executablePath: chromium(),
        headless: true,
        args: flags,
        env: { ...process.env, LC_ALL: "C.UTF-8" }, // how it reads names of files
        ...options,
    });
}

// -- A server with the policy of the real one --------------------------------------------------------
export const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const types = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
};

// Serves files: { "/": "<!DOCTYPE html>...", "/duet.css": Buffer }.  Returns { url, close }.
export async function serve(files) {
    const server = createServer((request, response) => {
        const name = new URL(request.url, "http://x").pathname;
        const body = files[name];
        if (body === undefined) {
            response.writeHead(404).end();
            return;
        }
        response.writeHead(200, {
            "Content-Type": types[path.extname(name)] ?? types[".html"],
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
        });
        response.end(body);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        close: () => new Promise((resolve) => {
            server.closeAllConnections?.();
            server.close(resolve);
        }),
    };
}

// -- What every page must hold -----------------------------------------------------------------------
// A test that runs with two builds looks at its pages in one of them: looks do not depend on the build.
let looksCount = true;
export function withoutLooks() {
    looksCount = false;
}
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const axeTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// What a window's size or colours change; everything else that axe-core asks is as in any window.
const axeLooks = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];

// Runs axe-core; every violation fails the test, with its place.  `looks`: once more in other colours.
export async function accessible(page, name, disabled = [], looks = false) {
    if (!looksCount) {
        return true;
    }
    if (!await page.evaluate(() => Boolean(window.axe))) {
        await page.evaluate(axeSource);
    }
    const found = await page.evaluate(
        async ([only, off]) => {
            const made_up = document.documentElement.lang === "qps" ? ["html-lang-valid"] : [];
            const rules = Object.fromEntries([...off, ...made_up].map((id) => [id, { enabled: false }]));
            const result = await window.axe.run(document, {
                runOnly: only,
                resultTypes: ["violations"],
                rules,
            });
            return result.violations.map((v) => ({
                id: v.id,
                impact: v.impact,
                help: v.help,
                nodes: v.nodes.slice(0, 4).map((n) => `${n.target.join(" ")}: ${n.failureSummary}`),
            }));
        },
        [looks ? { type: "rule", values: axeLooks } : { type: "tag", values: axeTags }, disabled],
    );
    return ok(found.length === 0, `${name}: axe finds nothing`, found);
}

// Nothing is wider than the window (WCAG 1.4.10): what scrolls sideways does so in a region of its own.
export async function fits(page, name) {
    if (!looksCount) {
        return true;
    }
    const wide = await page.evaluate(() => {
        const room = document.documentElement.clientWidth;
        const over = document.documentElement.scrollWidth > room;
        const guilty = [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > room + 1 && !e.closest(".table-scroll"))
            .slice(0, 5)
            .map((e) => `${e.tagName}.${e.getAttribute("class")}`);
        return over ? guilty : [];
    });
    return ok(wide.length === 0, `${name}: nothing is wider than the window`, wide);
}

// Targets are at least 24 by 24 pixels (WCAG 2.5.8), links within sentences excepted.
export async function targets(page, name) {
    if (!looksCount) {
        return true;
    }
    const small = await page.evaluate(() =>
        [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
            .filter((e) => {
                const box = e.getBoundingClientRect();
                const hidden = box.width < 2 || !e.checkVisibility?.();
                const inline = e.tagName === "A" && getComputedStyle(e).display === "inline";
                return !hidden && !inline && (box.width < 24 || box.height < 24);
            })
            .map((e) => `${e.outerHTML.slice(0, 90)}`),
    );
    return ok(small.length === 0, `${name}: targets are large enough`, small);
}

// Presses Tab through the page from its top; every stop must be visible and show its focus.  Returns
// the stops.
export async function tabThrough(page, name, most = 500) {
    const stops = [];
    const wrong = [];
    await page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute("tabindex");
    });
    for (let i = 0; i < most; i += 1) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
            const e = document.activeElement;
            if (!e || e === document.body) {
                return null;
            }
            e.dataset.stop ??= String(Math.random());
            const box = e.getBoundingClientRect();
            const style = getComputedStyle(e);
            const after = getComputedStyle(e, "::after");
            const ring = style.outlineStyle !== "none" || after.outlineStyle !== "none";
            const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
            return { key: e.dataset.stop, ring, seen, what: e.outerHTML.slice(0, 100) };
        });
        if (!stop || stop.key === stops[0]?.key) {
            break;
        }
        if (stops.some((known) => known.key === stop.key)) {
            continue; // a part of the same control, as in dates
        }
        stops.push(stop);
        if (!stop.ring || !stop.seen) {
            wrong.push(stop);
        }
    }
    ok(stops.length > 0 && wrong.length === 0,
        `${name}: ${stops.length} stops of the keyboard, each seen with its focus`, wrong);
    return stops;
}

export async function picture(page, name, options = {}) {
    const folder = process.env.DUET_PICTURES;
    if (!folder) {
        return;
    }
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true, ...options });
}

// Whether the focus comes to be inside of `what`: a browser sets it some time after the page is there.
export const focusComes = (page, what) =>
    page.waitForFunction((w) => document.activeElement.closest(w) !== null, what, { timeout: 5000 })
        .then(() => true, () => false);
