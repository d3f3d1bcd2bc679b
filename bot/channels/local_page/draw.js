// Small pieces of the page: elements, avatars, bubbles, times. Text only ever enters as text.
// No state and no network live here.

const TONES = 8;
const GAP_MS = 5 * 60 * 1000;

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function button(className, text, onClick) {
  const element = make("button", className, text);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

/** Colour an avatar and put the last character of the name (before a remark in brackets) into it, "格" for the bot. */
export function paintAvatar(element, name, isBot = false) {
  const characters = [...name.replace(/（[^）]*）$/, "")];
  const tone = characters.reduce((sum, one) => sum + one.codePointAt(0), 0) % TONES;
  element.className = isBot ? "avatar of-bot" : `avatar tone-${tone}`;
  element.textContent = isBot ? "格" : (characters.at(-1) ?? "?");
  element.setAttribute("aria-hidden", "true");
  return element;
}

/** One person in a list, as a button. */
export function personRow(person, chosen, onChoose) {
  const row = make("li");
  const choose = button("row-button", "", () => onChoose(person.account));
  choose.append(paintAvatar(make("span"), person.name), make("b", "", person.name));
  if (person.label) choose.append(make("span", `tag ${isStaff(person.label) ? "staff" : ""}`, person.label));
  choose.setAttribute("aria-pressed", String(chosen));
  choose.dataset.account = person.account;
  row.append(choose);
  return row;
}

export function isStaff(label) {
  return label !== "" && label !== "居民";
}

/** A post as a list item; `on` holds quote(post), jump(id) and enlarge(address). */
export function postItem(post, me, on) {
  const item = make("li", `post${post.sender === me.account ? " mine" : ""}${post.bot ? " bot" : ""}`);
  item.dataset.id = post.id;
  item.dataset.order = post.order;
  const row = make("div", "row");
  const body = make("div", "body");
  body.append(nameLine(post), bubble(post, me, on));
  if (post.quote) body.append(quoteBlock(post.quote, on.jump));
  body.append(footLine(post, on.quote));
  row.append(paintAvatar(make("span"), post.name, post.bot), body);
  item.append(make("div", "when"), row);
  return item;
}

function nameLine(post) {
  const line = make("div", "who");
  line.append(make("span", "name", post.name));
  const label = post.bot ? "社区助手" : post.label;
  if (label) line.append(make("span", `tag ${post.bot || isStaff(label) ? "staff" : ""}`, label));
  return line;
}

function bubble(post, me, on) {
  const box = make("div", "bubble");
  if (post.bot && me.name && post.text.includes(`@${me.name}`)) box.classList.add("for-me");
  if (post.text) box.append(make("p", "", post.text));
  for (const address of post.images) {
    const open = button("picture", "", () => on.enlarge(address));
    const image = make("img");
    image.src = address;
    image.alt = `${post.name}发的图片`;
    open.setAttribute("aria-label", `放大${post.name}发的图片`);
    open.append(image);
    box.append(open);
  }
  return box;
}

function quoteBlock(quote, jump) {
  const who = quote.name ? `${quote.name}：` : "";
  const block = button("quoted", "", () => jump(quote.id));
  block.append(make("span", "", `${who}${quote.text || "（图片或较早的消息）"}`));
  block.title = "看原来的消息";
  return block;
}

function footLine(post, quote) {
  const line = make("div", "foot");
  const act = button("quote-it", "引用", () => quote(post));
  act.setAttribute("aria-label", `引用${post.name}的消息`);
  line.append(act, make("span", "fate"));
  return line;
}

/** Show the time above an item when a while passed since the one before it. */
export function markTime(item, at, before, timezone) {
  const line = item.querySelector(".when");
  line.textContent = before !== undefined && at - before < GAP_MS ? "" : spokenTime(at, timezone);
}

export function spokenTime(at, timezone, now = Date.now()) {
  const options = { timeZone: timezone, hourCycle: "h23" };
  const time = new Intl.DateTimeFormat("zh-CN", { ...options, hour: "2-digit", minute: "2-digit" });
  const dayOf = new Intl.DateTimeFormat("zh-CN", { ...options, year: "numeric", month: "long", day: "numeric" });
  const day = dayOf.format(at);
  if (day === dayOf.format(now)) return time.format(at);
  if (day === dayOf.format(now - 86_400_000)) return `昨天 ${time.format(at)}`;
  const year = `${new Date(now).getFullYear()}年`;
  return `${day.startsWith(year) ? day.slice(year.length) : day} ${time.format(at)}`;
}
