"""Checks documents against the shapes that the providers' own packages carry. A document a line on standard input; what is wrong goes to
standard error, and the exit code is 1."""

import json
import re
import sys

import aws_shapes
import azure_shapes
import gcp_shapes

SHAPES = {"aws-json/1": aws_shapes, "azure-json/1": azure_shapes, "gcp-json/1": gcp_shapes}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, field in value.items():
            yield key
            yield from strings(field)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def problems(document):
    shapes = SHAPES.get(document.get("schema"))
    if shapes is None:
        yield f"schema: {document.get('schema')!r} is none of {', '.join(SHAPES)}"
    elif shapes is aws_shapes:
        yield from shapes.problems(document)
    else:
        yield from one_by_one(shapes, document)


def one_by_one(shapes, document):
    for resource in document["resources"]:
        for problem in shapes.problems(resource["type"], resource["properties"]):
            yield f"{resource['id']}{problem}"
        for text in strings(resource["properties"]):
            for kind, name in re.findall(shapes.REFERENCE, text):
                if not shapes.known(document, kind, name):
                    yield f"{resource['id']}: refers to {kind} {name!r}, which the document does not hold"


def objects(value):
    """Every object in it that has fixed keys: a map of names, such as tags or labels, takes any, and cfn-lint does not look into a
    policy's Principal, nor into a script, whose form is our own."""
    if isinstance(value, dict):
        yield value
        for key, field in value.items():
            if key not in ("tags", "userAssignedIdentities", "labels", "Principal", "Fn::Base64"):
                yield from objects(field)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def unseen(document):
    """Plants a wrong key in each object in turn: a check that can't fail proves nothing."""
    for resource in document["resources"]:
        for one in objects(resource["properties"]):
            one["wrongKey"] = "x"
            if not any("wrongKey" in problem for problem in problems(document)):
                yield f"{resource['id']}: a wrong key goes unseen beside {', '.join(one)}"
            del one["wrongKey"]


def main():
    documents = wrong = 0
    tried = set()
    for number, line in enumerate(sys.stdin, 1):
        documents += 1
        document = json.loads(line)
        found = list(problems(document))
        if not found and document["schema"] not in tried:
            tried.add(document["schema"])
            found = list(unseen(document))
        for problem in found:
            wrong += 1
            print(f"document {number}: {problem}", file=sys.stderr)
    if documents == 0:
        sys.exit("tests/clouds/validate: no document on standard input")
    print(f"{documents} documents, {wrong} problems")
    sys.exit(1 if wrong else 0)


main()
