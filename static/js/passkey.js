// The browser's part of a passkey: django-allauth's script, told by the form what it is to do.
const form = document.querySelector("form[data-passkey]");
const { passkey, kind, options, credential, passwordless } = form.dataset;

window.allauth.webauthn.forms[passkey]({
  ids: { [kind]: "passkey_button", credential, passwordless },
  data: JSON.parse(options || "null"),
});

// The button does nothing before this, so it cannot be pressed before it either.
document.getElementById("passkey_button").disabled = false;

// That it did not work is said on the page; django-allauth would only tell the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_failed").hidden = false;
});
