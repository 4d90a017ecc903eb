"""No models: what counts are the migrations."""

from sqlalchemy import MetaData

metadata = MetaData()
