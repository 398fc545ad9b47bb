class StripeStandIn {
  constructor(key, { stripeAccount, locale } = {}) {
    if (typeof key !== 'string' || !key.startsWith('pk_')) throw new Error('Stripe() needs a publishable key, pk_….');
    this.credentials = { key, account: stripeAccount };
    this.locale = locale;
  }

  elements(options = {}) { return new Elements({ locale: this.locale, ...options }); }

  retrieveSetupIntent(clientSecret) { return this.retrieve(KINDS.setup, clientSecret); }

  retrievePaymentIntent(clientSecret) { return this.retrieve(KINDS.payment, clientSecret); }

  confirmSetup(options) { return this.confirmElements(KINDS.setup, options); }

  confirmPayment(options) { return this.confirmElements(KINDS.payment, options); }

  confirmCardSetup(clientSecret, data, options) { return this.confirmCard(KINDS.setup, clientSecret, data, options); }

  confirmCardPayment(clientSecret, data, options) { return this.confirmCard(KINDS.payment, clientSecret, data, options); }

  handleCardAction(clientSecret) { return this.handleNextAction({ clientSecret }); }

  async handleNextAction({ clientSecret }) {
    const kind = clientSecret.startsWith('seti_') ? KINDS.setup : KINDS.payment;
    const intent = await this.fetchIntent(kind, clientSecret);
    return intent.error ? { error: intent.error } : this.afterConfirm(kind, intent);
  }

  async createPaymentMethod(options) {
    const element = options.card instanceof StripeElement ? options.card : options.elements.elements[0];
    const data = { billing_details: options.billing_details ?? options.params?.billing_details };
    const answer = await element.ask('submit', { path: '/v1/payment_methods', params: {}, data, credentials: this.credentials });
    return answer.error ? { error: answer.error } : { paymentMethod: answer };
  }

  async confirmElements(kind, { elements, clientSecret, confirmParams = {}, redirect = 'always' }) {
    const secret = clientSecret ?? elements?.options.clientSecret;
    const { payment_method_data: data = {}, ...params } = confirmParams;
    if (redirect === 'always' && !params.return_url) throw new Error('You must provide a return_url when confirming, unless redirect is if_required.');
    const sent = { ...params, client_secret: secret, use_stripe_sdk: true };
    const answer = params.payment_method || !elements
      ? await request('POST', `${kind.path}/${intentId(secret)}/confirm`, sent, this.credentials)
      : await elements.elements[0].ask('submit', { path: `${kind.path}/${intentId(secret)}/confirm`, params: sent, data, credentials: this.credentials });
    if (answer.error) return { error: answer.error };
    const result = await this.afterConfirm(kind, answer);
    return result.error || redirect !== 'always' ? result : this.leave(kind, result[kind.name], params.return_url);
  }

  async confirmCard(kind, clientSecret, data = {}, { handleActions = true } = {}) {
    const method = data.payment_method;
    const path = `${kind.path}/${intentId(clientSecret)}/confirm`;
    const sent = { client_secret: clientSecret, use_stripe_sdk: true, ...(data.return_url ? { return_url: data.return_url } : {}) };
    const answer = method?.card instanceof StripeElement
      ? await method.card.ask('submit', { path, params: sent, data: { billing_details: method.billing_details }, credentials: this.credentials })
      : await request('POST', path, { ...sent, ...(method ? { payment_method: method } : {}) }, this.credentials);
    if (answer.error) return { error: answer.error };
    return handleActions ? this.afterConfirm(kind, answer) : { [kind.name]: answer };
  }

  // Let the customer authenticate when the intent waits for it, then say how it ended.
  async afterConfirm(kind, intent) {
    if (intent.status !== 'requires_action') return { [kind.name]: intent };
    await showChallenge(this.challengeUrl(intent.next_action));
    const settled = await this.fetchIntent(kind, intent.client_secret);
    if (settled.error) return { error: settled.error };
    const failure = settled[kind.lastError];
    return failure ? { error: { ...failure, [kind.object]: settled } } : { [kind.name]: settled };
  }

  challengeUrl(action) { return action.type === 'redirect_to_url' ? action.redirect_to_url.url : action.use_stripe_sdk.stripe_js; }

  async retrieve(kind, clientSecret) {
    const intent = await this.fetchIntent(kind, clientSecret);
    return intent.error ? { error: intent.error } : { [kind.name]: intent };
  }

  fetchIntent(kind, clientSecret) {
    return request('GET', `${kind.path}/${intentId(clientSecret)}`, { client_secret: clientSecret }, this.credentials);
  }

  leave(kind, intent, returnUrl) {
    const target = new URL(returnUrl, location.href);
    target.searchParams.set(kind.object, intent.id);
    target.searchParams.set(`${kind.object}_client_secret`, intent.client_secret);
    target.searchParams.set('redirect_status', 'succeeded');
    location.assign(target);
    return new Promise(() => {}); // the page goes away
  }
}

const Stripe = (key, options) => new StripeStandIn(key, options);
Stripe.version = 3;
window.Stripe = Stripe;
