"""The demonstration audit that `survey demo` loads: fifteen cases, their returns, and all that follows from them."""
