"""The lazy graph: immutable nodes, graphs of them, their text, and where they came from."""
