// Inside a shop's page the bank's dialog answers without leaving it: send the form here and tell the opener that it is decided.
if (window.parent !== window) {
  const form = document.querySelector('form');
  document.body.classList.add('framed');
  document.getElementById('title').focus();

  const decide = async (outcome) => {
    const body = new URLSearchParams(new FormData(form));
    body.set('outcome', outcome);
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    await fetch(location.pathname, { method: 'POST', body, redirect: 'manual' });
    // Nothing secret is told: the opener asks the API what became of its intent.
    window.parent.postMessage({ localStripe: 'challenge-decided' }, '*');
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    decide(event.submitter.value);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') decide('fail');
  });
}
