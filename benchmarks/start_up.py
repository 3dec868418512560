"""How long from `python app.py` to the page answering.

    python -m benchmarks.start_up

Starts the app as a person would, on a free port, and asks for the page until it comes. The first start after an
installation also compiles Python's bytecode: it is shown apart.
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
PATIENCE = 120.0
"""Seconds after which the app counts as not starting."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def seconds_to_answer(app: Path, weights: Path | None) -> float:
    """Start the app, wait for its page, end it. Raises SystemExit with what it said where it does not answer."""
    port = free_port()
    command = [sys.executable, str(app), "--port", str(port)]
    if weights is not None:
        command += ["--weights", str(weights)]
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=app.parent, stdout=said, stderr=subprocess.STDOUT)
        try:
            while not answers(f"http://127.0.0.1:{port}/"):
                if process.poll() is not None or time.perf_counter() - start > PATIENCE:
                    said.seek(0)
                    raise SystemExit(f"{app} does not answer on port {port}. It said:\n{said.read()}")
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
    """Whether the whole page comes."""
    try:
        with urlopen(address, timeout=PATIENCE) as page:
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
