// The pad of `draw_digit`. The model holds the strokes, each a list of points [x, y] between 0 and 1, so that any number
// of views show the same drawing. Python answers with the preview: 28×28 bytes.
const SIDE = 280;

const PAGE = `
  <div style="display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-end; padding: 6px; user-select: none">
    <canvas width="${SIDE}" height="${SIDE}" role="img" aria-label="Pad: draw a digit here" data-prevent-swipe
      style="width: ${SIDE}px; height: ${SIDE}px; outline: 1px solid #8A8A8A; touch-action: none; cursor: crosshair"></canvas>
    <div style="display: flex; flex-direction: column; gap: 8px; align-items: flex-start">
      <canvas width="28" height="28" role="img" aria-label="The drawing as 28 × 28 pixels"
        style="width: 140px; height: 140px; outline: 1px solid #8A8A8A; image-rendering: pixelated"></canvas>
      <span>what the network gets</span>
      <button type="button" style="font: inherit; padding: 4px 16px; margin-top: 12px">Clear</button>
    </div>
  </div>`;

function render({ model, el }) {
  el.innerHTML = PAGE;
  const [pad, small] = el.querySelectorAll("canvas");
  const pen = pad.getContext("2d");
  let pointer = null, stroke = [];

  function drawStrokes() {
    pen.fillStyle = "black";
    pen.fillRect(0, 0, SIDE, SIDE);
    Object.assign(pen, { strokeStyle: "white", lineWidth: 20, lineCap: "round", lineJoin: "round" });
    for (const points of [...model.get("strokes"), stroke]) {
      pen.beginPath();
      for (const [x, y] of points) pen.lineTo(x * SIDE, y * SIDE);
      if (points.length === 1) pen.lineTo(points[0][0] * SIDE, points[0][1] * SIDE); // a dot
      pen.stroke();
    }
  }

  function drawPreview() {
    const bytes = model.get("preview"), image = new ImageData(28, 28);
    for (let i = 0; i < 784; i += 1) {
      image.data.fill(bytes.byteLength ? bytes.getUint8(i) : 0, 4 * i, 4 * i + 3);
      image.data[4 * i + 3] = 255;
    }
    small.getContext("2d").putImageData(image, 0, 0);
  }

  function send(strokes) {
    model.set("strokes", strokes);
    model.save_changes();
  }

  // Slides are scaled and may move while one draws, so the pad's place is looked up at each point.
  function add(event) {
    const box = pad.getBoundingClientRect();
    const place = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    stroke.push(place.map(x => Math.round(1e4 * Math.min(1, Math.max(0, x))) / 1e4));
    drawStrokes();
  }

  pad.addEventListener("pointerdown", event => {
    if (pointer !== null || event.button !== 0) return; // a second finger, or another button
    pointer = event.pointerId;
    pad.setPointerCapture(pointer); // the stroke goes on outside of the pad
    add(event);
  });
  pad.addEventListener("pointermove", event => {
    if (event.pointerId === pointer) add(event);
  });
  pad.addEventListener("lostpointercapture", () => {
    const drawn = stroke;
    pointer = null;
    stroke = [];
    send([...model.get("strokes"), drawn]);
  });
  // Otherwise the notebook selects or drags the cell, or the slide show turns the page.
  for (const name of ["pointerdown", "pointermove", "mousedown", "touchstart", "touchmove"]) {
    pad.addEventListener(name, event => event.stopPropagation());
  }
  el.querySelector("button").addEventListener("click", () => send([]));

  model.on("change:strokes", drawStrokes);
  model.on("change:preview", drawPreview);
  drawStrokes();
  drawPreview();
  return () => {
    model.off("change:strokes", drawStrokes);
    model.off("change:preview", drawPreview);
  };
}

export default { render };
