"""Files from offices, taken in behind the page: checked, faults shown, stored when the sender says so.

The work lies in a table, so it survives a reload, a closed browser and a worker that dies; its job is
`shared.runtime.imports`, its pages `shared.web.imports`.
"""

from shared.imports.model import Choice, Isi, Kind, Progress, no_choices

__all__ = ["Choice", "Isi", "Kind", "Progress", "no_choices"]
