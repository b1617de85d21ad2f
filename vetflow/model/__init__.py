"""Values: what vetflow talks about, immutable and without knowledge of files, processes or the network.

Values are `NamedTuple`s rather than dataclasses: they exist by the thousand in every check, importing `dataclasses`
alone costs more than parsing a store (docs/decisions/0001).
"""
