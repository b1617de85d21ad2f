"""The review: what the screens of `vetflow.tui` may ask, and the answers over a real project.

`desk` is the port and `values` what goes through it; `project_desk` answers, with `delta` (what is under review),
`asked` (its checklist), `bases`, `crate_page`, `family`, `hunk_reading`, `imports`, `recording` (all that is written),
`session` and `kept_session` (what a reader did, and the file of it), `disk_news` (what others changed meanwhile) and
`words` (how results are told).
"""
