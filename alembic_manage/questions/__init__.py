"""What only a person knows about a change: one dataclass a kind of question, and who answers it.

The autodetector sees a Questioner, never the terminal.
"""

from alembic_manage.questions.answer import Answer, Dropped, Later, Proceed, Renamed, Value
from alembic_manage.questions.fixed import FixedQuestioner
from alembic_manage.questions.given import Given
from alembic_manage.questions.not_null import NotNullQuestion
from alembic_manage.questions.question import Choice, Question
from alembic_manage.questions.questioner import Questioner
from alembic_manage.questions.recorded import RecordedQuestioner
from alembic_manage.questions.removed_value import RemovedValueQuestion
from alembic_manage.questions.rename import RenameQuestion
from alembic_manage.questions.type_change import TypeChangeQuestion
from alembic_manage.questions.unique import UniqueQuestion

__all__ = [
    "Answer",
    "Choice",
    "Dropped",
    "FixedQuestioner",
    "Given",
    "Later",
    "NotNullQuestion",
    "Proceed",
    "Question",
    "Questioner",
    "RecordedQuestioner",
    "RemovedValueQuestion",
    "RenameQuestion",
    "Renamed",
    "TypeChangeQuestion",
    "UniqueQuestion",
    "Value",
]
