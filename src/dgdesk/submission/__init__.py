"""The submission: what is handed in of a draft, exported as a signed bundle, printed, and what came back of it.

Left out: answers and evidence of what is skipped or not asked (they stay in the draft), and points entered for external
indicators (the agency knows them).
"""
