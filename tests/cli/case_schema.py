# Holds a CASE package against the official schema: case_schema.py SCHEMA PACKAGE.  Exit status 1, and
# what is wrong, when it does not keep to it.  Formats that the library does not know are checked here.
import json
import re
import sys

import jsonschema

FORMATS = {
    "uuid": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "date": r"\d{4}-\d\d-\d\d",
}


def checker():
    formats = jsonschema.FormatChecker(formats=())
    for name, pattern in FORMATS.items():
        formats.checks(name)(lambda value, p=pattern: re.fullmatch(p, value) is not None)
    return formats


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        package = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=checker())
    wrong = list(validator.iter_errors(package))
    for error in wrong[:10]:
        print("/".join(str(part) for part in error.path), error.message[:200], file=sys.stderr)
    known = {item["identifier"] for item in package["CFItems"]} | {
        package["CFDocument"]["identifier"]
    }
    for link in package["CFAssociations"]:
        for end in ("originNodeURI", "destinationNodeURI"):
            if link[end]["identifier"] not in known:
                print("a link leads nowhere:", link[end]["identifier"], file=sys.stderr)
                wrong.append(link)
    if len(known) != len(package["CFItems"]) + 1:
        print("two items have the same identifier", file=sys.stderr)
        wrong.append(package)
    sys.exit(1 if wrong else 0)


main()
