"""The words: every shape and closed list the other rooms speak in. It imports none of them."""
