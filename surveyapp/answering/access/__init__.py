"""Whether a contact's browser may open a request: the link it holds, and the code sent to the mailbox."""
