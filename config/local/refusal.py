"""The one error of this package: what failed, and what the reader can do next."""


class Refusal(Exception):
    """A step that cannot go on.

    Args:
        failed: what did not work, in one sentence.
        next_step: what to do about it, in one sentence.
    """

    def __init__(self, failed: str, next_step: str) -> None:
        super().__init__(f"{failed}\n  What to do: {next_step}")
        self.failed = failed
        self.next_step = next_step
