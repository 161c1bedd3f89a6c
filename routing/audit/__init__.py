"""The independent auditor: it checks a plan against its request and never saw the solver."""
