// The card form inside its frame. Numbers are typed here and go from here to the API; the shop's page never sees them.
import { brandOf, checkCvc, checkExpiry, checkNumber, cvcLengthOf, digitsOf, formatExpiry, formatNumber } from './fields.js';
import { post } from './post.js';

const field = (name) => document.getElementById(name);
const [number, expiry, cvc, postal] = ['number', 'expiry', 'cvc', 'postal'].map(field);
const inputs = [number, expiry, cvc];
let port = null;
let asksPostal = false;
let lastState = '';

const brand = () => brandOf(digitsOf(number.value));
const checks = {
  number: () => checkNumber(number.value),
  expiry: () => checkExpiry(expiry.value, new Date()),
  cvc: () => checkCvc(cvc.value, brand()),
};

const show = (input, problem) => {
  field(`${input.id}-error`).textContent = problem ? problem.message : '';
  if (problem) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
};

const tell = (name, detail = {}) => port?.postMessage({ event: name, detail });

const tellChange = (error = undefined) => {
  const state = {
    empty: inputs.every((input) => !input.value),
    complete: inputs.every((input) => !checks[input.id]()),
    brand: brand(),
    value: { type: 'card' },
    collapsed: false,
    error,
  };
  if (JSON.stringify(state) === lastState) return;
  lastState = JSON.stringify(state);
  tell('change', state);
};

const validate = () => {
  const problems = inputs.map((input) => [input, checks[input.id]()]);
  for (const [input, problem] of problems) show(input, problem);
  const [input, problem] = problems.find(([, found]) => found) ?? [];
  input?.focus();
  tellChange(problem);
  return problem ? { error: problem } : {};
};

const reformat = (input, format) => {
  let before = input.value;
  input.addEventListener('input', () => {
    const atEnd = input.selectionStart === input.value.length;
    const digitsBefore = digitsOf(input.value.slice(0, input.selectionStart)).length;
    input.value = format(input.value, before);
    before = input.value;
    if (!atEnd) {
      // Keep the caret behind the same digit although blanks moved.
      let place = 0;
      for (let seen = 0; seen < digitsBefore && place < input.value.length; place += 1) seen += /\d/.test(input.value[place]) ? 1 : 0;
      input.setSelectionRange(place, place);
    }
  });
};

const methodData = (given) => {
  const digits = digitsOf(expiry.value);
  const details = { ...(given.billing_details ?? {}) };
  if (asksPostal && postal.value) details.address = { ...(details.address ?? {}), postal_code: postal.value };
  return {
    type: 'card',
    card: { number: digitsOf(number.value), exp_month: digits.slice(0, 2), exp_year: `20${digits.slice(2)}`, cvc: cvc.value },
    ...(Object.keys(details).length ? { billing_details: details } : {}),
  };
};

const actions = {
  configure({ appearance = {}, locale, postalCode = false, disabled = false }) {
    const root = document.documentElement;
    if (appearance.theme) root.dataset.theme = appearance.theme === 'night' ? 'dark' : 'light';
    const names = {
      colorBackground: '--background', colorText: '--text', colorDanger: '--danger', colorPrimary: '--primary',
      colorTextPlaceholder: '--placeholder', borderRadius: '--radius', fontFamily: '--font', fontSizeBase: '--size', spacingUnit: '--unit',
    };
    for (const [name, value] of Object.entries(appearance.variables ?? {})) {
      if (names[name]) root.style.setProperty(names[name], value);
    }
    if (locale && locale !== 'auto') root.lang = 'en'; // the words are English whatever is asked
    asksPostal = postalCode;
    field('postal-field').hidden = !postalCode;
    for (const input of [...inputs, postal]) input.disabled = disabled;
  },
  focus() {
    (inputs.find((input) => checks[input.id]()) ?? number).focus();
  },
  blur() {
    document.activeElement?.blur();
  },
  clear() {
    for (const input of [...inputs, postal]) input.value = '';
    for (const input of inputs) show(input, null);
    tellChange();
  },
  validate,
  async submit({ path, params, data, credentials }) {
    const found = validate();
    if (found.error) return found;
    const own = methodData(data);
    const answer = await post(path, path === '/v1/payment_methods' ? { ...own, ...params } : { ...params, payment_method_data: own }, credentials);
    if (answer.error?.param) {
      const at = { number: 'number', exp_month: 'expiry', exp_year: 'expiry', cvc: 'cvc' }[answer.error.param];
      if (at) show(field(at), answer.error);
    }
    return answer;
  },
};

const listen = (event) => {
  if (event.source !== window.parent || event.data?.localStripe !== 'open' || port) return;
  [port] = event.ports;
  port.onmessage = async ({ data: { id, action, argument } }) => {
    port.postMessage({ answer: id, result: (await actions[action](argument ?? {})) ?? null });
  };
  actions.configure(event.data.options);
  new ResizeObserver(() => tell('resize', { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  tell('ready');
};

reformat(number, formatNumber);
reformat(expiry, formatExpiry);
reformat(cvc, (text) => digitsOf(text).slice(0, cvcLengthOf(brand())));
for (const input of inputs) {
  input.addEventListener('input', () => {
    show(input, null);
    tellChange();
  });
  input.addEventListener('blur', () => {
    const problem = input.value ? checks[input.id]() : null;
    show(input, problem);
    tellChange(problem ?? undefined);
  });
}
document.addEventListener('focusin', () => tell('focus'));
document.addEventListener('focusout', (event) => event.relatedTarget || tell('blur'));
document.addEventListener('keydown', (event) => event.key === 'Escape' && tell('escape'));
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
window.addEventListener('message', listen);
window.parent.postMessage({ localStripe: 'loaded' }, '*');
