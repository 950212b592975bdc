"""The pages of one house: what a person sees in a browser, made on the server and useful without script."""
