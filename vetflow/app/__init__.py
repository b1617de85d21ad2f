"""Use cases: the only layer that joins the edges with the core.

Each takes decided values (`request.Request`) and returns a value; nothing here parses arguments or prints. What
they share: `request` (what a run was asked), `project` (tree, packages, store of it), `network` (as the request allows
it), `facts_at_hand`, `this_machine`, `shipped`, `wording`. The rest, by what somebody wants to know or do:

* Is it vetted, and why: `check`, `judge`, `suggest`, `unvetted`, `advice`, `findings`, `library_facts`;
  `explain_audit`, `why`, `lint`, `progress`, `diff_store`, `audit_as`, `audit_as_repair`, `descriptions`.
* What others say: `audit_sets`, `who`, `publishers`, `import_coverage`; `live` and `live_store` with what came since.
* Changing the store: `recording` is the one way. `certify`, `trust`, `exemption`, `violation`, `renew`, `init`, `fmt`;
  `updating` for `prune`, `regenerate`, `import_audits`; `store_update`, `policy_require`, `aggregate`, `gc`,
  `merge_driver`; `foreign` guards against mistyping, `changes` counts, `undo` takes back.
* Reading a crate: `crates` (wherever it is), `crate_contents`, `crate_batch`; `reading` and `readings` (what it shows,
  kept by `reading_codec`), `crate_surface`, `review_crates`, `entering_packages`, `build_lines`, `last_review`.
* What runs during a build: `surface`, `surface_lock`, `baseline`, `growth`, `pins`, `first_look`, `build_request`,
  `build_settings`; decided by people, in `decisions`: `accept`, `hold`.
* What to read next, and a review of it: `queue`, `queue_sources`; `desk` says what screens may ask, `desk_values` what
  they get, `review_desk` answers with `review_bases`, `review_checklist`, `review_delta`, `review_imports`,
  `review_recording`, `review_session`, `kept_session`, `review_words`, `crate_page`, `disk_news`, `family`,
  `hunk_reading`, `checklist`, `checklist_files`; `bundle` and `claims` for assistants.
* Who vouches: `keys`, `signing`, `sign`, `verify`, `signature_files`, `artifacts`, `vouchers`; of imports, `receipts`,
  `import_review`, `import_effect`, `import_accept`.
* The answer to a proposal: `ci`, of `ci_questions`, `ci_store`, `ci_crates`, `ci_proposal`, `ci_forecast`, by `rules`;
  `gate`, `policy`, `policy_mirror`, `drift`, `lock_news`, `lock_verify`, `locked_packages`, `advisories`,
  `publisher_rows`, `publisher_snapshot`, `known_names`, `attest`; over the past, `backtest` and its parts
  (`backtest_facts`, `backtest_gate`, `backtest_incident`, `backtest_lock`, `backtest_minutes`, `backtest_step`).
* On the machine that builds: `guard`, `guard_sync`, `observe`, `build_command`. To try it: `demo`.
"""
