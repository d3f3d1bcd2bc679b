// The connection: reconnects with growing pauses and re-sends what was not confirmed.
// Nothing is drawn here; app.js listens to the events "state", "welcome", "post", "ack", "failed".

const PAUSES_MS = [300, 800, 1500, 3000, 6000, 12000];
const LATER_MS = 2000;
const MAX_TRIES = 10;
const KEY = "gridbot.unsent";

export class Link extends EventTarget {
  #socket = null;
  #failures = 0;
  #timer = 0;
  #ready = false;
  #unsent = load();
  account = "";

  open(account) {
    this.account = account;
    this.#ready = false;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#greet();
    else this.#connect();
  }

  /** Hand over a message; it stays here until the server has confirmed it. */
  say(frame) {
    this.#unsent.push({ account: this.account, frame, tries: 0 });
    this.#keep();
    this.#flush();
  }

  /** What is still unconfirmed of the person who is speaking. */
  waiting() {
    return this.#unsent.filter((one) => one.account === this.account).map((one) => one.frame);
  }

  #connect() {
    clearTimeout(this.#timer);
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    this.#tell("state", { state: "waiting" });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/local/socket`);
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    socket.onclose = () => this.#lost(socket);
  }

  /** Try at once instead of at the end of the pause. */
  hurry() {
    if (!this.#socket || this.#socket.readyState > WebSocket.OPEN) this.#connect();
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#ready = false;
    const pause = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)];
    this.#timer = setTimeout(() => this.#connect(), pause * (0.75 + Math.random() / 2));
    this.#tell("state", { state: "lost" });
  }

  #greet() {
    this.#send({ type: "hello", account: this.account });
  }

  #hear(frame) {
    if (frame.type === "welcome") {
      if (frame.account !== this.account) return;
      this.#ready = true;
      this.#failures = 0;
      this.#tell("state", { state: "open" });
      this.#tell("welcome", frame);
      this.#flush();
    } else if (frame.type === "post") {
      this.#tell("post", frame.post);
    } else if (frame.type === "ack") {
      this.#drop(frame.id);
      this.#tell("ack", frame);
    } else if (frame.type === "later") {
      this.#later(frame);
    } else {
      if (frame.id) this.#drop(frame.id);
      this.#tell("failed", frame);
    }
  }

  #later(frame) {
    const one = this.#unsent.find((kept) => kept.frame.id === frame.id);
    if (!one) return;
    if (++one.tries >= MAX_TRIES) {
      this.#drop(frame.id);
      this.#tell("failed", { ...frame, text: "服务一直没有响应，消息没发出去，请稍后再试。" });
      return;
    }
    one.sentOn = null;
    this.#tell("notice", { text: frame.text });
    setTimeout(() => this.#flush(), LATER_MS);
  }

  #flush() {
    if (!this.#ready) return;
    for (const one of this.#unsent) {
      if (one.account !== this.account || one.sentOn === this.#socket) continue;
      one.sentOn = this.#socket;
      this.#send({ type: "say", ...one.frame });
    }
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #drop(id) {
    this.#unsent = this.#unsent.filter((one) => one.frame.id !== id);
    this.#keep();
  }

  #keep() {
    const plain = this.#unsent.map(({ account, frame }) => ({ account, frame }));
    try {
      sessionStorage.setItem(KEY, JSON.stringify(plain));
    } catch {
      // storage is full or forbidden: the message is still in memory
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function load() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return kept.map((one) => ({ ...one, tries: 0 }));
  } catch {
    return [];
  }
}
