"""Why an action was not done. The text is Vietnamese, for the person: it names whom, what and the rule."""


class Refused(Exception):
    """The action was refused and nothing was changed."""


class NotAllowed(Refused):
    """The person may not do this, here, now."""

    def __init__(self, message: str = "Bạn không có quyền làm việc này.") -> None:
        super().__init__(message)


class WrongState(Refused):
    """The thing is not in a state in which this can be done."""


class FaultyFields(Refused):
    """Fields that cannot be stored as they are: name of the field → what is wrong with it."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults
