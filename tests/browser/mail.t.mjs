// Mail over SMTP, to a server of npm's on loopback: invitations to a meeting, their updates and
// cancellations reach its members only, and calendars take them (libical, ical.js); what waited while
// the server was down comes once, as it is then; mails about what is new can be ended with one click
// (RFC 8058).
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ICAL from "ical.js";
import PostalMime from "postal-mime";
import { build, done, launch, ok, same, skip } from "./lib.mjs";
import { start } from "./duet.mjs";
import { person } from "./person.mjs";
import { client } from "./term_school.mjs";

const { SMTPServer } = createRequire(import.meta.url)("smtp-server");
const patience = 60000; // ms; nothing here waits that long unless it is broken

// -- A mail server -----------------------------------------------------------------------------------
const mails = []; // as they came: { to, text, subject, headers, calendar ... }
let forgetful = 0; // so many times it takes a mail and hangs up before it says so
let port = 0;
let server;

async function take(stream, session, answer) {
    const bytes = [];
    for await (const piece of stream) {
        bytes.push(piece);
    }
    const raw = Buffer.concat(bytes).toString();
    const mail = await PostalMime.parse(raw, { forceRfc822Attachments: false });
    const header = (name) => mail.headers.find((one) => one.key === name)?.value ?? "";
    const calendar = mail.attachments.find((one) => one.mimeType === "text/calendar");
    mails.push({
        raw,
        header,
        to: session.envelope.rcptTo.map((one) => one.address),
        id: mail.messageId,
        subject: mail.subject,
        text: mail.text,
        type: header("content-type"),
        calendar: calendar ? Buffer.from(calendar.content).toString() : "",
        method: calendar?.method ?? "",
    });
    if (forgetful > 0) {
        forgetful -= 1;
        session.socket?.destroy();
        sockets.forEach((socket) => socket.destroy());
        return;
    }
    answer();
}

const sockets = new Set();

async function serverUp() {
    server = new SMTPServer({
        disabledCommands: ["AUTH", "STARTTLS"],
        closeTimeout: 100,
        disableReverseLookup: true,
        onData: (stream, session, answer) => take(stream, session, answer).catch(answer),
    });
    server.on("error", () => {});
    server.server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
    });
    await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = server.server.address().port;
}
const serverDown = () => new Promise((resolve) => server.close(resolve));

// -- Waiting, and hastening --------------------------------------------------------------------------
const database = (statement) => duet.sql(statement);
// What waits for its time is done now.
const hasten = (kind) => database(`UPDATE job SET run_at_ms = 0 WHERE kind = '${kind}' AND state = 'ready'`);
// It comes by itself every few minutes; nothing is to come between two steps.
const laterOnly = (kind) => until(`${kind} wait for their time`, () => database(`UPDATE job SET
    run_at_ms = run_at_ms + 86400000 WHERE kind = '${kind}' AND state = 'ready' RETURNING id`) !== "");
const open = (kind) =>
    Number(database(`SELECT count(*) FROM job WHERE kind = '${kind}' AND state IN ('ready', 'running')`));

async function until(what, holds) {
    for (const end = Date.now() + patience; Date.now() < end;) {
        const begin = Date.now();
        if (await holds()) {
            return true;
        }
        // while the database is asked, the mail server above stands still
        await new Promise((resolve) => setTimeout(resolve, 50 + 4 * (Date.now() - begin)));
    }
    return ok(false, `in time: ${what}`, database("SELECT kind, state, attempts, run_at_ms, last_error " +
        "FROM job WHERE kind IN ('mail', 'notices') AND (state <> 'done' OR last_error <> '')"));
}
// All that came since the last time, when there are `n` and none waits.
async function arrived(n, what) {
    await until(what, () => mails.length >= n && open("mail") === 0);
    return mails.splice(0);
}

await serverUp();
const duet = await start({ demo: true });
const browser = await launch();
const problems = [];

async function part(name, steps) {
    try {
        await steps();
    } catch (error) {
        ok(false, `${name}: goes on to its end`, error.stack);
    }
}

// -- Settings ------------------------------------------------------------------------------------------
const admin = await person(browser, "admin", { problems });
const teacher = await person(browser, "teacher", { problems });
const partner = await person(browser, "partner", { problems });
const page = "/partnerships/1"; // the pair at work
const address = {};

await part("Setting it up", async () => {
    for (const [who, link] of [[admin, "administrator"], [teacher, "teacher"]]) {
        await who.go(duet.links[link]);
        await Promise.all([who.page.waitForNavigation(), who.page.click("main button")]);
    }
    await admin.go(`${duet.url}/setup/organisation`);
    await admin.page.fill("#base_url", "");
    await admin.press("Save");
    await admin.go(`${duet.url}/setup/mail`);
    await admin.page.fill("#smtp_url", `smtp://127.0.0.1:${port}`);
    await admin.page.fill("#smtp_from", "duet@example.org");
    await admin.press("Save");
    ok(await admin.says("Most mails cannot be sent yet"), "without an address there are no links");
    await admin.follow("Enter the address of these pages");
    await admin.page.fill("#base_url", "https://duet.example.org");
    await admin.press("Save");
    await admin.go(`${duet.url}/setup/mail`);
    ok(!(await admin.says("Most mails cannot be sent yet")), "with one there are");
    await admin.press("Send a test message to me");
    const [mail] = await arrived(1, "the trial message");
    ok(mail?.subject === "Mail from Duet works" && mail.header("from").includes("duet@example.org"),
        "the trial message arrives", mail?.raw);

    await teacher.go(duet.url + page);
    const name = (await teacher.text("h1")).replace("With ", "").trim();
    await teacher.go(`${duet.url}/profile`);
    address.teacher = database("SELECT p.email FROM person p JOIN partnership_member m " +
        `ON m.person_id = p.id WHERE m.partnership_id = 1 AND p.given_name || ' ' || p.family_name <> '${name}'`);
    address.partner = database("SELECT p.email FROM person p JOIN partnership_member m " +
        `ON m.person_id = p.id WHERE m.partnership_id = 1 AND p.email <> '${address.teacher}'`);
    await admin.go(`${duet.url}/setup/people?q=${encodeURIComponent(name)}`);
    await admin.follow(name);
    await admin.press("Make a code on paper");
    const code = (await admin.text(".code")).trim();
    await partner.go(`${duet.url}/code`);
    await partner.fill("Code", code);
    await partner.press("Go on");
    await partner.fill("New password", "violet gravel otter lamp");
    await partner.press("Set password");
    for (const who of [teacher, partner]) {
        await who.go(`${duet.url}/notices/settings`);
        await who.choose("As it happens");
        await who.fill("From", "00:00");
        await who.fill("Until", "00:00");
        if (await who.page.isChecked("#quiet_weekend")) {
            await who.page.uncheck("#quiet_weekend");
        }
        await who.press("Save");
    }
    await laterOnly("notices");
    await until("the mails before", () => open("mail") === 0);
    mails.splice(0);
});

// -- Invitations ---------------------------------------------------------------------------------------
const subject = "Mathe, Gruppe „8b“; ein Blick auf die Übergänge zwischen den Phasen der Stunde";
const read = path.join(build, "tests/coach/calendar_read");

async function propose() {
    await teacher.go(`${duet.url}${page}/meetings/new`);
    await teacher.page.locator("input[name=time]").first().check();
    await teacher.fill("What is it about", subject);
    await teacher.fill("Where", "Room 12");
    await teacher.press("Propose");
    return teacher.path();
}

// What both readers say of an invitation.
function event(mail) {
    const calendar = new ICAL.Component(ICAL.parse(mail.calendar));
    const one = calendar.getFirstSubcomponent("vevent");
    const attendee = one.getAllProperties("attendee");
    const said = {
        method: calendar.getFirstPropertyValue("method"),
        uid: one.getFirstPropertyValue("uid"),
        sequence: one.getFirstPropertyValue("sequence"),
        starts: one.getFirstPropertyValue("dtstart").toJSDate().getTime(),
        summary: one.getFirstPropertyValue("summary"),
        place: one.getFirstPropertyValue("location") ?? "",
        attendee: attendee.map((who) => who.getFirstValue()).join(),
        rsvp: attendee[0].getParameter("rsvp") === "TRUE" ? 1 : 0,
    };
    if (existsSync(read)) {
        const { sound, events, ...libical } = JSON.parse(execFileSync(read, { input: mail.calendar,
            encoding: "utf8" }));
        const mine = Object.fromEntries(Object.keys(libical).map((key) => [key, said[key]]));
        if (sound !== 1 || events !== 1 || JSON.stringify(mine) !== JSON.stringify(libical)) {
            said.quarrel = libical;
        }
    }
    return said;
}

// Two mails, one to each member, of the same event.
function invitations(got, method, sequence, name) {
    same(got.map((mail) => mail.to.join()).sort(), [address.partner, address.teacher].sort(),
        `${name}: one mail to each member, to nobody else`);
    const all = got.map(event);
    for (const [i, mail] of got.entries()) {
        ok(/^multipart\/alternative;/.test(mail.type) && mail.method === method && mail.text.length > 50,
            `${name}: words, and ${method} for calendars`, mail.raw);
        same([all[i].method, all[i].sequence, all[i].attendee, all[i].rsvp, all[i].quarrel],
            [method, sequence, `mailto:${mail.to[0]}`, 0, undefined],
            `${name}: sequence ${sequence}, nobody is asked to answer by mail`);
        ok(all[i].summary === subject && mail.text.includes("Room 1"), `${name}: what and where`);
        ok(mail.text.replace(/\s+/g, " ").includes("Nobody reads what you or your calendar answer") ===
            (method === "REQUEST"), `${name}: where not to answer is told`, mail.text);
        same(mail.header("list-unsubscribe"), "", `${name}: an invitation is no list`);
    }
    ok(all[0]?.uid === all[1]?.uid && all[0]?.starts === all[1]?.starts, `${name}: the same event`);
    return all[0];
}

let uid;
await part("Invitations", async () => {
    const meeting = duet.url + await propose();
    await partner.go(meeting);
    await partner.press("Choose this time");
    const first = invitations(await arrived(2, "invitations"), "REQUEST", 0, "invitation");
    uid = first.uid;
    await partner.follow("Change subject or place");
    await partner.fill("Where", "Room 14");
    await partner.press("Save");
    const second = invitations(await arrived(2, "updates"), "REQUEST", 1, "another place");
    ok(second.uid === uid && second.place === "Room 14" && second.starts === first.starts,
        "the same event has another place");
    await partner.follow("Move it");
    await partner.page.locator("input[name=time]").last().check();
    await partner.press("Propose");
    await teacher.go(meeting);
    await teacher.press("Choose this time");
    const third = invitations(await arrived(2, "new times"), "REQUEST", 2, "another time");
    ok(third.uid === uid && third.starts > first.starts, "and another time");
    await teacher.press("Cancel it");
    const last = invitations(await arrived(2, "cancellations"), "CANCEL", 3, "cancellation");
    ok(last.uid === uid && last.starts === third.starts, "and is cancelled");
});
if (!existsSync(read)) {
    skip("libical is not installed: ical.js alone has read them");
}

// -- A server that is down, and one that forgets -----------------------------------------------------------
await part("A server that is down", async () => {
    await serverDown();
    const meeting = duet.url + await propose();
    await partner.go(meeting);
    await partner.press("Choose this time");
    await until("two mails have failed", () => Number(database("SELECT count(*) FROM job WHERE kind = " +
        "'mail' AND state = 'ready' AND attempts > 0 AND last_error <> ''")) === 2);
    await partner.follow("Change subject or place");
    await partner.fill("Where", "Room 15");
    await partner.press("Save");
    await until("four mails have failed", () => Number(database("SELECT count(*) FROM job WHERE kind = " +
        "'mail' AND state = 'ready' AND attempts > 0 AND last_error <> ''")) === 4);
    await serverUp();
    hasten("mail");
    const got = invitations(await arrived(2, "what waited"), "REQUEST", 1, "after a time without a server");
    same(got.place, "Room 15", "it comes once, as the meeting is now");

    forgetful = 1;
    await partner.go(meeting);
    await partner.press("Cancel it");
    await until("the connection was lost", () => mails.length === 2 && forgetful === 0);
    await until("it is tried again", () => {
        hasten("mail");
        return mails.length === 3 && open("mail") === 0;
    });
    const ids = mails.splice(0).map((mail) => mail.id);
    same([ids.length, new Set(ids).size], [3, 2], "what may not have arrived comes again under the same Message-ID");
});

// -- What is new, and one click -------------------------------------------------------------------------------
await part("What is new", async () => {
    const words = "Words zqmail that stand in no mail.";
    const news = async () => {
        await laterOnly("notices");
        for (const who of [teacher, partner]) {
            await who.go(`${duet.url}${page}/messages`);
            await who.fill("Write to your partner", words);
            await who.press("Send");
        }
        hasten("notices");
        await until("notices are looked at", () => Number(database(
            "SELECT count(*) FROM job WHERE kind = 'notices' AND (state = 'running' OR " +
            "state = 'ready' AND run_at_ms = 0)")) === 0 && open("mail") === 0);
    };
    // the demonstration has news of its own, and mails about them outside quiet hours
    for (const who of [teacher, partner]) {
        await who.go(`${duet.url}/notices`);
    }
    const pair = Object.values(address);
    const taken = () => mails.splice(0).filter((mail) => mail.to.some((to) => pair.includes(to)));
    // whoever writes last has seen the other's message
    await news();
    const [mail, ...more] = taken();
    same([mail.to, mail.subject, more.map((one) => one.raw)], [[address.teacher], "New for you in Duet", []],
        "only who has not seen it yet is told");
    ok(mail.text.includes("has written to you") && !mail.raw.includes("zqmail"), "that, not what",
        mail.text);
    const link = mail.header("list-unsubscribe").match(/^<https:\/\/duet\.example\.org(\/unsubscribe\/\S+)>$/)?.[1];
    ok(link, "a link ends these mails", mail.header("list-unsubscribe"));
    same(mail.header("list-unsubscribe-post"), "List-Unsubscribe=One-Click", "with one click");
    ok(mail.text.includes(link), "it also stands in the text");
    const chosen = async () => {
        await teacher.go(`${duet.url}/notices/settings`);
        return teacher.page.locator("input[name=mail]:checked + label .choice-text").innerText();
    };
    const looked = await client(duet.url, "").get(link);
    ok(looked.status === 200 && (await chosen()) === "As it happens",
        "whoever only opens the link, as scanners do, changes nothing");
    // as a mail program does it: no cookies, no page it came from
    const clicked = await fetch(duet.url + link, { method: "POST", redirect: "manual",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: "List-Unsubscribe=One-Click" });
    same([clicked.status, await chosen()], [200, "Never"], "one click, and they end");
    const again = await fetch(duet.url + link, { method: "POST", body: new URLSearchParams({
        "List-Unsubscribe": "One-Click" }) });
    same(again.status, 200, "twice is as good as once");
    const other = await fetch(duet.url + link.replace(/.$/, (c) => (c === "A" ? "E" : "A")),
        { method: "POST", body: "List-Unsubscribe=One-Click" });
    ok(other.status >= 400, "a made-up link ends nothing");
    await teacher.go(`${duet.url}/`);
    await news();
    same(taken().length, 0, "no further mail comes");
});
same(problems, [], "the browser has nothing to complain about");
await browser.close();
ok(await duet.stop(), "the server stops cleanly");
await serverDown();
done();
