"""DDL as text leads to the same schema in memory as in the database that runs it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy.engine import Dialect, Inspector
from sqlalchemy.exc import DBAPIError

from alembic_manage.dialects import dialect_named
from alembic_manage.state.objects import Check, Key, Unique
from alembic_manage.state.schema import Schema, SchemaError, Table
from alembic_manage.state.sql.statements import apply_ddl

SETUP = {
    "postgresql": (
        "CREATE TABLE parent (id serial PRIMARY KEY, code varchar(10) UNIQUE, a int, b text)",
        "CREATE TABLE child (id bigserial, parent_id int NOT NULL REFERENCES parent, n numeric(10, 2) DEFAULT 0,"
        " note text, PRIMARY KEY (id), CHECK (n >= 0))",
        "CREATE INDEX ix_child_note ON child (note)",
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    ),
    "mariadb": (
        "CREATE TABLE parent (id int AUTO_INCREMENT PRIMARY KEY, code varchar(10) UNIQUE, a int, b text)",
        "CREATE TABLE child (id bigint NOT NULL AUTO_INCREMENT, parent_id int NOT NULL, n decimal(10, 2) DEFAULT 0,"
        " note varchar(30), PRIMARY KEY (id), CHECK (n >= 0), FOREIGN KEY (parent_id) REFERENCES parent (id))",
        "CREATE INDEX ix_child_note ON child (note)",
    ),
    "sqlite": (
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, code text UNIQUE, a int, b text)",
        "CREATE TABLE child (id INTEGER NOT NULL, parent_id int NOT NULL REFERENCES parent, n numeric(10, 2) DEFAULT 0,"
        " note text, PRIMARY KEY (id), CONSTRAINT positive CHECK (n >= 0))",
        "CREATE INDEX ix_child_note ON child (note)",
    ),
}

SAME = {
    "postgresql": [
        "CREATE TABLE t (a int, b varchar(20) NOT NULL DEFAULT 'x', c timestamptz DEFAULT now(), d text[]"
        " DEFAULT '{}')",
        'CREATE TABLE t (A int, "B" int, CHECK (A > 0), CHECK (a > 1 AND "B" > 0), CHECK (1 > 0))',
        "CREATE TABLE t (a int CONSTRAINT small CHECK (a < 9) CONSTRAINT one UNIQUE, b int CONSTRAINT p PRIMARY KEY)",
        "CREATE TABLE t (a int, b int, UNIQUE (a, b), UNIQUE (b), CONSTRAINT u UNIQUE (a) DEFERRABLE INITIALLY"
        " DEFERRED)",
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT BY 2), b int GENERATED ALWAYS AS"
        " (1) STORED)",
        "CREATE TABLE t (a smallserial, b uuid DEFAULT gen_random_uuid(), c mood DEFAULT 'ok', d mood[], e jsonb)",
        "CREATE TABLE t (a double precision, b real, c float, d char(3), e bit varying(4), f interval, g time, h bytea,"
        " i numeric, j timestamp(3), k date, l inet, m tsvector, n bit(3), o int8, p float8, q bool, r varchar)",
        "CREATE TABLE IF NOT EXISTS parent (x int)",
        "CREATE TABLE t (a int, b int, CONSTRAINT p PRIMARY KEY (a) INCLUDE (b), UNIQUE NULLS NOT DISTINCT (b))",
        "CREATE TABLE t (a varchar(5)[] DEFAULT ARRAY['x']::varchar[], b date DEFAULT (now() AT TIME ZONE 'utc'),"
        " c interval DEFAULT '1 day'::interval NOT NULL, d int DEFAULT CAST('1' AS int) CHECK (d IN (1, 2)))",
        "ALTER TABLE child ADD x int CHECK (x > 0), ADD COLUMN y mood NOT NULL DEFAULT 'ok'",
        "ALTER TABLE child ALTER note TYPE mood USING 'ok'::mood, ALTER COLUMN n SET DEFAULT 1 + 1",
        "ALTER TABLE child ADD EXCLUDE USING btree (n WITH =); ALTER TABLE child DROP CONSTRAINT child_n_excl",
        "ALTER TABLE parent RENAME TO elder; ALTER TABLE child ADD FOREIGN KEY (id) REFERENCES elder",
        "ALTER TABLE child DROP parent_id; ALTER TABLE child ADD parent_id int REFERENCES parent",
        'ALTER TABLE "child" ADD "Mixed" int; CREATE INDEX "Ix" ON child ("Mixed"); ALTER TABLE child RENAME'
        ' "Mixed" TO m',
        "CREATE INDEX ON child ((note || 'x'), (n))",
        "ALTER TABLE child ALTER COLUMN id TYPE integer; ALTER SEQUENCE child_id_seq AS integer",
        "CREATE TYPE r AS RANGE (subtype = float8); COMMENT ON TYPE r IS 'x'; ALTER TYPE r OWNER TO postgres;"
        " DROP TYPE r",
        "CREATE TABLE t (a int REFERENCES parent (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE, b int, c int,"
        " FOREIGN KEY (b) REFERENCES parent (id), CONSTRAINT f FOREIGN KEY (c) REFERENCES parent ON DELETE CASCADE)",
        "CREATE TABLE t (r int4range, EXCLUDE USING gist (r WITH &&))",
        "CREATE TABLE t (a int, b int) PARTITION BY RANGE (a)",
        "CREATE UNLOGGED TABLE t (a int) WITH (fillfactor = 70)",
        "CREATE TEMPORARY TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t ADD b int; DROP TABLE t",
        "CREATE TABLE t (LIKE child INCLUDING ALL)",
        "CREATE TABLE t (LIKE child)",
        "CREATE TABLE t (LIKE child INCLUDING DEFAULTS INCLUDING INDEXES)",
        "CREATE TABLE a_table_with_a_rather_long_name_to_cut (another_long_column_name_of_it int UNIQUE"
        " REFERENCES parent)",
        "CREATE SCHEMA s; CREATE TABLE s.t (a int PRIMARY KEY); ALTER TABLE child SET SCHEMA s; DROP TABLE s.t",
        "CREATE TABLE \"T t\" (\"a b\" int DEFAULT -1, c int DEFAULT (1 + 2), d text DEFAULT 'a' || 'b' NOT NULL)",
        'CREATE TABLE t (a text COLLATE "C", b text DEFAULT NULL, c timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL)',
        "CREATE TABLE t (a int); COMMENT ON TABLE t IS 'what''s it'; COMMENT ON COLUMN t.a IS 'x';"
        " COMMENT ON COLUMN t.a IS NULL; COMMENT ON COLUMN public.child.n IS 'y'",
        "DROP TABLE child, parent",
        "DROP TABLE parent CASCADE",
        "DROP TABLE parent, child",
        "DROP TABLE IF EXISTS nowhere, child",
        "ALTER TABLE child RENAME TO kid",
        "ALTER TABLE child RENAME note TO remark",
        "ALTER TABLE child RENAME COLUMN n TO m",
        "ALTER TABLE parent RENAME COLUMN id TO key",
        "ALTER TABLE child RENAME CONSTRAINT child_n_check TO c; ALTER TABLE child RENAME CONSTRAINT child_pkey TO p",
        "ALTER TABLE child_pkey RENAME TO p; ALTER TABLE ix_child_note RENAME TO i",
        "ALTER TABLE child ADD x int, ADD COLUMN y text NOT NULL DEFAULT '' UNIQUE, ADD z int REFERENCES parent",
        "ALTER TABLE child ADD COLUMN IF NOT EXISTS note int UNIQUE, ADD COLUMN IF NOT EXISTS more int UNIQUE",
        "ALTER TABLE child ADD x serial",
        "ALTER TABLE child ADD x int GENERATED BY DEFAULT AS IDENTITY",
        "ALTER TABLE child ADD CHECK (note <> ''), ADD UNIQUE (note), ADD FOREIGN KEY (parent_id) REFERENCES parent",
        "ALTER TABLE child ADD CONSTRAINT k CHECK (n > 1) NOT VALID; ALTER TABLE child VALIDATE CONSTRAINT k",
        "ALTER TABLE child ADD CONSTRAINT f FOREIGN KEY (parent_id) REFERENCES parent (id) NOT VALID",
        "CREATE UNIQUE INDEX u ON child (note); ALTER TABLE child ADD CONSTRAINT uq UNIQUE USING INDEX u",
        "CREATE UNIQUE INDEX u ON parent (a); ALTER TABLE parent ALTER a SET NOT NULL;"
        " ALTER TABLE child DROP CONSTRAINT child_parent_id_fkey; ALTER TABLE parent DROP CONSTRAINT parent_pkey;"
        " ALTER TABLE parent ADD PRIMARY KEY USING INDEX u",
        "ALTER TABLE child DROP COLUMN note",
        "ALTER TABLE child DROP n, DROP COLUMN IF EXISTS nowhere",
        "ALTER TABLE parent DROP COLUMN id CASCADE",
        "ALTER TABLE child DROP COLUMN id, ADD COLUMN id uuid PRIMARY KEY",
        "ALTER TABLE child DROP CONSTRAINT child_parent_id_fkey, DROP CONSTRAINT IF EXISTS nowhere",
        "ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE",
        "ALTER TABLE child ALTER n TYPE double precision USING n::float8, ALTER COLUMN note SET DATA TYPE varchar(9)",
        "ALTER TABLE child ALTER note SET NOT NULL, ALTER note SET DEFAULT 'x', ALTER parent_id DROP NOT NULL",
        "ALTER TABLE child ALTER n DROP DEFAULT, ALTER COLUMN id DROP DEFAULT",
        "ALTER TABLE child ALTER parent_id ADD GENERATED ALWAYS AS IDENTITY;"
        " ALTER TABLE child ALTER parent_id SET GENERATED BY DEFAULT SET INCREMENT BY 3 RESTART",
        "ALTER TABLE child ALTER parent_id ADD GENERATED ALWAYS AS IDENTITY; ALTER TABLE child ALTER parent_id"
        " DROP IDENTITY",
        "ALTER TABLE child ALTER CONSTRAINT child_parent_id_fkey DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE child ENABLE ROW LEVEL SECURITY, SET (fillfactor = 70), ALTER n SET STATISTICS 100, OWNER"
        " TO postgres",
        "ALTER TABLE child CLUSTER ON child_pkey; ALTER TABLE child REPLICA IDENTITY FULL; ALTER TABLE child"
        " SET UNLOGGED",
        "ALTER TABLE IF EXISTS nowhere ADD a int",
        "ALTER TABLE ONLY public.child ADD a int",
        "CREATE INDEX ON child (note); CREATE INDEX ON child (lower(note), n DESC); CREATE INDEX ON child ((n + 1))",
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON child USING btree (note text_pattern_ops, n DESC NULLS LAST)"
        " INCLUDE (id) WITH (fillfactor = 70) WHERE n > 0",
        "CREATE INDEX IF NOT EXISTS ix_child_note ON parent (a)",
        "DROP INDEX ix_child_note; DROP INDEX IF EXISTS public.nowhere CASCADE",
        "ALTER INDEX ix_child_note RENAME TO i; ALTER INDEX child_pkey RENAME TO p; ALTER INDEX IF EXISTS zz"
        " RENAME TO z",
        "CREATE INDEX i ON child (note) WHERE n > 0; ALTER TABLE child DROP n",
        "CREATE TABLE t (m mood); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'; ALTER TYPE mood ADD VALUE"
        " 'fine' BEFORE 'ok';"
        " ALTER TYPE mood RENAME VALUE 'sad' TO 'low'; ALTER TYPE mood RENAME TO feeling",
        "CREATE TABLE t (m mood); DROP TYPE mood CASCADE",
        "CREATE SCHEMA s; ALTER TYPE mood SET SCHEMA s; CREATE TABLE t (m s.mood)",
        "DROP TYPE mood; DROP TYPE IF EXISTS mood",
        "CREATE DOMAIN d AS text CHECK (VALUE <> ''); CREATE TYPE pair AS (a int, b int); CREATE TABLE t (a pair)",
        "CREATE DOMAIN d AS text; DROP DOMAIN d; CREATE TYPE pair AS (a int); DROP TYPE pair",
        "CREATE SEQUENCE s START 3; ALTER SEQUENCE s INCREMENT BY 5; ALTER SEQUENCE s RENAME TO s2;"
        " CREATE TABLE t (a int DEFAULT nextval('s2'))",
        "CREATE SEQUENCE s; DROP SEQUENCE s; ALTER SEQUENCE child_id_seq RESTART WITH 5 OWNED BY NONE",
        "CREATE SEQUENCE s OWNED BY parent.a; ALTER TABLE parent ALTER a SET DEFAULT nextval('s'); CREATE SEQUENCE s2"
        " OWNED BY child.n; ALTER TABLE child DROP n; CREATE SEQUENCE s2; ALTER SEQUENCE s2 OWNED BY public.child.note",
        "CREATE SEQUENCE s OWNED BY child.n; ALTER TABLE child RENAME n TO m; ALTER TABLE child RENAME TO kid;"
        " CREATE SEQUENCE s2 OWNED BY kid.note; ALTER SEQUENCE s2 OWNED BY NONE; DROP TABLE kid; CREATE SEQUENCE s",
        "CREATE SCHEMA s; CREATE SEQUENCE q OWNED BY child.n; ALTER TABLE child SET SCHEMA s; CREATE SEQUENCE q;"
        " ALTER TABLE s.child RENAME TO kid",
        "CREATE TABLE t (m mood DEFAULT 'ok'); ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok');"
        " ALTER TABLE t ALTER m DROP DEFAULT; ALTER TABLE t ALTER m TYPE mood USING m::text::mood;"
        " ALTER TABLE t ALTER m SET DEFAULT 'ok'; DROP TYPE mood_old",
        "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY (START 5)); ALTER TABLE t ALTER a SET GENERATED ALWAYS"
        " SET START WITH 7 SET NO CYCLE; SELECT setval(pg_get_serial_sequence('t', 'a'), coalesce(max(a), 1)) FROM t",
        "CREATE SCHEMA IF NOT EXISTS s; CREATE SCHEMA IF NOT EXISTS s; CREATE TABLE s.t (a int); DROP SCHEMA s CASCADE",
        "CREATE VIEW v AS SELECT 1 AS a; GRANT ALL ON parent TO public; DROP VIEW v",
        "DO $$ BEGIN CREATE TYPE mood AS ENUM ('x'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "DO $$ BEGIN ALTER TABLE child ADD x int; ALTER TABLE child ADD note int;"
        " EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'there'; END $$",
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('x');"
        " ELSE ALTER TABLE child ADD x mood; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'child' AND"
        " column_name = 'note') THEN ALTER TABLE child RENAME note TO remark; END IF; END $$",
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'child_n_check' AND"
        " conrelid = 'child'::regclass AND contype = 'c') OR to_regclass('public.ix_child_note') IS NOT NULL THEN"
        " DROP INDEX ix_child_note; END IF; END $$",
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood'"
        " AND e.enumlabel = 'sad') THEN ALTER TYPE mood RENAME VALUE 'sad' TO 'low'; RETURN; END IF; DROP TYPE"
        " mood; END $$",
    ],
    "mariadb": [
        "CREATE VIEW v AS SELECT id FROM parent; RENAME TABLE parent TO elder, v TO parent",
        "ALTER TABLE child ADD x int, ALGORITHM=INSTANT; CREATE INDEX i ON child (x) ALGORITHM=INPLACE LOCK=NONE",
        "ALTER TABLE child DROP INDEX ix_child_note, MODIFY note varchar(30) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE",
        "CREATE TABLE t (a int(11) unsigned NOT NULL DEFAULT 0, b enum('x', 'it''s') DEFAULT 'x', c tinyint(1),"
        " d datetime(6), e set('q'), f json, g double, h bool, i longtext, j varbinary(16), k decimal(5, 1) unsigned)",
        "CREATE TABLE `t` (`a` int, KEY (`a`), KEY `k` (`a`) USING BTREE COMMENT 'x', UNIQUE KEY (`a`), UNIQUE u (a))"
        " ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='what''s it'",
        "CREATE TABLE t (a int CHECK (a > 0), b int, CHECK (b > 0), CONSTRAINT c CHECK (a > b), d int PRIMARY KEY)",
        "CREATE TABLE t (a int REFERENCES parent (id), b int, c int, FOREIGN KEY (b) REFERENCES parent (id),"
        " CONSTRAINT f FOREIGN KEY (c) REFERENCES parent (id) ON DELETE CASCADE, KEY f (c))",
        "CREATE TABLE t (a timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'when',"
        " b datetime DEFAULT now() ON UPDATE now(), c int GENERATED ALWAYS AS (1 + 2) STORED, d int AS (1) VIRTUAL)",
        "CREATE TABLE t (a text CHARACTER SET latin1 COLLATE latin1_bin, b varchar(9), FULLTEXT KEY ft (a), KEY"
        " i (a(5), b))",
        "CREATE TABLE t (a int, b int, UNIQUE KEY uq (a, b), INDEX i (b DESC)); CREATE TABLE s LIKE t",
        "CREATE TABLE s LIKE child",
        "CREATE SEQUENCE s START WITH 5 INCREMENT BY 2; ALTER SEQUENCE s MAXVALUE 100; DROP SEQUENCE s",
        "CREATE TABLE t (a varchar(9) CHARACTER SET latin1) COLLATE utf8mb4_bin; ALTER TABLE t CONVERT TO CHARACTER SET"
        " latin1; ALTER TABLE t CONVERT TO CHARACTER SET DEFAULT; ALTER TABLE t ROW_FORMAT=DYNAMIC; ALTER TABLE t"
        " ROW_FORMAT=DEFAULT ENGINE=InnoDB",
        "ALTER TABLE parent DROP CONSTRAINT code",
        "ALTER TABLE child DROP CONSTRAINT child_ibfk_1",
        "ALTER TABLE child ADD x int, ADD INDEX (x),"
        " ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES parent (id) ON DELETE SET NULL",
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b), FOREIGN KEY (a) REFERENCES parent (id),"
        " FOREIGN KEY (b) REFERENCES parent (id))",
        "ALTER TABLE child MODIFY note varchar(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT ''",
        "ALTER TABLE child ADD x int UNIQUE KEY COMMENT 'a,b)'",
        "ALTER TABLE child DROP PRIMARY KEY, MODIFY id int, ADD COLUMN id2 int AUTO_INCREMENT PRIMARY KEY FIRST",
        "ALTER TABLE child CHANGE parent_id pid int NOT NULL",
        'CREATE TABLE t (name varchar(10) DEFAULT "x", `select` int)',
        "ALTER TABLE child RENAME INDEX parent_id TO p",
        "ALTER TABLE child ADD CONSTRAINT k CHECK (n < 5); ALTER TABLE child DROP COLUMN n",
        "CREATE OR REPLACE TABLE child (a int)",
        "CREATE TABLE IF NOT EXISTS child (a int)",
        "CREATE TEMPORARY TABLE t (a int); DROP TEMPORARY TABLE t",
        "RENAME TABLE child TO kid, parent TO elder",
        "ALTER TABLE child RENAME kid",
        "ALTER TABLE child RENAME TO kid, ADD x int",
        "DROP TABLE child, parent",
        "DROP TABLE IF EXISTS nowhere, child",
        "ALTER TABLE child ADD x int FIRST, ADD COLUMN y int AFTER id, ADD COLUMN (z int, w int), ADD v int UNIQUE",
        "ALTER TABLE child ADD COLUMN IF NOT EXISTS note int, ADD COLUMN IF NOT EXISTS more int NOT NULL",
        "ALTER TABLE child DROP note, DROP INDEX ix_child_note",
        "ALTER TABLE child DROP COLUMN IF EXISTS nowhere, DROP COLUMN note",
        "ALTER TABLE child ADD INDEX i (note, n); ALTER TABLE child DROP COLUMN note",
        "ALTER TABLE child MODIFY note text NOT NULL, MODIFY COLUMN n int NULL DEFAULT 5 COMMENT 'x' FIRST",
        "ALTER TABLE child MODIFY id int",
        "ALTER TABLE child CHANGE note remark varchar(50) NOT NULL AFTER id, CHANGE COLUMN n m decimal(3, 1)",
        "ALTER TABLE child RENAME COLUMN note TO remark, RENAME INDEX ix_child_note TO i",
        "ALTER TABLE child ALTER n SET DEFAULT 3, ALTER COLUMN note SET DEFAULT 'x'",
        "ALTER TABLE child ALTER n DROP DEFAULT",
        "ALTER TABLE child ADD INDEX (note), ADD UNIQUE KEY u (note, n), ADD UNIQUE (parent_id), ADD KEY IF NOT"
        " EXISTS k (n)",
        "ALTER TABLE child ADD FULLTEXT INDEX ft (note), ADD CONSTRAINT uq UNIQUE (note), ADD CONSTRAINT k"
        " CHECK (n < 9)",
        "ALTER TABLE child ADD CONSTRAINT f FOREIGN KEY (parent_id) REFERENCES parent (id) ON UPDATE CASCADE",
        "ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent (id)",
        "ALTER TABLE child DROP FOREIGN KEY child_ibfk_1; ALTER TABLE child DROP INDEX parent_id",
        "ALTER TABLE child DROP INDEX parent_id, DROP FOREIGN KEY child_ibfk_1",
        "ALTER TABLE child DROP CONSTRAINT CONSTRAINT_1, DROP CONSTRAINT IF EXISTS nowhere",
        "ALTER TABLE parent DROP KEY code; ALTER TABLE parent ADD UNIQUE INDEX code (code(5))",
        "ALTER TABLE child MODIFY id bigint NOT NULL, DROP PRIMARY KEY, ADD PRIMARY KEY (id, parent_id)",
        "ALTER TABLE child COMMENT = 'x', ENGINE = InnoDB ROW_FORMAT = DYNAMIC, DEFAULT CHARSET latin1",
        "ALTER TABLE child CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "ALTER TABLE child ADD x int, ALGORITHM = INPLACE, LOCK = NONE",
        "ALTER TABLE child ADD parent2 int, ADD CONSTRAINT f2 FOREIGN KEY (parent2) REFERENCES parent (id)",
        "CREATE UNIQUE INDEX u ON child (note(5), n); CREATE FULLTEXT INDEX f ON child (note)",
        "CREATE INDEX IF NOT EXISTS ix_child_note ON child (n); DROP INDEX ix_child_note ON child",
        "CREATE INDEX serves ON child (parent_id, n)",
        "ALTER TABLE child RENAME TO kid; ALTER TABLE kid ADD FOREIGN KEY (parent_id) REFERENCES parent (id)",
        "/*!40101 CREATE TABLE t (a int) */",
        "CREATE TABLE t (a int) # a comment",
        "CREATE VIEW v AS SELECT 1; DROP VIEW v",
    ],
    "sqlite": [
        "CREATE TABLE t (a, b INTEGER PRIMARY KEY AUTOINCREMENT, [c d] varchar(20) DEFAULT 'x' NOT NULL, \"e\""
        " int DEFAULT -1)",
        "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0), b int DEFAULT (1 + 2), UNIQUE (a, b), CONSTRAINT u"
        " UNIQUE (b))",
        "CREATE TABLE t (a text COLLATE NOCASE PRIMARY KEY, b datetime DEFAULT CURRENT_TIMESTAMP) WITHOUT ROWID",
        "CREATE TABLE t (a int REFERENCES parent (id), b int, FOREIGN KEY (a) REFERENCES parent (code) ON"
        " DELETE CASCADE,"
        " CONSTRAINT f FOREIGN KEY (b) REFERENCES nowhere (x) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE t (a int NOT NULL ON CONFLICT IGNORE, UNIQUE (a) ON CONFLICT REPLACE)",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int AS (a) VIRTUAL)",
        "CREATE TEMP TABLE t (a int); DROP TABLE t",
        "CREATE TABLE IF NOT EXISTS child (a int)",
        "CREATE TABLE t (a int REFERENCES parent (id)); DROP TABLE child; DROP TABLE parent",
        "DROP TABLE IF EXISTS nowhere",
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))",
        "ALTER TABLE child RENAME COLUMN n TO m",
        "ALTER TABLE child RENAME TO kid",
        "ALTER TABLE parent RENAME TO elder",
        "ALTER TABLE child RENAME COLUMN note TO remark",
        "ALTER TABLE parent RENAME id TO key",
        "ALTER TABLE child ADD COLUMN x int NOT NULL DEFAULT 0 REFERENCES parent (id)",
        "ALTER TABLE parent DROP COLUMN a",
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON child (note, n) WHERE n > 0",
        "DROP INDEX ix_child_note",
        "DROP INDEX IF EXISTS nowhere",
        "CREATE TABLE new (id INTEGER PRIMARY KEY, x int); DROP TABLE child; ALTER TABLE new RENAME TO child",
        "CREATE TRIGGER g AFTER INSERT ON child BEGIN UPDATE child SET n = CASE WHEN 1 THEN 2 END; DELETE FROM"
        " child; END;"
        " ALTER TABLE child ADD x int",
        "PRAGMA foreign_keys = OFF",
    ],
}

REFUSED = {
    "postgresql": [
        "CREATE TABLE parent (a int)",
        "CREATE TABLE t (a int, a int)",
        "CREATE TABLE t (a int REFERENCES nowhere)",
        "CREATE TABLE t (a int, UNIQUE (b))",
        "CREATE INDEX ix_child_note ON parent (a)",
        "CREATE INDEX i ON child (nowhere)",
        "DROP TABLE parent",
        "DROP TABLE child, nowhere",
        "DROP INDEX nowhere",
        "DROP TYPE nowhere",
        "CREATE TABLE t (m mood); DROP TYPE mood",
        "CREATE TYPE mood AS ENUM ('x')",
        "ALTER TYPE mood ADD VALUE 'ok'",
        "ALTER TABLE child ADD note int",
        "ALTER TABLE child ADD x int, DROP COLUMN nowhere",
        "ALTER TABLE child DROP CONSTRAINT nowhere",
        "ALTER TABLE child ADD CONSTRAINT child_n_check CHECK (n > 1)",
        "ALTER TABLE child ALTER nowhere TYPE int",
        "ALTER TABLE child ALTER id DROP NOT NULL",
        "ALTER TABLE child RENAME note TO n",
        "ALTER TABLE child ADD PRIMARY KEY (parent_id)",
        "ALTER TABLE parent DROP COLUMN id",
        "ALTER TABLE parent DROP CONSTRAINT parent_pkey",
        "ALTER TABLE nowhere ADD a int",
        "DROP SEQUENCE nowhere",
        "CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s",
        "DO $$ BEGIN CREATE TYPE mood AS ENUM ('x'); END $$",
    ],
    "mariadb": [
        "CREATE TABLE child (a int)",
        "CREATE TABLE t (a int, A int)",
        "CREATE INDEX ix_child_note ON child (n)",
        "ALTER TABLE child ADD NOTE int",
        "ALTER TABLE child DROP nowhere",
        "ALTER TABLE child DROP parent_id",
        "ALTER TABLE parent DROP id",
        "CREATE TABLE t (a int, b int, CHECK (a > b)); ALTER TABLE t DROP a",
        "ALTER TABLE child ADD x int, DROP INDEX nowhere",
        "ALTER TABLE child DROP FOREIGN KEY nowhere",
        "ALTER TABLE child DROP INDEX parent_id",
        "RENAME TABLE nowhere TO x",
        "DROP TABLE nowhere",
    ],
    "sqlite": [
        "CREATE TABLE child (a int)",
        "CREATE INDEX ix_child_note ON parent (a)",
        "ALTER TABLE child ADD COLUMN Note int",
        "ALTER TABLE child ADD COLUMN x int UNIQUE",
        "ALTER TABLE child ALTER COLUMN note TYPE int",
        "ALTER TABLE child DROP COLUMN note",
        "ALTER TABLE child DROP COLUMN nowhere",
        "ALTER TABLE child ADD CONSTRAINT u UNIQUE (n)",
        "DROP TABLE nowhere",
        "DROP INDEX nowhere",
    ],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(database, sql) for database, texts in table.items() for sql in texts]


class Both:
    """A database, and a schema in memory; both have had the same statements."""

    def __init__(self, url: Any, name: str) -> None:
        self.engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self.schema = Schema(dialect_named(name))
        self.dialect: Dialect = self.engine.dialect
        for statement in SETUP[name]:
            self.run([statement])
            self.apply([statement])

    def statements(self, sql: str) -> list[str]:
        from alembic_manage.state.sql.statements import split_statements

        return split_statements(sql, self.schema.rules)

    def run(self, statements: list[str]) -> None:
        with self.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%"))

    def apply(self, statements: list[str]) -> None:
        for statement in statements:
            apply_ddl(self.schema, statement, self.dialect)

    def differences(self) -> dict[Any, Any]:
        """By table and part: what the state holds, and what the database holds."""
        state, real = self.state(), self.real()
        return {key: (state.get(key), real.get(key)) for key in {**state, **real} if state.get(key) != real.get(key)}

    def real(self) -> dict[str, Any]:
        with self.engine.connect() as connection:
            inspector = inspect(connection)
            default = self.schema.rules.default_schema
            schemas = [None]
            if default == "public":
                own = (default, "information_schema")
                schemas += [each for each in inspector.get_schema_names() if each not in own]
            enums = {each["name"]: tuple(each["labels"]) for each in getattr(inspector, "get_enums", list)()}
            return {("", "enums"): enums} | {
                (str(Key(schema, name)), part): content
                for schema in schemas
                for name in inspector.get_table_names(schema)
                for part, content in real_table(inspector, self, name, schema).items()
            }

    def state(self) -> dict[str, Any]:
        enums = {key.name: enum.labels for key, enum in self.schema.enums.items() if key.schema is None}
        return {("", "enums"): enums} | {
            (str(table.key), part): content
            for table in self.schema.tables.values()
            for part, content in state_table(self, table).items()
        }


def real_table(inspector: Inspector, both: Both, name: str, schema: str | None) -> dict[str, Any]:
    key = inspector.get_pk_constraint(name, schema)
    indexes = [each for each in inspector.get_indexes(name, schema) if "duplicates_constraint" not in each]
    is_index = both.schema.rules.unique_is_index
    return {
        "columns": [
            (
                each["name"],
                type_text(both, each["type"]),
                each["nullable"],
                each.get("default") is not None,
                "computed" in each,
                "identity" in each,
                each.get("comment"),
            )
            for each in inspector.get_columns(name, schema)
        ],
        "primary": (key["name"], tuple(key["constrained_columns"])) if key["constrained_columns"] else None,
        "unique": set()
        if is_index
        else {(each["name"], tuple(each["column_names"])) for each in inspector.get_unique_constraints(name, schema)},
        "checks": {each["name"] for each in inspector.get_check_constraints(name, schema)},
        "foreign_keys": {
            (
                each["name"],
                tuple(each["constrained_columns"]),
                each["referred_table"],
                tuple(each["referred_columns"]),
                tuple(sorted((k, str(v)) for k, v in each["options"].items() if v not in ("NO ACTION", "RESTRICT"))),
            )
            for each in inspector.get_foreign_keys(name, schema)
        },
        "indexes": {(each["name"], len(each["column_names"]), bool(each["unique"])) for each in indexes},
        "comment": inspector.get_table_comment(name, schema)["text"] if both.dialect.supports_comments else None,
    }


def state_table(both: Both, table: Table) -> dict[str, Any]:
    rules = both.schema.rules
    key = table.primary_key
    return {
        "columns": [
            (
                each.name,
                type_text(both, each.type),
                each.nullable,
                each.default is not None
                or (each.autoincrement and rules.names_constraints and not rules.unique_is_index),
                each.computed is not None,
                each.identity is not None,
                each.comment,
            )
            for each in table.columns.values()
        ],
        "primary": (key.name, key.columns) if key else None,
        "unique": {(each.name, each.columns) for each in table.constraints if isinstance(each, Unique)},
        "checks": {each.name for each in table.constraints if isinstance(each, Check)},
        "foreign_keys": {
            (
                each.name,
                each.columns,
                each.referred.name,
                each.referred_columns or both.schema.table(each.referred).primary_key.columns,
                tuple(
                    sorted(
                        (option, str(value))
                        for option in ("ondelete", "onupdate", "deferrable", "initially")
                        if (value := getattr(each, option)) is not None
                    )
                ),
            )
            for each in table.foreign_keys
        },
        "indexes": {(each.name, len(each.parts), each.unique) for each in table.indexes},
        "comment": table.comment or None,
    }


def type_text(both: Both, type_: Any) -> str:
    """The type in DDL; without the widths and collations that MariaDB adds by itself."""
    compiler: Any = both.dialect.type_compiler_instance
    text = "" if type_.__class__.__name__ in ("NullType", "WrittenType") else compiler.process(type_)
    if both.schema.rules.unique_is_index:
        text = re.sub(r" (CHARACTER SET|COLLATE) \S+", "", text)
        text = re.sub(r"\b((?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER)?)(?!\(1\))(\(\d+\))?", r"\1", text)
        return text.replace("JSON", "LONGTEXT")
    return (
        re.sub(r"\bFLOAT\b(?!\()", "DOUBLE PRECISION", text)
        .replace(' COLLATE "C"', "")
        .replace(' COLLATE "NOCASE"', "")
    )


@pytest.mark.filterwarnings("ignore:Did not recognize type")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
@pytest.mark.parametrize(("database", "sql"), cases(SAME))
def test_statements_lead_to_the_same_schema(new_database, database, sql):
    both = Both(new_database(database), database)
    statements = both.statements(sql)
    both.run(statements)
    both.apply(statements)
    assert not both.differences()


@pytest.mark.parametrize(("database", "sql"), cases(REFUSED))
def test_what_the_database_refuses_is_refused(new_database, database, sql):
    both = Both(new_database(database), database)
    *before, last = both.statements(sql)
    both.run(before)
    both.apply(before)
    with pytest.raises(DBAPIError):
        both.run([last])
    with pytest.raises(SchemaError):
        both.apply([last])
    assert not both.differences()
