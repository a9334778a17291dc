"""What can stand in the way of starting, as one sentence and the way out."""


class PlatformError(Exception):
    """The platform cannot start or go on. The text is for the person at the keyboard."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\nJalan keluar: {remedy}")
        self.what = what
        self.remedy = remedy
