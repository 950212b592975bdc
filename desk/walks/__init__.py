"""What does `rogatory demo` walk through? One kind of request each, by the houses' public HTTP API."""
