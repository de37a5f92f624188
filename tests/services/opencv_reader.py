"""Prints the texts of the QR codes that OpenCV finds in pictures, as a JSON list of lists.

A process of its own runs it: OpenCV lies beside the environment. Both of its detectors are asked, as a program would
that wants to read a code: each alone reads nine of ten poor scans of a sheet.
"""

from __future__ import annotations

import json
import sys

import cv2


def main(paths: list[str]) -> None:
    """Read every picture as it is and, for small codes, enlarged twice."""
    detectors = (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())
    found = []
    for path in paths:
        page = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        enlarged = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        texts: set[str] = set()
        for picture in (page, enlarged):
            for detector in detectors:
                texts.update(text for text in detector.detectAndDecodeMulti(picture)[1] if text)
                texts.update(text for text in detector.detectAndDecode(picture)[:1] if text)
        found.append(sorted(texts))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
