"""The one exception that means: the user can mend this; and what else comes to the same."""

import errno
import sys

OF_THE_MACHINE = {
    errno.ENOSPC: "free some space, or write elsewhere",
    errno.EDQUOT: "free some space, or write elsewhere",
    errno.EFBIG: "a limit on the size of files was reached; write elsewhere",
    errno.EACCES: "ask for the right to it, or give another path",
    errno.EPERM: "ask for the right to it, or give another path",
    errno.EROFS: "write elsewhere",
    errno.ENOTDIR: "a part of the path is a file; give another path",
    errno.EISDIR: "give a file",
    errno.ENAMETOOLONG: "give a shorter name",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
    errno.ENFILE: "close some programs",
    errno.ENOMEM: "give it more memory",
    errno.ESTALE: "the shared file system has lost the file; try again",
    errno.EIO: "the disk or the shared file system failed",
    errno.ETXTBSY: "another program uses it",
    errno.ELOOP: "a link leads to itself",
}
"""What can be done about errors of the operating system that no code can avoid; others are defects of gatbert."""

LIBRARY_ERRORS = (
    ("lightning.pytorch.utilities.exceptions", "MisconfigurationException"),
    ("lightning.fabric.utilities.exceptions", "MisconfigurationException"),
    ("torch", "OutOfMemoryError"),
    ("duckdb", "OutOfMemoryException"),
)
"""Exceptions of libraries for wrong settings and too little memory, each with its module: none is imported for this."""


class UserError(ValueError):
    """Report a mistake in data, options or files, in one sentence.

    The message says what is wrong, where, and what is accepted. The command line prints it without a traceback and
    exits with status 2.
    """


def as_users_mistake(error: BaseException) -> str | None:
    """Return in one sentence what the user can mend, in options, data or machine; ``None`` for a defect of gatbert.

    Args:
        error: What a command has raised; also what it was raised from is looked at, as parsers wrap what constructors
            raise.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, UserError):
            return str(seen)
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
        where = f" {error.filename}" if error.filename is not None else ""
        return f"the system refused{where} ({error.strerror}); {OF_THE_MACHINE[error.errno]}"
    return str(error) if isinstance(error, _of_libraries()) else None


def _of_libraries() -> tuple[type[BaseException], ...]:
    """Return the exceptions of ``LIBRARY_ERRORS``, as far as their libraries are loaded."""
    found = (getattr(sys.modules.get(module), name, None) for module, name in LIBRARY_ERRORS)
    return tuple(kind for kind in found if isinstance(kind, type))
