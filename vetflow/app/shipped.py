"""Where the data lies that vetflow ships: `audits/` of a checkout, `vetflow/_audits` of an installed wheel.

Found from this file's own place: `importlib.resources` would cost more than a whole check.
"""

from __future__ import annotations

import os

from vetflow.errors import VetflowError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def shipped_path(*parts: str, package: str = _PACKAGE) -> str:
    """Return the absolute path of shipped data, for example `shipped_path("demo")`.

    package: vetflow's own folder. Raises VetflowError when the data is not there: the installation is
    incomplete.
    """
    for root in (os.path.join(package, "_audits"), os.path.join(os.path.dirname(package), "audits")):
        path = os.path.join(root, *parts)
        if os.path.exists(path):
            return path
    raise VetflowError(
        f"the data that vetflow ships is not complete: '{os.path.join(*parts)}' is missing",
        help="install vetflow again",
    )
