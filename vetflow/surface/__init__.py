"""What of a crate runs at build time, what that code can do, and what changed: pure functions over a crate's files.

The way through: `roots` (what cargo builds), `walk` (the files these reach), `inputs` (what they read or compile),
`package_checks` (what else is in the package), `capabilities` (what the code can do), `grading` (how much of it a
person should look at), `analysis` (all of it for one crate). Two of them compared: `manifest_changes`, `code_change`
and, for a whole workspace, `growth`.
"""
