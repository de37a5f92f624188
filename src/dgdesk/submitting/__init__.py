"""The submission: what is handed in of a draft, gathered and exported as a signed bundle.

Left out: answers and evidence of what is skipped or not asked (they stay in the draft), and points entered for external
indicators (the agency knows them).
"""

from dgdesk.submitting.copying import digest_for_signature, with_copies
from dgdesk.submitting.exporting import check_exportable, export_draft
from dgdesk.submitting.gathering import Gathered, gather

__all__ = ["Gathered", "check_exportable", "digest_for_signature", "export_draft", "gather", "with_copies"]
