"""What the inference of foreign keys gains over a rule on names alone, on any application that declares its keys.

    unpick map APP --format json > declared.json
    unpick map APP --format json --ignore-declared-keys > unknown.json
    python3 benches/implied_keys.py declared.json unknown.json

The keys of the first map are the truth. The rule is SchemaSpy's for implied relationships: a column refers to the one table
whose primary key is a single column of the same name, type and length. Standard library only.
"""

import json
import sys
from collections import defaultdict


def keys(tables, bases):
    found = set()
    for table in tables:
        for key in table["foreign_keys"]:
            if key["basis"] in bases:
                columns = tuple(column.lower() for column in key["columns"])
                found.add((table["name"].lower(), columns, key["to_table"].lower()))
    return found


def implied(tables):
    """SchemaSpy: name, type and length are equal, and only one table has such a key."""
    parents = defaultdict(set)
    for table in tables:
        if len(table["primary_key"]) == 1:
            for column in table["columns"]:
                if column["name"] == table["primary_key"][0]:
                    parents[column["name"].lower(), column.get("type")].add(table["name"].lower())
    found = set()
    for table in tables:
        for column in table["columns"]:
            others = parents.get((column["name"].lower(), column.get("type")), set())
            if len(others) == 1 and others != {table["name"].lower()}:
                found.add((table["name"].lower(), (column["name"].lower(),), next(iter(others))))
    return found


def figures(found, truth):
    right = len(found & truth)
    precision = right / len(found) if found else 0.0
    recall = right / len(truth) if truth else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    declared, unknown = (json.load(open(path, encoding="utf-8"))["tables"] for path in sys.argv[1:])
    truth = keys(declared, {"declared", "orm"})
    print(f"{len(truth)} declared keys      precision  recall   F1")
    for name, found in (("names alone", implied(unknown)), ("unpick", keys(unknown, {"inferred"}))):
        print(f"{name:24} {figures(found, truth)[0]:9.3f} {figures(found, truth)[1]:7.3f} {figures(found, truth)[2]:6.3f}")


if __name__ == "__main__":
    main()
