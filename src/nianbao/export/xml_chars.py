"""The characters that an XML file cannot hold."""

from __future__ import annotations

import re

# All but the characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets). Written the other way round, by those that
# may stand, it would take fifty times as long to compile.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
