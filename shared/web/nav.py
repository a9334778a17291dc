"""The menu and the home page's cards: addresses of pages, by role. One line for each; services add their own.

A test holds every address to a page route of its service and to that route's roles.
"""

from dataclasses import dataclass

from shared.auth.guard import Principal


@dataclass(frozen=True, slots=True)
class Item:
    """A menu entry; `roles` empty: everyone who is logged in."""

    label: str
    path: str
    icon: str
    roles: tuple[str, ...] = ()

    def shown_to(self, who: Principal) -> bool:
        """Whether somebody with these roles gets to see it."""
        return not self.roles or any(who.holds(role) for role in self.roles)


MENU = (
    Item("Beranda", "/", icon="home"),
    Item("SKP saya", "/skp/rencana", icon="target-arrow"),
)

OFFLINE = ("/skp/kiriman", "/skp/realisasi/baru")
"""Pages that open without signal: each person's device keeps its newest copy, fetched ahead, until logout.

Only what is needed to write down work. No page with pay or with other people's data.
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the home page, rendered by the service that owns it."""

    title: str
    path: str


CARDS = (
    Card("SKP dan realisasi", "/skp/fragmen/ringkasan"),
    Card("Penilaian", "/penilaian/fragmen/ringkasan"),
    Card("TPP", "/tpp/fragmen/ringkasan"),
    Card("Kotak masuk", "/notifikasi/fragmen/ringkasan"),
)
