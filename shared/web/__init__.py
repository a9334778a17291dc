"""Pages the house way: routes, forms, templates and assets. `README.md` beside this file shows how."""

from shared.web.forms import REFUSALS, Form
from shared.web.nudge import nudged
from shared.web.render import page, redirect
from shared.web.routes import pages

__all__ = ["REFUSALS", "Form", "nudged", "page", "pages", "redirect"]
