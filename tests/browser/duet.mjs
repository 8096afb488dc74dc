// `duet serve` on a free port with a database of its own, for tests in a browser.
//
//     const duet = await start();                       // an empty database: the first set-up
//     const duet = await start({ demo: true });         // the demonstration district
//     const duet = await start({ demo: true, db });     // one that was filled before
//     await page.goto(duet.link ?? duet.url);
//     await duet.stop();
//
// `duet.output` has what it said; `stop` says whether it ended cleanly.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "./lib.mjs";

const program = process.env.DUET ?? path.join(build, "src/cli/duet");

export function run(...args) {
    const done = spawnSync(program, args, { encoding: "utf8" });
    if (done.status !== 0) {
        throw new Error(`duet ${args.join(" ")}: ${done.stderr}`);
    }
    return done.stdout;
}

export async function start({ demo = false, db: given, options = [] } = {}) {
    const folder = mkdtempSync(path.join(tmpdir(), "duet-browser."));
    const db = given ?? path.join(folder, "duet.db");
    if (demo && !given) {
        run("demo", "--db", db);
    }
    const more = process.env.DUET_SANITIZED ? ["--no-sandbox"] : [];
    const child = spawn(program, ["serve", "--db", db, "--listen", "127.0.0.1:0", "--workers", "1",
        ...more, ...options], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    process.on("exit", () => child.kill()); // a test that fails on its way leaves no server behind
    let output = "";
    let ended;
    const end = new Promise((resolve) => child.on("exit", (code) => resolve((ended = code))));
    const url = await new Promise((resolve, reject) => {
        const look = (data) => {
            output += data;
            const found = output.match(/Duet is at (http:\/\/\S+)/);
            if (found && output.includes("Ctrl-C")) {
                resolve(found[1]);
            }
        };
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        end.then((code) => reject(new Error(`duet serve ended with ${code}: ${output}`)));
    });
    // "  teacher        Name\n                 http://..."
    const said = demo ? run("demo", "--db", db, "--url", url) : "";
    const links = Object.fromEntries([...said.matchAll(/^ {2}(\w+) +\S.*\n +(http\S+)$/gm)]
        .map(([, who, link]) => [who, link]));
    return {
        url,
        db, // its file
        // For what only time brings: runs a statement beside the server; rows, a line each.
        sql: (statement) => execFileSync("python3", ["-c",
            `import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
rows = db.execute(sys.argv[2]).fetchall()
db.commit()
print("\\n".join(" ".join(str(x) for x in row) for row in rows))`, db, statement],
        { encoding: "utf8" }).trim(),
        links, // of the demonstration: teacher, coordinator, administrator
        link: output.match(/http\S+\/welcome\/\S+/)?.[0],
        get output() {
            return output;
        },
        async stop() {
            child.kill("SIGTERM");
            await end;
            rmSync(folder, { recursive: true, force: true });
            return ended === 0;
        },
    };
}
