"""Expressions as they are written into revision files: sqlalchemy.text must read the same SQL there.

Alembic writes what the driver would get: with percent signs twice, where the driver marks parameters with them, and
with colons that stand for parameters once the file runs. Source: Alembic 1.20, DefaultImpl.render_ddl_sql_expr.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult

from alembic_manage.comparators.comparator import compares
from alembic_manage.sql.percent import single_percents

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

_NAME = "render_ddl_sql_expr"
# Source: SQLAlchemy 2.1, sql/elements.py, TextClause._bind_params_regex.
_PARAMETER = re.compile(r"(?<![:\w\x5c]):(?=\w+(?!:))")


@compares("autogenerate", "written text", DispatchPriority.FIRST, everywhere=True)
def _begin(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    """Take it away again: a comparison needs the expressions as Alembic has them."""
    vars(autogen_context.migration_context.impl).pop(_NAME, None)
    return PriorityDispatchResult.CONTINUE


@compares("autogenerate", "written text", DispatchPriority.LAST, everywhere=True)
def _end(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    impl: Any = autogen_context.migration_context.impl
    render = impl.render_ddl_sql_expr

    def written(expression: Any, is_server_default: bool = False, is_index: bool = False, **options: Any) -> str:
        text = str(render(expression, is_server_default=is_server_default, is_index=is_index, **options))
        text = single_percents(text, impl.dialect)
        # Parts of an index are written as literal_column, which has no parameters.
        return text if is_index else _PARAMETER.sub(r"\\:", text)

    impl.render_ddl_sql_expr = written
    return PriorityDispatchResult.CONTINUE
