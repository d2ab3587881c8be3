"""Training with several processes.

`fit` trains through the methods of `single.SingleProcess`, which does next to nothing, or of `workers.Workers`, which
adds up gradients on MXNet's parameter server. `launch` starts the processes of a job, each through
`mxnet_compat.process`.
"""
