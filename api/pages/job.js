// A job that is under way: how far it has come, once a second; its answer when it is there.

const shown = document.getElementById("job");
const { address, result } = shown.dataset;
const dismiss = document.getElementById("dismiss");
const FINAL = ["successful", "failed", "dismissed"];
const PAUSE_MS = 1000;

async function look() {
  let job;
  try {
    const answer = await fetch(address, { headers: { accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(`job ${answer.status}`);
    job = await answer.json();
  } catch {
    setTimeout(look, 4 * PAUSE_MS); // the service may be restarting
    return;
  }
  if (job.status === "successful") location.replace(result);
  else if (FINAL.includes(job.status) || job.status !== shown.dataset.status) location.reload();
  else {
    shown.querySelector("progress").value = job.progress;
    document.getElementById("share").textContent = `${job.progress} %`;
    setTimeout(look, PAUSE_MS);
  }
}

if (dismiss) {
  dismiss.hidden = false;
  dismiss.addEventListener("click", async () => {
    if (!confirm(dismiss.dataset.ask)) return;
    dismiss.disabled = true;
    await fetch(address, { method: "DELETE" });
    location.reload();
  });
}
if (!("final" in shown.dataset)) setTimeout(look, PAUSE_MS);
