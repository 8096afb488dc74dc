// Random documents of the builder, read by a parser that follows the HTML standard to the letter
// (parse5): the tree must be the one that was meant, without a single parse error.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { build, done, ok, root } from "../browser/lib.mjs";

const require = createRequire(path.join(root, "tests/browser/lib.mjs"));
const { parse, parseFragment } = require("parse5");
const program = path.join(build, "tests/html/builder_random");
const decode = (text) => decodeURIComponent(text);

// The tree as lines, in the form of builder_random, with texts that touch joined.
function linesOf(node) {
    const lines = [];
    const walk = (of) => {
        for (const child of of.childNodes) {
            if (child.nodeName === "#documentType") {
                continue;
            }
            if (child.nodeName === "#text") {
                lines.push(`-${child.value}`);
                continue;
            }
            lines.push(`(${child.tagName}`);
            for (const { name, value } of child.attrs) {
                lines.push(`A${name} ${value}`);
            }
            walk(child);
            lines.push(")");
        }
    };
    walk(node);
    return lines;
}

// HTML has its attributes in small letters; in SVG (viewBox) they stay as they are.
function meant(rows) {
    const lines = [];
    const open = [];
    for (const row of rows) {
        if (row.startsWith("(")) {
            open.push(row.slice(1));
        } else if (row === ")") {
            open.pop();
        }
        let text = row.startsWith("-") ? `-${decode(row.slice(2))}` : decode(row);
        if (text.startsWith("A") && !open.includes("svg")) {
            text = text.replace(/^A\S+/, (name) => `A${name.slice(1).toLowerCase()}`);
        }
        if (text.startsWith("-") && lines.at(-1)?.startsWith("-")) {
            lines[lines.length - 1] += text.slice(1);
        } else {
            lines.push(text);
        }
    }
    return lines;
}

let documents = 0;
let elements = 0;
const wrong = [];
const used = new Set();
for (let seed = 1; seed <= 20; seed += 1) {
    const out = execFileSync(program, [String(seed), "100"], { maxBuffer: 1 << 28 }).toString();
    for (const part of out.split(/^H /m).slice(1)) {
        const [first, ...rows] = part.trimEnd().split("\n");
        const html = decode(first);
        const errors = [];
        const tree = parseFragment(html, { onParseError: (error) => errors.push(error.code) });
        const got = linesOf(tree).join("\n");
        const expected = meant(rows.filter((row) => row.length > 0)).join("\n");
        documents += 1;
        for (const row of rows) {
            if (row.startsWith("(")) {
                elements += 1;
                used.add(row.slice(1));
            }
        }
        if (got !== expected || errors.length > 0) {
            const [a, b] = [got.split("\n"), expected.split("\n")];
            const at = a.findIndex((line, i) => line !== b[i]);
            wrong.push({ seed, errors, at: a.slice(at - 3, at + 2), meant: b.slice(at - 3, at + 2) });
        }
    }
}
ok(wrong.length === 0, `${documents} documents with ${elements} elements are read as they were meant`,
    wrong.slice(0, 2));
for (const language of ["en", "qps"]) {
    const page = execFileSync(path.join(build, "tests/html/styleguide_page"), [language, "auto"]);
    const errors = [];
    const tree = parse(page.toString(), { onParseError: (error) => errors.push(error) });
    const written = page.toString().match(/<[a-zA-Z]/g).length;
    const read = linesOf(tree).filter((line) => line.startsWith("(")).length;
    ok(errors.length === 0 && read === written, `a whole page (${language}) has no error`, errors);
}
ok(used.size > 80, `${used.size} kinds of elements took part`);
done();
