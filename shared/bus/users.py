"""Users on the broker: those an installation has a password for and the broker does not know yet.

The first ones are made with the data folder; a later release may bring one more.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from shared.bus.admin import AdminError, until

_SHA_512 = 2
_ITERATIONS = 4096
"""The least that Kafka takes; passwords here are long random texts."""
_NOT_FOUND = 91

Upsertion = tuple[str, int, int, bytes, bytes, dict[int, bytes]]


async def ensure_users(admin: AIOKafkaAdminClient, passwords: Mapping[str, str]) -> None:
    """Make the users that are absent (SCRAM-SHA-512); whoever is there keeps their password.

    Raises AdminError when the broker refuses.
    """
    absent = sorted(set(passwords) - await _known(admin))
    if not absent:
        return
    request = _AlterUsers([_upsertion(user, passwords[user]) for user in absent])
    answer = (await admin._send_to_controller(request)).to_object()
    for outcome in answer["results"]:
        if outcome["error_code"]:
            raise AdminError(f"pengguna {outcome['user']}: {outcome['error_message']}")

    async def known() -> bool:
        return set(absent) <= await _known(admin)

    await until(known, "pengguna Kafka belum berlaku")


async def _known(admin: AIOKafkaAdminClient) -> set[str]:
    answer = (await admin._send_to_controller(_DescribeUsers())).to_object()
    if answer["error_code"]:
        raise AdminError(f"pengguna Kafka tidak dapat dibaca: {answer['error_message']}")
    return {one["user"] for one in answer["results"] if one["error_code"] != _NOT_FOUND}


def _upsertion(user: str, password: str) -> Upsertion:
    salt = os.urandom(32)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return user, _SHA_512, _ITERATIONS, salt, salted, {}


# aiokafka has neither message (KIP-554), only the parts they are made of.
class _DescribeAnswer(Response):  # type: ignore[misc]
    API_KEY = 50
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("error_message", CompactString("utf-8")),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                (
                    "credentials",
                    CompactArray(("mechanism", Int8), ("iterations", Int32), ("tags", TaggedFields)),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeQuestion(RequestStruct):  # type: ignore[misc]
    API_KEY = 50
    API_VERSION = 0
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _DescribeAnswer
    SCHEMA = Schema(
        ("users", CompactArray(("name", CompactString("utf-8")), ("tags", TaggedFields))),
        ("tags", TaggedFields),
    )


class _DescribeUsers(Request[_DescribeQuestion]):  # type: ignore[misc]
    """Everyone there is."""

    API_KEY = 50

    def build(self, request_struct_class: type[_DescribeQuestion]) -> _DescribeQuestion:
        return request_struct_class(None, {})


class _AlterAnswer(Response):  # type: ignore[misc]
    API_KEY = 51
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterQuestion(RequestStruct):  # type: ignore[misc]
    API_KEY = 51
    API_VERSION = 0
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _AlterAnswer
    SCHEMA = Schema(
        (
            "deletions",
            CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields)),
        ),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterUsers(Request[_AlterQuestion]):  # type: ignore[misc]
    API_KEY = 51

    def __init__(self, upsertions: Sequence[Upsertion]) -> None:
        self._upsertions = upsertions

    def build(self, request_struct_class: type[_AlterQuestion]) -> _AlterQuestion:
        return request_struct_class([], list(self._upsertions), {})
