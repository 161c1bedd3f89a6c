"""Why an order stays behind, and the smallest fix, proved by solving again with it."""

from routing.explain.change import apply_fix
from routing.explain.effort import Effort
from routing.explain.left_behind import explain_left_behind
from routing.explain.locked import check_locks
from routing.explain.proof import hold_served

__all__ = ["Effort", "apply_fix", "check_locks", "explain_left_behind", "hold_served"]
