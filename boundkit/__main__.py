"""python -m boundkit, and the command boundkit: from the first moment to the last, Ctrl-C is a line and 130."""

import atexit
import gc
import os
import signal
import sys


def run() -> None:
    """Run the command line. Nothing is lost by leaving at once while it is imported, and after it has answered."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell's background job does not hear it
    if heard:
        signal.signal(signal.SIGINT, _leave)
        sys.unraisablehook = _unraisable
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # Python would end with a signal as it goes
    _hold_closed_streams()
    atexit.register(gc.freeze)  # what is left as Python ends is not looked through for circles: it all goes at once
    from boundkit.cli import main

    try:
        if heard:
            signal.signal(signal.SIGINT, _stop)
        main(prog_name="boundkit")
    finally:
        if heard:
            signal.signal(signal.SIGINT, _leave)


def _hold_closed_streams() -> None:
    """No file may get the number of a stream that is closed, and what is written to a closed output is an error."""
    while (spare := os.open(os.devnull, os.O_RDONLY)) <= 2:
        pass
    os.close(spare)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)


def _stop(*_: object) -> None:
    """The command tells how far it came; who presses Ctrl-C again will not wait for that."""
    signal.signal(signal.SIGINT, _leave)
    raise KeyboardInterrupt


def _leave(*_: object) -> None:
    try:
        os.write(2, b"\nInterrupted.\n")
    finally:
        os._exit(130)


def _unraisable(broken: "sys.UnraisableHookArgs") -> None:
    """Where Python can raise nothing, as in a callback of its own, it would forget a Ctrl-C."""
    if issubclass(broken.exc_type, KeyboardInterrupt):
        _leave()
    sys.__unraisablehook__(broken)


if __name__ == "__main__":
    run()
