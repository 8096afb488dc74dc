#!/usr/bin/env node
// By how much large uploads grow the memory of the server: no more than 16 MiB, whatever their size.
//
//     bench/http/upload.mjs [MEGABYTES]        200 in one request to the site of tests/http; then the
//                                              largest file that `duet serve` takes in one form
//
// DUET_BUILD: the folder of the build (build-release).  What is told is the peak of each process during
// the upload (VmHWM) less what it held before (VmRSS), summed over all processes of the server.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writer } from "../../tests/http/writers.mjs";

const build = process.env.DUET_BUILD ?? "build-release";
const megabytes = Number(process.argv[2] ?? 200);
const most = 16384; // kB
const folder = mkdtempSync(path.join(tmpdir(), "duet-upload."));
const block = Buffer.alloc(1 << 20, "Given,Family,given.family@example.org\n");

const family = (pid) => [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")
    .filter(Boolean).map(Number)];
const kb = (pid, what) =>
    Number(new RegExp(`^${what}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

async function start(command, args, pattern) {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    const port = await new Promise((found, failed) => {
        child.stdout.on("data", (bytes) => {
            text += bytes;
            const match = pattern.exec(text);
            if (match) {
                found(Number(match[1]));
            }
        });
        child.on("exit", () => failed(new Error(`${command} does not start`)));
    });
    return { child, port };
}

// `n` megabytes between two texts, as fast as they are taken.
function send(port, method, target, headers, before, n, after) {
    return new Promise((resolve, reject) => {
        const length = before.length + n * block.length + after.length;
        const request = http.request({ host: "127.0.0.1", port, method, path: target, agent: false,
            headers: { ...headers, "Content-Length": length } }, (answer) => {
            let text = "";
            answer.on("data", (bytes) => (text += bytes));
            answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
        });
        request.on("error", reject);
        request.write(before);
        let left = n;
        const more = () => {
            while (left > 0) {
                left -= 1;
                if (!request.write(block)) {
                    request.once("drain", more);
                    return;
                }
            }
            request.end(after);
        };
        more();
    });
}

let good = true;

// What `work` grows the processes of a server by; `warm` comes before.
async function measure(name, child, warm, work) {
    for (let i = 0; i < 200; i++) {
        await warm();
    }
    const pids = family(child.pid);
    pids.forEach((pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5")); // the peak begins anew
    const before = pids.map((pid) => kb(pid, "VmRSS"));
    const status = await work();
    const grown = pids.reduce((sum, pid, i) => sum + Math.max(0, kb(pid, "VmHWM") - before[i]), 0);
    const holds = grown < most && status;
    console.log(`${name.padEnd(44)} ${String(grown).padStart(6)} kB (less than ${most}): ` +
        (holds ? "holds" : "does not hold"));
    good = good && holds;
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGTERM");
    await ended;
}

try {
    const site = await start(path.join(build, "tests/http/site"),
        ["--data", path.join(folder, "site"), "--workers", "1"], /^listening http:\/\/127\.0\.0\.1:(\d+)$/m);
    await measure(`site, ${megabytes} MB in one request`, site.child,
        () => fetch(`http://127.0.0.1:${site.port}/table`).then((answer) => answer.text()),
        async () => {
            const answer = await send(site.port, "PUT", "/big", {}, Buffer.alloc(0), megabytes, Buffer.alloc(0));
            return answer.text.includes(`${megabytes << 20} `);
        });

    const duet = path.join(build, "src/cli/duet");
    const db = path.join(folder, "duet.db");
    const run = (...args) => spawnSync(duet, args, { encoding: "utf8" }).stdout;
    run("demo", "--people", "24", "--db", db);
    const served = await start(duet, ["serve", "--db", db, "--listen", "127.0.0.1:0", "--workers", "1"],
        /Duet is at http:\/\/127\.0\.0\.1:(\d+)[^]*Ctrl-C/);
    const links = run("demo", "--db", db, "--url", "http://duet.test").match(/http\S+\/welcome\/\S+/g);
    const person = new Writer(() => ({ host: "127.0.0.1", port: served.port }), () => 0, () => 0);
    await person.begin(links.at(-1)); // the administrator
    const part = (name, more, value) => `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`;
    const largest = 64;
    await measure(`duet serve, a file of ${largest} MB`, served.child, () => person.page("/setup/import"),
        async () => {
            const answer = await send(served.port, "POST", "/setup/import", {
                "Host": "duet.test", "Sec-Fetch-Site": "same-origin",
                "Cookie": [...person.cookies].map((pair) => pair.join("=")).join("; "),
                "Content-Type": "multipart/form-data; boundary=b",
            }, Buffer.from(part("csrf", "", `${person.csrf}\r\n`) + part("kind", "", "people\r\n") +
                part("file", '; filename="people.csv"', "")), largest, Buffer.from("\r\n--b--\r\n"));
            return answer.status === 303;
        });
} finally {
    rmSync(folder, { recursive: true, force: true });
}
process.exitCode = good ? 0 : 1;
