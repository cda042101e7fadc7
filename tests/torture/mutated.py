"""Mutated run folders, archives and data files are listed, opened, read and used.

    python -m tests.torture.mutated --count 10000 --seed 0
    python -m tests.torture.mutated --seed 0 --only 4711        one case again, with its traceback

Reported are exceptions that are not the package's own, cases of more than five seconds, files that were touched
elsewhere, code that was run, and memory that grows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from queue import Empty, Queue
from typing import Any

SLOW_SECONDS = 5.0  # of processor time: the machine may be busy
DEAD_SECONDS = 240.0
MEMORY = 12 << 30  # address space of a worker
_BATCH, _WARM = 500, 50  # cases of a worker, and cases after which its memory is compared with that at its end


def digest(folder: Path) -> str:
    """Return a text that changes with any file of a folder."""
    entries = [
        (str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in sorted(folder.rglob("*"))
    ]
    return hashlib.sha256(json.dumps(entries).encode()).hexdigest()


def rss() -> float:
    """Return the memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def run_case(corpus: Path, work: Path, seed: int, number: int) -> dict[str, Any]:
    """Return what became of a case: outcome, seconds and, of an unexpected exception, its traceback."""
    from tests.torture.mutated_case import Case

    case = Case(corpus, work / "case", seed, number)
    report: dict[str, Any] = {"number": number}
    began = time.process_time()
    try:
        case.prepare()
        began = time.process_time()
        report["outcome"] = case.check()
    except Exception:  # a finding
        report |= {"outcome": "error", "error": traceback.format_exc()[-3000:]}
    return report | {"what": case.what[:300], "seconds": time.process_time() - began}


def work_through(corpus: Path, work: Path, seed: int, first: int, count: int) -> None:
    """Run cases in this process, and print what became of each."""
    (work / "sentinel").mkdir(parents=True, exist_ok=True)
    (work / "sentinel" / "secret.json").write_text('{"secret": 1}')
    before = digest(work / "sentinel"), digest(corpus) if first == 0 else ""
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(work), "TF_CPP_MIN_LOG_LEVEL": "3"}
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warm = 0.0
    for number in range(first, first + count):
        sys.stdout.write(json.dumps({"begins": number}) + "\n")
        sys.stdout.flush()
        report = run_case(corpus, work, seed, number)
        if report["seconds"] > SLOW_SECONDS:  # the machine may have been busy
            report |= {"again": run_case(corpus, work, seed, number)["seconds"]}
        if digest(work / "sentinel") != before[0]:
            report |= {"touched": "the folder beside it was changed"}
        if number == first + _WARM:
            warm = rss()
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
    after = digest(corpus) if first == 0 else ""
    end = {"end": True, "grown": rss() - warm if warm else 0.0, "corpus": after != before[1]}
    sys.stdout.write(json.dumps(end) + "\n")


class Findings:
    """What was found, by kind."""

    def __init__(self) -> None:
        self.outcomes, self.kinds = Counter[str](), Counter[str]()
        self.grown, self._lock = 0.0, threading.Lock()

    def add(self, report: dict[str, Any]) -> None:
        """Count a case, and print what is found for the first time."""
        with self._lock:
            if report.get("end"):
                self.grown = max(self.grown, report["grown"])
                if report["corpus"]:
                    self._found("files of others were changed", report)
                return
            self.outcomes[report["outcome"]] += 1
            if report["outcome"] == "error":
                lines = [line.strip() for line in report["error"].strip().splitlines()]
                at = [line for line in lines if line.startswith("File ") and "rnnstudio/" in line][-1:]
                self._found(f"{lines[-1][:200]} at {''.join(at)[-120:]}", report)
            if min(report["seconds"], report.get("again", 0.0)) > SLOW_SECONDS:
                self._found(f"{report['again']:.1f} s", report)
            if "touched" in report:
                self._found(report["touched"], report)
            if "died" in report:
                self._found(report["died"], report)

    def _found(self, kind: str, report: dict[str, Any]) -> None:
        self.kinds[kind] += 1
        if self.kinds[kind] <= 2:
            sys.stdout.write(f"case {report.get('number')}, {report.get('what')}: {kind}\n")
            sys.stdout.flush()


def supervise(corpus: Path, work: Path, seed: int, batches: Queue[tuple[int, int]], findings: Findings) -> None:
    """Run batches of cases in processes; one that dies or hangs is replaced, and goes on after its last case."""
    while True:
        try:
            first, count = batches.get_nowait()
        except Empty:
            return
        command = [sys.executable, "-m", "tests.torture.mutated", "--seed", str(seed), "--corpus", str(corpus)]
        command += ["--work", str(work), "--first", str(first), "--count", str(count)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        last, ended = first - 1, False
        timer = _timer(process)
        for line in process.stdout:
            timer.cancel()
            timer = _timer(process)
            report = json.loads(line) if line.startswith("{") else {}
            last = report.get("begins", last)
            ended = ended or "end" in report
            if "outcome" in report or "end" in report:
                findings.add(report)
        timer.cancel()
        process.wait()
        if not ended:
            findings.add({"outcome": "died", "number": last, "died": f"exit code {process.returncode}", "seconds": 0.0})
            if last + 1 < first + count:
                batches.put((last + 1, first + count - last - 1))


def _timer(process: subprocess.Popen[str]) -> threading.Timer:
    timer = threading.Timer(DEAD_SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    return timer


def main() -> int:
    """Run all cases, print what was found, and return 1 after a finding."""
    parser = argparse.ArgumentParser(prog="tests.torture.mutated", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, help="run one case again, and leave its files")
    parser.add_argument("--corpus", type=Path, help="a folder with the files to mutate; written where it is missing")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work is not None and options.only is None:
        work_through(options.corpus, options.work, options.seed, options.first, options.count)
        return 0
    work = options.work or Path(tempfile.mkdtemp(prefix="mutated-"))
    corpus = options.corpus or work / "corpus"
    if not corpus.exists():
        from tests.torture.corpus import write_corpus

        write_corpus(corpus)
    if options.only is not None:
        (work / "sentinel").mkdir(exist_ok=True)
        (work / "sentinel" / "secret.json").write_text('{"secret": 1}')
        report = run_case(corpus, work, options.seed, options.only)
        sys.stdout.write(f"{json.dumps(report, indent=1)}\n{report.get('error', '')}\nThe files are in {work}\n")
        return int(report["outcome"] == "error")
    batches: Queue[tuple[int, int]] = Queue()
    for first in range(options.first, options.first + options.count, _BATCH):
        batches.put((first, min(_BATCH, options.first + options.count - first)))
    findings = Findings()
    threads = [
        threading.Thread(target=supervise, args=(corpus, work / f"worker{i}", options.seed, batches, findings))
        for i in range(options.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(findings.outcomes.items()))
    sys.stdout.write(f"{findings.outcomes.total():,} cases: {outcomes}; memory grew by {findings.grown:.0f} MB\n")
    for kind, count in findings.kinds.most_common():
        sys.stdout.write(f"{count:6,} x {kind}\n")
    return int(bool(findings.kinds) or findings.grown > 300)


if __name__ == "__main__":
    sys.exit(main())
