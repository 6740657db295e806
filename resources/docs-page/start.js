// Everything comes from the server that serves this page, and what is tried goes to it.
window.ui = SwaggerUIBundle({
    url: "/api/v1/openapi.json",
    dom_id: "#page",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
});
