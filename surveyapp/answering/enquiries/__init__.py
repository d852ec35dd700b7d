"""Questions and requests for more time, from “Ask a question or for more time” to the answer."""
