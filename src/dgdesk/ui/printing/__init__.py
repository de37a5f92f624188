"""The printing dialog: preview, print, save as PDF."""
