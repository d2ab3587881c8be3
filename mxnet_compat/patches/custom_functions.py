"""Functions with a derivative of one's own, which subclass ``autograd.Function``.

MXNet calls their ``backward`` with arrays of the old interface, which cannot be combined with those of the NumPy
interface. If an argument needs no gradient, the gradients of all arguments after it were lost, and so were gradients
with ``grad_req="add"``. An error in ``backward`` was printed, and appeared later as an unrelated MXNetError that did
not say what had happened. The patch replaces the method that MXNet calls back.
"""
