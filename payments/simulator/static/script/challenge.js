// The bank's dialog over the shop's page. CSP lets scripts set single style properties, though not a style attribute.
const showChallenge = (url) => new Promise((resolve) => {
  const frame = document.createElement('iframe');
  frame.title = 'Authentication by your bank';
  frame.setAttribute('frameborder', '0');
  const look = { position: 'fixed', inset: '0', width: '100%', height: '100%', border: '0', 'z-index': '2147483647' };
  for (const [name, value] of Object.entries(look)) frame.style.setProperty(name, value);
  const returnTo = document.activeElement;
  const others = [...document.body.children].filter((child) => !child.inert);

  const decided = (event) => {
    if (event.source !== frame.contentWindow || event.origin !== ORIGIN || event.data?.localStripe !== 'challenge-decided') return;
    window.removeEventListener('message', decided);
    for (const child of others) child.inert = false;
    frame.remove();
    returnTo?.focus?.();
    resolve();
  };
  window.addEventListener('message', decided);
  // The page beneath is out of reach of keyboard and screen reader while the dialog is open.
  for (const child of others) child.inert = true;
  frame.addEventListener('load', () => frame.focus());
  frame.src = url;
  document.body.append(frame);
});
