"""Words of names in databases: abbreviations, synonyms, and words that say little."""

from __future__ import annotations

from collections.abc import Mapping

FULL_WORDS: Mapping[str, str] = {
    short: word
    for word, shorts in {
        "quantity": "qty quant",
        "description": "desc descr",
        "number": "num nr no nbr",
        "address": "addr",
        "user": "usr",
        "message": "msg",
        "identifier": "ident",
        "organization": "org organisation",
        "configuration": "config conf cfg",
        "parameter": "param params prm",
        "attribute": "attr attrs",
        "reference": "ref refs",
        "password": "pwd passwd pass",
        "maximum": "max",
        "minimum": "min",
        "average": "avg",
        "amount": "amt",
        "temporary": "temp tmp",
        "previous": "prev",
        "current": "curr cur",
        "position": "pos",
        "sequence": "seq",
        "second": "sec secs",
        "millisecond": "ms msec",
        "information": "info",
        "statistics": "stats",
        "administrator": "admin",
        "application": "app",
        "account": "acct acc",
        "category": "cat categ",
        "language": "lang",
        "location": "loc",
        "image": "img",
        "picture": "pic",
        "document": "doc",
        "expiration": "expiry exp expires expire expired",
        "environment": "env",
        "version": "ver vers",
        "value": "val",
        "variable": "var vars",
        "sourced": "src",
        "destination": "dest dst",
        "department": "dept",
        "telephone": "tel",
        "authentication": "auth",
        "synchronization": "sync",
        "frequency": "freq",
        "percent": "pct percentage",
        "transaction": "txn trx tx",
        "database": "db",
        "directory": "dir",
        "specification": "spec specs",
        "properties": "props prop property",
        "metadata": "meta",
        "repository": "repo",
        "execution": "exec",
        "length": "len",
        "character": "char chars",
        "index": "idx",
        "object": "obj",
        "response": "resp",
        "request": "req",
        "error": "err",
        "notification": "notif",
        "recipient": "rcpt",
    }.items()
    for short in shorts.split()
}
"""The word that an abbreviation, or another form of it, stands for."""

SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "created creation create inserted added add timestamp registered",
        "updated modified changed edited update modification change",
        "deleted removed archived",
        "user account member person owner author creator",
        "username login user",
        "name title label",
        "description text summary body content note comment detail",
        "comment note remark",
        "type kind category class",
        "status state",
        "enabled active disabled inactive",
        "public visible published",
        "email mail",
        "telephone phone mobile",
        "url link uri href website",
        "image picture photo avatar logo icon thumbnail",
        "start begin started from",
        "end finish finished ended stop until to completed",
        "amount total sum price cost",
        "count number total quantity",
        "position order rank index sequence",
        "customer client",
        "company organization firm",
        "team group",
        "project workspace",
        "tenant workspace organization",
        "role permission",
        "key identifier slug code",
        "uuid guid",
        "data payload content value json",
        "metadata extra",
        "configuration setting option parameter",
        "log history event",
        "task job",
        "run execution",
        "file document attachment",
        "address location",
        "date time timestamp datetime",
        "zip postal postcode",
        "gender sex",
        "surname lastname",
        "parent root",
        "source origin",
        "target destination",
        "size length",
        "language locale",
        "hash digest checksum",
        "token secret key",
        "last latest",
        "first initial",
        "locked blocked",
        "tag label",
    )
)
"""Words that stand for one another in names; a word may be in several groups."""

_FILLERS = "is has at on by id the of a an to for in was do can should with date time flag"
FILLERS = frozenset(_FILLERS.split())
"""Words that say what form a thing has, or nothing."""

_USUAL = (
    "id uuid name title description created_at updated_at modified_at deleted_at created updated modified is_active"
)
USUAL_COLUMNS = frozenset(_USUAL.split())
"""Columns that tell little about the table which has them."""
