"""The one error of this program."""


class Refused(Exception):
    """Something that this judge does not understand."""
