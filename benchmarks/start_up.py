"""Measure the time from `python app.py` until the page answers.

    python -m benchmarks.start_up

Starts the app in its own process on a free port and requests the page until it arrives. The first start after an
installation also compiles Python's bytecode, so it is reported separately.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

APP = Path(__file__).resolve().parent.parent / "app.py"
TIMEOUT = 120.0
"""Seconds after which the start counts as failed."""


def free_port() -> int:
    """Return a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def seconds_to_answer(app: Path, weights: Path | None) -> float:
    """Start the app, wait for its page and stop it. Raises SystemExit with the app's output if it does not answer."""
    port = free_port()
    command = [sys.executable, str(app), "--port", str(port)]
    if weights is not None:
        command += ["--weights", str(weights)]
    with tempfile.TemporaryFile("w+") as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=app.parent, stdout=log, stderr=subprocess.STDOUT)
        try:
            while not answers(f"http://127.0.0.1:{port}/"):
                if process.poll() is not None or time.perf_counter() - start > TIMEOUT:
                    log.seek(0)
                    raise SystemExit(f"{app} does not answer on port {port}. It said:\n{log.read()}")
                time.sleep(0.02)
            return time.perf_counter() - start
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(address: str) -> bool:
    """Return whether the complete page is served."""
    try:
        with urlopen(address, timeout=TIMEOUT) as page:
            return page.status == 200 and b"</html>" in page.read()
    except (URLError, ConnectionError):
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, help="starts measured after the first")
    parser.add_argument("--app", type=Path, default=APP)
    parser.add_argument("--weights", type=Path, help="passed to the app, made absolute; its own choice unless given")
    options = parser.parse_args()
    app, weights = options.app.resolve(), options.weights and options.weights.resolve()
    first = seconds_to_answer(app, weights)
    later = [seconds_to_answer(app, weights) for _ in range(options.repeats)]
    print("From `python app.py` to the page answering")
    print(f"first start    {first:6.2f} s")
    if later:
        print(f"later, fastest {min(later):6.2f} s")
        print(f"later, median  {statistics.median(later):6.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
