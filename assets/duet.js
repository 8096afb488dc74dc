// Small comforts; every page works without them.
//  - a form with data-confirm asks before it is sent
//  - a form is not sent twice by a double click
//  - what has just happened is read aloud, and what is wrong with a form names its field
//  - where work goes on in the background the page looks how far it has come: only that changes
//  - an open menu closes on Escape, on a click elsewhere, and when the focus leaves it

document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) {
        event.preventDefault();
        return;
    }
    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000); // it may answer with a file, not a page
});

// A page taken from the back-forward cache may send its forms again.
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
        delete form.dataset.sent;
    }
});

// A live region is read when it changes, not when the page comes with it.
const said = document.querySelector(".status");
if (said?.firstElementChild) {
    setTimeout(() => said.replaceChildren(...said.childNodes), 500);
}

// "Please fill this in." twice does not say where: the label of the field before it.
for (const link of document.querySelectorAll('.errors a[href^="#"]')) {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const group = field?.matches("[type=radio], [type=checkbox]")
        ? field.closest("fieldset")?.querySelector("legend") : null;
    const name = (group ?? field?.labels?.[0])?.firstChild?.textContent.trim();
    if (name) {
        link.prepend(/[?:.]$/.test(name) ? `${name} ` : `${name}: `);
    }
}

// The whole page anew each second would be read aloud each second, and scrolled to its top.  When the
// work is over the page has something else to show, so it is loaded.  It costs less than the whole
// page in a window, so it is done twice as often as where no scripts run; and four times as often
// again in the last tenth, where what people wait for is nearly there.
const work = document.querySelector("[data-again]");

function pause() { // ms
    const bar = work.querySelector("progress");
    return Number(work.dataset.again) * (bar && bar.position > 0.9 ? 125 : 500);
}

async function lookAgain() {
    try {
        const answer = await fetch(location.href);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.querySelector("[data-again]");
        if (!now) {
            location.reload();
            return;
        }
        work.replaceChildren(...now.childNodes);
    } catch {
        // the connection is gone for a while: the next look tells
    }
    setTimeout(lookAgain, pause());
}

if (work) {
    setTimeout(lookAgain, pause());
}

const menus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
        return;
    }
    for (const menu of menus()) {
        const inside = menu.contains(document.activeElement);
        menu.open = false;
        if (inside) {
            menu.querySelector("summary").focus();
        }
    }
});

function closeOthers(event) {
    for (const menu of menus()) {
        if (!menu.contains(event.target)) {
            menu.open = false;
        }
    }
}

document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
