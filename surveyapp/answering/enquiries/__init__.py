"""Questions and requests for more time, from “Ask, or get more time” to the answer."""
