"""The HTTP API of one house: every route has an actor and a permission, or says why it needs none."""
