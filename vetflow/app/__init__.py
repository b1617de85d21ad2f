"""Use cases: the only layer that joins the edges with the core.

Each takes decided values (`request.Request`) and returns a value; nothing here parses arguments or prints. What
they share: `request` (what a run was asked), `project` (tree, packages, store of it), `network` (as the request allows
it), `facts_at_hand`, `this_machine`, `shipped`, `wording`. The rest, by what somebody wants to know or do:

* Is it vetted, and why: `check`, `judge`, `suggest`, `unvetted`, `advice`, `findings`, `library_facts`;
  `explain_audit`, `why`, `lint`, `progress`, `diff_store`, `audit_as`, `audit_as_repair`, `descriptions`.
* What others say: the folder `imports`; `audit_sets`, `who`, `publishers`; `live` and `live_store` with what is new.
* Changing the store: `recording` is the one way. `certify`, `trust`, `exemption`, `violation`, `renew`, `init`, `fmt`;
  `updating` for `prune`, `regenerate` and imports; `store_update`, `policy_require`, `aggregate`, `gc`,
  `merge_driver`; `foreign` guards against mistyping, `changes` counts, `undo` takes back.
* Reading a crate: `crates` (wherever it is), `crate_contents`, `crate_batch`; `reading` and `readings` (what it shows,
  kept by `reading_codec`), `crate_surface`, `review_crates`, `entering_packages`, `build_lines`, `last_review`.
* What runs during a build: `surface`, `surface_lock`, `baseline`, `growth`, `pins`, `first_look`, `build_request`,
  `build_settings`; decided by people, in `decisions`: `accept`, `hold`.
* What to read next, and reading it: `queue`, `queue_sources`; the folder `review`; `checklist` and `checklist_files`;
  `bundle` and `claims` for assistants.
* Who vouches: `keys`, `signing`, `sign`, `verify`, `signature_files`, `artifacts`, `vouchers`.
* The answer to a proposal: the folder `ci`, by `rules`; `gate`, `policy`, `policy_mirror`, `drift`, `lock_news`,
  `lock_verify`, `locked_packages`, `advisories`, `publisher_rows`, `publisher_snapshot`, `known_names`, `attest`; over
  the past, the folder `backtest`.
* On the machine that builds: `guard`, `guard_sync`, `observe`, `build_command`. To try it: `demo`.
"""
