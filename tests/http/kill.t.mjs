// `kill -9` while people write: a worker, all workers, the processes beside them, the master, everything
// at once; 100 times on each database (10 under the sanitizers), at random moments and in the moment of
// an answer.
//
// What was acknowledged is there, what was not is there wholly or not at all, the audit has what was
// done, the database is sound; what was killed comes back, and nothing of a dead master stays behind.
//
// DUET_KILLS: another number.  DUET_SEED: the moments of an earlier run, as far as a clock allows.
import { execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build, done, ok, same, skip } from "../browser/lib.mjs";
import { Writer } from "./writers.mjs";

const program = process.env.DUET ?? path.join(build, "src/cli/duet");
const kills = Number(process.env.DUET_KILLS ?? (process.env.DUET_SANITIZED ? 10 : 100));
const seed = Number(process.env.DUET_SEED ?? Math.floor(Math.random() * 2 ** 31));
const workers = 3;
const codes = 5; // people who come with a code on paper, beside the three of the demonstration
const patience = 30000; // ms until writing goes on, and until orphans have ended

const folder = mkdtempSync(path.join(tmpdir(), "duet-kill."));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what, ms = patience) {
    const late = Date.now() + ms;
    while (!what()) {
        if (Date.now() > late) {
            return false;
        }
        await wait(4);
    }
    return true;
}

// A random number below n (mulberry32).
let state = seed;
function pick(n) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
}

// What a command says; it fails when the command does.
async function run(command, ...args) {
    return (await promisify(execFile)(command, args, { maxBuffer: 1 << 28 })).stdout;
}

// -- Processes ---------------------------------------------------------------------------------------

const read = (name) => {
    try {
        return readFileSync(name, "utf8");
    } catch {
        return "";
    }
};
const alive = (pid) => /^\d+ \(.*\) [^ZX]/s.test(read(`/proc/${pid}/stat`));
const nameOf = (pid) => read(`/proc/${pid}/comm`).trim();
const childrenOf = (pid) =>
    read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number).filter(alive);

// What still serves, of the server of this name or of all, whoever its parent is.
function leftOver(name = "") {
    return readdirSync("/proc").map(Number).filter((pid) => {
        const args = pid ? read(`/proc/${pid}/cmdline`).split("\0") : [];
        return args.includes("serve") && args.some((one) => one.startsWith(path.join(folder, name))) && alive(pid);
    });
}

function end(pid) {
    try {
        process.kill(pid, "SIGKILL");
    } catch (error) {
        if (error.code !== "ESRCH") { // it has just ended
            throw error;
        }
    }
}

class Server {
    constructor(name, db, listen) {
        Object.assign(this, { name, db, listen, port: 0, over: false, acks: 0, strikeAt: -1, watched: [] });
        this.log = path.join(folder, `${name}.log`);
        this.longest = { again: 0, orphan: 0, start: 0 }; // ms
    }

    // Starts, or starts again where it was.
    async start() {
        const began = Date.now();
        const where = this.listen ?? `127.0.0.1:${this.port}`;
        const out = path.join(folder, `${this.name}.out`);
        const fds = [openSync(out, "w"), openSync(this.log, "a")];
        const options = process.env.DUET_SANITIZED ? ["--no-sandbox"] : [];
        this.child = spawn(program, ["serve", "--db", this.db, "--listen", where, "--workers", `${workers}`,
            "--data", path.join(folder, `${this.name}-data`), ...options], { stdio: ["ignore", ...fds] });
        fds.forEach(closeSync);
        let ended;
        this.ended = new Promise((resolve) => this.child.on("exit", (code) => resolve((ended = code ?? -1))));
        await until(() => ended !== undefined || read(out).includes("Ctrl-C"));
        if (ended !== undefined || !read(out).includes("Ctrl-C")) {
            throw new Error(`duet serve does not start (${ended}): ${read(this.log).slice(-2000)}`);
        }
        this.port = Number(/:(\d+)$/m.exec(read(out))?.[1] ?? 0);
        this.longest.start = Math.max(this.longest.start, Date.now() - began);
    }

    get where() {
        return this.listen ? { socketPath: this.listen.replace("unix:", "") }
            : { host: "127.0.0.1", port: this.port };
    }

    // The writers call it whenever a write was acknowledged.
    acknowledged() {
        this.acks += 1;
        if (this.acks === this.strikeAt) {
            this.strike();
        }
    }

    victims(kind, children) {
        const some = children.filter((pid) => nameOf(pid) === "duet-worker");
        const others = children.filter((pid) => !some.includes(pid));
        const one = (list) => (list.length ? [list[pick(list.length)]] : []);
        switch (kind) {
        case "one worker": return one(some);
        case "all workers": return some;
        case "another process": return one(others);
        case "the master": return [this.child.pid];
        default: return [this.child.pid, ...children];
        }
    }

    // `kill -9` in the moment of the `count`th acknowledgement from now, or, when that is 0, after `ms`.
    // Whether a request was on its way, and whether writing went on.
    async kill(kind, count, ms) {
        let flying, hit;
        let children = [];
        const strike = () => {
            this.strikeAt = -1;
            flying = this.writers.some((one) => one.busy);
            children = childrenOf(this.child.pid);
            hit = this.victims(kind, children);
            hit.forEach(end);
        };
        if (count) {
            this.strike = strike;
            this.strikeAt = this.acks + count;
            await until(() => this.strikeAt < 0);
        } else {
            await wait(ms);
        }
        if (!hit) {
            strike();
        }
        const began = Date.now();
        if (hit.includes(this.child.pid)) {
            this.watched.push(this.watch(children, began));
            await this.ended;
            await this.start();
        }
        const before = this.acks;
        const again = await until(() => this.acks > before);
        this.longest.again = Math.max(this.longest.again, Date.now() - began);
        return { flying, again };
    }

    // Whether all of these end by themselves.
    async watch(pids, began) {
        const good = await until(() => !pids.some(alive));
        this.longest.orphan = Math.max(this.longest.orphan, Date.now() - began);
        return good;
    }

    family() {
        return childrenOf(this.child.pid).map(nameOf).sort().join(" ");
    }
}

// -- What the database must say ----------------------------------------------------------------------

const count = (list, key) => list.reduce((all, one) => all.set(key(one), (all.get(key(one)) ?? 0) + 1),
    new Map());

// Faults of one person's evidence: acknowledged and not there, refused and there, there twice or in part.
function faultsOfEvidence(writer, evidence) {
    const faults = [];
    const mine = evidence.filter((row) => row.person_id === writer.id);
    const noted = count(mine.filter((row) => row.note), (row) => row.note);
    const forms = new Map();
    for (const row of mine.filter((one) => !one.note)) { // of the form with every skill
        const form = forms.get(row.created_ms) ?? new Map();
        forms.set(row.created_ms, form.set(row.skill_id, row.level));
    }
    const whole = count([...forms.values()], (form) => writer.skills.map((id) => form.get(id)).join());
    let known = 0;
    for (const entry of writer.ledger.filter((one) => one.kind !== "wishes")) {
        const found = entry.kind === "rate" ? whole.get(writer.digits(entry.n).join()) ?? 0
            : noted.get(`number ${entry.n}`) ?? 0;
        known += found * (entry.kind === "rate" ? writer.skills.length : 1);
        if (found > 1 || (entry.state === "kept" && found !== 1) || (entry.state === "refused" && found)) {
            faults.push(`${entry.kind} ${entry.n} of ${writer.id}: ${entry.state}, there ${found} times`);
        }
    }
    if (known !== mine.length) {
        faults.push(`${mine.length - known} rows of ${writer.id} are of no write, or of a part of one`);
    }
    return faults;
}

// Needs and offers are replaced as a whole: they are those of the last save that was acknowledged, or of
// one after it of which nothing was heard.
function faultsOfWishes(writer, rows) {
    const saves = writer.ledger.filter((one) => one.kind === "wishes");
    const last = saves.map((one) => one.state).lastIndexOf("kept");
    const may = saves.slice(Math.max(last, 0)).filter((one) => one.state !== "refused").map((one) => one.n);
    const ours = (list) => list.filter((row) => row.person_id === writer.id &&
        writer.skills.includes(row.skill_id));
    const needs = ours(rows.needs).map((row) => `${row.skill_id} ${row.note}`).sort().join();
    const offers = ours(rows.offers).map((row) => row.skill_id).sort().join();
    const fits = may.some((n) => {
        const { needs: skills } = writer.form("wishes", n);
        return needs === skills.map((id) => `${id} number ${n}`).sort().join() &&
            offers === [...writer.bits(n)].sort().join();
    });
    return fits || last < 0 ? [] : [`wishes of ${writer.id}: [${needs}] [${offers}], not one of ${may}`];
}

// Every piece of evidence has its entry in the audit, and the other way round; so has every save of
// wishes that was acknowledged.
function faultsOfAudit(writers, rows) {
    const key = (...parts) => parts.join(" ");
    const pieces = count(rows.evidence, (row) => key(row.person_id, row.skill_id, row.kind, row.created_ms));
    const entries = count(rows.audit.filter((row) => row.verb === "add" && row.object === "evidence"),
        (row) => key(row.owner_id, row.object_id, row.detail, row.at_ms));
    const faults = [...new Set([...pieces.keys(), ...entries.keys()])]
        .filter((one) => pieces.get(one) !== entries.get(one))
        .map((one) => `evidence ${one}: ${pieces.get(one) ?? 0} rows, ${entries.get(one) ?? 0} entries`);
    for (const writer of writers) {
        const saved = rows.audit.filter((row) => row.owner_id === writer.id && row.object === "need").length;
        const states = count(writer.ledger.filter((one) => one.kind === "wishes"), (one) => one.state);
        const least = states.get("kept") ?? 0;
        if (saved < least || saved > least + (states.get("unknown") ?? 0)) {
            faults.push(`wishes of ${writer.id}: ${saved} entries, ${least} acknowledged`);
        }
    }
    return faults;
}

async function look(file, since) {
    const told = JSON.parse(await run("/usr/bin/python3", "tests/http/sound.py", file, `${since}`));
    const named = (rows, ...names) => rows.map((row) => Object.fromEntries(row.map((v, i) => [names[i], v])));
    return { ...told,
        evidence: named(told.evidence, "person_id", "skill_id", "kind", "level", "note", "created_ms"),
        needs: named(told.needs, "person_id", "skill_id", "note"),
        offers: named(told.offers, "person_id", "skill_id"),
        audit: named(told.audit, "at_ms", "actor_id", "owner_id", "verb", "object", "object_id", "detail") };
}

// -- One database ------------------------------------------------------------------------------------

async function signIn(server, links) {
    let n = 0;
    const fresh = () => (n += 1);
    const writers = [];
    const enter = async (how, what) => {
        const writer = new Writer(() => server.where, pick, fresh);
        await writer[how](what);
        writers.push(writer);
        return writer;
    };
    for (const link of links) {
        await enter("begin", link);
    }
    const administrator = writers.at(-1);
    const form = await administrator.page("/setup/invitations");
    const [, unit] = /<select[^>]*name="unit".*?value="(\d+)"/s.exec(form); // the first: everybody's
    const sheet = await administrator.ask("POST", "/setup/invitations",
        { csrf: administrator.csrf, unit, how: "paper" });
    const found = [...sheet.text.matchAll(/<code[^>]*>([^<]+)<\/code>/g)];
    for (const [, code] of found.slice(0, codes)) {
        await enter("redeem", code);
    }
    server.writers = writers;
    server.code = found[codes][1]; // for somebody who comes later
}

// Whoever signs in while the passwords' process dies is told so, and can try again.
async function comeLate(server) {
    const late = new Writer(() => server.where, pick, () => 0);
    const enter = (n) => late.ask("POST", "/sign-in", { email: `late${n}@duet.test`, password: "not this one" });
    let answer;
    // The first time the worker of this connection begins to talk to that process; then it may be too
    // late with its question and ask the next one.
    for (let n = 0; n < 5 && answer?.status !== 503; n++) {
        await enter(0);
        const hashers = childrenOf(server.child.pid).filter((pid) => nameOf(pid) === "duet-hasher");
        hashers.forEach((pid) => process.kill(pid, "SIGSTOP"));
        const asked = enter(1);
        await wait(100 * 3 ** n);
        hashers.forEach(end);
        answer = await asked;
    }
    same(answer.status, 503, `${server.name}: a password in the moment of its process' death`);
    ok(/Nothing was saved/.test(answer.text), `${server.name}: the page says what to do`, answer.text);
    await late.redeem(server.code);
    ok(late.id > 0, `${server.name}: it works a moment later`);
}

// So many of each, in an order of chance.
function plan() {
    const shares = [["one worker", 45], ["all workers", 15], ["another process", 12], ["the master", 14],
        ["everything", 14]];
    const all = Array.from({ length: kills }, (_, i) => {
        let left = (i * 100) / kills;
        return shares.find(([, share]) => (left -= share) < 0)[0];
    });
    for (let i = all.length - 1; i > 0; i--) {
        const j = pick(i + 1);
        [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
}

// Kills, with people who write; then all processes are there, and everything is in order.
async function strike(server, whole) {
    const { name } = server;
    let flying = 0;
    let stuck = 0;
    for (const kind of plan()) {
        const met = await server.kill(kind, pick(2) ? 1 + pick(6) : 0, pick(60));
        flying += met.flying;
        stuck += !met.again;
    }
    ok(await until(() => server.family() === whole), `${name}: all processes are there again`,
        `${server.family()}, not ${whole}`);
    same(stuck, 0, `${name}: writing went on after each of ${kills} kills`);
    ok(flying > kills / 2, `${name}: ${flying} met a request on its way`);
    ok((await Promise.all(server.watched)).every(Boolean), `${name}: orphans ended by themselves`);
}

async function stopped(server, name) {
    server.child.kill("SIGTERM");
    same(await server.ended, 0, `${server.name}: ${name}`);
    same(leftOver(`${server.name}-data`), [], `${server.name}: no process is left`);
}

async function inspect(server, file, since) {
    const { name, writers } = server;
    await run(program, "db", "check", file);
    const rows = await look(file, since);
    same(rows.faults, [], `${name}: the database is sound`);
    same(writers.flatMap((one) => faultsOfEvidence(one, rows.evidence)), [],
        `${name}: evidence is there as it was acknowledged`);
    same(writers.flatMap((one) => faultsOfWishes(one, rows)), [], `${name}: so are needs and offers`);
    same(faultsOfAudit(writers, rows), [], `${name}: the audit has what was done`);
}

async function rehearse(name, db, listen, demo, toFile) {
    const server = new Server(name, db, listen);
    await run(program, "db", "copy", demo, db);
    await server.start();
    const said = await run(program, "demo", "--db", db, "--url", "http://duet.test");
    const links = said.match(/http\S+\/welcome\/\S+/g);
    await signIn(server, links);
    const { writers } = server;
    same(writers.length, 3 + codes, `${name}: people are signed in`);
    const since = Date.now();
    const whole = server.family();
    const writing = writers.map((one) => one.write(server));
    try {
        await strike(server, whole);
    } finally {
        server.over = true;
        await Promise.all(writing);
    }
    await comeLate(server);
    same(writers.flatMap((one) => one.odd), [], `${name}: nobody was told anything but that it is kept`);
    const lines = read(server.log).split("\n");
    const dead = lines.filter((line) => /event="process ended" .* signal=9 /.test(line)).length;
    const failures = lines.filter((line) => /event="?(failed|failure)/.test(line));
    ok(failures.length === 1 && /route=\/sign-in error="input or output failed"/.test(failures[0]),
        `${name}: the log has that failure and no other`, failures.join("\n"));
    await stopped(server, "it stops cleanly");
    same(read(server.log).match(/.*(Sanitizer|runtime error:).*/g), null, `${name}: no sanitizer has a report`);
    const { again, start, orphan } = server.longest;
    console.log(`# ${name}: ${server.acks} writes acknowledged, ` +
        `${writers.reduce((sum, one) => sum + one.broken, 0)} connections broken, ${dead} ends in the log; ` +
        `longest: ${again} ms until writing went on, ${start} ms to start, ${orphan} ms until orphans ended`);
    await inspect(server, await toFile(db), since);

    await server.start();
    const pages = await Promise.all(writers.map((one) => one.page("/wishes")));
    ok(pages.every((page) => /action="\/sign-out"/.test(page)), `${name}: everybody is still signed in`);
    await stopped(server, "and it stops again");
}

// -- Both, at the same time ----------------------------------------------------------------------------

async function onPostgres(server, demo) {
    const database = `duet_kill_${process.pid}`;
    const sql = (text) => run("psql", server, "-qAtXc", text);
    await sql(`CREATE DATABASE ${database}`);
    try {
        const copied = path.join(folder, "copy.db");
        await rehearse("PostgreSQL", server.replace("/postgres?", `/${database}?`),
            `unix:${path.join(folder, "socket")}`, demo, async (db) => {
                await run(program, "db", "copy", db, copied);
                return copied;
            });
    } finally {
        await sql(`DROP DATABASE ${database} WITH (FORCE)`);
    }
}

console.log(`# seed ${seed}`);
const demo = path.join(folder, "demo.db");
const postgres = process.env.DUET_TEST_POSTGRES;
await run(program, "demo", "--people", "24", "--db", demo);
const both = await Promise.allSettled([
    rehearse("SQLite", path.join(folder, "duet.db"), undefined, demo, (db) => db),
    postgres ? onPostgres(postgres, demo) : skip("PostgreSQL: DUET_TEST_POSTGRES does not name a server"),
]);
leftOver().forEach(end);
rmSync(folder, { recursive: true, force: true });
for (const one of both) {
    ok(one.status === "fulfilled", "to the end", `${one.reason?.stack}`);
}
done();
