// Small comforts; every page works without them.
//  - a form with data-confirm asks before it is sent
//  - a form is not sent twice by a double click
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
