"""From files to packs: strict reading that names file, line and nearest known word."""
