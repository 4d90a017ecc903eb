"""What kind of statement a text is, and where one ends."""

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.state.sql.statements import StatementKind, kind_of, split_statements

KINDS = {
    StatementKind.QUERY: [
        "SELECT 1",
        "  -- a comment\n /* another */ select 1",
        "(SELECT 1) UNION (SELECT 2)",
        "WITH a AS (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM a",
        "VALUES (1)",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
        "PRAGMA table_info(t)",
        "PRAGMA foreign_keys",
    ],
    StatementKind.ROWS: [
        "INSERT INTO t VALUES (1)",
        "update t set a = 1",
        "DELETE FROM t",
        "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
        "WITH RECURSIVE a AS (SELECT 1), b AS (SELECT 2) DELETE FROM t USING a",
        "REPLACE INTO t VALUES (1)",
        "TRUNCATE TABLE t",
        "COPY t FROM STDIN",
        "LOAD DATA INFILE 'x' INTO TABLE t",
        "DO $$ BEGIN UPDATE t SET a = 1; END $$",
    ],
    StatementKind.DDL: [
        "CREATE TABLE t (a int)",
        "CREATE TEMPORARY TABLE t (a int)",
        "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
        "ALTER TABLE t ADD a int",
        "ALTER TYPE t ADD VALUE 'x'",
        "DROP SCHEMA s CASCADE",
        "RENAME TABLE a TO b",
        "COMMENT ON COLUMN t.a IS 'x'",
        "/*!40101 CREATE TABLE t (a int) */",
        "DO $$ BEGIN ALTER TABLE t ADD a int; END $$",
        "DO $$ BEGIN EXECUTE 'something'; END $$",
        "CALL anything()",
        "DROP OWNED BY somebody",
        "FROBNICATE t",
    ],
    StatementKind.NOTHING: [
        "",
        "-- a comment alone",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "CREATE MATERIALIZED VIEW v AS SELECT 1",
        "CREATE FUNCTION f() RETURNS TABLE (a int) AS $$ SELECT 1 $$ LANGUAGE sql",
        "CREATE DEFINER=`root`@`localhost` TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
        "CREATE EXTENSION IF NOT EXISTS citext",
        "DROP POLICY p ON t",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO r",
        "ALTER DATABASE d SET timezone TO 'UTC'",
        "CREATE STATISTICS s ON a, b FROM t",
        "COMMENT ON FUNCTION f() IS 'x'",
        "GRANT SELECT ON t TO r",
        "SET lock_timeout = '5s'",
        "LOCK TABLE t",
        "VACUUM",
        "COMMIT",
        "PRAGMA foreign_keys = OFF",
        "REFRESH MATERIALIZED VIEW v",
        "DO $$ BEGIN RAISE NOTICE 'x'; END $$",
    ],
}


@pytest.mark.parametrize(("kind", "sql"), [(kind, sql) for kind, texts in KINDS.items() for sql in texts])
def test_the_leading_keywords_say_the_kind(kind, sql):
    assert kind_of(sql) is kind


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("", []),
        (" ; ", []),
        ("SELECT 1", ["SELECT 1"]),
        (" SELECT 1; ", ["SELECT 1"]),
        ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';'; SELECT \";\"", ["SELECT ';'", 'SELECT ";"']),
        ("SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", "SELECT 2"]),
        ("SELECT 1 -- ; no\n; SELECT 2 /* ; */; /* ; */", ["SELECT 1 -- ; no", "SELECT 2 /* ; */"]),
        ("/*!1 SET a */; SELECT 1 /*! , 2 */; SELECT 3", ["/*!1 SET a */", "SELECT 1 /*! , 2 */", "SELECT 3"]),
        ("DO $$ BEGIN a; b; END $$; SELECT 1", ["DO $$ BEGIN a; b; END $$", "SELECT 1"]),
        ("DO $x$ $$ ; $$ ; $x$; SELECT 1", ["DO $x$ $$ ; $$ ; $x$", "SELECT 1"]),
        ("BEGIN; SELECT 1; END;", ["BEGIN", "SELECT 1", "END"]),
        (
            "CREATE TRIGGER g INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 1; END; SELECT 2",
            ["CREATE TRIGGER g INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 1; END", "SELECT 2"],
        ),
        (
            "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END; CALL p()",
            ["CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END", "CALL p()"],
        ),
    ],
)
def test_a_semicolon_ends_a_statement_outside_of_quotes_comments_and_bodies(sql, statements):
    assert split_statements(sql) == statements


def test_backslashes_escape_where_the_database_says_so():
    sql = r"INSERT INTO t VALUES ('it\'s; one'); SELECT 1"
    assert len(split_statements(sql, dialect_named("mysql"))) == 2
    assert split_statements(r"SELECT 'C:\'; SELECT 1", dialect_named("postgresql")) == [r"SELECT 'C:\'", "SELECT 1"]
