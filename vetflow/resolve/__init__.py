"""The verdict. Pure: it gets a dependency graph and a store, and answers with values of `model.report`.

The phases, in the order in which `check` goes through them; each module knows only those before it:

1. `policy_check`: do the policy tables fit the packages?
2. `requirements`: which criteria does each package need? Policies, handed down from the roots.
3. `entries`: what does the store say of one crate name, own entries first, then the imports by name?
4. `audit_graph`: these entries as edges between versions, in cargo-vet's order of preference.
5. `violations`: which of the entries contradict a violation?
6. `search`: the best path through an audit graph to one version, with the entries it consists of.
7. `conclude`: one verdict about all third-party crates, as a `Resolution` that can be asked further.

On top of them: `explain` (what certifies a version of any crate) and `nearest_miss` (which entry comes nearest to
vetting a crate that fails, and why it does not reach).

Commands that fetch or write go on from a `Resolution`: `live` is what they resolve with instead of imports.lock,
`lookups` which crates crates.io has to be asked about; `needed` finds what the verdict rests on, `update_plan` says how
far a command may go, and `update` gives the store to write. Of what commands record, `certify_criteria`, `new_audit`,
`delta_base` and `publisher_trust` know the defaults; `audit_as`, `expiry`, `prune_advice` and `idle_violations` find
what should be put right. `backlog` is the store that `suggest` and its kind resolve with.
"""
