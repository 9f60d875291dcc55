"""What machine a run was made on, as far as it explains numbers; nothing that names the machine."""

import os
import platform
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
MEMORY_INFO = Path("/proc/meminfo")
RELEASE = Path("/etc/os-release")


def describe() -> dict[str, str]:
    return {
        "processor": _value(CPU_INFO, "model name", ":") or platform.processor() or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}{_distribution()}",
        "python": platform.python_version(),
    }


def _memory() -> str:
    kilobytes = _value(MEMORY_INFO, "MemTotal", ":").removesuffix(" kB")
    return f"{round(int(kilobytes) / 1024**2)} GB" if kilobytes else ""


def _distribution() -> str:
    name = _value(RELEASE, "PRETTY_NAME", "=").strip('"')
    return f", {name}" if name else ""


def _value(path: Path, key: str, separator: str) -> str:
    """The value of the first line with that key; empty where there is none."""
    if not path.exists():
        return ""
    for line in path.read_text().splitlines():
        name, _, value = line.partition(separator)
        if name.strip() == key:
            return value.strip()
    return ""
