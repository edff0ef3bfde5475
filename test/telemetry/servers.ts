// Receivers that do what a good one does not.
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

export interface BadServer {
  readonly url: string;
  close(): Promise<void>;
}

/** An HTTP server with one way to answer. */
export function answering(listener: RequestListener): Promise<BadServer> {
  return listening(createHttpServer(listener));
}

/** A TCP server that does this with each connection. */
export function accepting(listener: (socket: Socket) => void): Promise<BadServer> {
  return listening(createServer(listener));
}

async function listening(server: Server): Promise<BadServer> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
