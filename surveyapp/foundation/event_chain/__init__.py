"""The chain of seals over the event log, which shows whether an event was changed, removed or put in."""
