"""The errors meant for people: each message names the offending value and the way out."""


class TranslationError(ValueError):
    """Base of every error a person can cause and mend. Shown as its message alone, without a traceback."""


class PictureError(TranslationError):
    """A picture cannot be read or cannot be translated."""


class WeightsError(TranslationError):
    """Weights cannot be found, read, trusted or fitted to their config."""


class ConfigError(TranslationError):
    """A setting has a value that cannot work."""


class DataError(TranslationError):
    """Training data are missing or too few."""


class OutOfMemoryError(TranslationError):
    """The accelerator's memory does not hold the work at this size."""
