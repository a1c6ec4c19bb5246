"""The unit of the cost table: R, the CPU time of one RSA-2048 signature by `cryptography`.

OpenSSL signs three times faster on processors that multiply in vectors (AVX-512 IFMA), from
which nothing else here gains. *Plain R* is the same signature on the same processor without
that instruction: what compares with figures that were set on a machine without it.
"""

import os
import subprocess
import sys
import time

from federation.keys import PrivateKey, generate_rsa

SIGNATURES = 300
# Bit 21 of what the processor says of itself in EBX of leaf 7 (OPENSSL_ia32cap(3)); elsewhere
# than on x86 the variable says nothing, and both units are one.
WITHOUT_IFMA = ":~0x200000"


def signature_ms() -> float:
    """CPU milliseconds of one signature in this process."""
    key = PrivateKey("bench", generate_rsa())
    key.sign(b"warm")
    begun = time.process_time()
    for _ in range(SIGNATURES):
        key.sign(b"one activity")
    return (time.process_time() - begun) / SIGNATURES * 1000


def plain_signature_ms() -> float:
    """The same in a process that does without AVX-512 IFMA."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reference"],
        env=os.environ | {"OPENSSL_ia32cap": WITHOUT_IFMA},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


if __name__ == "__main__":
    print(signature_ms())
