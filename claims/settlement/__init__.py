"""The three-tier settlement engine: columns in, columns out; see README.md."""
