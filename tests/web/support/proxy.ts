import { once } from "node:events";
import { type AddressInfo, type Server as Listener, type Socket, connect, createServer } from "node:net";

/** A TCP proxy between browser and server that can silently drop all traffic without closing connections. */
export class Proxy {
  private readonly sockets = new Set<Socket>();
  private isDropping = false;
  private readonly listener: Listener = createServer((client) => {
    this.track(client);
    if (this.isDropping) return void client.resume();
    const upstream = connect(Number(new URL(this.server.url).port), "127.0.0.1");
    this.track(upstream);
    this.pipe(client, upstream);
    this.pipe(upstream, client);
  });

  constructor(private readonly server: { url: string }) {}

  async start(): Promise<void> {
    this.listener.listen(0, "127.0.0.1");
    await once(this.listener, "listening");
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Drops all traffic, on existing and on new connections. */
  dropAll(): void {
    this.isDropping = true;
    for (const socket of this.sockets) {
      socket.removeAllListeners("data");
      socket.removeAllListeners("close");
      socket.resume();
    }
  }

  /** Forwards new connections again. Existing ones stay dead. */
  restore(): void {
    this.isDropping = false;
  }

  private pipe(from: Socket, to: Socket): void {
    from.on("data", (piece) => to.write(piece));
    from.on("close", () => to.destroy());
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined); // "close" follows
  }
}
