"""One family of faults per file, each guarding one rule of the road or the books themselves."""
