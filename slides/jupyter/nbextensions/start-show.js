// Starts RISE in every notebook of the course that is opened in the classic notebook; Alt+R leaves the show.
// RISE's own setting `autolaunch` looks for slides as soon as RISE is loaded. A long notebook has no cells then, and
// RISE gives up. This waits until the notebook, its kernel and RISE are there.
define(["base/js/namespace"], function (Jupyter) {
  const SHOW = "RISE:slideshow";

  function ready() {
    const notebook = Jupyter.notebook;
    return notebook._fully_loaded && notebook.kernel && notebook.kernel.is_connected()
      && notebook.keyboard_manager.actions.exists(SHOW);
  }

  function start() {
    if (!ready()) return void setTimeout(start, 200);
    if (Jupyter.notebook.metadata.rise && !document.body.classList.contains("rise-enabled")) {
      Jupyter.notebook.keyboard_manager.actions.call(SHOW);
    }
  }

  return { load_ipython_extension: start };
});
