// Single sign-on as people meet it: the administrator enters the provider under Set-up and asks it, a
// teacher signs in through the button, a stranger and somebody who changes their mind get a sentence.
// The provider is npm's oidc-provider on loopback; `duet serve` is the real one, its sandbox closed.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import Provider from "oidc-provider";
import { accessible, done, launch, ok, picture, same, skip } from "./lib.mjs";
import { start } from "./duet.mjs";

const duet = await start({ demo: true });
const browser = await launch();
const client = { client_id: "duet", client_secret: "a secret: with %, + and ~" };

// Who arrives at the provider: set by each step.
let visitor = { sub: "s-1", email: "p005@example.org", verified: true };
let cancels = false;

async function startProvider() {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const provider = new Provider(issuer, {
        clients: [{ ...client, redirect_uris: [`${duet.url}/sign-in/oidc/back`],
            grant_types: ["authorization_code"] }],
        jwks: { keys: [{ ...pair.privateKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] },
        claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        features: { devInteractions: { enabled: false } },
        cookies: { keys: ["test"] },
        findAccount: async (ctx, sub) => ({
            accountId: sub,
            claims: () => ({ sub, email: visitor.email, email_verified: visitor.verified, name: "N" }),
        }),
        interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    });
    provider.use(async (ctx, next) => {
        if (!ctx.path.startsWith("/interaction/")) {
            return next();
        }
        const { prompt, params, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
        if (cancels) {
            return provider.interactionFinished(ctx.req, ctx.res, { error: "access_denied" });
        }
        if (prompt.name === "login") {
            return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: visitor.sub } });
        }
        const grant = grantId
            ? await provider.Grant.find(grantId)
            : new provider.Grant({ accountId: visitor.sub, clientId: params.client_id });
        grant.addOIDCScope("openid email profile");
        return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
    });
    server.on("request", provider.callback());
    return {
        issuer,
        stop: () => new Promise((resolve) => {
            server.closeAllConnections();
            server.close(resolve);
        }),
    };
}

async function open() {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    page.setDefaultTimeout(20000);
    return page;
}
const press = (page, name) => Promise.all([page.waitForNavigation(),
    page.locator("main").getByRole("button", { name }).first().click()]);
const said = async (page) => (await page.innerText(".status")).trim();
const where = (page) => new URL(page.url()).pathname;

// Presses the button of the sign-in page in a browser of its own; where it ended.
async function signIn() {
    const page = await open();
    await page.goto(`${duet.url}/sign-in`);
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Riverbend account" }).click()]);
    await page.waitForURL(`${duet.url}/**`);
    return page;
}

// -- Set-up --------------------------------------------------------------------------------------------
const provider = await startProvider();
const admin = await open();
await admin.goto(duet.links.administrator);
await Promise.all([admin.waitForNavigation(), admin.click("main button")]);

async function configure(issuer) {
    await admin.goto(`${duet.url}/setup/sign-in`);
    await admin.fill("#oidc_name", "Riverbend account");
    await admin.fill("#oidc_issuer", issuer);
    await admin.fill("#oidc_client_id", client.client_id);
    await admin.fill("#oidc_client_secret", client.client_secret);
    await press(admin, "Save");
}
await admin.goto(`${duet.url}/setup/organisation`);
await admin.fill("#base_url", duet.url);
await press(admin, "Save");
await configure(provider.issuer);
same(await said(admin), "Saved.", "the provider is entered under Set-up", await admin.innerText("main"));
ok((await admin.innerText("main")).includes(`${duet.url}/sign-in/oidc/back`), "with the address to register");
same(await admin.inputValue("#oidc_client_secret"), "", "the secret is never shown");
await press(admin, "Ask the provider now");
ok((await said(admin)).startsWith("The provider answers"), "asked, the provider answers", await said(admin));
await picture(admin, "sign-on-set-up");

// -- Signing in -----------------------------------------------------------------------------------------
let page = await open();
await page.goto(`${duet.url}/sign-in`);
await accessible(page, "the sign-in page with single sign-on");
await picture(page, "sign-on");
await page.context().close();

page = await signIn();
same(where(page), "/", "a teacher signs in through the button");
ok((await page.innerText("h1")).includes("Thomas"), "as who the provider says", await page.innerText("h1"));
await page.context().close();

page = await open();
await page.goto(`${duet.url}/skills`);
await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Riverbend account" }).click()]);
await page.waitForURL(`${duet.url}/**`);
same(where(page), "/skills", "and comes to where they were going");
await page.context().close();

visitor = { sub: "s-2", email: "stranger@example.org", verified: true };
page = await signIn();
same(where(page), "/sign-in", "a stranger does not come in");
ok((await said(page)).includes("knows nobody with your address"), "and is told why", await said(page));
await accessible(page, "the sign-in page with a message");
await picture(page, "sign-on-stranger");
await page.context().close();

visitor = { sub: "s-3", email: "p006@example.org", verified: false };
page = await signIn();
same(where(page), "/sign-in", "an address that the provider does not vouch for is worth nothing");
await page.context().close();

cancels = true;
page = await signIn();
same(where(page), "/sign-in", "who changes their mind comes back");
ok((await said(page)).startsWith("You came back without signing in"), "to a kind sentence", await said(page));
await page.context().close();
cancels = false;

page = await open();
await page.goto(`${duet.url}/sign-in/oidc/back?state=${"x".repeat(43)}&code=y`);
ok((await said(page)).includes("began in another window"), "an answer that nobody asked for is refused", await said(page));
await page.context().close();

// -- Providers that are not right -------------------------------------------------------------------------
async function ask(issuer) {
    await configure(issuer);
    await press(admin, "Ask the provider now");
    return said(admin);
}
let words = await ask(`${provider.issuer}/`);
ok(words.includes("calls itself by another issuer"), "another issuer is told", words);
await provider.stop();
words = await ask("http://127.0.0.1:9");
page = await signIn();
ok((await said(page)).includes("does not answer"), "a provider that is gone is told to who signs in", await said(page));
await page.context().close();
ok(words.startsWith("The provider cannot be reached"), "and to the administrator", words);
words = await ask("https://no-such-host.invalid");
ok(words.startsWith("The provider cannot be reached"), "and a name that nobody has", words);

const folder = mkdtempSync(path.join(tmpdir(), "duet-certificate."));
const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
    "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    "-keyout", path.join(folder, "key"), "-out", path.join(folder, "certificate")]);
if (made.status === 0) {
    const secure = createSecureServer({ key: readFileSync(path.join(folder, "key")),
        cert: readFileSync(path.join(folder, "certificate")) }, (request, response) => response.end("{}"));
    await new Promise((resolve) => secure.listen(0, "127.0.0.1", resolve));
    words = await ask(`https://localhost:${secure.address().port}`);
    ok(words.includes("certificate"), "localhost is resolved in the sandbox, and its certificate, that nobody vouches for, told as that", words);
    secure.close();
} else {
    skip("there is no openssl to make a certificate with");
}
rmSync(folder, { recursive: true, force: true });
ok(!/signal=31|cannot begin/.test(duet.output), "no process ran against its sandbox", duet.output);
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
done();
