"""The one exception that means: the user can mend this."""


class UserError(ValueError):
    """Report a mistake in data, options or files, in one sentence.

    The message says what is wrong, where, and what is accepted. The command line prints it without a traceback and
    exits with status 2.
    """
