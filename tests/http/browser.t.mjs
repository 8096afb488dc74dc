// What a real browser makes of our answers: cookies with the __Host- prefix over plain HTTP on this
// machine, where forms say that they come from, files that it sends.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, done, launch, ok, same } from "../browser/lib.mjs";

const dir = mkdtempSync(path.join(tmpdir(), "site-"));
const options = ["--data", path.join(dir, "data"), "--workers", "1"];
if (process.env.DUET_SANITIZED) {
    options.push("--no-sandbox");
}
const site = spawn(path.join(build, "tests/http/site"), options, { stdio: ["ignore", "pipe", "ignore"] });
const port = await new Promise((found, failed) => {
    let text = "";
    site.stdout.on("data", (bytes) => {
        text += bytes;
        const match = /^listening http:\/\/127\.0\.0\.1:(\d+)$/m.exec(text);
        if (match) {
            found(match[1]);
        }
    });
    site.on("exit", () => failed(new Error("the site does not start")));
});
const numeric = `http://127.0.0.1:${port}`;
const named = `http://localhost:${port}`;

const browser = await launch();
const page = await browser.newPage();
const text = async () => (await page.textContent("body")).trim();

for (const origin of [numeric, named]) {
    await page.goto(`${origin}/cookie`);
    same(await text(), "had none", `${origin.replace(/\d+$/, "")}: no cookie at first`);
    await page.goto(`${origin}/cookie`);
    same(await text(), "had new-value", `${origin.replace(/\d+$/, "")}: Chromium keeps a Secure __Host- cookie`);
}
const cookies = await page.context().cookies(numeric);
ok(cookies.every((one) => one.name.startsWith("__Host-") && one.httpOnly && one.secure && one.sameSite === "Lax"),
    "which no script and no other host can read", cookies);

await page.goto(`${numeric}/forms`);
await page.click("#change button");
same(await text(), "changed", "a form of our own page");
await page.goto("about:blank");
await page.setContent(`<form method=post action="${numeric}/change">` +
    `<input name=csrf value="${"x".repeat(43)}"><button>Change</button></form>`);
await page.click("button");
await page.waitForURL(`${numeric}/change`);
same(await text(), "not from here", "a form of another origin changes nothing");

const file = path.join(dir, "two words é.zip");
const bytes = Buffer.alloc(3_000_000);
for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (i * 31 + (i >> 7)) % 256;
}
writeFileSync(file, bytes);
writeFileSync(path.join(dir, "empty"), "");
let [a, b] = [1, 0];
for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
}
const sum = ((b * 65536 + a) >>> 0).toString(16).padStart(8, "0");
await page.goto(`${numeric}/forms`);
await page.setInputFiles("#upload input[type=file]", [file, path.join(dir, "empty")]);
await page.click("#upload button");
same((await text()).split("\n"),
    ['form note=café "x"', `file f two words é.zip ${bytes.length} ${sum}`, "file f empty 0 00000001"],
    "files of a plain form arrive, every byte of them");
await page.goto(`${numeric}/forms`);
await page.click("#upload button");
same(await text(), 'form note=café "x"', "no file chosen is no file");

await browser.close();
const status = await new Promise((ended) => {
    site.removeAllListeners("exit");
    site.on("exit", (code) => ended(code));
    site.kill("SIGTERM");
});
same(status, 0, "stops cleanly");
rmSync(dir, { recursive: true });
done();
