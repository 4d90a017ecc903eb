"""Who may import whom: downwards only. The table here is the source of truth."""

from support.source import modules

# From top to bottom. Modules of one row do not know one another; a folder counts as one module.
LAYERS = (
    ("__main__",),
    ("__init__", "cli"),
    ("testing",),
    ("commands",),
    ("completion",),
    ("invocation",),
    ("catalog", "options"),
    ("command",),
    ("phased_writing", "review"),
    ("reports",),
    (
        "branches",
        "initial",
        "lock_trace",
    ),
    ("sources", "checks", "inspection"),
    ("lint",),
    ("rollout",),
    ("autodetect", "data", "drift", "execution", "adoption", "scaffold", "settings_diff", "shell"),
    ("writing", "models", "diagram"),
    ("state",),
    ("scratch",),
    ("questions",),
    ("standing",),
    ("hooks",),
    ("plan", "outline"),
    ("environment", "unchanged"),
    ("alembic_plugin",),
    ("history", "comparators"),
    ("alembic_api", "operations"),
    ("env_context",),
    ("project",),
    ("redaction", "engine_guard"),
    ("database", "metadata", "sql"),
    ("apps",),
    ("dialects",),
    ("settings", "console"),
    (
        "alembic_log",
        "atomic_file",
        "cache_folder",
        "errors",
        "event_loop",
        "garbage",
        "git",
        "location",
        "quantity",
        "stand_in",
        "unpooled",
        "version",
    ),
)
ROW = {room: row for row, rooms in enumerate(LAYERS) for room in rooms}


def room_of(module: str) -> str:
    return module.partition(".")[0]


def test_every_module_is_in_the_table_and_every_room_exists():
    rooms = {room_of(module.name) for module in modules()}
    assert rooms == set(ROW)


def test_imports_go_downwards():
    wrong = [
        f"{module.name}:{line} imports {imported}"
        for module in modules()
        for imported, line in module.own_imports()
        if room_of(imported) != room_of(module.name) and ROW[room_of(imported)] <= ROW[room_of(module.name)]
    ]
    assert not wrong


def test_no_command_imports_another():
    wrong = [
        f"{module.name}:{line} imports {imported}"
        for module in modules()
        if module.name.startswith("commands.")
        for imported, line in module.own_imports()
        if imported.startswith("commands")
    ]
    assert not wrong


def test_no_dialect_imports_another():
    databases = {
        module.name.split(".")[1]
        for module in modules()
        if module.name.count(".") > 1 and room_of(module.name) == "dialects"
    }
    wrong = [
        f"{module.name}:{line} imports {imported}"
        for module in modules()
        if module.name.startswith("dialects.")
        for imported, line in module.own_imports()
        if imported.startswith("dialects.") and imported.split(".")[1] in databases - {module.name.split(".")[1]}
    ]
    assert not wrong


def test_no_check_imports_another():
    wrong = [
        f"{module.name}:{line} imports {imported}"
        for module in modules()
        if module.name.startswith("checks.")
        for imported, line in module.own_imports()
        if imported.startswith("checks.") and imported != "checks.problem"
    ]
    assert not wrong
