// Passkeys and security keys. Data of the page: a JSON block beside the form; of the login: asked from the server.
// window.webauthnJSON (allauth's own file) turns the browser's binary fields into text and back, on old phones too.

const REFUSED = "Không dùng được khóa. Bạn đã hủy, hoặc khóa này không thuộc tài khoản.";

async function credentialOf(form) {
  if (form.dataset.passkey === "login") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    return window.webauthnJSON.get((await answer.json()).request_options);
  }
  const data = JSON.parse(document.getElementById("passkey-data").textContent);
  if (form.dataset.passkey === "authenticate") {
    return window.webauthnJSON.get(data.request_options);
  }
  const options = data.creation_options;
  const passwordless = form.elements.passwordless?.checked ?? false;
  Object.assign(options.publicKey.authenticatorSelection, {
    residentKey: passwordless ? "required" : "discouraged",
    requireResidentKey: passwordless,
    ...(passwordless && { userVerification: "required" }),
  });
  return window.webauthnJSON.create(options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("[data-passkey-start]").addEventListener("click", async () => {
    const problem = form.querySelector("[data-passkey-error]");
    problem.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await credentialOf(form));
      form.submit();
    } catch {
      problem.textContent = REFUSED;
      problem.hidden = false;
    }
  });
}
