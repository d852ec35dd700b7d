"""The pages Compare and Benchmark: an audit beside another audit, and its figure beside other places."""
