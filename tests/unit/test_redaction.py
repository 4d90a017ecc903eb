"""What may be shown of a setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from alembic_manage.redaction import HIDDEN, redact, redact_text

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"postgresql+psycopg://u:{SECRET}@h:5432/d", "postgresql+psycopg://u:***@h:5432/d"),
        (f"redis://:{SECRET}@h:6379/1", "redis://:***@h:6379/1"),
        (f"postgresql://me@corp:{SECRET}@h/d", "postgresql://me@corp:***@h/d"),
        (f"postgresql://u:{SECRET}@{SECRET}@h/d", "postgresql://u:***@h/d"),
        (f"postgresql://u:{SECRET}/{SECRET}@h/d", "postgresql://u:***@h/d"),
        (f"postgresql://u:{SECRET} {SECRET}@h/d", "postgresql://u:***@h/d"),
        (f"postgresql://u:{SECRET}@h:bad/d", "postgresql://u:***@h:bad/d"),
        (f"postgresql://u:{SECRET}", "postgresql://u:***"),
        (f"postgresql://u@h/d?password={SECRET}&x=1", "postgresql://u@h/d?password=***&x=1"),
        (f"https://{SECRET}@sentry.io/3", "https://***@sentry.io/3"),
        (f"https://h/x?api_key={SECRET}&y=1", "https://h/x?api_key=***&y=1"),
        (f"mssql:///?odbc_connect=UID%3Du%3BPWD%3D{SECRET}%3BDATABASE%3Dd", "mssql:///?odbc_connect=UID%3Du%3BPWD%3D***%3BDATABASE%3Dd"),
        (f"host=h password='{SECRET} {SECRET}' dbname=d", "host=h password=*** dbname=d"),
        (f"see postgresql://u:{SECRET}@h/d, then go", "see postgresql://u:***@h/d, then go"),
    ],
)  # fmt: skip
def test_the_secret_of_a_text_is_hidden_and_nothing_else(text, shown):
    assert redact_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "mysql+pymysql://root@127.0.0.1:3306/d?charset=utf8mb4",
        "sqlite:////data/db.sqlite3",
        "http://localhost:8000/path?page=2",
        "s3://bucket/folder",
        "root@127.0.0.1:3306",
        "alembic_database",
        "",
    ],
)
def test_a_text_without_a_secret_stays_as_it_is(text):
    assert redact_text(text) == text


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "PASSWORD", "DB_PASS", "AUTH_TOKENS", "apiKey", "api-key", "AWS_ACCESS_KEY_ID", "PWD"],
)
def test_the_name_of_a_secret_hides_the_value(name):
    assert redact(SECRET, name) == redact({"inner": [SECRET]}, name) == redact(b"x", name) == redact(7, name) == HIDDEN


@pytest.mark.parametrize("name", ["KEYWORDS", "PASSENGERS", "MIGRATIONS_DIR", ""])
def test_another_name_does_not(name):
    assert redact("x", name) == "x"


@pytest.mark.parametrize("value", [None, True, False, "", [], {}, ()])
def test_a_secret_that_is_not_set_is_seen_to_be_not_set(value):
    assert redact(value, "SECRET_KEY") == value


def test_structures_are_copied_with_their_shape():
    value = {
        "default": {
            "URL": f"postgresql://u:{SECRET}@h/d",
            "OPTIONS": {"connect_args": {"password": SECRET, "port": 1}},
            "REPLICAS": [f"redis://:{SECRET}@h", ("x", f"a://b:{SECRET}@c"), {f"a://b:{SECRET}@c"}],
        }
    }
    assert redact(value, "DATABASES") == {
        "default": {
            "URL": "postgresql://u:***@h/d",
            "OPTIONS": {"connect_args": {"password": HIDDEN, "port": 1}},
            "REPLICAS": ["redis://:***@h", ("x", "a://b:***@c"), {"a://b:***@c"}],
        }
    }


def test_a_url_object_is_shown_as_text():
    url = make_url(f"postgresql://u:{SECRET}@h/d?password={SECRET}")
    assert repr(redact(url)) == "'postgresql://u:***@h/d?password=***'"


def test_another_object_is_shown_by_its_repr_without_the_secret():
    class Config:
        def __repr__(self):
            return f"Config(host='h', password='{SECRET}')"

    assert repr(redact(Config())) == "Config(host='h', password=***)"


def test_an_object_without_a_secret_is_kept(tmp_path):
    assert redact(tmp_path) is tmp_path


def test_a_structure_that_holds_itself_ends():
    loop = [1]
    loop.append(loop)
    assert repr(redact(loop)) == "[1, ...]"


# Every character that SQLAlchemy leaves in a password as it is typed, "@" and "/" included.
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12),
    st.sampled_from(["u", "", "a@b"]),
)
def test_no_password_of_a_url_is_ever_shown(middle, user):
    password = f"QZ{middle}ZQ"
    for text in (f"postgresql://{user}:{password}@host/d", f"postgresql://{user}:{password}@host:bad/d"):
        for shown in (redact_text(text), repr(redact({"x": [text]}))):
            assert "QZ" not in shown
            assert "ZQ" not in shown
