// The camera in the page, where the browser lends it: look, shoot, look again, use.

const NO_CAMERA = "The browser gave no camera. Allow it for this page, or choose a photo instead.";

export const hasCamera = Boolean(navigator.mediaDevices?.getUserMedia);

// Calls `use` with a File for every photo that somebody takes.
export async function openCamera(template, use) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const [video, canvas, said] = ["video", "canvas", "[role=status]"].map((name) => dialog.querySelector(name));
  let stream = null;
  const shows = (taken) => {
    canvas.hidden = part("use").hidden = part("again").hidden = !taken;
    video.hidden = part("shoot").hidden = taken;
    part(taken ? "use" : "shoot").focus();
  };
  dialog.onclose = () => {
    stream?.getTracks().forEach((track) => track.stop());
    dialog.remove();
  };
  part("shoot").onclick = () => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    shows(true);
  };
  part("again").onclick = () => shows(false);
  part("close").onclick = () => dialog.close();
  part("use").onclick = () => canvas.toBlob((blob) => {
    use(new File([blob], "Portrait.jpg", { type: "image/jpeg" }));
    dialog.close();
  }, "image/jpeg", 0.95);
  document.body.append(dialog);
  dialog.showModal();
  part("shoot").disabled = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 3840 }, height: { ideal: 2160 } } });
    if (!dialog.open) return dialog.onclose();
    video.srcObject = stream;
    await video.play();
  } catch {
    said.textContent = NO_CAMERA;
    return;
  }
  part("shoot").disabled = false;
  part("shoot").focus();
}
