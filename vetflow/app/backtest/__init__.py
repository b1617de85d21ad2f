"""`backtest`: what the policy would have stopped in a lock's past.

`walk` goes through the history; `lock` is one lock of it as it is judged, `step` judges the way from one to the next,
`facts` and `gate` know what ran and what had been read by then, `minutes` what it would have cost. `incident` puts an
attack into the past.
"""
