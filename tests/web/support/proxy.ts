import { once } from "node:events";
import { type AddressInfo, type Server as Listener, type Socket, connect, createServer } from "node:net";

/** What stands between a browser and its server, and can swallow what they say: no end, no refusal, nothing. */
export class Proxy {
  private readonly sockets = new Set<Socket>();
  private swallows = false;
  private readonly listener: Listener = createServer((near) => {
    this.keep(near);
    if (this.swallows) return void near.resume();
    const far = connect(Number(new URL(this.server.url).port), "127.0.0.1");
    this.keep(far);
    this.carry(near, far);
    this.carry(far, near);
  });

  constructor(private readonly server: { url: string }) {}

  async start(): Promise<void> {
    this.listener.listen(0, "127.0.0.1");
    await once(this.listener, "listening");
  }

  stop(): void {
    for (const each of this.sockets) each.destroy();
    this.listener.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** From now on, on connections that there are and on new ones. */
  swallow(): void {
    this.swallows = true;
    for (const each of this.sockets) {
      each.removeAllListeners("data");
      each.removeAllListeners("close");
      each.resume();
    }
  }

  /** New connections are carried again; those from before stay dead. */
  heal(): void {
    this.swallows = false;
  }

  private carry(from: Socket, to: Socket): void {
    from.on("data", (piece) => to.write(piece));
    from.on("close", () => to.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined); // told by "close"
  }
}
