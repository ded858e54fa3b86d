/** What tests have of a browser: where the page is. */
Object.assign(globalThis, { location: { pathname: "/", origin: "http://localhost:8000" } });
