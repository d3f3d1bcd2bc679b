// The list of posts that a person sends. Texts are only ever set as text, never as markup.
const $ = (id) => document.getElementById(id);
const EVERY_MS = 10_000, SOON_MS = 2 * 3600_000, KEY = "queue-token";
let shown = "", toastTimer = 0;

async function call(path, body) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/queue/${path}`, {
    method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store",
  });
  const values = await answer.json();
  if (answer.status === 401) $("door").hidden = false;
  if (!answer.ok) throw new Error(values.error ?? "没有成功，请再试一次。");
  return values;
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 6000);
}

function left(until, now) {
  const minutes = Math.max(0, Math.ceil((until - now) / 60_000));
  if (minutes < 60) return `还有 ${minutes} 分钟作废`;
  return `还有 ${Math.floor(minutes / 60)} 小时${minutes % 60 ? ` ${minutes % 60} 分钟` : ""}作废`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) return toast("没有复制成功，请长按文字自己复制。");
  }
  toast("已复制，请到群里粘贴发出。");
}

async function mark(body, button) {
  button.disabled = true;
  try {
    toast((await call("sent", body)).text);
  } catch (error) {
    toast(error.message);
  }
  button.disabled = false;
  await refresh();
}

function drawBatch(batch, now) {
  const box = $("batch").content.cloneNode(true);
  const until = box.querySelector(".until"), sent = box.querySelector(".sent");
  box.querySelector("b").textContent = batch.number ? `${batch.number} 号，${batch.posts.length} 条` : "刚来的，马上编号";
  until.textContent = batch.number ? left(batch.until, now) : "";
  until.classList.toggle("soon", batch.number > 0 && batch.until - now < SOON_MS);
  for (const post of batch.posts) {
    const line = document.createElement("li");
    line.textContent = post.text;
    box.querySelector("ol").append(line);
  }
  box.querySelector(".copy").onclick = () => copy(batch.posts.map((post) => post.text).join("\n"));
  sent.hidden = !batch.number;
  sent.onclick = () => mark({ number: batch.number }, sent);
  return box;
}

function draw({ now, places }) {
  const count = places.flatMap((one) => one.batches).reduce((sum, one) => sum + one.posts.length, 0);
  $("count").textContent = count;
  $("count").hidden = $("all").hidden = !count;
  $("empty").hidden = count > 0;
  document.title = count ? `(${count}) 代发消息` : "代发消息";
  const key = JSON.stringify([places, Math.floor(now / 60_000)]);
  if (key === shown) return;
  shown = key;
  $("places").replaceChildren(...places.map(({ place, batches }) => {
    const box = $("place").content.cloneNode(true);
    box.querySelector("h2").textContent = `发到${place}`;
    box.querySelector("section").append(...batches.map((batch) => drawBatch(batch, now)));
    return box;
  }));
}

async function refresh() {
  try {
    draw(await call("list"));
    $("door").hidden = true;
    $("state").textContent = "自动更新";
    $("state").classList.remove("lost");
  } catch (error) {
    $("state").textContent = error instanceof TypeError ? "连不上机器人，稍后自动再试" : error.message;
    $("state").classList.add("lost");
  }
}

$("door").onsubmit = (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $("token").value);
  $("token").value = "";
  refresh();
};
$("all").onclick = () => {
  if (confirm("列出的消息都已经发到群里了吗？")) mark({ all: true }, $("all"));
};
document.addEventListener("visibilitychange", () => document.hidden || refresh());
setInterval(refresh, EVERY_MS);
refresh();
