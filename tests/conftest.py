"""What all tests share: the fixtures of tests/support, by what they are about."""

from hypothesis import settings

pytest_plugins = [
    "support.servers",
    "support.databases",
    "support.pgbouncer",
    "support.projects",
    "support.tiny_projects",
    "support.rows",
    "support.modules",
    "support.autodetection",
    "support.browser",
    "support.strangers",
    "support.lint_views",
]

# A busy machine is slow, and that is no defect.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
