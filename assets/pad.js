// The pad of a visit: every line is in the browser's storage before anything else happens, and leaves
// it only when a page of the server has shown it.  A line has a key, so that sending it again, from
// here or from a second window, changes nothing.  Without this script the pad is a plain form.

const BATCH = 20; // lines of one request; the server takes 50
const SOONEST = 2000;
const LATEST = 30000; // milliseconds between two tries without a connection

function pad(root) {
    const form = root.querySelector("form");
    const input = form.querySelector("input[name=words]");
    const list = root.querySelector("#pad-lines");
    const said = root.querySelector("#pad-said");
    const name = `duet-pad-${root.dataset.key}`;
    let sending = false;
    let timer = 0;
    let pause = SOONEST;

    const empty = () => ({ started: Number(root.dataset.state), draft: "", lines: [] });
    const read = () => JSON.parse(localStorage.getItem(name) ?? "null") ?? empty();
    const write = (kept) => localStorage.setItem(name, JSON.stringify(kept));
    // Read, change, write without a pause in between: another window may have added lines.
    const change = (how) => {
        const kept = read();
        how(kept);
        write(kept);
        return kept;
    };

    const text = (id, n) => root.querySelector(`#${id}`).textContent.replace("{n}", n);
    const say = (id) => {
        const words = id ? text(id, read().lines.length) : "";
        if (said.textContent !== words) {
            said.textContent = words;
        }
    };

    const clock = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

    function show(line) {
        if (list.querySelector(`[data-key="${line.key}"]`)) {
            return;
        }
        const item = document.createElement("li");
        const time = document.createElement("span");
        item.dataset.key = line.key;
        item.dataset.state = "waiting";
        time.className = "pad-time";
        time.textContent = clock(line.at);
        item.append(time, ` ${line.words}`);
        list.append(item);
        item.scrollIntoView({ block: "nearest" });
    }

    // Takes out of the storage what a page of the server shows.
    function confirmed(page) {
        const there = new Set([...page.querySelectorAll("#pad-lines [data-key]")].map((e) => e.dataset.key));
        const before = read().lines.length;
        const kept = change((k) => {
            k.lines = k.lines.filter((line) => !there.has(line.key));
        });
        for (const item of list.querySelectorAll("[data-state=waiting]")) {
            if (there.has(item.dataset.key)) {
                delete item.dataset.state;
            }
        }
        return before - kept.lines.length;
    }

    function again() {
        clearTimeout(timer);
        timer = setTimeout(send, pause);
        pause = Math.min(2 * pause, LATEST);
    }

    async function send() {
        const kept = read();
        clearTimeout(timer);
        if (sending || kept.lines.length === 0) {
            return;
        }
        sending = true;
        say("pad-waiting");
        let more = false;
        try {
            const body = new URLSearchParams();
            body.set("csrf", form.querySelector("[name=csrf]").value);
            body.set("started", kept.started);
            for (const line of kept.lines.slice(0, BATCH)) {
                body.append("key", line.key);
                body.append("at", line.at);
                body.append("words", line.words);
            }
            const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(20000) });
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            const ours = page.querySelector("[data-island=pad]");
            if (answer.ok && ours && confirmed(page) > 0) {
                pause = SOONEST;
                more = read().lines.length > 0;
                say(more ? "pad-waiting" : "pad-sent");
            } else {
                const away = answer.redirected || answer.status === 403;
                say(away ? "pad-signed-out" : "pad-refused");
                again();
            }
        } catch {
            say("pad-waiting");
            again();
        } finally {
            sending = false;
        }
        if (more) {
            send();
        }
    }

    form.addEventListener("submit", (event) => {
        const words = input.value.trim();
        event.preventDefault();
        event.stopPropagation();
        if (!words) {
            return;
        }
        const now = Date.now();
        const line = { key: crypto.randomUUID?.() ?? `r${now}-${Math.random().toString(36).slice(2)}`, words };
        change((kept) => {
            kept.started ||= now;
            line.at = Math.max(0, now - kept.started);
            kept.lines.push(line);
            kept.draft = "";
        });
        input.value = "";
        show(line);
        tick();
        input.focus();
        pause = SOONEST;
        send();
    });

    input.addEventListener("input", () => change((kept) => {
        kept.draft = input.value;
    }));

    const face = root.querySelector("#pad-clock");
    function tick() {
        const { started } = read();
        face.hidden = !started || Date.now() - started > 4 * 3600000;
        face.textContent = started ? clock(Date.now() - started) : "";
    }

    confirmed(document);
    const kept = read();
    kept.lines.forEach(show);
    if (kept.draft) {
        input.value = kept.draft;
    }
    if (!kept.started && Number(root.dataset.state)) {
        change((k) => {
            k.started = Number(root.dataset.state);
        });
    }
    setInterval(tick, 1000);
    tick();
    window.addEventListener("online", () => {
        pause = SOONEST;
        send();
    });
    document.addEventListener("visibilitychange", send);
    send();
}

// Without storage nothing could be kept here: then the form does its work by itself.
function canKeep() {
    try {
        localStorage.setItem("duet-pad", "1");
        localStorage.removeItem("duet-pad");
        return true;
    } catch {
        return false;
    }
}

const root = document.querySelector("[data-island=pad]");
if (root && canKeep()) {
    pad(root);
}
