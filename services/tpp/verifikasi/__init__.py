"""Whether a document on paper is ours: the code in its QR, and what a stranger is shown for it."""
