"""The corner INSPECTING: what a file on its way in really is, and what stands against attaching it.

Files are hostile: reads are bounded, and whatever a library raises over a file means that the file is damaged.
"""

from dgdesk.answers.inspecting.finding import Finding, Incoming, Severity
from dgdesk.answers.inspecting.look import look_at, look_at_file

__all__ = ["Finding", "Incoming", "Severity", "look_at", "look_at_file"]
