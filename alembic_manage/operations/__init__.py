"""Operations that Alembic has not: each knows its reverse, its SQL, and is written as plain `op.execute(...)`.

Revision files need nothing of the suite to run. Importing the package teaches Alembic to render and to run them.
"""

from alembic_manage.operations.apart import Apart
from alembic_manage.operations.autocommit import Autocommit
from alembic_manage.operations.backfill import Backfill
from alembic_manage.operations.batch import Batch
from alembic_manage.operations.column import MoveColumn
from alembic_manage.operations.computed import DropExpression
from alembic_manage.operations.convert import ConvertColumn
from alembic_manage.operations.enum import ChangeEnum, CreateEnum, DropEnum, EnumColumn, Rebuilt, RenameEnumValue
from alembic_manage.operations.identity import ChangeIdentity, ContinueNumbers, StopSerial
from alembic_manage.operations.kept_checks import KeptChecks
from alembic_manage.operations.kept_types import KeptTypes
from alembic_manage.operations.not_valid import NotValid
from alembic_manage.operations.numbered import AddNumberedColumn, ChangeNumbering
from alembic_manage.operations.only_on import OnlyOn
from alembic_manage.operations.operation import SqlOperation
from alembic_manage.operations.order import OrderColumns
from alembic_manage.operations.primary_key import ReplacePrimaryKey
from alembic_manage.operations.refuse_rows import RefuseRows
from alembic_manage.operations.remark import Remark
from alembic_manage.operations.rename import RenameColumn, RenameConstraint, RenameIndex, RenameTable
from alembic_manage.operations.rows import FillOnce, FillRows, NumberRows, QuotedByEach, RewriteRows
from alembic_manage.operations.sequence import AlterSequence, CreateSequence, DropSequence
from alembic_manage.operations.sql import Sql
from alembic_manage.operations.steps import Steps
from alembic_manage.operations.table import ChangeTableOptions, MoveTable
from alembic_manage.operations.unique import ChangeUnique
from alembic_manage.operations.unnamed import DropUnnamed, DropUnnamedCheck

__all__ = [
    "AddNumberedColumn",
    "AlterSequence",
    "Apart",
    "Autocommit",
    "Backfill",
    "Batch",
    "ChangeEnum",
    "ChangeIdentity",
    "ChangeNumbering",
    "ChangeTableOptions",
    "ChangeUnique",
    "ContinueNumbers",
    "ConvertColumn",
    "CreateEnum",
    "CreateSequence",
    "DropEnum",
    "DropExpression",
    "DropSequence",
    "DropUnnamed",
    "DropUnnamedCheck",
    "EnumColumn",
    "FillOnce",
    "FillRows",
    "KeptChecks",
    "KeptTypes",
    "MoveColumn",
    "MoveTable",
    "NotValid",
    "NumberRows",
    "OnlyOn",
    "OrderColumns",
    "QuotedByEach",
    "Rebuilt",
    "RefuseRows",
    "Remark",
    "RenameColumn",
    "RenameConstraint",
    "RenameEnumValue",
    "RenameIndex",
    "RenameTable",
    "ReplacePrimaryKey",
    "RewriteRows",
    "Sql",
    "SqlOperation",
    "Steps",
    "StopSerial",
]
