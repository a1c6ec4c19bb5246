"""What an administrator may decide beyond what federation itself needs, as small values.

A subject is a section of the settings file and a field of `Options`, under one name; each of
its values is off, or the calm choice, until the settings say otherwise. The packages above
read them from `node.options`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one node, a field for each subject."""
