"""What all tests share: the fixtures of tests/support, by what they are about."""

pytest_plugins = [
    "support.servers",
    "support.databases",
    "support.projects",
    "support.tiny_projects",
    "support.modules",
]
