"""The demo: a made-up province that fills the whole form, with evidence files made on the spot."""
