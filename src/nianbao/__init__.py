"""nianbao makes the statutory annual report on government information disclosure.

The rooms of the package, and which may import which, are described in docs/developers.md.
"""

__version__ = "0.1.0"
