"""Sphinx's configuration of the website. `python -m coursetools.build --book` collects what it reads."""

project = "Dive into Deep Learning in One Day"
author = "the authors of the course"
html_title = project
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
nb_execution_mode = "off"  # the notebooks have been executed
myst_enable_extensions = ["dollarmath", "amsmath", "html_image", "deflist"]
myst_heading_anchors = 4
exclude_patterns = ["docs/differences"]
default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "alphabetical"

# Nothing comes from the network: MathJax is that of the decks. Sphinx's path is relative to the folder _static.
mathjax_path = "../slides/assets/mathjax/tex-chtml-full.js"
mathjax3_config = {"options": {"enableMenu": False}}

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_domain_indices = False
html_theme_options = {
    "use_download_button": False,  # each page has links of its own
    "home_page_in_toc": True,
    "navbar_persistent": [],  # the search field is in the sidebar
}
