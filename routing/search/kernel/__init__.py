"""The search kernel: ruin and recreate with constant-time moves, compiled.

It anneals over a plain model (`routing.model`). On a day of ours the plain model is a relaxation:
its constant-time checks filter and rank, and the exact evaluator confirms what is accepted.
"""
