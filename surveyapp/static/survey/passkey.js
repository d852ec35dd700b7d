// A form with data-passkey="create" or "get": the browser makes or uses a passkey before the form is sent. The form
// is hidden where there are no passkeys; what data-passkey-missing says is then true.

const missing = document.querySelector("[data-passkey-missing]");

async function answerOf(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

function prepare(form) {
  form.hidden = false;
  if (missing) missing.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.credential.value = JSON.stringify((await answerOf(form)).toJSON());
    } catch {
      // Nobody touched the key, or the window was closed: the server says so, and offers the form again.
      form.elements.credential.value = "";
    }
    form.submit();
  });
}

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
}
