"""What the pool refuses. One kind of error: an ODBC driver tells them apart by the SQLSTATE alone."""


class PoolError(Exception):
    """A statement that a dedicated SQL pool would refuse, or that failed while it ran.

    `state` is the SQLSTATE that the real driver gives: 42000 for what is refused or wrong, 22001 for a text cut short.
    """

    def __init__(self, message: str, state: str = "42000") -> None:
        super().__init__(message)
        self.state = state
