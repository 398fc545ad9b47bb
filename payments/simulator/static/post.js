// One call of the API in Stripe's form encoding.

const encode = (params, prefix, pairs) => {
  for (const [name, value] of Object.entries(params)) {
    const key = prefix ? `${prefix}[${name}]` : name;
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') encode(value, key, pairs);
    else pairs.append(key, value);
  }
  return pairs;
};

export const post = async (path, params, { key, account }) => {
  const headers = { Authorization: `Bearer ${key}`, ...(account ? { 'Stripe-Account': account } : {}) };
  try {
    const answer = await fetch(path, { method: 'POST', headers, body: encode(params, '', new URLSearchParams()) });
    return await answer.json();
  } catch {
    return { error: { type: 'api_connection_error', message: 'We could not reach the payment service. Check your connection and try again.' } };
  }
};
