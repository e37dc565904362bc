"""Facts about spacecraft, cameras, organisations and rights, read from commented TOML files.

The files of this package are the facts that the program comes with. A folder of one's own, named by
the environment variable ``CATALOGUE_REGISTRY``, may add entries, and aliases to entries; it uses
the same file names and keys (see ``docs/reference/registry.md``).

Everything is checked once, when it is loaded: a wrong entry is told with its file, its name, and
what to do about it.
"""

from catalogue.registry.entries import (
    FILES,
    Distributor,
    Instrument,
    LandingSite,
    Organisation,
    RightsStatement,
    Spacecraft,
    UsualCredit,
)
from catalogue.registry.facts import Registry, fold_name
from catalogue.registry.loading import FOLDER_VARIABLE, load_registry

__all__ = [
    "FILES",
    "FOLDER_VARIABLE",
    "Distributor",
    "Instrument",
    "LandingSite",
    "Organisation",
    "Registry",
    "RightsStatement",
    "Spacecraft",
    "UsualCredit",
    "fold_name",
    "load_registry",
]
