// One conversation on the screen: its posts in order and the place to write.
// Which conversation it is, and what happens to a written message, is told by app.js.

import { button, make, markTime, postItem } from "/local/draw.js";

const MAX_TEXT_BYTES = 20_000;
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;
const MAX_IMAGES = 9;

export class Pane {
  #me = { account: "", name: "", label: "" };
  #timezone = "Asia/Shanghai";
  #quote = null;
  #attached = [];

  /** hooks: send(pane, {text, quote, images}), toast(text), enlarge(address). */
  constructor(root, hooks) {
    root.append(document.querySelector("#pane").content.cloneNode(true));
    this.root = root;
    this.hooks = hooks;
    this.conversation = "";
    this.find = (selector) => root.querySelector(selector);
    this.list = this.find(".posts");
    this.scroll = this.find(".scroll");
    this.text = this.find("textarea");
    this.#listen();
  }

  #listen() {
    const file = this.find("input[type=file]");
    this.find("form").addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("input", () => this.#grow());
    this.text.addEventListener("paste", (event) => this.#take(event, event.clipboardData.files));
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => this.#take(event, event.dataTransfer.files));
    this.find(".attach").addEventListener("click", () => file.click());
    file.addEventListener("change", () => (this.#attach([...file.files]), (file.value = "")));
    this.find(".quoting button").addEventListener("click", () => this.#setQuote(null));
    this.find(".newer").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => this.#atEnd() && this.#hideNewer());
  }

  /** Show another conversation, or the same one as another person. */
  show(conversation, me, timezone, { title, note, empty, words }) {
    const changed = conversation !== this.conversation || me.account !== this.#me.account;
    this.conversation = conversation;
    this.#me = me;
    this.#timezone = timezone;
    this.find("h2").textContent = title;
    this.find(".pane-head small").textContent = note;
    this.find(".empty-text").textContent = empty;
    this.text.placeholder = me.account ? "说点什么…" : "请先选择您是谁";
    for (const one of this.root.querySelectorAll("textarea, .send, .attach")) one.disabled = !me.account;
    this.find(".quick").replaceChildren(...words.map((word) => button("word", word, () => this.#word(word))));
    if (changed) this.#clear();
  }

  #clear() {
    this.list.replaceChildren();
    this.#setQuote(null);
    this.#hideNewer();
  }

  /** Put a post at its place; one that is already shown is brought up to date. */
  add(post, fate = "") {
    const wasAtEnd = this.#atEnd();
    const old = this.item(post.id);
    if (old && !old.classList.contains("pending")) return;
    old?.remove();
    const item = postItem(post, this.#me, { quote: (one) => this.#setQuote(one), jump: (id) => this.#jump(id), enlarge: this.hooks.enlarge });
    item.at = post.at;
    if (fate) item.classList.add("pending");
    item.querySelector(".fate").textContent = fate;
    this.list.insertBefore(item, this.#after(post.order));
    for (const one of [item, item.nextElementSibling]) {
      if (one) markTime(one, one.at, one.previousElementSibling?.at, this.#timezone);
    }
    for (const image of item.querySelectorAll("img")) image.onload = () => wasAtEnd && this.toEnd();
    if (wasAtEnd || post.sender === this.#me.account) this.toEnd();
    else if (post.sender !== this.#me.account) this.find(".newer").hidden = false;
  }

  item(id) {
    return [...this.list.children].find((one) => one.dataset.id === id);
  }

  /** What became of the person's own message: "" when it is delivered. */
  setFate(id, fate, failed = false) {
    const item = this.item(id);
    if (!item) return;
    item.classList.toggle("pending", fate !== "" && !failed);
    item.classList.toggle("failed", failed);
    item.querySelector(".fate").textContent = fate;
  }

  /** The server began anew and counts from one: everything shown so far stays above. */
  age() {
    for (const item of this.list.children) item.dataset.order = Number(item.dataset.order) - 1e12;
  }

  /** Fit the writing line to its text and show the newest post. */
  settle() {
    this.#grow();
    this.toEnd();
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.#hideNewer();
  }

  restore(text) {
    if (this.text.value) return;
    this.text.value = text;
    this.#grow();
  }

  #after(order) {
    let next = null;
    for (let item = this.list.lastElementChild; item; item = item.previousElementSibling) {
      if (Number(item.dataset.order) < order) break;
      next = item;
    }
    return next;
  }

  #atEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 60;
  }

  #hideNewer() {
    this.find(".newer").hidden = true;
  }

  #jump(id) {
    const item = this.item(id);
    if (!item) return this.hooks.toast("原来的消息太早了，这里找不到。");
    item.scrollIntoView({ block: "center", behavior: "smooth" });
    item.classList.remove("flash");
    requestAnimationFrame(() => item.classList.add("flash"));
  }

  #setQuote(post) {
    this.#quote = post;
    this.find(".quoting").hidden = !post;
    this.find(".quoting span").textContent = post ? `引用 ${post.name}：${post.text || "图片"}` : "";
    if (post) this.text.focus();
  }

  #word(word) {
    this.text.value = this.text.value ? `${this.text.value}${word}` : word;
    this.#grow();
    this.text.focus();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape") this.#setQuote(null);
  }

  #grow() {
    const wasAtEnd = this.#atEnd();
    this.text.style.height = "auto";
    if (this.text.scrollHeight) this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 160)}px`;
    if (wasAtEnd) this.toEnd();
  }

  #take(event, files) {
    if (!files.length) return;
    event.preventDefault();
    this.#attach([...files]);
  }

  #attach(files) {
    for (const file of files) {
      if (this.#attached.length >= MAX_IMAGES) return this.hooks.toast(`一次最多发 ${MAX_IMAGES} 张图片。`);
      if (file.size > MAX_IMAGE_BYTES) this.hooks.toast("图片太大了，请发 10 MB 以内的图片。");
      else this.#upload(file);
    }
  }

  async #upload(file) {
    const entry = { item: make("li", "uploading"), image: "" };
    const thumb = make("img");
    thumb.src = URL.createObjectURL(file);
    thumb.alt = "要发的图片";
    thumb.onerror = () => (thumb.alt = "图片");
    const remove = button("remove", "✕", () => this.#detach(entry));
    remove.setAttribute("aria-label", "去掉这张图片");
    entry.item.append(thumb, remove);
    this.find(".attached").append(entry.item);
    this.#attached.push(entry);
    entry.done = this.#store(file).then(
      (image) => (entry.item.classList.remove("uploading"), (entry.image = image)),
      (error) => (this.#detach(entry), this.hooks.toast(error.message)),
    );
  }

  async #store(file) {
    const answer = await fetch("/local/pictures", { method: "POST", body: file }).catch(() => null);
    if (!answer) throw new Error("图片没有传上去，请看看网络，再选一次。");
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.error ?? "图片没有传上去，请再选一次。");
    return told.image;
  }

  #detach(entry) {
    URL.revokeObjectURL(entry.item.querySelector("img").src);
    entry.item.remove();
    this.#attached = this.#attached.filter((one) => one !== entry);
  }

  async #send() {
    await Promise.all(this.#attached.map((one) => one.done));
    const text = this.text.value.trim();
    const images = this.#attached.map((one) => one.image).filter(Boolean);
    if (!this.#me.account || (!text && !images.length)) return;
    if (new TextEncoder().encode(text).length > MAX_TEXT_BYTES) {
      this.hooks.toast("这条消息太长了，请分成几条发送。");
      return;
    }
    this.hooks.send(this, { text, quote: this.#quote, images });
    this.text.value = "";
    for (const one of [...this.#attached]) this.#detach(one);
    this.#setQuote(null);
    this.#grow();
    this.text.focus();
  }
}
