"""The linter: judges each operation of a migration with the state before it.

From the inside out: `effects` says what a statement does to tables, `statement` and `revision_view` what a rule sees,
`finding` what it gives; `rules` are the rules, a file each; `recorder` watches a replay and `linter` runs the rules on
what it saw; `silences` and `baseline` take findings away; `formats` prints what is left.
"""
