"""`ci`: the answer to a proposal.

`answer` is the whole of it, of what `questions` finds out, each question once; `store` asks who made entries, `crates`
tells what changed crate by crate, `proposal` what a proposal does to the store that judges it, `forecast` what ends
soon.
"""
