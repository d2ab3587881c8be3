// The upload of `upload_photo`. The file goes to Python in one message; Python answers with the square picture, a PNG
// file, or with an error.
const LARGEST = 8e6; // bytes; Jupyter's server closes the connection at messages of more than 10 MiB
const LONGEST_SIDE = 2048; // pixels to which larger files are reduced

const PAGE = `
  <div style="display: flex; flex-direction: column; gap: 8px; align-items: flex-start; padding: 6px">
    <label>Choose a picture: <input type="file" accept="image/*" style="font: inherit"></label>
    <span role="status"></span>
    <img alt="" style="margin: 0; outline: 1px solid #8A8A8A">
  </div>`;

async function reduce(file) {
  const picture = await createImageBitmap(file);
  const scale = LONGEST_SIDE / Math.max(LONGEST_SIDE, picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(scale * picture.width));
  canvas.height = Math.max(1, Math.round(scale * picture.height));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white"; // below transparent pixels
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, "image/jpeg", 0.95));
}

function render({ model, el }) {
  el.innerHTML = PAGE;
  const input = el.querySelector("input"), status = el.querySelector("[role=status]"), image = el.querySelector("img");

  function show() {
    const bytes = model.get("picture");
    status.textContent = model.get("message");
    URL.revokeObjectURL(image.src);
    const there = bytes.byteLength > 0;
    image.style.display = there ? "block" : "none"; // themes override the attribute `hidden`
    image.alt = there ? model.get("message") : "";
    if (there) image.src = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  }

  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    status.textContent = `Reading ${file.name} ...`;
    try {
      const content = file.size > LARGEST ? await reduce(file) : file;
      model.send({ name: file.name }, undefined, [await content.arrayBuffer()]);
    } catch (error) {
      const size = Math.round(file.size / 1e6);
      model.send({ name: file.name, error: `The file has ${size} MB, and this browser cannot read and reduce it` });
    }
  });
  model.on("change:message change:picture", show);
  show();
  return () => model.off("change:message change:picture", show);
}

export default { render };
