// Somebody at a browser: what they do is said in the words that stand on the page, and done by mouse,
// or by keyboard only.
//
//     const ben = await person(browser, "Ben", { keyboard: true, problems });
//     await ben.go(link);
//     await ben.fill("Password", "violet gravel otter lamp");
//     await ben.press("Sign in");
//     ben.has("Hello, Ben");
//
// With `keyboard` nothing is clicked: Tab goes to the control, whose focus must be seen at each stop
// (ben.unseen lists those that were not), then Enter, Space, arrows and letters do the rest.
// Everybody keeps to forms, buttons and links inside of main, unless told otherwise.

// Runs in the page: what has the focus, and whether one sees that.
function focused() {
    const e = document.activeElement;
    if (!e || e === document.body) {
        return null;
    }
    const words = (text) => (text ?? "").trim().replace(/\s+/g, " ");
    const labels = [...(e.labels ?? [])].map((l) => words(l.textContent));
    const button = ["A", "BUTTON", "SUMMARY"].includes(e.tagName);
    const by = e.getAttribute("aria-labelledby");
    const name = e.getAttribute("aria-label") ??
        (by ? by.split(" ").map((id) => words(document.getElementById(id)?.textContent)).join(" ")
            : button ? words(e.textContent) : labels.join(" "));
    const shown = e.matches("input[type=radio], input[type=checkbox]") ? e.labels?.[0] ?? e : e;
    const box = shown.getBoundingClientRect();
    const ringed = [e, shown, e.nextElementSibling].filter(Boolean).some((x) =>
        [null, "::before", "::after"].some((part) => {
            const style = getComputedStyle(x, part);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        }));
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const at = document.elementFromPoint(x, y);
    const covered = !(at && (shown.contains(at) || at.contains(shown) || e.contains(at)));
    return {
        name: words(name),
        kind: e.matches("input[type=radio]") ? "radio"
            : e.matches("input[type=checkbox]") ? "checkbox"
            : e.tagName === "A" ? "link" : e.tagName === "BUTTON" ? "button"
            : e.tagName === "SUMMARY" ? "summary" : e.tagName === "SELECT" ? "select" : "field",
        type: e.type,
        checked: e.checked,
        group: e.closest("fieldset")?.querySelector("legend")?.textContent.trim() ?? "",
        inMain: Boolean(e.closest("main")),
        card: words(e.closest("fieldset, .card, .message, li, tr")?.textContent),
        seen: box.bottom > 0 && box.top < innerHeight && ringed && !covered,
        what: `${location.pathname}: ${e.outerHTML.slice(0, 120)}`,
    };
}

const STOPS = 400; // of one page

class Keyboard {
    constructor(page) {
        this.page = page;
        this.unseen = [];
    }

    async at() {
        const at = await this.page.evaluate(focused);
        if (at && !at.seen) {
            this.unseen.push(at.what);
        }
        return at;
    }

    // Tabs on, round the page at most, until `fits` says so.  Radio buttons are one stop; arrows go
    // through them.
    async reach(what, fits) {
        for (let i = 0; i < STOPS; i += 1) {
            await this.page.keyboard.press("Tab");
            const at = await this.at();
            if (at && fits(at)) {
                return at;
            }
            if (at?.kind === "radio" && await this.among(at, fits)) {
                return this.at();
            }
        }
        throw new Error(`the keyboard does not reach ${what}`);
    }

    // Through the radio buttons of a group, if one of them is meant.
    async among(first, fits) {
        const names = await this.page.evaluate(() => {
            const e = document.activeElement;
            return [...e.form.querySelectorAll(`input[type=radio][name="${e.name}"]`)]
                .map((r) => r.labels[0].textContent.trim().replace(/\s+/g, " "));
        });
        if (!names.some((name) => fits({ ...first, name }))) {
            return false;
        }
        for (let i = 0; i < names.length; i += 1) {
            await this.page.keyboard.press("ArrowDown");
            if (fits(await this.at())) {
                return true;
            }
        }
        return false;
    }
}

const starts = (at, name) => (name instanceof RegExp ? name.test(at.name) : at.name.startsWith(name));

export async function person(browser, name, { keyboard = false, width = 1280, problems = [] } = {}) {
    const context = await browser.newContext({
        viewport: { width, height: width < 700 ? 844 : 900 },
        reducedMotion: "reduce",
        locale: "en-GB",
        acceptDownloads: true,
    });
    const page = await context.newPage();
    if (keyboard) {
        await context.addInitScript(() => addEventListener("pointerdown",
            () => console.error("a pointer was used")));
    }
    page.setDefaultTimeout(30000);
    page.on("dialog", (dialog) => dialog.accept());
    page.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
    page.on("console", (message) => {
        if (message.type() === "error" &&
            !/status of (4\d\d|303)|ERR_INTERNET_DISCONNECTED/.test(message.text())) {
            problems.push(`${name} at ${page.url()}: ${message.text()}`);
        }
    });
    page.on("response", (answer) => {
        if (answer.status() >= 500) {
            problems.push(`${answer.request().method()} ${answer.url()}: ${answer.status()}`);
        }
    });
    const keys = new Keyboard(page);
    const main = page.locator("main");
    const leave = (act) => Promise.all([page.waitForNavigation(), act()]);
    const matches = (label, inside) => (at) => starts(at, label) && at.inMain &&
        (!inside || at.card.includes(inside) || at.group.includes(inside));

    const me = {
        name, page, context, unseen: keys.unseen,
        path: () => new URL(page.url()).pathname,
        go: (url) => page.goto(url),
        text: async (what = "main") => (await page.locator(what).first().innerText()),
        // Waits until the page says so: things can take their time.
        async until(words, what = "main") {
            await page.waitForFunction(([w, sel]) =>
                document.querySelector(sel)?.innerText.replace(/\s+/g, " ").includes(w), [words, what]);
        },
        async says(words, what = "main") {
            return (await me.text(what)).replace(/\s+/g, " ").includes(words);
        },
    };
    if (!keyboard) {
        const begins = (label) => label instanceof RegExp ? label : new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
        // The first of that name; with `inside`, whose card, row or group has these words.
        const one = async (all, inside) => {
            await all.first().waitFor({ state: "attached" });
            for (let i = 0; inside && i < await all.count(); i += 1) {
                if (await all.nth(i).evaluate((e, words) => e.closest("fieldset, .card, .message, li, tr")
                    ?.textContent.includes(words), inside)) {
                    return all.nth(i);
                }
            }
            return all.first();
        };
        const control = (label, inside) => one(main.getByLabel(begins(label)), inside);
        const role = (kind, root = main) => async (label, inside) => {
            const it = await one(root.getByRole(kind, { name: begins(label) }), inside);
            await leave(() => it.click());
        };
        return Object.assign(me, {
            fill: async (label, text, inside) => (await control(label, inside)).fill(text),
            day: async (label, iso, inside) => (await control(label, inside)).fill(iso),
            choose: async (label, inside) => (await control(label, inside)).check(),
            select: async (label, option, inside) =>
                (await control(label, inside)).selectOption({ label: option }),
            open: async (label, inside) =>
                (await one(main.locator("summary", { hasText: label }), inside)).click(),
            press: role("button"),
            follow: role("link"),
            menu: role("link", page.locator("header.masthead")),
        });
    }
    const field = (label, inside) => keys.reach(`the field "${label}"`,
        (at) => at.kind === "field" && matches(label, inside)(at));
    const type = async (text) => {
        await page.keyboard.press("Control+A");
        await page.keyboard.type(text);
    };
    const enter = (kind) => async (label, inside) => {
        await keys.reach(`the ${kind} "${label}"`,
            (at) => at.kind === kind && matches(label, inside)(at));
        await leave(() => page.keyboard.press("Enter"));
    };
    return Object.assign(me, {
        async fill(label, text, inside) {
            await field(label, inside);
            await type(text);
        },
        async day(label, iso, inside) { // day, month, year, as the browser's language has it
            await field(label, inside);
            const [year, month, day] = iso.split("-");
            await page.keyboard.type(`${day}${month}${year}`);
        },
        async choose(label, inside) {
            const at = await keys.reach(`the choice "${label}"`, (found) =>
                ["radio", "checkbox"].includes(found.kind) && matches(label, inside)(found));
            if (!at.checked) {
                await page.keyboard.press("Space");
            }
        },
        async select(label, option, inside) {
            await keys.reach(`the list "${label}"`,
                (at) => at.kind === "select" && matches(label, inside)(at));
            await page.keyboard.type(option);
            const got = await page.evaluate(() => document.activeElement.selectedOptions[0].label);
            if (got !== option) {
                throw new Error(`typing "${option}" chooses "${got}"`);
            }
        },
        async open(label, inside) {
            await keys.reach(`the part "${label}"`,
                (at) => at.kind === "summary" && matches(label, inside)(at));
            await page.keyboard.press("Enter");
        },
        press: enter("button"),
        follow: enter("link"),
        async menu(label) {
            await keys.reach(`the link "${label}" of the menu`,
                (at) => at.kind === "link" && !at.inMain && starts(at, label));
            await leave(() => page.keyboard.press("Enter"));
        },
    });
}
