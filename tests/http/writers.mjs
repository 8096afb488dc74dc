// People who write through `duet serve`, and a ledger of what they were told is kept.
//
//     const person = new Writer(where, pick, fresh);   // where(): {host, port} or {socketPath}
//     await person.begin(link);                        // a demonstration's link, or
//     await person.redeem(code);                       // a code on paper
//     person.write(server)                             // until server.over; one request at a time
//     person.ledger                                    // [{n, kind, skill, state}]
//
// Every write carries a number `n` of its own, so that it is recognised in the database: an
// acknowledged one (`state` "kept": the answer was a redirect to where the form leads) must be there,
// one of which nothing was heard ("unknown") may be, one that was refused must not be.
import http from "node:http";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Writer {
    constructor(where, pick, fresh) {
        Object.assign(this, { where, pick, fresh });
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        this.cookies = new Map();
        this.ledger = [];
        this.busy = false; // a request is on its way
        this.odd = []; // answers that should not have come
        this.broken = 0;
    }

    // One request; {status, headers, text}.  Rejects when the connection breaks.
    ask(method, target, fields) {
        const body = fields && new URLSearchParams(fields).toString();
        const headers = { Host: "duet.test", "Sec-Fetch-Site": "same-origin" };
        if (this.cookies.size) {
            headers.Cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
        }
        if (body !== undefined) {
            headers["Content-Type"] = "application/x-www-form-urlencoded";
            headers["Content-Length"] = Buffer.byteLength(body);
        }
        return new Promise((resolve, reject) => {
            const request = http.request({ ...this.where(), agent: this.agent, method, path: target, headers,
                timeout: 30000 });
            request.on("error", reject);
            request.on("timeout", () => request.destroy(new Error("no answer in 30 s")));
            request.on("response", (answer) => {
                let text = "";
                answer.setEncoding("utf8");
                answer.on("data", (part) => (text += part));
                answer.on("error", reject);
                answer.on("end", () => {
                    for (const cookie of answer.headers["set-cookie"] ?? []) {
                        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
                        this.cookies.set(name, value);
                    }
                    resolve({ status: answer.statusCode, headers: answer.headers, text });
                });
            });
            request.end(body);
        });
    }

    async page(target) {
        const answer = await this.ask("GET", target);
        if (answer.status !== 200) {
            throw new Error(`GET ${target}: ${answer.status} ${answer.headers.location ?? ""}`);
        }
        return answer.text;
    }

    // Signs in with the key of a link, then reads from the pages what the forms need.
    async begin(link) {
        await this.use({ key: link.replace(/^.*\//, "") });
    }

    async redeem(code) {
        await this.use(await this.show(code));
    }

    // What the form asks for that a code on paper leads to.
    async show(code) {
        const form = (await this.ask("POST", "/code", { code })).text;
        const [, key] = /name="key" value="([^"]+)"/.exec(form);
        const [, email] = /name="email"[^>]* value="([^"]*)"/.exec(form);
        return { key, email: email || `${key}@duet.test`, password: `four words or so ${key}` };
    }

    async use(fields) {
        const answer = await this.ask("POST", "/welcome", fields);
        if (answer.status !== 303) {
            throw new Error(`the key signs nobody in: ${answer.status}`);
        }
        const rate = await this.page("/skills/rate");
        this.csrf = /name="csrf" value="([^"]+)"/.exec(rate)[1];
        this.framework = /name="framework" value="(\d+)"/.exec(rate)[1];
        const levels = new Map();
        for (const [, skill, level] of rate.matchAll(/<option value="(\d+)-(\d+)"/g)) {
            levels.set(Number(skill), Math.max(levels.get(Number(skill)) ?? 0, Number(level)));
        }
        this.skills = [...levels.keys()];
        this.levels = Math.min(...levels.values());
        this.id = Number(/<a [^>]*href="\/people\/(\d+)"/.exec(await this.page("/profile"))[1]);
    }

    // -- The forms, each with its number -----------------------------------------------------------------

    // The levels that say `n` in a form with every skill: digits, the lowest first.
    digits(n) {
        return this.skills.map((_, i) => 1 + Math.floor(n / this.levels ** i) % this.levels);
    }

    // The skills that say `n` as offers: its bits.
    bits(n) {
        return this.skills.filter((_, i) => Math.floor(n / 2 ** i) % 2);
    }

    form(kind, n) {
        const skill = this.skills[n % this.skills.length];
        const csrf = { csrf: this.csrf };
        switch (kind) {
        case "self":
            return { target: `/skills/${skill}/self`, leads: `/skills/${skill}`, skill,
                fields: { ...csrf, level: 1 + n % this.levels, note: `number ${n}` } };
        case "task":
            return { target: `/skills/${skill}/task`, leads: `/skills/${skill}`, skill,
                fields: { ...csrf, task_name: "Something new", done: "yes", support: "prompted",
                    note: `number ${n}` } };
        case "rate":
            return { target: "/skills/rate", leads: `/skills?framework=${this.framework}`,
                fields: [["csrf", this.csrf], ["framework", this.framework],
                    ...this.digits(n).map((level, i) => ["rating", `${this.skills[i]}-${level}`])] };
        default: {
            const needs = [0, 1, 2].map((i) => this.skills[(n + 5 * i) % this.skills.length]);
            return { target: "/wishes", leads: "/", needs,
                fields: [["csrf", this.csrf], ["framework", this.framework],
                    ...["", "2", "3"].flatMap((which, i) => [[`need${which}`, needs[i]],
                        [`note${which}`, `number ${n}`]]),
                    ...this.bits(n).map((id) => ["offer", id])] };
        }
        }
    }

    // -- Writing --------------------------------------------------------------------------------------

    async write(server) {
        const kinds = ["self", "task", "self", "task", "rate", "wishes", "wishes"];
        while (!server.over) {
            const kind = kinds[this.pick(kinds.length)];
            const n = this.fresh();
            const form = this.form(kind, n);
            const entry = { n, kind, skill: form.skill, state: "unknown" };
            this.ledger.push(entry);
            this.busy = true;
            try {
                const answer = await this.ask("POST", form.target, form.fields);
                this.busy = false;
                if (answer.status === 303 && answer.headers.location === form.leads) {
                    entry.state = "kept";
                    server.acknowledged();
                } else {
                    entry.state = "refused";
                    this.odd.push(`${kind}: ${answer.status} ${answer.headers.location ?? ""}`);
                }
            } catch (error) {
                this.busy = false;
                this.broken += 1;
                await wait(/ECONNREFUSED|ENOENT/.test(error.code) ? 20 : 1);
            }
        }
    }
}
