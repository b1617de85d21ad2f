"""Other people's audits: taken in, and looked at again.

`coverage` says what each publisher's would settle, `add` lets them count, `review` holds what they say now against what
was accepted, `effect` says what taking it over does, `accept` takes it over, and `receipts` say what was accepted.
"""
