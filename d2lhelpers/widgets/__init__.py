"""Widgets that let students give a network their own images: a pad to draw digits on, and an upload of photographs.

=============  ===============================================================
`pad`          `draw_digit`: a pad in a live notebook, a stored digit elsewhere
`upload`       `upload_photo`: an upload, a file, or a stored photograph
`user_image`   `UserImage`: the image that both return
`strokes`      from strokes of a pen to an image like those of MNIST
`picture`      from any picture file to a square array
`front_end`    the widgets themselves; their JavaScript is next to it
=============  ===============================================================

In JupyterLab, Notebook, classic Notebook, and both flavors of RISE, the widgets are tested in a browser. On Colab,
anywidget, on which they are based, turns on the support for widgets of other authors itself; that has not been tested.
"""

from d2lhelpers.widgets.pad import draw_digit
from d2lhelpers.widgets.upload import upload_photo
from d2lhelpers.widgets.user_image import UserImage

__all__ = ["UserImage", "draw_digit", "upload_photo"]
