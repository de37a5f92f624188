"""The submission: what is handed in of a draft, exported as a signed bundle, printed, and what came back of it.

Left out: answers and evidence of what is skipped or not asked (they stay in the draft), and points entered for external
indicators (the agency knows them).
"""

from dgdesk.submission.export import check_exportable, digest_for_signature, export_draft, with_copies
from dgdesk.submission.gather import Gathered, gather

__all__ = ["Gathered", "check_exportable", "digest_for_signature", "export_draft", "gather", "with_copies"]
