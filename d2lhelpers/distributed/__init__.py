"""Training with several processes.

`fit` trains through the methods of `single.SingleProcess`, which has next to nothing to do, or of `workers.Workers`,
which adds up gradients over MXNet's parameter server. `launch` starts the processes of a job, each through
`mxnet_compat.process`.
"""
