// The script's own origin is Stripe's here: frames and the API live there.
const ORIGIN = new URL(document.currentScript.src).origin;
const NO_CONNECTION = { type: 'api_connection_error', message: 'We could not reach the payment service. Check your connection and try again.' };

const request = async (method, path, params, { key, account }) => {
  const query = new URLSearchParams(params);
  const headers = { Authorization: `Bearer ${key}`, ...(account ? { 'Stripe-Account': account } : {}) };
  try {
    const target = `${ORIGIN}${path}${method === 'GET' ? `?${query}` : ''}`;
    const answer = await fetch(target, { method, headers, ...(method === 'POST' ? { body: query } : {}) });
    return await answer.json();
  } catch {
    return { error: NO_CONNECTION };
  }
};

const KINDS = {
  setup: { object: 'setup_intent', name: 'setupIntent', path: '/v1/setup_intents', lastError: 'last_setup_error' },
  payment: { object: 'payment_intent', name: 'paymentIntent', path: '/v1/payment_intents', lastError: 'last_payment_error' },
};

const intentId = (clientSecret) => {
  if (typeof clientSecret !== 'string' || !/^(seti|pi)_\w+_secret_\w+$/.test(clientSecret)) {
    throw new Error('A client_secret of the form {id}_secret_{secret} is needed.');
  }
  return clientSecret.split('_secret_')[0];
};
