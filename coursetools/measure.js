/* Measures the current slide, or a page of the book, in the browser: a function for Playwright's `page.evaluate`.

   Takes {minPixels, slack, liveImages} and returns null if there is no slide, otherwise {title, fill, faults}. `fill` is
   the percentage of the screen's height that is used, and each fault is {kind, detail}. Sizes are in screen pixels. */
(options) => {
  const slide =
    document.querySelector(".reveal .slides > section.present > section.present") ||
    document.querySelector(".reveal .slides > section.present") ||
    document.querySelector("article.bd-article");
  if (!slide) return null;
  const isPage = slide.matches("article"); // it may be longer than the window, and its code may be scrolled

  const faults = [];
  const report = (kind, detail) => faults.push({ kind, detail });
  const shorten = (text, length = 40) => text.trim().replace(/\s+/g, " ").slice(0, length);

  /* Parts of the front ends that are not the slide's content. */
  const FURNITURE = ".jp-Toolbar, .jp-InputPrompt, button, .CodeMirror-measure, .cm-cursorLayer, style, script";
  const UNSEEN = "aside.notes, .reveal-skip, .jp-mod-hidden, .lm-mod-hidden, mjx-assistive-mml, " +
    ".MJX_Assistive_MathML, .MathJax_Preview";
  const MATH = "mjx-container, .MathJax, .MathJax_CHTML, .mjx-chtml";
  const VERBATIM = "pre, code, .CodeMirror, .cm-editor, .jp-OutputArea-output, .output_area";

  function isShown(element) {
    if (element.closest(UNSEEN)) return false;
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") return false;
    }
    return true;
  }

  function describe(element) {
    const first = String(element.getAttribute("class") || "").trim().split(/\s+/)[0];
    const text = shorten(element.getAttribute("alt") || element.textContent || "");
    return element.tagName.toLowerCase() + (first ? "." + first : "") + (text ? ` "${text}"` : "");
  }

  /* ---- The smallest box around all visible content, and the elements that touch its sides ---- */

  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const at = {};
  function addInk(rectangle, element) {
    if (rectangle.width < 1 || rectangle.height < 1) return;
    for (const [side, further] of [["left", -1], ["top", -1], ["right", 1], ["bottom", 1]]) {
      if (further * rectangle[side] > further * box[side]) {
        box[side] = rectangle[side];
        at[side] = element;
      }
    }
  }

  /* ---- Colors (WCAG 2: relative luminance and contrast ratio) ---- */

  const numbers = (color) => (color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  function luminance(color) {
    const [red, green, blue] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function paperBehind(element) {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== "none") return null;
      const color = numbers(style.backgroundColor);
      if (color.length < 4 || color[3] > 0.5) return color;
    }
    return [255, 255, 255];
  }
  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  /* ---- Every visible run of text ---- */

  const frame = document.querySelector(".reveal .slides") || slide;
  const frameBox = frame.getBoundingClientRect();
  const scale = frame.offsetWidth ? frameBox.width / frame.offsetWidth : 1; // reveal.js scales the whole deck
  const seen = new Set();
  const long = new Set(); // code boxes that have been reported
  const pairs = new Set(); // pairs of colors that have been reported, once each
  let smallest = { pixels: Infinity, text: "" };
  const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest(FURNITURE) || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((each) => each.width >= 1 && each.height >= 1);
    boxes.forEach((each) => addInk(each, element));
    if (!boxes.length || element.closest(MATH)) continue;

    // In decks, a long line of code runs over the edge of its box; CodeMirror cuts it off. It is too long in both.
    const paperBox = element.closest(".jp-InputArea-editor, .input_area");
    const beyond = paperBox ? Math.max(...boxes.map((each) => each.right)) - paperBox.getBoundingClientRect().right : 0;
    if (beyond > options.slack && !long.has(paperBox)) {
      long.add(paperBox);
      report("long line", `${Math.round(beyond)} px wider than its box: ${describe(paperBox)}`);
    }

    if (!element.closest(VERBATIM) && /\$[^$]+\$|\\begin\{|\\\(|\\\[|\\[a-zA-Z]{3,}/.test(node.textContent)) {
      report("math", "not typeset: " + shorten(node.textContent, 60));
    }
    if (seen.has(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const pixels = parseFloat(style.fontSize) * scale;
    if (pixels < smallest.pixels) smallest = { pixels, text: shorten(node.textContent) };
    const paper = paperBehind(element);
    if (paper) {
      const ratio = contrast(numbers(style.color), paper);
      const isLarge = pixels >= 24 || (pixels >= 18.66 && Number(style.fontWeight) >= 700);
      const pair = `${style.color} on rgb(${paper.slice(0, 3).join(", ")})`;
      if (ratio < (isLarge ? 3 : 4.5) && !pairs.has(pair)) {
        pairs.add(pair);
        report("contrast", `${ratio.toFixed(2)} : 1, ${pair}: "${shorten(node.textContent)}"`);
      }
    }
  }
  if (smallest.pixels < options.minPixels) report("small text", `${smallest.pixels.toFixed(1)} px: "${smallest.text}"`);

  /* ---- Pictures and tables ---- */

  // mjx-math is needed because the container of a formula is always as wide as the slide.
  for (const element of slide.querySelectorAll("img, svg, canvas, video, iframe, table, mjx-container, mjx-math")) {
    if (isShown(element) && !element.closest(FURNITURE)) addInk(element.getBoundingClientRect(), element);
  }
  for (const element of slide.querySelectorAll("img, svg[role=img]")) {
    if (!isShown(element) || element.closest(FURNITURE + ", " + MATH)) continue;
    const alt = (element.getAttribute("alt") || element.getAttribute("aria-label") || "").trim();
    const isOutput = element.closest(".jp-OutputArea-output, .output_area");
    if ((!alt || /^no description has been provided/i.test(alt)) && !(isOutput && options.liveImages)) {
      report("alt text", alt ? `stands for nothing: "${shorten(alt)}"` : `none: ${shorten(element.outerHTML, 60)}`);
    }
    if (element.tagName === "IMG" && element.complete && !element.naturalWidth) {
      report("picture", `broken: ${shorten(element.getAttribute("src") || "", 60)}`);
    }
  }

  const pageWidth = document.documentElement.scrollWidth;
  if (isPage && pageWidth > innerWidth + 1) report("overflow", `the page is ${pageWidth - innerWidth} px wider than the window`);

  /* ---- Content past the edge of the window or, in a deck, of the slide, which may be smaller ---- */

  const edge = {
    left: Math.max(0, frameBox.left), top: Math.max(0, frameBox.top),
    right: Math.min(innerWidth, frameBox.right), bottom: Math.min(innerHeight, frameBox.bottom),
  };
  for (const [side, further] of isPage ? [] : [["left", -1], ["top", -1], ["right", 1], ["bottom", 1]]) {
    const excess = further * (box[side] - edge[side]);
    if (excess > 1.5) report("overflow", `${Math.round(excess)} px past the ${side}: ${describe(at[side])}`);
  }

  /* ---- Boxes that hide part of their content, or have to be scrolled ---- */

  for (const element of isPage ? [] : [slide, ...slide.querySelectorAll("*")]) {
    const style = getComputedStyle(element);
    if (style.overflowX === "visible" && style.overflowY === "visible") continue;
    if (element.closest(`${MATH}, ${FURNITURE}, .CodeMirror-vscrollbar, .CodeMirror-hscrollbar`)) continue;
    if (element.clientWidth < 8 || element.clientHeight < 8 || !isShown(element)) continue;
    const wide = element.scrollWidth - element.clientWidth;
    const high = element.scrollHeight - element.clientHeight;
    // CodeMirror 5 hides its scroll bars in a 50 px margin; CodeMirror 6 leaves a few pixels for them.
    const slack = element.matches(".CodeMirror, .CodeMirror-scroll") ? 52 : element.matches(".cm-scroller, .jp-CodeMirrorEditor") ? 14 : options.slack;
    if ((wide > slack && style.overflowX !== "visible") || (high > slack && style.overflowY !== "visible")) {
      report("clipped", `${describe(element)} hides ${Math.max(0, wide)} px in width, ${Math.max(0, high)} px in height`);
    }
  }

  /* ---- Mathematics that MathJax 2, 3 or 4 could not read ---- */

  for (const element of slide.querySelectorAll("mjx-merror, .mjx-merror, .MathJax_Error, .merror, [data-mjx-error]")) {
    if (isShown(element)) report("math", "error: " + shorten(element.getAttribute("data-mjx-error") || element.textContent, 60));
  }
  for (const element of slide.querySelectorAll("mjx-mtext[style*=red], .mjx-mtext[style*=red], .MathJax .mtext[style*=red]")) {
    report("math", "unknown command: " + shorten(element.textContent));
  }

  const heading = slide.querySelector("h1, h2, h3");
  return {
    title: heading ? shorten(heading.textContent.replace("¶", "")) : "",
    fill: Math.round((100 * (Math.min(box.bottom, innerHeight * 9) - edge.top)) / (edge.bottom - edge.top)),
    faults,
  };
}
