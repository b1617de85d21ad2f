"""The guard: a compiler wrapper that lets cargo compile no build script and no proc macro that nobody attested.

`wrapper` is what cargo starts for every call of rustc, and `decision` what that asks about the calls that matter; both
use the standard library alone, since `installation` copies them to a folder of the user's, where there is no vetflow.
`allow_file` writes down what is attested, `precedence` tells which wrapper cargo would really use.
"""
