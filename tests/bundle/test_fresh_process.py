"""A receiver's program has signed nothing before it verifies: nothing may depend on what signing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dgdesk.bundle.signing.identity import Identity

VERIFY = """
import sys
from pathlib import Path
from dgdesk.bundle.verify import verify_bundle
verdict = verify_bundle(Path(sys.argv[1]), trusted=[Path(sys.argv[2]).read_bytes()])
print(verdict.ok, [problem.code for problem in verdict.problems])
"""


def test_a_process_that_never_signed_verifies_a_good_bundle(bundle: Path, signer: Identity, tmp_path: Path) -> None:
    certificate = tmp_path / "signer.pem"
    certificate.write_bytes(signer.certificate_pem)
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, str(bundle), str(certificate)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.stdout.strip() == "True []"
