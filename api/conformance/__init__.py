"""Contract tests that an integrator runs against any Flatbed, in a throw-away tenant:
`flatbed conformance URL`."""
