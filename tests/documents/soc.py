# SPDX-License-Identifier: Apache-2.0
"""What packaging/soc/README.md says, held against the configuration, the schema of records and the golden files of each
format: options that it names, tables of kinds and events, where the fields are, Elasticsearch's types, links."""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "formats"))
from facts import ECS, parse_cef, parse_leef  # noqa: E402

GOLDEN = pathlib.Path("tests/deliver/golden")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
# Where a format has the value in other words: that it is there is all that is asked.
IN_OTHER_WORDS = {("certainty", "OCSF"), ("certainty", "CEF"), ("certainty", "LEEF"), ("severity", "CEF"), ("time", "CEF"),
                  ("time", "LEEF")}


def blocks(text, language):
    """Fenced blocks of that language, without the indentation of a list that they stand in."""
    for indent, block in re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.M | re.S):
        yield re.sub(rf"^{indent}", "", block, flags=re.M)


def names(block):
    return " ".join(re.findall(r"^ +name: (\S+)$", block, re.M)) or block.partition("\n")[0]


def at(value, path):
    """All that a path of names leads to, through lists too."""
    if isinstance(value, list):
        return [found for one in value for found in at(one, path)]
    if not path:
        return [] if value is None else [value]
    return at(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []


def part_of(document, paths):
    """The members that the paths name, as readable JSON; a list with one entry on a line of its own is kept on one."""
    part = {}
    for path in paths:
        *above, last = path.split(".")
        source, target = document, part
        for name in above:
            source, target = source[name], target.setdefault(name, {})
        target[last] = source[last]
    text = json.dumps(part, indent=2, ensure_ascii=False)
    return re.sub(r"\[\s+((?:\"[^\"]*\"(?:,\s+)?)+)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text) + "\n"


def tables(text):
    """Each table as {column of the heading: cell} rows, by its first heading."""
    found = {}
    for table in re.findall(r"((?:^\|.*\|\n)+)", text, re.M):
        heading, _, *rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]
        found[heading[0]] = [dict(zip(heading, row, strict=True)) for row in rows]
    return found


def code(cell):
    return cell.strip("`")


def options(text, configuration):
    """Options are written as `name:`, `name: value` or `section.name`."""
    lines = [line.lstrip("# -") for line in configuration.splitlines()]
    known = {line.partition(":")[0] for line in lines if re.match(r"[a-z_]+:", line)}
    sections = dict(re.findall(r"^(\w+):\n((?:(?:  .*)?\n)+)", configuration, re.M))
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)
    for span in sorted(set(re.findall(r"`([^`\n]+)`", prose))):
        name = re.match(r"([a-z_]+):(?: |$)", span)
        pair = re.fullmatch(r"([a-z]+)\.([a-z_]+)", span)
        if name:
            yield f"option {span}", "" if name.group(1) in known else f"there is no option {name.group(1)}: `{span}`"
        elif pair and pair.group(1) in sections:
            is_there = re.search(rf"^  {pair.group(2)}:", sections[pair.group(1)], re.M)
            yield f"option {span}", "" if is_there else f"there is no option {span}"


def vocabulary(found):
    """The kinds and events of the tables are those of the schema, all of them."""
    schema = json.loads(pathlib.Path("config/records.schema.json").read_text())
    wanted = {"`kind`": schema["properties"]["kind"]["enum"], "`event`": schema["$defs"]["alert"]["properties"]["event"]["enum"]}
    for heading, values in wanted.items():
        told = sorted(code(row[heading]) for row in found[heading])
        yield f"table of {heading}", "" if told == sorted(values) else f"{heading}: {told}, in the schema {sorted(values)}"


def read(name):
    """A golden alert in each format: what a cell of the table finds in it."""
    json_of = {form: json.loads((GOLDEN / f"{name}.{form}").read_text()) for form in ("ecs", "ocsf")}
    cef_header, cef = parse_cef((GOLDEN / f"{name}.cef").read_text().rstrip("\n"))
    leef_header, leef = parse_leef((GOLDEN / f"{name}.leef").read_text().rstrip("\n"))
    cef = {**cef, "severity": cef_header[-1]}
    leef = {**leef, "EventID": leef_header[3]}

    def paths(document):
        # A name of the schema may have a dot in it; none of those in the table has.
        return lambda cell: at(document, cell.split("."))
    return {"ECS": paths(json_of["ecs"]), "OCSF": paths(json_of["ocsf"]), "CEF": lambda cell: [cef[cell]] if cell in cef else [],
            "LEEF": lambda cell: [leef[cell]] if cell in leef else []}


def plain(value):
    """Case, the separators of a MAC address and what LEEF cannot bear aside."""
    return re.sub(r"[|^]", "_", str(value).lower().replace("-", ":"))


def alike(value, found):
    return any(plain(value) in plain(one) for one in found)


def places(found):
    """Where the table says that a field is, each golden alert that has the field has it."""
    records = {one["name"]: one["record"] for one in map(json.loads, (GOLDEN / "records.jsonl").read_text().splitlines())}
    alerts = {name: (record, read(name)) for name, record in records.items()
              if record["kind"] == "alert" and name != "alert-before"}
    for row in found["what"]:
        told = 0
        for form in ("ECS", "OCSF", "CEF", "LEEF"):
            cell, faults = code(row[form]), []
            for name, (record, in_format) in alerts.items():
                values = at(record, code(row["JSON"]).split("."))
                told += len(values)
                if not cell or not values:
                    continue
                there = in_format[form](cell)
                in_other_words = (row["what"], form) in IN_OTHER_WORDS
                if not there or not (in_other_words or any(alike(value, there) for value in values)):
                    faults.append(f"{row['what']}: {name} has {values[:1]}, {form} {cell} {there[:1]}")
            yield f"{row['what']} in {form}", "\n".join(faults)
        yield f"{row['what']} is in a record", "" if told else f"{row['what']}: no golden alert has {row['JSON']}"


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, path)
    else:
        yield ".".join(path), value


def elastic_type(mappings, field, value):
    """What the template makes of it: a property of its own, or what a text or a number becomes without."""
    for name in field.split("."):
        mappings = mappings.get("properties", {}).get(name, {})
    if "type" in mappings:
        return mappings["type"]
    return "keyword" if isinstance(value, str) else "float" if isinstance(value, float) else "long"


def elastic_types():
    """Every field of the golden documents has the type that ECS gives it, or below "tapwarden" one that holds its values."""
    template = json.loads(pathlib.Path("packaging/soc/elastic-template.json").read_text())
    wrong = set()
    for path in GOLDEN.glob("*.ecs"):
        for field, value in leaves(json.loads(path.read_text())):
            made = elastic_type(template["template"]["mappings"], field, value)
            own = "date" if isinstance(value, str) and RFC3339.fullmatch(value) else made
            if field.endswith(".certainty"):
                own = "float"
            wanted = own if field.startswith("tapwarden.") else ECS[field]["type"].replace("mac", "keyword")
            if made != wanted:
                wrong.add(f"elastic-template.json: {field} is {made}, not {wanted}")
    yield "types of Elasticsearch", "\n".join(sorted(wrong))


def links(document, text):
    anchors = {re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
               for line in re.findall(r"^#+ (.*)$", text, re.M)}
    for target in sorted(set(re.findall(r"\]\(([^)]+)\)", text))):
        path, _, anchor = target.partition("#")
        is_there = (document.parent / path).exists() if path else anchor in anchors
        yield f"link {target}", "" if is_there else f"{document}: {target} is not there"


def all_that_is_said(document, configuration):
    text = document.read_text()
    found = tables(text)
    yield from options(text, configuration)
    yield from vocabulary(found)
    yield from places(found)
    yield from elastic_types()
    yield from links(document, text)
