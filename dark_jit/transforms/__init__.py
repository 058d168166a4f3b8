"""Graph -> graph, pure."""
