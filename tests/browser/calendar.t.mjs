// iCalendar against a second implementation (npm's ical.js, as Thunderbird reads calendars): random
// invitations, cancellations and feeds are read as what was meant.
import { execFileSync } from "node:child_process";
import path from "node:path";
import ICAL from "ical.js";
import { build, done, ok } from "./lib.mjs";

const cases = 1500;
const print = path.join(build, "tests/coach/calendar_print");
const lines = execFileSync(print, ["1", String(cases)], { encoding: "utf8", maxBuffer: 1 << 28 })
    .trimEnd().split("\n").map((line) => JSON.parse(line));

const answers = ["NEEDS-ACTION", "ACCEPTED", "DECLINED"];
const moment = (property) => property.getFirstValue().toJSDate().getTime();

function personIs(property, meant) {
    return property.getFirstValue() === `mailto:${meant.email}`
        && (property.getParameter("cn") ?? "") === meant.name;
}

function differences(event, meant, method) {
    const wrong = [];
    const same = (what, got, expected) => {
        if (got !== expected) {
            wrong.push(`${what}: ${JSON.stringify(got)} is not ${JSON.stringify(expected)}`);
        }
    };
    for (const key of ["uid", "summary", "location", "description", "url"]) {
        same(key, event.getFirstPropertyValue(key) ?? "", meant[key]);
    }
    same("sequence", event.getFirstPropertyValue("sequence"), meant.sequence);
    for (const key of ["dtstamp", "dtstart", "dtend"]) {
        same(key, moment(event.getFirstProperty(key)), meant[key]);
        same(`${key} zone`, event.getFirstPropertyValue(key).zone.tzid, "UTC");
    }
    const attendees = event.getAllProperties("attendee");
    if (method === "PUBLISH") {
        same("attendees of a feed", attendees.length, 0);
        same("status", event.getFirstPropertyValue("status"),
            meant.cancelled ? "CANCELLED" : "CONFIRMED");
        return wrong;
    }
    same("organizer", personIs(event.getFirstProperty("organizer"), meant.organizer), true);
    same("attendees", attendees.length, meant.attendees.length);
    meant.attendees.forEach((person, i) => {
        same("attendee", personIs(attendees[i], person), true);
        if (method === "REQUEST") {
            same("partstat", attendees[i].getParameter("partstat"), answers[person.answer]);
        }
    });
    return wrong;
}

const found = [];
for (const { ics, method, events } of lines) {
    const calendar = new ICAL.Component(ICAL.parse(ics));
    const read = calendar.getAllSubcomponents("vevent");
    const said = calendar.getFirstPropertyValue("method") ?? "PUBLISH";
    if (said !== method || read.length !== events.length) {
        found.push(`${said} with ${read.length} events`);
    }
    read.forEach((event, i) => found.push(...differences(event, events[i], method)));
}
ok(lines.length === cases, `${cases} random calendars were written`);
ok(found.length === 0, "ical.js reads what was meant", found.slice(0, 10));
done();
