"""Who may do what at every door, as it really is, against the table in `docs/roles.md`.

`python -m tests.roles` prints the table as the running code has it; `--write` puts it into the
document. A new door gets its row by itself; what it needs to be opened stands in `examples`.
"""
