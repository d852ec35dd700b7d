"""The second factor: codes of an app, ten recovery codes, and the step of signing in that asks for one."""
