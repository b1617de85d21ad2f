"""The verdict. Pure: it gets a dependency graph and a store, and answers with values of `model.report`.

The phases, in the order in which `check` goes through them; each module knows only those before it:

1. `policy_check`: do the policy tables fit the packages? (`check_policies`) 2. `requirements`: which criteria
does each package need? Policies, handed down from the roots. 3. `entries`: what does the store say of one
crate name, own entries first, then the imports by name? 4. `audit_graph`: these entries as edges between
versions, in order of preference. 5. `violations`: which of these entries contradict a violation? 6. `search`:
the best way through an audit graph to one version for some criteria, with its entries. 7. `conclude`: one
verdict about every third-party crate (`conclude`, which gives a `Resolution` to ask further).

On top of it: `explain` (what certifies a version) and `nearest_miss` (why a crate is not vetted although it
nearly is).
"""
