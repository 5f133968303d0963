// Paths are relative to the page, so that it works behind any prefix.
SwaggerUIBundle({ url: "v1/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true, validatorUrl: null });
