const { key, account, secret, redirect, theme } = document.querySelector('main').dataset;
const stripe = Stripe(key, { stripeAccount: account });
const elements = stripe.elements({ clientSecret: secret, locale: 'en', appearance: theme ? { theme, variables: { borderRadius: '9px' } } : {} });
const element = elements.create('payment');
const result = document.getElementById('result');
Object.assign(window, { stripe, element, changes: [] });
element.on('ready', () => { document.body.dataset.ready = 'yes'; });
element.on('change', (change) => window.changes.push(change));
element.mount('#card');

document.getElementById('pay').addEventListener('click', async () => {
  result.textContent = '…';
  const confirm = secret.startsWith('seti_') ? stripe.confirmSetup : stripe.confirmPayment;
  const answer = await confirm.call(stripe, {
    elements,
    clientSecret: secret,
    confirmParams: { return_url: location.href, payment_method_data: { billing_details: { name: 'Ada' } } },
    redirect,
  });
  const intent = answer.setupIntent ?? answer.paymentIntent;
  result.textContent = answer.error ? `${answer.error.code}: ${answer.error.message}` : intent.status;
});
