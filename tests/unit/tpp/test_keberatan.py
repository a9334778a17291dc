"""Who answers an objection, and on which days a cut for attendance can rest."""

from datetime import time
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.tpp.keberatan import rules
from services.tpp.keberatan.pages import _TEMPAT
from shared.web.nav import MENU

A, B = UUID(int=1), UUID(int=2)
MASUK, PULANG = time(7, 30), time(16)


def test_nobody_answers_their_own_and_only_bkd_after_the_lock() -> None:
    for admin, keuangan, locked in product((True, False), repeat=3):
        roles = {"admin": admin, "keuangan": keuangan}
        assert rules.halangan(A, A, **roles, terkunci=locked)
        assert (not rules.halangan(A, B, **roles, terkunci=locked)) == (admin or (keuangan and not locked))


def test_who_is_told_can_answer() -> None:
    for keuangan, locked in product((True, False), repeat=2):
        role = rules.diingatkan(locked, tanpa_keuangan=keuangan)
        assert role == ("keuangan_opd" if not locked and not keuangan else "admin_bkd")


def test_every_way_to_a_correction_is_a_place_in_the_menu() -> None:
    assert set(_TEMPAT) == set(rules.JALAN) == set(rules.PELAKSANA)
    assert set(_TEMPAT.values()) <= {item.path for item in MENU}


@pytest.mark.parametrize(
    ("hari", "mencolok"),
    [
        ((MASUK, PULANG, "", time(7, 30), time(16)), False),
        ((MASUK, PULANG, "", time(7, 31), time(16)), True),
        ((MASUK, PULANG, "", time(7, 30), time(15, 59)), True),
        ((MASUK, PULANG, "", None, time(16)), True),
        ((MASUK, PULANG, "", time(7, 30), None), True),
        ((MASUK, PULANG, "A", None, None), True),
        ((MASUK, PULANG, "S", None, None), False),
        ((MASUK, PULANG, None, None, None), False),
        ((None, None, "A", None, None), False),
    ],
)
def test_days_that_a_cut_can_rest_on(hari: Any, mencolok: bool) -> None:
    assert rules.mencolok(*hari, malam=False) == mencolok


def test_clock_times_of_a_night_are_not_compared() -> None:
    night = (time(22), time(6), "", time(22, 30), time(5))
    assert not rules.mencolok(*night, malam=True)
    assert rules.mencolok(time(22), time(6), "", None, time(5), malam=True)
