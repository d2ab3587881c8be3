// Starts RISE in every notebook of the course that is opened in the classic notebook; Alt+R leaves the show.
// RISE's own setting `autolaunch` looks for slides as soon as RISE is loaded. If a long notebook has no cells by then, it
// gives up. This extension waits until the notebook, its kernel, and RISE are ready and all formulas are drawn, because
// MathJax measures formulas incorrectly on hidden slides. Until then, a line at the top says what is going on.
define(["base/js/namespace"], function (Jupyter) {
  const SHOW = "RISE:slideshow";
  const line = document.createElement("div");
  line.setAttribute("role", "status");
  line.style = "position: fixed; inset: 0 0 auto; z-index: 1000; padding: 12px; background: #0072b2; color: white; "
    + "font-size: 20px; text-align: center";

  function say(text) {
    line.textContent = text;
    if (!line.isConnected) document.body.append(line);
  }

  function ready() {
    const notebook = Jupyter.notebook;
    return notebook._fully_loaded && notebook.kernel && notebook.kernel.is_connected()
      && notebook.keyboard_manager.actions.exists(SHOW) && (!window.MathJax || window.MathJax.isReady);
  }

  function inShow() {
    return document.body.classList.contains("rise-enabled");
  }

  // RISE reads a notebook's own settings only once, and misses them if the notebook is not loaded by then.
  function addHeaderAndFooter() {
    if (!inShow()) return;
    const overlay = document.getElementById("rise-overlay");
    if (!overlay) return void setTimeout(addHeaderAndFooter, 200);
    for (const place of ["header", "footer"]) {
      const text = Jupyter.notebook.metadata.rise[place];
      if (!text || document.getElementById(`rise-${place}`)) continue;
      const box = document.createElement("div");
      box.id = `rise-${place}`;
      box.style.position = "absolute";
      box.textContent = text;
      overlay.append(box);
    }
  }

  function start() {
    say("The slide show is about to start: the notebook and its kernel are loading.");
    if (!ready()) return void setTimeout(start, 100);
    if (!Jupyter.notebook.metadata.rise) return void line.remove();
    new MutationObserver(addHeaderAndFooter).observe(document.body, { attributeFilter: ["class"] });
    if (inShow()) {
      line.remove();
      addHeaderAndFooter();
    } else if (window.MathJax) drawFormulas();
    else show();
  }

  // Only in rendered text, because dollar signs in code are not formulas. Jupyter makes MathJax break formulas at the
  // available width, which is zero in a table that is not drawn yet, so this draws them again without breaks. Jupyter has
  // queued a task for each text, too; these find nothing left to do, but take half a minute, so the show goes first.
  function drawFormulas() {
    say("The slide show is about to start: formulas are being drawn.");
    const texts = [...document.querySelectorAll("#notebook-container .text_cell_render")];
    const hub = window.MathJax.Hub;
    hub.Register.StartupHook("HTML-CSS Jax Ready", () => {
      window.MathJax.OutputJax["HTML-CSS"].config.linebreaks.automatic = false;
    });
    const waiting = hub.queue.queue.splice(0);
    hub.Queue(["Typeset", hub, texts], ["Rerender", hub, texts], show);
    hub.queue.queue.push(...waiting);
  }

  function show() {
    line.remove();
    if (!inShow()) Jupyter.notebook.keyboard_manager.actions.call(SHOW);
  }

  return { load_ipython_extension: start };
});
