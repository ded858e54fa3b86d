/** Of the path of this page, what is in front of the server's own addresses: `/breakwater`, or nothing. */
export const baseOf = (page: string) => page.slice(0, page.lastIndexOf("/"));

/**
 * Where the server is found behind its name, as BASE_PATH says. The page itself is at `BASE_PATH/`, and what is looked at stands in
 * the hash, so its own address tells.
 */
export const basePath = baseOf(location.pathname);

/** An address of the server: `/devices` is `/breakwater/devices` there. */
export const addressOf = (path: string) => basePath + path;

/** The server as a device or a person elsewhere reaches it, without a slash at the end. */
export const serverAddress = () => location.origin + basePath;

/** A name of this server's in what the browser shares among all pages of an origin. */
export const ownName = (name: string) => name + basePath;
