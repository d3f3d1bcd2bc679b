// The page as a whole: who is speaking, which conversations are open, what is unread.
// Drawing is in pane.js and draw.js, the connection in link.js.

import { isStaff, make, button, paintAvatar, personRow } from "/local/draw.js";
import { Link } from "/local/link.js";
import { Pane } from "/local/pane.js";

const WORDS = {
  resident: ["满意", "一般", "不满意", "进度", "谢谢"],
  leader: ["确认", "我来", "派单", "办结", "延期", "进度"],
  unit: ["签收", "到场", "办结", "退单", "延期", "进度"],
};
const UNIT_LABEL = /部门|承办|物业|公司|代办|调解/;
const find = (selector) => document.querySelector(selector);

const link = new Link();
const hooks = { send: write, toast, enlarge };
const group = new Pane(find("#group-pane"), hooks);
const direct = new Pane(find("#direct-pane"), hooks);
const nobody = { account: "", name: "", label: "" };
const state = { me: nobody, people: [], groups: [], posts: new Map(), unread: new Map(), boot: "", bot: "小格", timezone: "Asia/Shanghai", group: sessionStorage.getItem("gridbot.group") ?? "" };
let toastTimer = 0;

// --- people and groups ---------------------------------------------------------------------

function choosePerson(account) {
  sessionStorage.setItem("gridbot.me", account);
  find("#people").close();
  for (const kept of [state.posts, state.unread]) kept.delete(state.me.account);
  state.me = state.people.find((one) => one.account === account) ?? nobody;
  link.open(account);
  draw();
}

function chooseGroup(id) {
  state.group = id;
  sessionStorage.setItem("gridbot.group", id);
  showPane("group");
  draw();
}

function welcome(frame) {
  if (state.boot && state.boot !== frame.boot) [group, direct].forEach((pane) => pane.age());
  Object.assign(state, { boot: frame.boot, bot: frame.bot, timezone: frame.timezone, people: frame.people, groups: frame.groups });
  state.me = frame.people.find((one) => one.account === frame.account) ?? nobody;
  if (!frame.groups.some((one) => one.id === state.group)) state.group = frame.groups[0]?.id ?? "";
  for (const post of frame.posts) remember(post);
  draw();
  if (!state.me.account && !find("#people").open) find("#people").showModal();
}

/** Everything that depends on who and where: lists, headings, both panes. */
function draw() {
  const { me, groups, bot } = state;
  const title = groups.find((one) => one.id === state.group)?.title ?? "居民群";
  paintAvatar(find("#me .avatar"), me.name || "？");
  find("#me b").textContent = me.name || "请选择";
  find("#me small").textContent = me.label;
  const rows = () => state.people.map((one) => personRow(one, one.account === me.account, choosePerson));
  find("#side-people").replaceChildren(...rows());
  find("#people .list").replaceChildren(...rows());
  find("#groups").replaceChildren(...groups.map(groupRow));
  fillSelect(groups);
  const words = !me.account ? [] : WORDS[UNIT_LABEL.test(me.label) ? "unit" : isStaff(me.label) ? "leader" : "resident"];
  group.show(state.group, me, state.timezone, { title, note: "", words, empty: `群里还没有人说话。\n说说楼里的事，${bot}听着呢。` });
  direct.show(me.account, me, state.timezone, { title: `和${bot}单聊`, note: "只有您看得见", words, empty: `这里只有您和${bot}。\n不方便在群里说的事，在这里说。` });
  for (const pane of [group, direct]) for (const post of state.posts.get(pane.conversation) ?? []) pane.add(post);
  for (const frame of link.waiting()) drawOwn(frame);
  read();
}

function groupRow(one) {
  const row = make("li");
  const choose = button("row-button", "", () => chooseGroup(one.id));
  const count = state.unread.get(one.id) ?? 0;
  choose.append(make("b", "", one.title));
  if (count) choose.append(make("span", "badge", String(count)));
  choose.setAttribute("aria-pressed", String(one.id === state.group));
  row.append(choose);
  return row;
}

function fillSelect(groups) {
  const select = group.find("select");
  select.hidden = groups.length < 2;
  group.find("h2").hidden = !select.hidden;
  select.replaceChildren(...groups.map((one) => {
    const option = make("option", "", one.title + (state.unread.get(one.id) ? ` (${state.unread.get(one.id)})` : ""));
    option.value = one.id;
    option.selected = one.id === state.group;
    return option;
  }));
}

// --- messages -------------------------------------------------------------------------------

function remember(post) {
  const posts = state.posts.get(post.conversation) ?? [];
  if (posts.some((one) => one.id === post.id)) return false;
  state.posts.set(post.conversation, [...posts, post].sort((a, b) => a.order - b.order));
  return true;
}

function receive(post) {
  const isMine = post.conversation === state.me.account || state.groups.some((one) => one.id === post.conversation);
  if (!isMine || !remember(post)) return;
  for (const pane of [group, direct]) if (pane.conversation === post.conversation) pane.add(post);
  if (post.sender !== state.me.account && !isVisible(post.conversation)) {
    state.unread.set(post.conversation, (state.unread.get(post.conversation) ?? 0) + 1);
    count();
  }
}

function write(pane, { text, quote, images }) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const frame = { id, conversation: pane.conversation, text, quote: quote?.id ?? "", images, at: Date.now() };
  drawOwn(frame, quote);
  link.say(frame);
}

function drawOwn(frame, quote) {
  const pane = [group, direct].find((one) => one.conversation === frame.conversation);
  const known = quote ?? state.posts.get(frame.conversation)?.find((one) => one.id === frame.quote);
  const post = {
    ...state.me, ...frame, id: shownId(frame.id), order: Number.MAX_SAFE_INTEGER, sender: state.me.account, bot: false,
    quote: frame.quote ? { id: frame.quote, name: known?.name ?? "", text: known?.text ?? "" } : null,
    images: frame.images.map((image) => image.replace("media:", "/local/pictures/")),
  };
  pane?.add(post, "发送中…");
}

function shownId(id) {
  return `p-${state.me.account.split(":")[1]}-${id}`;
}

function failed({ id, text }) {
  toast(text);
  if (!id) return;
  for (const pane of [group, direct]) {
    pane.setFate(shownId(id), "没有发出去", true);
    const words = pane.item(shownId(id))?.querySelector(".bubble p")?.textContent;
    if (words) pane.restore(words);
  }
}

// --- what is read ------------------------------------------------------------------------------

const wide = matchMedia("(min-width: 900px)");

function isVisible(conversation) {
  const pane = conversation === direct.conversation ? "direct" : "group";
  const shown = conversation === group.conversation || conversation === direct.conversation;
  return shown && !document.hidden && (wide.matches || document.body.dataset.pane === pane);
}

function read() {
  for (const conversation of [...state.unread.keys()]) if (isVisible(conversation)) state.unread.delete(conversation);
  count();
}

function count() {
  const inDirect = state.unread.get(direct.conversation) ?? 0;
  const all = [...state.unread.values()].reduce((sum, one) => sum + one, 0);
  setBadge(find("#tab-direct .badge"), inDirect);
  setBadge(find("#tab-group .badge"), all - inDirect);
  document.title = `${all ? `(${all}) ` : ""}${group.find("h2").textContent || "居民群"}`;
  find("#groups").replaceChildren(...state.groups.map(groupRow));
  fillSelect(state.groups);
}

function setBadge(badge, number) {
  badge.hidden = !number;
  badge.textContent = number > 99 ? "99+" : String(number);
  badge.setAttribute("aria-label", `${number} 条未读`);
}

function showPane(name) {
  document.body.dataset.pane = name;
  for (const one of ["group", "direct"]) find(`#tab-${one}`).setAttribute("aria-pressed", String(one === name));
  (name === "group" ? group : direct).settle();
  read();
}

// --- notices -----------------------------------------------------------------------------------

function toast(text) {
  clearTimeout(toastTimer);
  const box = find("#toast");
  box.textContent = text;
  box.hidden = false;
  toastTimer = setTimeout(() => (box.hidden = true), 6000);
}

function enlarge(address) {
  find("#viewer img").src = address;
  find("#viewer").showModal();
}

function showState({ state: now }) {
  const words = { waiting: "正在连接…", open: "已连接", lost: "连接断了，正在重连…" };
  find("#link").dataset.state = now;
  find("#link").textContent = words[now];
}

function setBig(on) {
  document.documentElement.classList.toggle("big", on);
  find("#big").setAttribute("aria-pressed", String(on));
  try {
    localStorage.setItem("gridbot.big", on ? "1" : "");
  } catch {
    // a browser without storage forgets the size, nothing else
  }
  [group, direct].forEach((pane) => pane.settle());
}

link.addEventListener("welcome", (event) => welcome(event.detail));
link.addEventListener("post", (event) => receive(event.detail));
link.addEventListener("ack", ({ detail }) => [group, direct].forEach((pane) => pane.setFate(detail.post, "")));
link.addEventListener("failed", (event) => failed(event.detail));
link.addEventListener("notice", (event) => toast(event.detail.text));
link.addEventListener("state", (event) => showState(event.detail));
window.addEventListener("online", () => link.hurry());
document.addEventListener("visibilitychange", () => (link.hurry(), read()));
wide.addEventListener("change", read);
find("#me").addEventListener("click", () => find("#people").showModal());
find("#people").addEventListener("click", ({ target }) => target.matches("#people, .close") && find("#people").close());
find("#viewer").addEventListener("click", () => find("#viewer").close());
find("#big").addEventListener("click", () => setBig(!document.documentElement.classList.contains("big")));
find("#tab-group").addEventListener("click", () => showPane("group"));
find("#tab-direct").addEventListener("click", () => showPane("direct"));
group.find("select").addEventListener("change", (event) => chooseGroup(event.target.value));

setBig(Boolean(localStorage.getItem("gridbot.big")));
const asked = new URLSearchParams(location.search).get("me");
link.open(asked ? `local:${asked}` : (sessionStorage.getItem("gridbot.me") ?? ""));
