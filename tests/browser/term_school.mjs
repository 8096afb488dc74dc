// The school of term.t.mjs: what its sheets say, who asks without a window, and who has no business in
// a partnership but asks for all of it.
import { cookiesOf, ok } from "./lib.mjs";
import { unzip } from "./zip.mjs";

export const password = "violet gravel otter lamp";
export const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);

export const talking = "Pupils talking to each other";
export const waiting = "Waiting for the answer";
export const checking = "Finding out who understood";
export const explaining = "Explaining clearly";

// Emil (t4) evaluates Ben.
export const people = `id,given name,family name,e-mail,school,position,free periods,evaluator
t1,Ben,Okafor,ben@example.org,Hill School,teacher,Mon 1-4; Tue 1-4; Wed 1-4; Thu 1-4; Fri 1-4,t4
t2,Cleo,Sorel,cleo@example.org,Hill School,teacher,Mon 1-2; Tue 1-2; Wed 1-2; Thu 1-2; Fri 1-2,
t3,Dora,Fenn,dora@example.org,Hill School,teacher,Mon 3,
t4,Emil,Grau,emil@example.org,Hill School,principal,Mon 3,
t5,Finn,Hale,finn@example.org,Hill School,teacher,Mon 3,
t6,Gita,Ivers,gita@example.org,Hill School,teacher,Mon 3,
`;
export const names = ["Ben", "Cleo", "Dora", "Emil", "Finn", "Gita"];

const levels = { // of talking, waiting, checking, explaining
    t1: [4, 1, 2, 2], t2: [1, 4, 2, 2], t3: [2, 2, 4, 1],
    t4: [2, 2, 1, 4], t5: [3, 2, 1, 4], t6: [2, 3, 4, 1],
};
export const ratings = ["person,skill,level,rater,date"].concat(
    Object.entries(levels).flatMap(([who, seen]) =>
        [talking, waiting, checking, explaining].flatMap((skill, i) => ["t5", "t6", "t1"].map((rater) =>
            `${who},${skill},${seen[i]},${rater === who ? "t2" : rater},${day(-9)}`)))).join("\n");

// -- Without a window --------------------------------------------------------------------------------
// Asks as whoever a cookie belongs to.
export function client(url, cookie) {
    let csrf;
    const ask = async (path, options = {}) => {
        const answer = await fetch(url + path,
            { redirect: "manual", ...options, headers: { Cookie: cookie, Origin: url } });
        const bytes = Buffer.from(await answer.arrayBuffer());
        return { status: answer.status, bytes, text: bytes.toString(), answer };
    };
    return {
        get: (path) => ask(path),
        async post(path, form) {
            csrf ??= (await ask("/")).text.match(/name="csrf" value="([^"]+)"/)?.[1] ?? "";
            const got = await ask(path,
                { method: "POST", body: new URLSearchParams({ csrf, ...form }) });
            if (got.status >= 400) {
                throw new Error(`${path} answers ${got.status}\n${got.text}`);
            }
            return got;
        },
    };
}

// The same person as in a window.
export async function beside(url, who) {
    const cookies = await who.context.cookies();
    return client(url, cookies.map(({ name, value }) => `${name}=${value}`).join("; "));
}

// Somebody who only fills the school: comes in with a code on paper.
export async function filler(url, name, code) {
    const nobody = client(url, "");
    const { text } = await nobody.post("/code", { code });
    const key = text.match(/name="key" value="([^"]+)"/)[1];
    const { answer } = await nobody.post("/welcome",
        { key, password, email: `${name.toLowerCase()}@example.org` });
    const me = client(url, cookiesOf(answer.headers)[0].split(";")[0]);
    return Object.assign(me, {
        async wishes(need, offer) {
            const form = (await me.get("/wishes")).text;
            const id = (skill) => form.match(new RegExp(`<option value="(\\d+)"[^>]*>${skill}<`))[1];
            await me.post("/wishes", {
                framework: form.match(/name="framework" value="(\d+)"/)[1],
                need: id(need),
                offer: id(offer),
            });
        },
        // Yes or no to the newest that is proposed; with whom it was.
        async answer(answer) {
            const list = (await me.get("/coaching")).text;
            const [, path, whom] = list.match(/href="(\/partnerships\/\d+)">With ([^<]+)</);
            await me.post(`${path}/answer`, { answer });
            return whom;
        },
    });
}

// -- Those whom it is no business of --------------------------------------------------------------------
const numbers = (n) => Array.from({ length: n }, (_, i) => i + 1);

// Pages of a pair, as if its number, and those of all in it, had been guessed.
const pairs = (id) => [...["", "/agreement", "/messages", "/meetings", "/meetings/new", "/focus", "/end"]
    .map((page) => `/partnerships/${id}${page}`), "/cycles/1", "/cycles/1/pad", "/cycles/2", "/cycles/2/pad",
    "/meetings/1", "/meetings/1/edit", "/meetings/1/times", "/meetings/1/calendar"];
const open = ["/", "/coaching", "/notices", "/people", "/sharing", "/written", "/opened", "/programmes",
    "/calendar", ...numbers(7).map((id) => `/people/${id}`),
    ...numbers(7).map((id) => `/people/${id}/skills`)];
const office = ["/setup", "/setup/people", "/setup/jobs", "/setup/security", "/setup/security/log",
    "/programmes/1/plan", "/programmes/1/people", "/programmes/1/compare", "/programmes/1/exceptions",
    "/rounds/1", "/rounds/1/left", "/rounds/1/proof", "/rounds/1/export", "/rounds/2", "/metrics",
    ...numbers(7).map((id) => `/setup/people/${id}`)];

// Answers with a word of `secrets` in them; pages of the pair that are not refused.
export async function spy(who, isOffice, pair, secrets) {
    const found = [], closed = pair ? pairs(pair) : [];
    const look = async (path) => {
        const got = await who.get(path);
        const words = secrets.filter((word) => got.text.includes(word));
        if (words.length > 0) {
            found.push(`${path} says ${words}`);
        }
        if (closed.includes(path) && ![403, 404].includes(got.status)) {
            found.push(`${path} answers ${got.status}`);
        }
    };
    const own = unzip((await who.get("/my-data/export")).bytes);
    for (const [name, text] of Object.entries(own)) {
        found.push(...secrets.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`));
    }
    await Promise.all([...closed, ...open, ...(isOffice ? office : [])].map(look));
    return found;
}

export function watcher(watchers) {
    const secrets = [];
    return {
        secrets,
        pair: 0, // its number, once there is one
        // A text with a word that stands nowhere else.
        secret(text) {
            const word = `zq${["mar", "tel", "ros", "vin", "dul"][secrets.length % 5]}${secrets.length}x`;
            secrets.push(word);
            return `${text} ${word}`;
        },
        async nobodyElse(when) {
            const { pair } = this;
            const found = await Promise.all(Object.entries(watchers()).map(async ([name, who]) =>
                (await spy(who, name === "Ada", pair, secrets)).map((what) => `${name}: ${what}`)));
            ok(found.flat().length === 0,
                `${when}: nobody else finds one of ${secrets.length} things written`, found.flat());
        },
    };
}
