"""Exceptions for mistakes a user can fix; each message names the offending value and how to fix it."""


class TranslationError(ValueError):
    """Base class of all errors that a user can cause and fix. Shown as its message alone, without a traceback."""


class PictureError(TranslationError):
    """A picture cannot be read or cannot be translated."""


class WeightsError(TranslationError):
    """Weights cannot be found, read or trusted, or they do not match their config."""


class ConfigError(TranslationError):
    """A setting has an invalid value."""


class DataError(TranslationError):
    """Training data are missing or too few."""


class OutOfMemoryError(TranslationError):
    """The accelerator does not have enough memory for the work at this size."""
