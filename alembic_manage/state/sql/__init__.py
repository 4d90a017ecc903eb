"""SQL that comes as text: `statements` says what kind a statement is, `raw_ddl` and what it calls apply DDL.

Read from left to right by one reader (`sql_reader`, `ddl_reader`); what is not wholly understood is opaque.
"""
