/** The only browser API that tests have by default: the address of the page. */
Object.assign(globalThis, { location: { pathname: "/", origin: "http://localhost:8000" } });
