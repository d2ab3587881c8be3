"""The one error of everything that concerns data sets and their files."""


class DataError(RuntimeError):
    """A data set could not be had, or a file of it is damaged; the message says how to go on."""
