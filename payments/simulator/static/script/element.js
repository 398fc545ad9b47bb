// An element is a frame of our origin in the shop's page, spoken to over a private channel.
// The shop's policy forbids inline styles, so the frame is dressed by attributes alone.
class StripeElement {
  constructor(type, options, shared) {
    this.type = type;
    this.options = options;
    this.shared = shared;
    this.handlers = {};
    this.waiting = new Map();
    this.frame = null;
    this.ready = null;
  }

  mount(target) {
    const place = typeof target === 'string' ? document.querySelector(target) : target;
    if (!place) throw new Error(`The selector you specified (${target}) applies to no DOM elements that are currently on the page.`);
    this.unmount();
    const frame = document.createElement('iframe');
    const attributes = { title: 'Secure card input', width: '100%', height: '190', frameborder: '0', scrolling: 'no', allow: 'payment *' };
    for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
    this.frame = frame;
    this.ready = new Promise((resolve) => { this.open = resolve; });
    this.awaitLoaded = (event) => {
      if (event.source === frame.contentWindow && event.origin === ORIGIN && event.data?.localStripe === 'loaded') this.connect();
    };
    window.addEventListener('message', this.awaitLoaded);
    frame.addEventListener('error', () => this.fire('loaderror', { elementType: this.type, error: NO_CONNECTION }));
    frame.src = `${ORIGIN}/v3/elements/card`;
    place.replaceChildren(frame);
    place.classList.add('StripeElement');
  }

  connect() {
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.onmessage = ({ data }) => this.receive(data);
    const options = { appearance: this.shared.appearance, locale: this.shared.locale, postalCode: this.asksPostal(), disabled: !!this.options.disabled };
    this.frame.contentWindow.postMessage({ localStripe: 'open', options }, ORIGIN, [channel.port2]);
    this.open();
  }

  asksPostal() {
    const asked = this.options.fields?.billingDetails?.address?.postalCode;
    return this.type === 'card' ? this.options.hidePostalCode === false : asked === 'auto';
  }

  receive({ answer, result, event, detail }) {
    if (answer !== undefined) {
      this.waiting.get(answer)?.(result);
      this.waiting.delete(answer);
    } else if (event === 'resize') {
      this.frame.setAttribute('height', detail.height);
    } else {
      this.fire(event, { elementType: this.type, ...detail });
    }
  }

  async ask(action, argument) {
    if (!this.frame) throw new Error('We could not retrieve data from the specified Element. Please make sure that it is mounted.');
    await this.ready;
    const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.port.postMessage({ id, action, argument });
    });
  }

  on(event, handler) {
    (this.handlers[event] ??= []).push(handler);
    return this;
  }

  once(event, handler) {
    const single = (detail) => {
      this.off(event, single);
      handler(detail);
    };
    return this.on(event, single);
  }

  off(event, handler) {
    this.handlers[event] = handler ? (this.handlers[event] ?? []).filter((known) => known !== handler) : [];
    return this;
  }

  fire(event, detail) {
    for (const handler of [...(this.handlers[event] ?? [])]) handler(detail);
  }

  focus() {
    this.frame?.focus();
    this.ask('focus');
  }

  blur() { this.ask('blur'); }

  clear() { this.ask('clear'); }

  update(options) {
    this.options = { ...this.options, ...options };
    if (this.frame) {
      this.ask('configure', { appearance: this.shared.appearance, locale: this.shared.locale, postalCode: this.asksPostal(), disabled: !!this.options.disabled });
    }
  }

  unmount() {
    if (!this.frame) return;
    window.removeEventListener('message', this.awaitLoaded);
    this.frame.parentElement?.classList.remove('StripeElement');
    this.frame.remove();
    this.frame = null;
  }

  destroy() {
    this.unmount();
    this.handlers = {};
    this.shared.forget(this);
  }
}

class Elements {
  constructor(options) {
    this.options = options;
    this.elements = [];
  }

  create(type, options = {}) {
    if (!['payment', 'card'].includes(type)) throw new Error(`This stand-in has the elements payment and card, not ${type}.`);
    if (this.getElement(type)) throw new Error(`Can only create one Element of type ${type}.`);
    const shared = { appearance: this.options.appearance, locale: this.options.locale, forget: (gone) => this.forget(gone) };
    const element = new StripeElement(type, options, shared);
    this.elements.push(element);
    return element;
  }

  getElement(type) { return this.elements.find((element) => element.type === type) ?? null; }

  forget(gone) { this.elements = this.elements.filter((element) => element !== gone); }

  update(options) {
    this.options = { ...this.options, ...options };
    for (const element of this.elements) {
      Object.assign(element.shared, { appearance: this.options.appearance, locale: this.options.locale });
      element.update({});
    }
  }

  async fetchUpdates() { return {}; }

  async submit() { return this.elements[0].ask('validate'); }
}
