"use strict";

// "Try it out" uses the token of a sign-in, or a device's token, for the following requests.
const signs_in = [
  { path: "/auth/login", scheme: "userBearer" },
  { path: "/auth/refresh", scheme: "userBearer" },
  { path: "/device/token", scheme: "deviceBearer" },
];

function authorize_from(response) {
  const path = new URL(response.url, document.baseURI).pathname;
  const call = signs_in.find((candidate) => path.endsWith(candidate.path));
  if (call && response.status === 200 && response.body && response.body.access_token) {
    window.ui.preauthorizeApiKey(call.scheme, response.body.access_token);
  }
  return response;
}

// Swagger UI applies its dark colours by this class, our style sheets by the same preference.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow_preference = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow_preference();
dark.addEventListener("change", follow_preference);

window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: false, // keeps tokens out of the browser's storage
  tryItOutEnabled: true,
  validatorUrl: null, // sends the document to no external validator
  responseInterceptor: authorize_from,
});
