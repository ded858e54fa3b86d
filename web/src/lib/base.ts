/** The base path in front of the server's own paths: `/breakwater`, or "". */
export const baseOf = (page: string) => page.slice(0, page.lastIndexOf("/"));

/**
 * The server's BASE_PATH. The page itself is at `BASE_PATH/` and keeps its state in the hash, so it can derive the base path from its
 * own address.
 */
export const basePath = baseOf(location.pathname);

/** A path on the server: `/devices` becomes `/breakwater/devices`. */
export const addressOf = (path: string) => basePath + path;

/** The server's public URL, without a trailing slash. */
export const serverAddress = () => location.origin + basePath;

/** A name for storage and locks, which the browser shares among all pages of an origin. */
export const ownName = (name: string) => name + basePath;
