"""What the public sees: pages, archive, redlines, changelog, feeds, manifests. Independent of MkDocs."""
