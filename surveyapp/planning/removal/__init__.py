"""How an audit leaves the lists, from its set-up page: deleted if never issued, otherwise set aside."""
