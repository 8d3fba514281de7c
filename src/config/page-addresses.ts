import type { networkInterfaces } from "node:os";

/** Where the page of the box is reached: on this machine first, then by each address that others see. */
export function pageAddresses(port: number, interfaces: ReturnType<typeof networkInterfaces>): string[] {
  const others = Object.values(interfaces).flat()
    .filter((address) => address !== undefined && !address.internal && address.family === "IPv4")
    .map((address) => address?.address ?? "");
  const suffix = port === 80 ? "" : `:${port}`;
  return ["localhost", ...new Set(others)].map((host) => `http://${host}${suffix}`);
}
