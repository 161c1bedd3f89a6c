"""Plans of the day: solved by jobs, revised by hand, published into the book of promises."""
