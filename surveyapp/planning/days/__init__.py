"""The days of an audit on the page “Change an audit”: those offered, and the calendar of its chasers."""
